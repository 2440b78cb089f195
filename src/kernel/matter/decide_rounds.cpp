#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "kernel/matter/docket.h"
#include "kernel/matter/rounds.h"

// Plans and duties (计划、周期任务). A plan opens matters of its type; a duty's ledger of a round is
// a matter of the type `duty_round`, whose clock `duty` has the duty's steps: each lists the units
// that are missing and carries out its effects for each of them.

namespace gewu::kernel {

namespace {

constexpr std::size_t kSlotsMax = 400;
constexpr std::size_t kListedMax = 5'000;
constexpr const char* kWhole = "100%";

const PlanSpec* find_plan(const Type& type, const Name& name) {
  const auto found = std::ranges::find(type.plans, name, &PlanSpec::name);
  return found == type.plans.end() ? nullptr : &*found;
}
const DutySpec* find_duty(const Type& type, const Name& name) {
  const auto found = std::ranges::find(type.duties, name, &DutySpec::name);
  return found == type.duties.end() ? nullptr : &*found;
}

/// A round in instants: from 00:00 of its first day to the end of its last, or to `until` of it.
Interval slot_of(const DutySpec& duty, const DaySpan& round, const Calendar& calendar) {
  const Date last{round.until.days - 1};
  return {calendar.zone().to_instant(round.from, 0),
          duty.until ? calendar.zone().to_instant(last, *duty.until) : calendar.end_of_day(last)};
}

Scope unit_scope(const Directory& directory, const Locality& locality, const Dossier& dossier,
                 const Value* unit, Instant now) {
  return {.directory = directory,
          .locality = locality,
          .dossier = dossier,
          .it = unit,
          .now = now};
}

/// What a unit is, so that its own fields can be read.
void load_unit(const Value& unit, DossierSource& source, Dossier& dossier) {
  if (const auto* link = unit.get<Link>())
    if (SnapshotPtr row = source.load(link->id)) dossier.add(std::move(row));
}

Result<Values> who_owe(const DutySpec& duty, const Directory& directory, const Locality& locality,
                       DossierSource& source, Instant now) {
  GEWU_TRY(units, units_of(*duty.of, directory, locality, source, now));
  if (!duty.when) return units;
  Values owing;
  for (const Value& unit : units) {
    Dossier dossier;
    load_unit(unit, source, dossier);
    GEWU_TRY(owes, holds_true(*duty.when, unit_scope(directory, locality, dossier, &unit, now)));
    if (owes) owing.push_back(unit);
  }
  return owing;
}

std::string key_of(const Locality& locality, const Type& type, const Name& name,
                   std::string_view unit, Instant from) {
  return locality.name + "/" + type.name + "." + name + "/" + std::string(unit) + "/" +
         std::to_string(from.ms);
}

/// Walks every timetable of an office.
template <typename OnPlan, typename OnDuty>
Status each_timetable(const Directory& directory, const TypeFilter& only, const OnPlan& on_plan,
                      const OnDuty& on_duty) {
  for (const auto& [name, locality] : directory.localities)
    for (const auto& [type_name, type] : locality->types) {
      if (only && !only(type_name)) continue;
      for (const PlanSpec& plan : type->plans) GEWU_CHECK(on_plan(*locality, *type, plan));
      for (const DutySpec& duty : type->duties) GEWU_CHECK(on_duty(*locality, *type, duty));
    }
  return {};
}

void keep_earlier(std::optional<Instant>& earliest, Instant candidate, Instant now) {
  if (candidate <= now) return;
  if (!earliest || candidate < *earliest) earliest = candidate;
}

}  // namespace

std::string ground_of_unit(const Value& unit, const Directory& directory, DossierSource& source) {
  const auto of_organisation = [&](const std::string& key) {
    const Organisation* organisation = directory.roster->organisation(key);
    for (int above = 0; organisation != nullptr && above < 8; ++above) {
      if (organisation->territory) return *organisation->territory;
      if (organisation->in_charge_of) return *organisation->in_charge_of;
      organisation = organisation->parent ? directory.roster->organisation(*organisation->parent)
                                          : nullptr;
    }
    return std::string();
  };
  const auto of_row = [&](MatterId id) {
    const SnapshotPtr row = source.load(id);
    return row ? row->territory : std::string();
  };
  const auto of_unit = [&](const Unit& place) {
    switch (place.kind) {
      case Unit::Kind::territory: return place.code;
      case Unit::Kind::organisation: return of_organisation(place.code);
      case Unit::Kind::row: return of_row(MatterId{std::strtoll(place.code.c_str(), nullptr, 10)});
      case Unit::Kind::none: return std::string();
    }
    return std::string();
  };
  if (const auto* place = unit.get<Unit>()) return of_unit(*place);
  if (const auto* link = unit.get<Link>()) return of_row(link->id);
  if (const auto* reference = unit.get<PostRef>())
    if (const Post* post = directory.roster->post(reference->id)) return of_unit(post->unit);
  return {};
}

Result<Values> units_of(const Expression& set, const Directory& directory,
                        const Locality& locality, DossierSource& source, Instant now) {
  const Dossier none;
  GEWU_TRY(found, evaluate(set, unit_scope(directory, locality, none, nullptr, now)));
  Values units;
  const auto* all = found.get_shared<Values>();
  if (all == nullptr) return units;
  std::set<std::string> seen;
  for (const Value& unit : *all) {
    if (unit.is_missing() || !seen.insert(dimension_text(unit)).second) continue;
    const std::string ground = ground_of_unit(unit, directory, source);
    const Locality* nearest = ground.empty() ? nullptr : directory.locality_of(ground);
    if (nearest == nullptr ? directory.localities.size() == 1 : nearest->name == locality.name)
      units.push_back(unit);
  }
  return units;
}

Result<std::vector<PlannedMatter>> planned_matters(const Directory& directory,
                                                   DossierSource& source, Instant now,
                                                   const TypeFilter& only) {
  std::vector<PlannedMatter> planned;
  const auto plan = [&](const Locality& locality, const Type& type,
                        const PlanSpec& spec) -> Status {
    const Instant until = shift_instant(*locality.calendar, now, spec.ahead, false);
    const auto slots = slots_between(spec.on, *locality.calendar, now, until, kSlotsMax);
    if (slots.empty() || !spec.each) return {};
    GEWU_TRY(units, units_of(*spec.each, directory, locality, source, now));
    for (const Interval& slot : slots)
      for (const Value& unit : units)
        planned.push_back({locality.name, type.name, spec.name, false, unit, slot,
                           key_of(locality, type, spec.name, dimension_text(unit), slot.from)});
    return {};
  };
  const auto duty = [&](const Locality& locality, const Type& type,
                        const DutySpec& spec) -> Status {
    const auto round = round_of(spec.every, locality.calendar->zone().local_date(now),
                                *locality.calendar);
    if (!round || !spec.of) return {};
    const Interval slot = slot_of(spec, *round, *locality.calendar);
    if (slot.to <= now) return {};
    GEWU_TRY(units, who_owe(spec, directory, locality, source, now));
    if (!units.empty())
      planned.push_back({locality.name, type.name, spec.name, true, {}, slot,
                         key_of(locality, type, spec.name, "", slot.from)});
    return {};
  };
  GEWU_CHECK(each_timetable(directory, only, plan, duty));
  return planned;
}

std::optional<Instant> next_planned(const Directory& directory, Instant now,
                                    const TypeFilter& only) {
  std::optional<Instant> next;
  const auto plan = [&](const Locality& locality, const Type&, const PlanSpec& spec) -> Status {
    const Instant until = shift_instant(*locality.calendar, now, spec.ahead, false);
    const auto slots = slots_between(spec.on, *locality.calendar, until, kForever, 1);
    if (slots.empty()) return {};
    // A slot comes into sight so long before it begins; days and months count back to their close.
    keep_earlier(next, shift_instant(*locality.calendar, slots.front().from, spec.ahead, true),
                 now);
    keep_earlier(next, slots.front().from, now);
    return {};
  };
  const auto duty = [&](const Locality& locality, const Type&, const DutySpec& spec) -> Status {
    const Date tomorrow{locality.calendar->zone().local_date(now).days + 1};
    if (const auto round = next_round(spec.every, tomorrow, *locality.calendar))
      keep_earlier(next, locality.calendar->zone().to_instant(round->from, 0), now);
    return {};
  };
  static_cast<void>(each_timetable(directory, only, plan, duty));
  return next;
}

namespace {

Value slot_value(const FieldSpec& field, const Interval& slot, const Calendar& calendar) {
  if (field.kind == FieldKind::date) return calendar.zone().local_date(slot.from);
  if (field.kind == FieldKind::instant) return slot.from;
  return Period{slot.from, slot.to};
}

OpeningOrder order_of(const Locality& locality, const TypePtr& type, const ActionSpec* action) {
  OpeningOrder order;
  order.locality = &locality;
  order.type = type;
  order.action = action;
  order.actor.kind = Actor::Kind::system;
  order.by_effect = true;
  order.by_person = false;
  return order;
}

Result<Decision> opened(const Chamber& chamber, const OpeningOrder& order) {
  Docket docket(chamber);
  GEWU_CHECK(open_inside(docket, order));
  return std::move(docket.decision);
}

Result<Decision> open_slot(const Chamber& chamber, const Locality& locality, const TypePtr& type,
                           const PlannedMatter& planned) {
  const PlanSpec* plan = find_plan(*type, planned.name);
  const ActionSpec* action = plan != nullptr ? type->find_action(plan->action) : nullptr;
  const auto fill = plan != nullptr ? type->find_field(plan->fill) : std::nullopt;
  if (action == nullptr || !fill) return Decision{};
  Dossier dossier;
  load_unit(planned.unit, chamber.source, dossier);
  const Scope scope =
      unit_scope(chamber.directory, locality, dossier, &planned.unit, chamber.now);
  GEWU_TRY(applies, is_true(plan->when, scope, true));
  if (!applies) return Decision{};
  OpeningOrder order = order_of(locality, type, action);
  order.values = {{plan->as, planned.unit},
                  {plan->fill, slot_value(type->fields[*fill], planned.slot, *locality.calendar)}};
  return opened(chamber, order);
}

Result<Decision> open_round(const Chamber& chamber, const Locality& locality, const TypePtr& type,
                            const PlannedMatter& planned) {
  const DutySpec* duty = find_duty(*type, planned.name);
  const TypePtr round = locality.find_type(kRoundType);
  const ActionSpec* action = round ? round->find_action("begin") : nullptr;
  if (duty == nullptr || action == nullptr) return Decision{};
  GEWU_TRY(units, who_owe(*duty, chamber.directory, locality, chamber.source, chamber.now));
  if (units.empty()) return Decision{};
  OpeningOrder order = order_of(locality, round, action);
  const Label& label = duty->label.zh.empty() ? type->label : duty->label;
  order.values = {
      {"duty", Value(type->name + "." + duty->name)},
      {"what", Value(label.zh)},
      {"slot", Value(Period{planned.slot.from, planned.slot.to})},
      {"ground", Value(territory_unit(locality.territory))},
      {"expected", Value(Number{static_cast<std::int64_t>(units.size()) * kMicros})}};
  return opened(chamber, order);
}

}  // namespace

Result<Decision> open_planned(const Chamber& chamber, const PlannedMatter& planned) {
  const Locality* locality = chamber.directory.find_locality(planned.locality);
  const TypePtr type = locality != nullptr ? locality->find_type(planned.type) : nullptr;
  if (!type) return Decision{};
  return planned.is_duty ? open_round(chamber, *locality, type, planned)
                         : open_slot(chamber, *locality, type, planned);
}

namespace {

/// The duty that a round is the ledger of, as it reads today; null when it is gone.
struct Duty {
  TypePtr type;
  const DutySpec* spec = nullptr;
};
Duty duty_of(const Hearing& hearing) {
  const Value* named = hearing.draft->find_field("duty");
  const auto* text = named != nullptr ? named->get<std::string>() : nullptr;
  const auto dot = text != nullptr ? text->find('.') : std::string::npos;
  if (dot == std::string::npos) return {};
  TypePtr type = hearing.locality.find_type(text->substr(0, dot));
  const DutySpec* spec = type ? find_duty(*type, text->substr(dot + 1)) : nullptr;
  return {std::move(type), spec};
}

void put_field(Hearing& hearing, const char* name, Value value) {
  if (const auto field = hearing.type.find_field(name))
    hearing.draft->fields[*field] = std::move(value);
}

/// Units by their kind: each has a field of its own, so that a page shows them by name.
void list_missing(Hearing& hearing, const Values& missing) {
  Values territories, organisations, posts, rows;
  for (const Value& unit : missing) {
    if (territories.size() + organisations.size() + posts.size() + rows.size() >= kListedMax)
      break;
    if (unit.is<PostRef>()) posts.push_back(unit);
    if (unit.is<Link>()) rows.push_back(unit);
    const auto* place = unit.get<Unit>();
    if (place == nullptr) continue;
    if (place->kind == Unit::Kind::territory) territories.push_back(unit);
    if (place->kind == Unit::Kind::organisation) organisations.push_back(unit);
    if (place->kind == Unit::Kind::row)
      rows.push_back(Link{MatterId{std::strtoll(place->code.c_str(), nullptr, 10)}});
  }
  const auto put = [&](const char* name, Values values) {
    put_field(hearing, name, values.empty() ? Value() : make_set(std::move(values)));
  };
  put("missing_territories", std::move(territories));
  put("missing_organisations", std::move(organisations));
  put("missing_posts", std::move(posts));
  put("missing_rows", std::move(rows));
}

Result<Values> missing_units(Hearing& hearing, const Duty& duty, const Period& slot,
                             std::size_t& expected) {
  DossierSource& source = hearing.docket.source;
  GEWU_TRY(units, who_owe(*duty.spec, hearing.docket.directory(), hearing.locality, source,
                          hearing.now()));
  expected = units.size();
  const Zone& zone = hearing.calendar().zone();
  const Date last = zone.local_date(slot.to + -1);
  std::map<std::string, std::int64_t> done;
  for (const CountedBy& counted :
       source.counts(duty.type->name + "." + duty.spec->name + "#0", zone.local_date(slot.from),
                     Date{last.days + 1}))
    if (!counted.dimensions.empty()) done[counted.dimensions.front()] += counted.count;
  Values missing;
  for (Value& unit : units) {
    std::int64_t need = kMicros;
    if (duty.spec->min) {
      GEWU_TRY(value, evaluate(*duty.spec->min,
                               unit_scope(hearing.docket.directory(), hearing.locality,
                                          hearing.docket.dossier, &unit, hearing.now())));
      if (const auto* number = value.get<Number>()) need = number->micros;
    }
    if (done[dimension_text(unit)] * kMicros < need) missing.push_back(std::move(unit));
  }
  return missing;
}

}  // namespace

Status settle_duty(Hearing& hearing) {
  if (hearing.type.name != kRoundType || hearing.before != nullptr) return {};
  const Duty duty = duty_of(hearing);
  const Value* slot = hearing.draft->find_field("slot");
  const auto* period = slot != nullptr ? slot->get<Period>() : nullptr;
  if (duty.spec == nullptr || period == nullptr) return {};
  ClockState clock;
  clock.name = kDuty;
  clock.inputs.start = period->from;
  clock.inputs.targets = {ClockTarget(period->to)};
  clock.inputs.calendar = hearing.calendar().name();
  clock.owner = hearing.draft->owner;
  const Derivation derivation = compute(clock.inputs, hearing.calendar());
  clock.due = period->to;
  clock.first_due = clock.due;
  bool has_end = false;
  for (const ClockStepSpec& step : duty.spec->steps) {
    const auto at = step_instant(step.step, period->from, derivation, hearing.calendar());
    if (!at) continue;
    has_end = has_end || step.text == kWhole;
    clock.steps.push_back({step.text, *at, false});
  }
  if (!has_end) clock.steps.push_back({kWhole, clock.due, false});
  hearing.draft->clocks.push_back(std::move(clock));
  return {};
}

Status fire_duty(Hearing& hearing, ClockState& clock, const std::string& step) {
  const Duty duty = duty_of(hearing);
  const Value* slot = hearing.draft->find_field("slot");
  const auto* period = slot != nullptr ? slot->get<Period>() : nullptr;
  Values missing;
  std::size_t expected = 0;
  const ClockStepSpec* spec = nullptr;
  if (duty.spec != nullptr && period != nullptr) {
    GEWU_TRY(found, missing_units(hearing, duty, *period, expected));
    missing = std::move(found);
    const auto named = std::ranges::find(duty.spec->steps, step, &ClockStepSpec::text);
    if (named != duty.spec->steps.end()) spec = &*named;
    const auto count = [](std::size_t n) { return Number{static_cast<std::int64_t>(n) * kMicros}; };
    put_field(hearing, "expected", count(expected));
    put_field(hearing, "done", count(expected - missing.size()));
    list_missing(hearing, missing);
  }
  clock.yellow_at.reset();
  clock.red_at.reset();
  const Lamp otherwise = step == kWhole ? Lamp::red : Lamp::green;
  const Lamp lamp = spec != nullptr && spec->lamp ? *spec->lamp : otherwise;
  if (!missing.empty() && lamp == Lamp::yellow) clock.yellow_at = hearing.now();
  if (!missing.empty() && lamp == Lamp::red) clock.red_at = hearing.now();
  if (next_step(clock) == nullptr) {
    clock.status = missing.empty() ? ClockStatus::met : ClockStatus::missed;
    clock.ended = hearing.now();
    hearing.docket.decision.ripples.push_back({.kind = Ripple::Kind::take,
                                               .cause = hearing.event.id,
                                               .name = hearing.event.action + ".finish",
                                               .action = "finish",
                                               .target = hearing.draft->id,
                                               .source = hearing.draft->id,
                                               .depth = hearing.event.depth + 1,
                                               .origin = hearing.origin(),
                                               .origin_matter = hearing.origin_matter});
  }
  if (spec != nullptr && !spec->then.empty()) {
    hearing.duty_type = duty.type;  // keeps what `for_each` points into
    hearing.for_each = &spec->then;
    hearing.units = std::move(missing);
  }
  return {};
}

/// Each unit is told of as a matter that lay there would be: its posts, its office.
Status carry_out_for_units(Hearing& hearing) {
  if (hearing.for_each == nullptr) return {};
  const Directory& directory = hearing.docket.directory();
  for (const Value& unit : hearing.units) {
    load_unit(unit, hearing.docket.source, hearing.docket.dossier);
    auto stand_in = std::make_shared<Snapshot>(*hearing.draft);
    stand_in->territory = ground_of_unit(unit, directory, hearing.docket.source);
    const auto* place = unit.get<Unit>();
    if (place != nullptr && place->kind == Unit::Kind::organisation) {
      stand_in->owner = *place;
    } else if (const auto* link = unit.get<Link>()) {
      if (const SnapshotPtr row = hearing.docket.source.load(link->id)) stand_in->owner = row->owner;
    } else if (const auto* reference = unit.get<PostRef>()) {
      if (const Post* post = directory.roster->post(reference->id)) stand_in->owner = post->unit;
    } else if (const Organisation* office =
                   directory.roster->office(stand_in->territory, hearing.today())) {
      stand_in->owner = organisation_unit(office->key);
    }
    stand_in->handler = stand_in->owner;
    hearing.it = &unit;
    hearing.stand_in = std::move(stand_in);
    GEWU_CHECK(carry_out(hearing, *hearing.for_each));
  }
  hearing.it = nullptr;
  hearing.stand_in.reset();
  // One message a post, however many units it is about.
  std::vector<MessageRecord> merged;
  for (MessageRecord& message : hearing.event.messages) {
    const auto same = std::ranges::find_if(merged, [&](const MessageRecord& other) {
      return other.text == message.text && other.words == message.words &&
             other.audience == message.audience && other.to_author == message.to_author;
    });
    if (same == merged.end()) {
      merged.push_back(std::move(message));
      continue;
    }
    for (const PostId post : message.posts)
      if (std::ranges::find(same->posts, post) == same->posts.end()) same->posts.push_back(post);
  }
  for (MessageRecord& message : merged) std::ranges::sort(message.posts);
  hearing.event.messages = std::move(merged);
  return {};
}

}  // namespace gewu::kernel
