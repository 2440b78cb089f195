#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "kernel/matter/canary.h"
#include "kernel/matter/docket.h"
#include "kernel/matter/refused_opening.h"

// Opening a matter: by a person or an importer (open_matter), or by an effect inside another
// decision (open_inside). Defaults, form, asked fields and `belongs` come first: the place says
// whose desk may open it.

namespace gewu::kernel {

namespace {

Status store_defaults(Hearing& hearing, const std::vector<NamedValue>& given) {
  for (const std::size_t i : hearing.type.defaulted()) {
    const FieldSpec& field = hearing.type.fields[i];
    if (!hearing.draft->fields[i].is_missing()) continue;
    if (find_value(given, field.name) != nullptr) continue;
    GEWU_TRY(value, evaluate(*field.default_value, hearing.scope()));
    hearing.draft->fields[i] = std::move(value);
  }
  return {};
}

/// Values as given, before their form is checked: `belongs` and links are found in them.
void store_raw(Snapshot& draft, const std::vector<NamedValue>& given) {
  for (const NamedValue& named : given) {
    const auto field = draft.type->find_field(named.name);
    if (!field || draft.type->fields[*field].value) continue;
    draft.fields[*field] = named.value;
    if (draft.type->fields[*field].parent)
      if (const auto* link = named.value.get<Link>()) draft.parent = link->id;
  }
}

/// Whoever has no account follows his matter by a receipt; so does he for whom a post wrote down what
/// he could have sent himself, at a desk or on the telephone. What an import brings in was answered
/// elsewhere.
bool has_receipt(const OpeningOrder& order) {
  const Actor& actor = order.actor;
  if (actor.kind == Actor::Kind::system || !order.arrival.source.empty()) return false;
  if (!actor.post.has_value()) return !actor.account.has_value();
  if (order.action == nullptr || !order.by_person) return false;  // no action chosen yet
  return std::ranges::any_of(order.action->by, [](const Audience& audience) {
    return audience.kind == Audience::Kind::everyone;
  });
}

std::shared_ptr<Snapshot> blank_draft(const Docket& docket, const OpeningOrder& order,
                                      MatterId id) {
  auto draft = std::make_shared<Snapshot>();
  draft->id = id;
  draft->type = order.type;
  draft->opened_at = docket.chamber.now;
  draft->fields.resize(order.type->fields.size());
  if (order.transferred_from != nullptr) {
    draft->opened_at = order.transferred_from->opened_at;
    // Whoever wrote it down for somebody else is not made its author by a move: here no post of his
    // stands behind the opening, so that nothing would tell him from the resident.
    if (!was_entered_on_behalf(*order.transferred_from))
      draft->author_account = order.transferred_from->author_account;
    draft->has_receipt = order.transferred_from->has_receipt;
  } else {
    draft->author_account = order.actor.account;
    draft->has_receipt = has_receipt(order);
  }
  return draft;
}

/// Before the rules: form, defaults, place.
Status enter(Hearing& hearing, const OpeningOrder& order) {
  store_raw(*hearing.draft, order.values);
  GEWU_CHECK(load_matter(hearing.docket, hearing.draft, order.values));
  GEWU_CHECK(store_defaults(hearing, order.values));
  GEWU_CHECK(take_turns(hearing, order.values));
  GEWU_CHECK(take_form(hearing, order.values, order.by_effect));
  GEWU_CHECK(store_defaults(hearing, order.values));
  GEWU_CHECK(settle_belongs(hearing, true));
  hearing.is_placed = hearing.type.belongs_early() && order.action->set.empty();
  return {};
}

Opening opening_of(const Snapshot& draft, const OpeningOrder& order) {
  Opening opening;
  opening.type = draft.type;
  opening.opened_at = draft.opened_at;
  opening.author_account = draft.author_account;
  opening.has_receipt = draft.has_receipt;
  opening.state = draft.state;
  if (order.transferred_from != nullptr) opening.transferred_from = order.transferred_from->id;
  return opening;
}

}  // namespace

NumberWish wish_for(const Hearing& hearing) {
  constexpr std::string_view kDefault = "{year}-{seq:6}";
  constexpr std::size_t kCountyDigits = 6;
  const Type& type = hearing.type;
  return {.matter = hearing.draft->id,
          .template_text = type.number.empty() ? std::string(kDefault) : type.number,
          .type = type.name,
          .county = hearing.draft->territory.substr(0, kCountyDigits),
          .year = civil(hearing.today()).year};
}

Result<MatterId> open_inside(Docket& docket, const OpeningOrder& order) {
  if (order.depth > kLimits.open_depth_max)
    return refuse(ErrorCode::too_large, "effect.depth");
  if (order.depth > 0 && ++docket.opened_count > kLimits.opened_max)
    return refuse(ErrorCode::too_many, "effect.opened_max");
  const MatterId id{docket.chamber.ids.next()};
  docket.source.note_fresh(id);
  Hearing hearing(docket, order.type, *order.locality, order.actor);
  hearing.action = order.action;
  hearing.by_person = order.by_person;
  hearing.depth = order.depth;
  hearing.transferred_from = order.transferred_from;
  hearing.draw = order.draw;
  hearing.drawn = order.drawn;
  hearing.draft = blank_draft(docket, order, id);
  start_event(hearing.event, docket, Event::Kind::action, id, order.action->name, order.actor,
              order.arrival);
  hearing.event.sent =
      sent_instant(*order.action, order.arrival, hearing.calendar(), docket.chamber.now);
  const bool is_first = !order.arrival.cause.has_value();
  if (!is_first) hearing.follows = order.arrival.origin;
  hearing.origin_matter = is_first ? id : order.arrival.origin_matter;
  hearing.step = docket.add_step();

  GEWU_CHECK(enter(hearing, order));
  if (!order.anyone) {
    GEWU_CHECK(be_fitting(hearing));
    GEWU_CHECK(check_role(*order.locality, hearing.actor));
  }
  GEWU_TRY(offered, is_true(order.action->when, hearing.scope(), true));
  if (!offered) return refuse(ErrorCode::conflict, hearing.key("when"));
  GEWU_CHECK(check_rules(hearing));
  GEWU_CHECK(settle_state(hearing));
  if (order.canary_state) close_canary(hearing, *order.canary_state);
  hearing.event.opening = opening_of(*hearing.draft, order);
  GEWU_CHECK(order.canary_state ? conclude_canary(hearing)
                                : conclude(hearing, order.action->then));
  docket.decision.numbers.push_back(wish_for(hearing));
  return id;
}

namespace {

/// Where the values say that the matter lies: a place, a territory, or a link to its parent.
std::string code_in(const Type* type, const std::vector<NamedValue>& values,
                    const Chamber& chamber) {
  const Directory& directory = chamber.directory;
  std::string parent;
  for (const NamedValue& named : values) {
    if (const auto* place = named.value.get_shared<Place>()) {
      if (!place->territory.empty()) return place->territory;
      if (place->point && directory.grids)
        if (const auto code = directory.grids->smallest_of(*place->point)) return *code;
    }
    if (const auto* unit = named.value.get<Unit>(); unit && unit->kind == Unit::Kind::territory)
      return unit->code;
    const auto* link = named.value.get<Link>();
    if (link == nullptr || !parent.empty()) continue;
    const auto field = type != nullptr ? type->find_field(named.name) : std::nullopt;
    if (type != nullptr && !field) continue;
    if (const SnapshotPtr target = chamber.source.load(link->id)) parent = target->territory;
  }
  return parent;
}

const Locality* locality_of_request(const Chamber& chamber, const OpenRequest& request,
                                    const Actor& actor) {
  const Directory& directory = chamber.directory;
  if (!request.locality.empty()) return directory.find_locality(request.locality);
  const std::string code = code_in(nullptr, request.values, chamber);
  if (!code.empty())
    if (const Locality* found = directory.locality_of(code)) return found;
  if (actor.unit.kind == Unit::Kind::territory)
    if (const Locality* found = directory.locality_of(actor.unit.code)) return found;
  if (const Organisation* organisation = directory.roster->organisation(actor.organisation)) {
    const auto& ground =
        organisation->territory ? organisation->territory : organisation->in_charge_of;
    if (ground)
      if (const Locality* found = directory.locality_of(*ground)) return found;
  }
  return directory.localities.size() == 1 ? directory.localities.begin()->second.get() : nullptr;
}

/// A type that other localities practise is off here; one that none has is unknown.
std::unexpected<Error> refuse_type(const Directory& directory, const Name& type) {
  for (const auto& [name, locality] : directory.localities)
    if (locality->find_type(type))
      return refuse(ErrorCode::conflict, "system.off", {{"type", type}});
  return refuse(ErrorCode::not_found, "not_found");
}

/// The only opening action that the actor may take, judged where the values place the matter.
Result<const ActionSpec*> choose_action(Docket& docket, const OpeningOrder& order) {
  std::vector<const ActionSpec*> opening, fitting;
  for (const ActionSpec& action : order.type->actions)
    if (action.opens && !action.is_auto) opening.push_back(&action);
  if (opening.empty()) return refuse(ErrorCode::invalid, "action.unknown");
  if (opening.size() == 1) return opening.front();
  Error refused;
  for (const ActionSpec* action : opening) {
    Hearing hearing(docket, order.type, *order.locality, order.actor);
    hearing.action = action;
    hearing.draft = blank_draft(docket, order, MatterId{});
    store_raw(*hearing.draft, order.values);
    GEWU_CHECK(load_matter(docket, hearing.draft, order.values));
    GEWU_CHECK(store_defaults(hearing, order.values));
    GEWU_CHECK(settle_belongs(hearing, true));
    const auto fits =
        fit_actor(action->by, order.actor, hearing.access(), hearing.key("by"));
    if (fits)
      fitting.push_back(action);
    else
      refused = fits.error();
  }
  if (fitting.empty()) return std::unexpected(std::move(refused));
  if (fitting.size() == 1) return fitting.front();
  std::vector<ErrorDetail> details;
  for (const ActionSpec* action : fitting) details.push_back({"action", action->name});
  return refuse(ErrorCode::invalid, "action.choose", std::move(details));
}

/// Type, place, action and post of a request; none of its rules.
Result<OpeningOrder> order_of(Docket& docket, const OpenRequest& request) {
  const Chamber& chamber = docket.chamber;
  GEWU_TRY(actor, with_post(request.actor, chamber.directory, chamber.now));
  const Locality* locality = locality_of_request(chamber, request, actor);
  if (locality == nullptr) return refuse(ErrorCode::invalid, "locality.choose");
  OpeningOrder order;
  order.locality = locality;
  order.type = locality->find_type(request.type);
  if (!order.type) return refuse_type(chamber.directory, request.type);
  order.actor = std::move(actor);
  order.values = request.values;
  order.arrival = request.arrival;
  if (request.action.empty()) {
    GEWU_TRY(action, choose_action(docket, order));
    order.action = action;
  } else {
    order.action = order.type->find_action(request.action);
    if (order.action == nullptr || !order.action->opens)
      return refuse(ErrorCode::invalid, "action.unknown", {{"action", request.action}});
  }
  return order;
}

}  // namespace

Result<Decision> open_matter(const Chamber& chamber, const OpenRequest& request) {
  Docket docket(chamber);
  GEWU_TRY(order, order_of(docket, request));
  GEWU_CHECK(open_inside(docket, order));
  return std::move(docket.decision);
}

Result<Decision> open_canary(const Chamber& chamber, const OpenRequest& request,
                             const Name& state) {
  Docket docket(chamber);
  GEWU_TRY(order, order_of(docket, request));
  GEWU_TRY(final_state, canary_state(*order.type, state));
  order.canary_state = final_state;
  GEWU_CHECK(open_inside(docket, order));
  return std::move(docket.decision);
}

Result<Decision> refused_opening_event(const Chamber& chamber, const OpenRequest& request,
                                       const Error& error) {
  Docket docket(chamber);
  GEWU_TRY(order, order_of(docket, request));
  const ActionSpec& action = *order.action;
  if (!is_kept_refusal(*order.type, action.name, error)) return Decision{};
  const MatterId id{chamber.ids.next()};
  Hearing hearing(docket, order.type, *order.locality, order.actor);
  hearing.action = &action;
  hearing.draft = blank_draft(docket, order, id);
  GEWU_CHECK(enter(hearing, order));
  GEWU_TRY(actor, fit_actor(action.by, order.actor, hearing.access(), hearing.key("by")));
  if (actor.kind != Actor::Kind::post) return Decision{};
  hearing.actor = std::move(actor);
  start_event(hearing.event, docket, Event::Kind::refusal, id, action.name, hearing.actor,
              order.arrival);
  hearing.event.change = {.matter = id,
                          .territory = hearing.draft->territory,
                          .owner = hearing.draft->owner};
  note_refusal(hearing.event, error);
  GEWU_CHECK(count_refusal(hearing));
  docket.decision.steps.push_back({std::move(hearing.event), nullptr});
  return std::move(docket.decision);
}

}  // namespace gewu::kernel
