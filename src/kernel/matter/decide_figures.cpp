#include <algorithm>
#include <utility>

#include "kernel/matter/book.h"
#include "kernel/matter/docket.h"
#include "kernel/matter/histogram.h"
#include "kernel/matter/rounds.h"

// Step 16: the counts of indicators (engine.md 8). A ratio counts nothing itself: its two parts
// are indicators of the type.

namespace gewu::kernel {

namespace {

constexpr std::int64_t kMicrosPerFen = kMicros / 100;

}  // namespace

std::string dimension_text(const Value& value) {
  if (const auto* key = value.get<Key>()) return key->key;
  if (const auto* unit = value.get<Unit>()) return unit->code;
  if (const auto* text = value.get<std::string>()) return *text;
  if (const auto* yes = value.get<bool>()) return *yes ? "true" : "false";
  if (const auto* link = value.get<Link>()) return std::to_string(link->id.value);
  if (const auto* post = value.get<PostRef>()) return std::to_string(post->id.value);
  if (const auto* date = value.get<Date>()) return format_date(*date);
  if (const auto* place = value.get_shared<Place>()) {
    if (!place->point) return place->territory;
    return std::to_string(place->point->lon_e6) + "," + std::to_string(place->point->lat_e6);
  }
  if (const auto* number = value.get<Number>())
    return number->micros % kMicros == 0 ? std::to_string(number->micros / kMicros)
                                         : std::to_string(number->micros) + "e-6";
  return {};
}

namespace {

std::string organisation_of(const Unit& unit) {
  return unit.kind == Unit::Kind::organisation ? unit.code : std::string();
}

/// What the value adds: a mean and a median leave out what has none. Which value it was is kept as
/// one more dimension where that is asked: whole of `distinct`, to one percent of `median`.
std::optional<Delta> of_value(const IndicatorSpec& spec, const Value& value, Delta delta) {
  switch (spec.of) {
    case FigureOf::count:
    case FigureOf::sum:
      return delta;
    case FigureOf::mean:
      if (value.is_missing()) return std::nullopt;
      return delta;
    case FigureOf::median:
      if (value.is_missing()) return std::nullopt;
      delta.dimensions.push_back(std::to_string(bucket_of(delta.sum_micros)));
      return delta;
    case FigureOf::distinct:
      delta.sum_micros = 0;
      if (value.is_missing()) return std::nullopt;
      delta.dimensions.push_back(dimension_text(value));
      return delta;
  }
  return delta;
}

/// What one event or matter adds to an indicator; nothing when `where` leaves it out.
Result<std::optional<Delta>> delta_of(const IndicatorSpec& spec, const Scope& scope,
                                      const Unit& booked_to) {
  GEWU_TRY(counts, is_true(spec.where, scope, true));
  if (!counts) return std::nullopt;
  Delta delta;
  delta.territory = scope.self->territory;
  delta.organisation = organisation_of(booked_to);
  delta.count = 1;
  if (spec.book_to) {
    GEWU_TRY(value, evaluate(*spec.book_to, scope));
    const auto* unit = value.get<Unit>();
    delta.organisation = unit != nullptr ? organisation_of(*unit) : std::string();
  }
  delta.dimensions.reserve(spec.by.size());
  for (const auto& [name, expression] : spec.by) {
    GEWU_TRY(value, evaluate(*expression, scope));
    delta.dimensions.push_back(dimension_text(value));
  }
  if (!spec.sum) return delta;
  GEWU_TRY(value, evaluate(*spec.sum, scope));
  if (const auto* number = value.get<Number>()) delta.sum_micros = number->micros;
  if (const auto* money = value.get<Money>()) delta.sum_micros = money->fen * kMicrosPerFen;
  return of_value(spec, value, std::move(delta));
}

bool has_indicator(const Type& type, const Name& name) {
  return std::ranges::find(type.indicators, name, &IndicatorSpec::name) != type.indicators.end();
}

std::string indicator_name(const Type& type, const IndicatorSpec& spec) {
  std::string name;
  name.reserve(type.name.size() + 1 + spec.name.size());
  return name.append(type.name).append(1, '.').append(spec.name);
}

/// An indicator of a type counts its extensions too (language.md 2.11).
void book(Hearing& hearing, const Locality& locality, const Type& type, const IndicatorSpec& spec,
          Delta delta, std::int64_t times) {
  delta.day = locality.calendar->zone().local_date(hearing.event.at);
  delta.count *= times;
  delta.sum_micros *= times;
  delta.indicator = indicator_name(type, spec);
  const Name* base = &type.base;
  for (int depth = 0; !base->empty() && depth < 2; ++depth) {
    const auto above = locality.types.find(*base);
    if (above == locality.types.end() || !has_indicator(*above->second, spec.name)) break;
    Delta inherited = delta;
    inherited.indicator = indicator_name(*above->second, spec);
    hearing.event.figures.push_back(std::move(inherited));
    base = &above->second->base;
  }
  hearing.event.figures.push_back(std::move(delta));
}

Status count_flow(Hearing& hearing, const IndicatorSpec& spec) {
  GEWU_TRY(delta, delta_of(spec, hearing.scope(), hearing.draft->owner));
  if (delta) book(hearing, hearing.locality, hearing.type, spec, std::move(*delta), 1);
  return {};
}

/// What a draw may draw: the event brought it into one of the states, from none of them. Of an
/// extension it counts for that alone, which has the draw itself.
void count_draw(Hearing& hearing, const IndicatorSpec& spec) {
  const Snapshot& now = *hearing.draft;
  if (!is_in(spec.states, now.state) || hearing.moved_from != nullptr) return;
  if (hearing.before != nullptr && is_in(spec.states, hearing.before->state)) return;
  Delta delta;
  delta.indicator = indicator_name(hearing.type, spec);
  delta.territory = now.territory;
  delta.organisation = organisation_of(now.owner);
  delta.dimensions = {delta.organisation};
  delta.day = hearing.locality.calendar->zone().local_date(hearing.event.at);
  delta.count = 1;
  hearing.event.figures.push_back(std::move(delta));
}

Result<std::optional<Delta>> stock_of(const IndicatorSpec& spec, const Snapshot* matter,
                                      Scope scope) {
  if (matter == nullptr || !is_in(spec.states, matter->state)) return std::nullopt;
  scope.self = matter;
  return delta_of(spec, scope, matter->owner);
}

/// Whether the clock was met as rankings count it: by the server's time, unless the setting
/// `late_arrival` says the device's.
bool counts_as_met(const Hearing& hearing, const ClockState& clock) {
  if (clock.status != ClockStatus::met) return false;
  if (!clock.late_arrival) return true;
  const Setting* setting = hearing.locality.find_setting("late_arrival");
  const Key* key = setting != nullptr ? setting->value.get<Key>() : nullptr;
  return (key != nullptr && key->key == "device") || hearing.event.at <= clock.due;
}

}  // namespace

Status count_clock(Hearing& hearing, const ClockState& clock, std::int64_t times) {
  const auto counts_it = [&](const IndicatorSpec& spec) {
    return spec.head == IndicatorHead::clock && spec.clock == clock.name;
  };
  if (std::ranges::none_of(hearing.type.indicators, counts_it)) return {};
  const std::vector<NamedValue> facts = {{"met", Value(counts_as_met(hearing, clock))},
                                         {"exempt", Value(clock.exempt)},
                                         {"late_arrival", Value(clock.late_arrival)}};
  Scope scope = hearing.scope();
  scope.facts = &facts;
  for (const IndicatorSpec& spec : hearing.type.indicators) {
    if (!counts_it(spec)) continue;
    GEWU_TRY(delta, delta_of(spec, scope, clock.owner));
    if (delta) book(hearing, hearing.locality, hearing.type, spec, std::move(*delta), times);
  }
  return {};
}

Status count_stocks(Hearing& hearing, const Locality& locality, const Snapshot* before,
                    const Snapshot& after) {
  const Type& type = *after.type;
  Scope scope = hearing.scope();
  if (after.id != hearing.draft->id) {
    scope.input = nullptr;
    scope.actor = nullptr;
    scope.basis = nullptr;
  }
  for (const IndicatorSpec& spec : type.indicators) {
    if (spec.head != IndicatorHead::stock) continue;
    GEWU_TRY(left, stock_of(spec, before, scope));
    GEWU_TRY(entered, stock_of(spec, &after, scope));
    if (left == entered) continue;
    if (left) book(hearing, locality, type, spec, std::move(*left), -1);
    if (entered) book(hearing, locality, type, spec, std::move(*entered), 1);
  }
  return {};
}

namespace {

/// The stock cells of a migration: the matter leaves those of its old text by its old rules and
/// enters those of the new one.
Status count_moved_stocks(Hearing& hearing) {
  const Snapshot& before = *hearing.moved_from;
  const Scope scope = hearing.scope();
  const auto stock_named = [](const Type& type, const Name& name) -> const IndicatorSpec* {
    const auto found = std::ranges::find(type.indicators, name, &IndicatorSpec::name);
    return found != type.indicators.end() && found->head == IndicatorHead::stock ? &*found
                                                                                 : nullptr;
  };
  for (const IndicatorSpec& spec : before.type->indicators) {
    if (spec.head != IndicatorHead::stock) continue;
    GEWU_TRY(left, stock_of(spec, &before, scope));
    if (!left) continue;
    if (const IndicatorSpec* now = stock_named(hearing.type, spec.name)) {
      GEWU_TRY(entered, stock_of(*now, hearing.draft.get(), scope));
      if (left == entered) continue;
    }
    book(hearing, hearing.locality, *before.type, spec, std::move(*left), -1);
  }
  for (const IndicatorSpec& spec : hearing.type.indicators) {
    if (spec.head != IndicatorHead::stock) continue;
    GEWU_TRY(entered, stock_of(spec, hearing.draft.get(), scope));
    if (!entered) continue;
    if (const IndicatorSpec* was = stock_named(*before.type, spec.name)) {
      GEWU_TRY(left, stock_of(*was, &before, scope));
      if (left == entered) continue;
    }
    book(hearing, hearing.locality, hearing.type, spec, std::move(*entered), 1);
  }
  return {};
}

/// Entries that this event made, to the account's organisation and place.
Status count_entries(Hearing& hearing, const IndicatorSpec& spec) {
  for (const BookEntry& entry : hearing.event.entries) {
    const bool is_its_side = (spec.side == BookSide::in) == (entry.amount > 0);
    if (entry.book != spec.book || (spec.side != BookSide::net && !is_its_side)) continue;
    GEWU_TRY(delta, delta_of(spec, hearing.scope(), Unit{}));
    if (!delta) continue;
    const auto book_found = hearing.locality.books.find(spec.book);
    const bool is_money =
        book_found != hearing.locality.books.end() && book_found->second.is_money();
    delta->sum_micros = entry.amount * (is_money ? kMicrosPerFen : 1);
    if (spec.side == BookSide::out) delta->sum_micros = -delta->sum_micros;
    if (!spec.book_to) delta->organisation = account_organisation(entry.account);
    const std::string place = account_territory(entry.account);
    if (!place.empty()) delta->territory = place;
    book(hearing, hearing.locality, hearing.type, spec, std::move(*delta), 1);
  }
  return {};
}

/// The row cited, in its own type's figures.
Status count_citation(Hearing& hearing) {
  const SnapshotPtr row = hearing.basis;
  if (!row || hearing.event.kind != Event::Kind::action) return {};
  Scope scope = hearing.scope();
  scope.self = row.get();
  scope.input = nullptr;
  scope.actor = nullptr;
  scope.basis = nullptr;
  for (const IndicatorSpec& spec : row->type->indicators) {
    if (spec.head != IndicatorHead::cites) continue;
    GEWU_TRY(delta, delta_of(spec, scope, row->owner));
    if (delta) book(hearing, hearing.locality, *row->type, spec, std::move(*delta), 1);
  }
  return {};
}

/// Anonymous counts that this event took up: by how much the counter rose.
Status count_tally(Hearing& hearing, const IndicatorSpec& spec) {
  const auto field = tally_field(hearing.type, *hearing.action);
  if (!field || hearing.action->tally != spec.action) return {};
  const auto micros_of = [&](const SnapshotPtr& matter) {
    const auto* number = matter ? matter->fields[*field].get<Number>() : nullptr;
    return number == nullptr ? 0 : number->micros;
  };
  const std::int64_t times =
      (micros_of(hearing.draft) - micros_of(hearing.before)) / kMicros;
  if (times == 0) return {};
  GEWU_TRY(delta, delta_of(spec, hearing.scope(), hearing.draft->owner));
  if (delta) book(hearing, hearing.locality, hearing.type, spec, std::move(*delta), times);
  return {};
}

}  // namespace

/// The rule is the last part of the refusal's key.
Status count_refusal(Hearing& hearing) {
  if (hearing.event.kind != Event::Kind::refusal) return {};
  for (const RefusedEffect& refused : hearing.event.refused) {
    const std::vector<NamedValue> facts = {
        {"rule", Value(refused.key.substr(refused.key.rfind('.') + 1))}};
    Scope scope = hearing.scope();
    scope.facts = &facts;
    for (const IndicatorSpec& spec : hearing.type.indicators) {
      if (spec.head != IndicatorHead::refusal || spec.action != hearing.event.action) continue;
      GEWU_TRY(delta, delta_of(spec, scope, hearing.draft->owner));
      if (delta) book(hearing, hearing.locality, hearing.type, spec, std::move(*delta), 1);
    }
  }
  return {};
}

Status count_figures(Hearing& hearing) {
  const bool is_action = hearing.event.kind == Event::Kind::action;
  hearing.event.figures.reserve(4);
  for (const IndicatorSpec& spec : hearing.type.indicators) {
    if (is_action && spec.head == IndicatorHead::flow && spec.action == hearing.event.action)
      GEWU_CHECK(count_flow(hearing, spec));
    if (spec.head == IndicatorHead::book) GEWU_CHECK(count_entries(hearing, spec));
    if (spec.head == IndicatorHead::tally && hearing.action != nullptr)
      GEWU_CHECK(count_tally(hearing, spec));
    if (spec.head == IndicatorHead::draw) count_draw(hearing, spec);
  }
  GEWU_CHECK(count_citation(hearing));
  GEWU_CHECK(count_refusal(hearing));
  for (const ClockState& clock : hearing.draft->clocks) {
    if (clock.status != ClockStatus::met && clock.status != ClockStatus::missed) continue;
    const ClockState* was =
        hearing.before != nullptr ? hearing.before->find_clock(clock.name) : nullptr;
    const bool ended_before = was != nullptr && was->ended && was->status == clock.status &&
                              was->ended == clock.ended;
    if (!ended_before) GEWU_CHECK(count_clock(hearing, clock, 1));
  }
  if (hearing.moved_from != nullptr) return count_moved_stocks(hearing);
  return count_stocks(hearing, hearing.locality, hearing.before.get(), *hearing.draft);
}

}  // namespace gewu::kernel
