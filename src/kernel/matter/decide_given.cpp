#include <algorithm>

#include "kernel/matter/docket.h"
#include "kernel/matter/given.h"

// Matters by fiat, for scenarios: everything of an opening but the question who may.

namespace gewu::kernel {

namespace {


std::string code_in(const std::vector<NamedValue>& values) {
  for (const NamedValue& named : values) {
    if (const auto* place = named.value.get_shared<Place>())
      if (!place->territory.empty()) return place->territory;
    if (const auto* unit = named.value.get<Unit>(); unit && unit->kind == Unit::Kind::territory)
      return unit->code;
  }
  return {};
}

Result<std::size_t> state_of(const Type& type, const Name& state) {
  if (!state.empty()) {
    const auto named = type.find_state(state);
    if (!named) return refuse(ErrorCode::not_found, "not_found", {{"state", state}});
    return *named;
  }
  if (type.reference && !type.reference->active.empty()) return type.reference->active.front();
  for (const ActionSpec& action : type.actions)
    if (action.opens) return *action.opens;
  return std::size_t{0};
}

Status fill(Hearing& hearing, const GivenMatter& given) {
  Snapshot& draft = *hearing.draft;
  for (const NamedValue& named : given.values) {
    const auto field = draft.type->find_field(named.name);
    if (!field || draft.type->fields[*field].value)
      return refuse(ErrorCode::invalid, "form.unknown", {{"name", named.name}});
    draft.fields[*field] = named.value;
    if (draft.type->fields[*field].parent)
      if (const auto* link = named.value.get<Link>()) draft.parent = link->id;
  }
  GEWU_CHECK(load_matter(hearing.docket, hearing.draft, given.values));
  for (std::size_t i = 0; i < draft.fields.size(); ++i) {
    const FieldSpec& field = draft.type->fields[i];
    if (!field.default_value || !draft.fields[i].is_missing()) continue;
    if (find_value(given.values, field.name) != nullptr) continue;
    GEWU_TRY(value, evaluate(*field.default_value, hearing.scope()));
    draft.fields[i] = std::move(value);
  }
  return {};
}

Status start_clock(Hearing& hearing, const Name& name, Instant from) {
  const ClockSpec* spec = hearing.type.find_clock(name);
  if (spec == nullptr) return refuse(ErrorCode::not_found, "not_found", {{"clock", name}});
  GEWU_TRY(value, evaluate(spec->within ? *spec->within : *spec->at, hearing.scope()));
  ClockState clock;
  clock.name = name;
  clock.inputs.start = from;
  if (const auto* limit = value.get<Limit>()) clock.inputs.targets = {ClockTarget(*limit)};
  if (const auto* date = value.get<Date>())
    clock.inputs.targets = {ClockTarget(DateTarget{*date, spec->office_close})};
  if (const auto* instant = value.get<Instant>()) clock.inputs.targets = {ClockTarget(*instant)};
  if (clock.inputs.targets.empty())
    return refuse(ErrorCode::invalid, "given.clock", {{"clock", name}});
  clock.inputs.calendar = spec->calendar.empty() ? hearing.calendar().name() : spec->calendar;
  GEWU_TRY(owner, owner_of_clock(hearing, *spec));
  clock.owner = std::move(owner);
  settle_due(hearing, clock);
  clock.first_due = clock.due;
  hearing.draft->clocks.push_back(std::move(clock));
  return {};
}

}  // namespace

Result<Decision> give_matter(const Chamber& chamber, const GivenMatter& given) {
  const std::string code = code_in(given.values);
  const Locality* locality = code.empty() ? nullptr : chamber.directory.locality_of(code);
  if (locality == nullptr) locality = chamber.directory.find_locality(given.locality);
  const TypePtr type = locality != nullptr ? locality->find_type(given.type) : nullptr;
  if (!type) return refuse(ErrorCode::not_found, "not_found", {{"type", given.type}});
  GEWU_TRY(state, state_of(*type, given.state));

  Docket docket(chamber);
  Actor system;
  system.kind = Actor::Kind::system;
  Hearing hearing(docket, type, *locality, system);
  hearing.draft = std::make_shared<Snapshot>();
  Snapshot& draft = *hearing.draft;
  draft.id = MatterId{chamber.ids.next()};
  draft.type = type;
  draft.opened_at = chamber.now;
  draft.state = state;
  draft.has_receipt = true;
  draft.fields.resize(type->fields.size());
  if (type->states[state].is_final) draft.closed_at = chamber.now;
  start_event(hearing.event, docket, Event::Kind::migrate, draft.id, "given", system, Arrival{});
  hearing.by_person = false;
  hearing.quiet = true;
  hearing.origin_matter = draft.id;
  hearing.step = docket.add_step();
  GEWU_CHECK(fill(hearing, given));
  GEWU_CHECK(settle_belongs(hearing, true));
  for (const auto& [clock, from] : given.clocks) GEWU_CHECK(start_clock(hearing, clock, from));
  Opening opening;
  opening.type = type;
  opening.opened_at = draft.opened_at;
  opening.has_receipt = true;
  opening.state = state;
  hearing.event.opening = std::move(opening);
  GEWU_CHECK(conclude(hearing, {}));
  docket.decision.numbers.push_back(wish_for(hearing));
  return std::move(docket.decision);
}

}  // namespace gewu::kernel
