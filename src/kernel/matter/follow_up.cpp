#include <algorithm>
#include <utility>

#include "kernel/matter/docket.h"

// Follow-ups (engine.md 2): `do` effects and `auto` actions, carried out after the commit through
// the same door, as `system`.

namespace gewu::kernel {

namespace {

Arrival arrival_of(const Ripple& ripple) {
  Arrival arrival;
  arrival.cause = ripple.cause;
  arrival.depth = ripple.depth;
  arrival.origin = ripple.origin;
  arrival.origin_matter = ripple.origin_matter;
  return arrival;
}

Actor system_actor() {
  Actor system;
  system.kind = Actor::Kind::system;
  return system;
}

Result<Decision> take(const Chamber& chamber, const Ripple& ripple) {
  return act_on_matter(chamber, {.matter = ripple.target,
                                 .action = ripple.action,
                                 .actor = system_actor(),
                                 .values = ripple.input,
                                 .version = std::nullopt,
                                 .arrival = arrival_of(ripple)});
}

Result<Decision> look(const Chamber& chamber, const Ripple& ripple) {
  const SnapshotPtr matter = chamber.source.load(ripple.target);
  if (!matter) return Decision{};
  const ActionSpec* action = matter->type->find_action(ripple.action);
  if (action == nullptr || !action->is_auto ||
      std::ranges::find(action->from, matter->state) == action->from.end())
    return Decision{};
  Docket docket(chamber);
  GEWU_TRY(hearing, hear(docket, matter, system_actor(), Event::Kind::action, action->name,
                         arrival_of(ripple)));
  hearing->action = action;
  hearing->by_person = false;
  GEWU_CHECK(load_matter(docket, matter, {}));
  GEWU_TRY(is_time, is_true(action->when, hearing->scope(), true));
  if (!is_time) return Decision{};
  const Status taken = take_action(*hearing, {});
  if (!taken) {
    const bool is_used_up = taken.error().key == hearing->key("most");
    if (is_used_up) return Decision{};
    return std::unexpected(taken.error());
  }
  hearing.reset();
  return std::move(docket.decision);
}

}  // namespace

Result<Decision> follow_up(const Chamber& chamber, const Ripple& ripple) {
  return ripple.kind == Ripple::Kind::take ? take(chamber, ripple) : look(chamber, ripple);
}

Result<Decision> refused_effect_event(const Chamber& chamber, const Ripple& ripple,
                                      const Error& error) {
  const SnapshotPtr matter = chamber.source.load(ripple.source);
  if (!matter) return Decision{};
  Docket docket(chamber);
  GEWU_TRY(hearing, hear(docket, matter, system_actor(), Event::Kind::refusal, ripple.name,
                         arrival_of(ripple)));
  hearing->by_person = false;
  const auto dot = ripple.name.rfind('.');
  hearing->event.refused.push_back(
      {dot == std::string::npos ? ripple.name : ripple.name.substr(dot + 1), error.key});
  hearing->quiet = true;
  GEWU_CHECK(load_matter(docket, matter, {}));
  GEWU_CHECK(conclude(*hearing, {}));
  hearing.reset();
  return std::move(docket.decision);
}

bool is_kept_refusal(const Type& type, const Name& action, const Error& error) {
  const ActionSpec* spec = type.find_action(action);
  const std::string prefix = type.name + "." + action + ".";
  if (error.key.starts_with(type.name + ".holds.")) return true;
  if (spec == nullptr || !error.key.starts_with(prefix)) return false;
  const std::string rule = error.key.substr(prefix.size());
  if (rule == "basis" || rule == "barred_by") return true;
  return std::ranges::find(spec->must, rule, &MustSpec::name) != spec->must.end();
}

void note_refusal(Event& event, const Error& error) {
  event.refused.push_back({event.action, error.key});
  for (const ErrorDetail& detail : error.details)
    if (detail.name == "row") event.basis.push_back(MatterId{std::stoll(detail.value)});
}

Result<Decision> kept_refusal_event(const Chamber& chamber, const ActRequest& request,
                                    const Error& error) {
  const SnapshotPtr matter = chamber.source.load(request.matter);
  if (!matter || !is_kept_refusal(*matter->type, request.action, error)) return Decision{};
  GEWU_TRY(actor, with_post(request.actor, chamber.directory, chamber.now));
  if (actor.kind != Actor::Kind::post) return Decision{};
  Docket docket(chamber);
  GEWU_TRY(hearing, hear(docket, matter, actor, Event::Kind::refusal, request.action,
                         request.arrival));
  note_refusal(hearing->event, error);
  hearing->quiet = true;
  GEWU_CHECK(load_matter(docket, matter, {}));
  GEWU_CHECK(conclude(*hearing, {}));
  hearing.reset();
  return std::move(docket.decision);
}

}  // namespace gewu::kernel
