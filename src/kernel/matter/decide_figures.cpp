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
constexpr std::size_t kFiguresUsually = 4;

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
/// one more dimension where that is asked: whole of `distinct`, to one percent of `median`. Whether
/// it counts.
bool add_value(const IndicatorSpec& spec, const Value& value, Delta& delta) {
  if (const auto* number = value.get<Number>()) delta.sum_micros = number->micros;
  if (const auto* money = value.get<Money>()) delta.sum_micros = money->fen * kMicrosPerFen;
  switch (spec.of) {
    case FigureOf::count:
    case FigureOf::sum: return true;
    case FigureOf::mean: return !value.is_missing();
    case FigureOf::median:
      if (value.is_missing()) return false;
      delta.dimensions.push_back(std::to_string(bucket_of(delta.sum_micros)));
      return true;
    case FigureOf::distinct:
      delta.sum_micros = 0;
      if (value.is_missing()) return false;
      delta.dimensions.push_back(dimension_text(value));
      return true;
  }
  return true;
}

/// Writes what one event or matter adds to an indicator into a new delta; false, with the delta half
/// written, when it adds nothing.
Result<bool> fill_delta(Delta& delta, const IndicatorSpec& spec, const Scope& scope,
                        const Unit& booked_to) {
  GEWU_TRY(counts, is_true(spec.where, scope, true));
  if (!counts) return false;
  delta.territory = scope.self->territory;
  delta.count = 1;
  if (spec.book_to) {
    Value scratch;
    GEWU_TRY(value, evaluate_in_place(*spec.book_to, scope, scratch));
    if (const auto* unit = value->get<Unit>()) delta.organisation = organisation_of(*unit);
  } else {
    delta.organisation = organisation_of(booked_to);
  }
  delta.dimensions.reserve(spec.by.size());
  for (const auto& [name, expression] : spec.by) {
    Value scratch;
    GEWU_TRY(value, evaluate_in_place(*expression, scope, scratch));
    delta.dimensions.push_back(dimension_text(*value));
  }
  if (!spec.sum) return true;
  Value scratch;
  GEWU_TRY(value, evaluate_in_place(*spec.sum, scope, scratch));
  return add_value(spec, *value, delta);
}

bool has_indicator(const Type& type, const Name& name) {
  return std::ranges::find(type.indicators, name, &IndicatorSpec::name) != type.indicators.end();
}

void name_indicator(Delta& delta, const Type& type, const IndicatorSpec& spec) {
  delta.indicator.clear();
  delta.indicator.reserve(type.name.size() + 1 + spec.name.size());
  delta.indicator.append(type.name).append(1, '.').append(spec.name);
}

/// Books a delta of the event: the one that stands there. An indicator of a type counts its
/// extensions too (language.md 2.11): theirs stand before it.
void book_at(std::size_t at, Hearing& hearing, const Locality& locality, const Type& type,
             const IndicatorSpec& spec, std::int64_t times) {
  std::vector<Delta>& figures = hearing.event.figures;
  Delta& own = figures[at];
  own.day = locality.calendar->zone().local_date(hearing.event.at);
  own.count *= times;
  own.sum_micros *= times;
  name_indicator(own, type, spec);
  const Name* base = &type.base;
  for (int depth = 0; !base->empty() && depth < 2; ++depth, ++at) {
    const auto above = locality.types.find(*base);
    if (above == locality.types.end() || !has_indicator(*above->second, spec.name)) break;
    Delta inherited = figures[at];
    name_indicator(inherited, *above->second, spec);
    figures.insert(figures.begin() + static_cast<std::ptrdiff_t>(at), std::move(inherited));
    base = &above->second->base;
  }
}

void book(Hearing& hearing, const Locality& locality, const Type& type, const IndicatorSpec& spec,
          Delta delta, std::int64_t times) {
  std::vector<Delta>& figures = hearing.event.figures;
  figures.push_back(std::move(delta));
  book_at(figures.size() - 1, hearing, locality, type, spec, times);
}

