#include <algorithm>
#include <utility>

#include "kernel/matter/docket.h"
#include "kernel/time/counting.h"

// An action on a matter that is there (act_on_matter), in the order of language.md 2.5.

namespace gewu::kernel {

namespace {

/// A matter that one may not see answers like one that does not exist.
Status check_sight(Docket& docket, const SnapshotPtr& matter, const ActionSpec* action,
                   const Actor& actor, const Hearing& hearing) {
  if (actor.kind == Actor::Kind::system) return {};
  if (action != nullptr) {
    for (const Audience& audience : action->by) {
      if (audience.kind == Audience::Kind::everyone || audience.kind == Audience::Kind::member)
        continue;
      GEWU_TRY(fits, satisfies(audience, actor, hearing.access()));
      if (fits) return {};
    }
  }
  GEWU_TRY(seen, is_seen(docket, matter, actor));
  if (!seen) return refuse(ErrorCode::not_found, "not_found");
  return {};
}

/// Counted and nothing else (language.md 2.5, `tally`): who it was is in no journal.
Decision counted(MatterId matter, const Name& action) {
  Decision decision;
  decision.tallies.push_back({matter, action});
  return decision;
}

}  // namespace

namespace {

/// A copy with room for the action that is taken, and a clock that it may start.
std::shared_ptr<Snapshot> draft_of(const Snapshot& matter) {
  auto draft = std::make_shared<Snapshot>();
  draft->clocks.reserve(matter.clocks.size() + 1);
  draft->actions.reserve(matter.actions.size() + 1);
  *draft = matter;
  return draft;
}

}  // namespace

std::optional<Instant> sent_instant(const ActionSpec& action, const Arrival& arrival,
                                    const Calendar& calendar, Instant now) {
  if (!action.offline || !arrival.sent || now <= *arrival.sent) return std::nullopt;
  const Instant latest = shift_instant(calendar, *arrival.sent, *action.offline, false);
  return now <= latest ? arrival.sent : std::nullopt;
}

Status check_role(const Locality& locality, const Actor& actor) {
  if (actor.kind != Actor::Kind::post || locality.roles.empty()) return {};
  if (locality.roles.contains(actor.role)) return {};
  return refuse(ErrorCode::forbidden, "role.off", {{"role", actor.role}});
}

Status be_fitting(Hearing& hearing) {
  GEWU_TRY(fits, fits_as_given(hearing.action->by, hearing.actor, hearing.access()));
  if (fits) return {};
  GEWU_TRY(fitting, fit_actor(hearing.action->by, hearing.actor, hearing.access(),
                              hearing.key("by")));
  hearing.actor = std::move(fitting);
  hearing.is_placed = false;
  hearing.event.actor = record_of(hearing.actor);
  return {};
}

Result<std::unique_ptr<Hearing>> hear(Docket& docket, const SnapshotPtr& matter,
                                      Actor actor, Event::Kind kind, std::string_view action,
                                      const Arrival& arrival) {
  const Locality* locality = locality_for(docket.directory(), *matter);
  if (locality == nullptr) return refuse(ErrorCode::unavailable, "locality.unknown");
  auto hearing = std::make_unique<Hearing>(docket, matter->type, *locality, std::move(actor));
  hearing->before = matter;
  hearing->draft = draft_of(*matter);
  start_event(hearing->event, docket, kind, matter->id, action, hearing->actor, arrival);
  const bool is_first = !arrival.cause.has_value();
  if (!is_first) hearing->follows = arrival.origin;
  hearing->origin_matter = is_first ? matter->id : arrival.origin_matter;
  hearing->step = docket.add_step();
  return hearing;
}

Status check_offered(Hearing& hearing) {
  const ActionSpec& action = *hearing.action;
  if (!is_in(action.from, hearing.draft->state))
    return refuse(ErrorCode::conflict, hearing.key("from"),
                  {{"state", hearing.type.states[hearing.draft->state].name}});
  GEWU_TRY(offered, is_true(action.when, hearing.scope(), true));
  if (!offered) return refuse(ErrorCode::conflict, hearing.key("when"));
  return {};
}

Status take_action(Hearing& hearing, const std::vector<NamedValue>& values) {
  const ActionSpec& action = *hearing.action;
  GEWU_CHECK(check_offered(hearing));
  GEWU_CHECK(take_form(hearing, values, false));
  GEWU_CHECK(check_rules(hearing));
  GEWU_CHECK(settle_state(hearing));
  return conclude(hearing, action.then);
}

Result<Decision> act_on_matter(const Chamber& chamber, const ActRequest& request) {
  const SnapshotPtr matter = chamber.source.load(request.matter);
  if (!matter) return refuse(ErrorCode::not_found, "not_found");
  Docket docket(chamber);
  if (is_built_in(*matter->type, request.action)) return take_built_in(docket, matter, request);
  GEWU_TRY(actor, with_post(request.actor, chamber.directory, chamber.now));
  GEWU_TRY(hearing, hear(docket, matter, std::move(actor), Event::Kind::action, request.action,
                         request.arrival));
  GEWU_CHECK(load_matter(docket, matter, request.values));
  const ActionSpec* action = matter->type->find_action(request.action);
  GEWU_CHECK(check_sight(docket, matter, action, hearing->actor, *hearing));
  if (action == nullptr || (action->opens && action->from.empty()))
    return refuse(ErrorCode::invalid, "action.unknown", {{"action", request.action}});
  hearing->action = action;
  hearing->by_person = hearing->actor.kind != Actor::Kind::system;
  if (!action->is_auto || hearing->by_person) GEWU_CHECK(be_fitting(*hearing));
  GEWU_CHECK(check_role(hearing->locality, hearing->actor));
  if (request.version && *request.version != matter->version)
    return refuse(ErrorCode::conflict, "matter.version",
                  {{"version", std::to_string(matter->version)}});
  hearing->event.sent =
      sent_instant(*action, request.arrival, hearing->calendar(), chamber.now);
  if (!action->tally.empty()) {
    GEWU_CHECK(check_offered(*hearing));
    return counted(matter->id, action->name);
  }
  GEWU_CHECK(take_action(*hearing, request.values));
  hearing.reset();
  return std::move(docket.decision);
}

}  // namespace gewu::kernel