/// Counts what `fill_delta` says, straight into the event.
Status count(Hearing& hearing, const Locality& locality, const Type& type,
             const IndicatorSpec& spec, const Scope& scope, const Unit& booked_to,
             std::int64_t times) {
  std::vector<Delta>& figures = hearing.event.figures;
  GEWU_TRY(counts, fill_delta(figures.emplace_back(), spec, scope, booked_to));
  if (counts) book_at(figures.size() - 1, hearing, locality, type, spec, times);
  else figures.pop_back();
  return {};
}

Status count_flow(Hearing& hearing, const IndicatorSpec& spec) {
  return count(hearing, hearing.locality, hearing.type, spec, hearing.scope(),
               hearing.draft->owner, 1);
}

/// What a draw may draw: the event brought it into one of the states, from none of them. Of an
/// extension it counts for that alone, which has the draw itself.
void count_draw(Hearing& hearing, const IndicatorSpec& spec) {
  const Snapshot& now = *hearing.draft;
  if (!is_in(spec.states, now.state) || hearing.moved_from != nullptr) return;
  if (hearing.before != nullptr && is_in(spec.states, hearing.before->state)) return;
  Delta delta;
  name_indicator(delta, hearing.type, spec);
  delta.territory = now.territory;
  delta.organisation = organisation_of(now.owner);
  delta.dimensions = {delta.organisation};
  delta.day = hearing.locality.calendar->zone().local_date(hearing.event.at);
  delta.count = 1;
  hearing.event.figures.push_back(std::move(delta));
}

/// Adds what the matter adds to a stock, not booked yet; false when there is no matter, or when it is
/// in none of its states.
Result<bool> add_stock(std::vector<Delta>& figures, const IndicatorSpec& spec,
                       const Snapshot* matter, const Scope& around) {
  if (matter == nullptr || !is_in(spec.states, matter->state)) return false;
  Scope scope = around;
  scope.self = matter;
  GEWU_TRY(counts, fill_delta(figures.emplace_back(), spec, scope, matter->owner));
  if (!counts) figures.pop_back();
  return counts;
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
  const Type& type = hearing.type;
  const std::vector<std::size_t>& heads = type.indicators_of(IndicatorHead::clock);
  const auto counts_it = [&](std::size_t index) {
    return type.indicators[index].clock == clock.name;
  };
  if (std::ranges::none_of(heads, counts_it)) return {};
  const std::vector<NamedValue> facts = {{"met", Value(counts_as_met(hearing, clock))},
                                         {"exempt", Value(clock.exempt)},
                                         {"late_arrival", Value(clock.late_arrival)}};
  Scope scope = hearing.scope();
  scope.facts = &facts;
  for (const std::size_t index : heads)
    if (counts_it(index))
      GEWU_CHECK(count(hearing, hearing.locality, type, type.indicators[index], scope, clock.owner,
                       times));
  return {};
}

Status count_stocks(Hearing& hearing, const Locality& locality, const Snapshot* before,
                    const Snapshot& after) {
  const Type& type = *after.type;
  std::vector<Delta>& figures = hearing.event.figures;
  Scope scope = hearing.scope();
  if (after.id != hearing.draft->id) {
    scope.input = nullptr;
    scope.actor = nullptr;
    scope.basis = nullptr;
  }
  for (const std::size_t index : type.indicators_of(IndicatorHead::stock)) {
    const IndicatorSpec& spec = type.indicators[index];
    const std::size_t at = figures.size();
    GEWU_TRY(has_left, add_stock(figures, spec, before, scope));
    GEWU_TRY(has_entered, add_stock(figures, spec, &after, scope));
    if (has_left && has_entered && figures[at] == figures[at + 1]) {
      figures.resize(at);
      continue;
    }
    if (has_entered) book_at(figures.size() - 1, hearing, locality, type, spec, 1);
    if (has_left) book_at(at, hearing, locality, type, spec, -1);
  }
  return {};
}

namespace {

/// The stock cells of a migration: the matter leaves those of its old text by its old rules and
/// enters those of the new one.
Status count_moved_stocks(Hearing& hearing) {
  const Snapshot& before = *hearing.moved_from;
  const Scope scope = hearing.scope();
  const auto same_stock = [](const Type& type, const Name& name) -> const IndicatorSpec* {
    const auto found = std::ranges::find(type.indicators, name, &IndicatorSpec::name);
    return found != type.indicators.end() && found->head == IndicatorHead::stock ? &*found
                                                                                 : nullptr;
  };
  // What one text counts that the other, under the same name, does not count alike.
  const auto count_side = [&](const Snapshot& matter, const Snapshot& other,
                              std::int64_t times) -> Status {
    const Type& type = *matter.type;
    for (const std::size_t index : type.indicators_of(IndicatorHead::stock)) {
      const IndicatorSpec& spec = type.indicators[index];
      std::vector<Delta> sides;
      GEWU_TRY(counts, add_stock(sides, spec, &matter, scope));
      if (!counts) continue;
      if (const IndicatorSpec* there = same_stock(*other.type, spec.name)) {
        GEWU_TRY(counts_there, add_stock(sides, *there, &other, scope));
        if (counts_there && sides[0] == sides[1]) continue;
      }
      book(hearing, hearing.locality, type, spec, std::move(sides[0]), times);
    }
    return {};
  };
  GEWU_CHECK(count_side(before, *hearing.draft, -1));
  return count_side(*hearing.draft, before, 1);
}

/// Entries that this event made, to the account's organisation and place.
Status count_entries(Hearing& hearing, const IndicatorSpec& spec) {
  for (const BookEntry& entry : hearing.event.entries) {
    const bool is_its_side = (spec.side == BookSide::in) == (entry.amount > 0);
    if (entry.book != spec.book || (spec.side != BookSide::net && !is_its_side)) continue;
    Delta delta;
    GEWU_TRY(counts, fill_delta(delta, spec, hearing.scope(), Unit{}));
    if (!counts) continue;
    const auto book_found = hearing.locality.books.find(spec.book);
    const bool is_money =
        book_found != hearing.locality.books.end() && book_found->second.is_money();
    delta.sum_micros = entry.amount * (is_money ? kMicrosPerFen : 1);
    if (spec.side == BookSide::out) delta.sum_micros = -delta.sum_micros;
    if (!spec.book_to) delta.organisation = account_organisation(entry.account);
    const std::string place = account_territory(entry.account);
    if (!place.empty()) delta.territory = place;
    book(hearing, hearing.locality, hearing.type, spec, std::move(delta), 1);
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
  const Type& type = *row->type;
  for (const std::size_t index : type.indicators_of(IndicatorHead::cites))
    GEWU_CHECK(count(hearing, hearing.locality, type, type.indicators[index], scope, row->owner, 1));
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
  return count(hearing, hearing.locality, hearing.type, spec, hearing.scope(),
               hearing.draft->owner, times);
}

}  // namespace

/// The rule is the last part of the refusal's key.
Status count_refusal(Hearing& hearing) {
  if (hearing.event.kind != Event::Kind::refusal) return {};
  const Type& type = hearing.type;
  for (const RefusedEffect& refused : hearing.event.refused) {
    const std::vector<NamedValue> facts = {
        {"rule", Value(refused.key.substr(refused.key.rfind('.') + 1))}};
    Scope scope = hearing.scope();
    scope.facts = &facts;
    for (const std::size_t index : type.indicators_of(IndicatorHead::refusal))
      if (const IndicatorSpec& spec = type.indicators[index]; spec.action == hearing.event.action)
        GEWU_CHECK(count(hearing, hearing.locality, type, spec, scope, hearing.draft->owner, 1));
  }
  return {};
}

Status count_figures(Hearing& hearing) {
  const bool is_action = hearing.event.kind == Event::Kind::action;
  hearing.event.figures.reserve(kFiguresUsually);
  const std::vector<IndicatorSpec>& indicators = hearing.type.indicators;
  for (const std::size_t index : hearing.type.indicators_of(IndicatorHead::flow))
    if (is_action && indicators[index].action == hearing.event.action)
      GEWU_CHECK(count_flow(hearing, indicators[index]));
  for (const std::size_t index : hearing.type.indicators_of(IndicatorHead::book))
    GEWU_CHECK(count_entries(hearing, indicators[index]));
  if (hearing.action != nullptr)
    for (const std::size_t index : hearing.type.indicators_of(IndicatorHead::tally))
      GEWU_CHECK(count_tally(hearing, indicators[index]));
  for (const std::size_t index : hearing.type.indicators_of(IndicatorHead::draw))
    count_draw(hearing, indicators[index]);
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
