#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <span>

#include "base/spans.h"
#include "kernel/matter/book.h"
#include "kernel/matter/expression_machine.h"
#include "kernel/matter/heaps.h"
#include "kernel/matter/value_arithmetic.h"
#include "kernel/time/counting.h"

namespace gewu::kernel {
namespace {

Date first_of(std::string_view unit, Date day) {
  const YearMonthDay ymd = civil(day);
  if (unit == "week") return {day.days - weekday(day) + 1};
  if (unit == "month") return date_of({ymd.year, ymd.month, 1});
  if (unit == "quarter") return date_of({ymd.year, (ymd.month - 1) / 3 * 3 + 1, 1});
  if (unit == "half") return date_of({ymd.year, ymd.month <= 6 ? 1 : 7, 1});
  return date_of({ymd.year, 1, 1});
}

Date last_of(std::string_view unit, Date day) {
  const Date first = first_of(unit, day);
  if (unit == "week") return {first.days + 6};
  const int months = unit == "month" ? 1 : unit == "quarter" ? 3 : unit == "half" ? 6 : 12;
  return {add_months(first, months).days - 1};
}

/// Whole years from a to b as an age counts them; negative when b is earlier.
std::int64_t whole_years(Date a, Date b) {
  if (b < a) return -whole_years(b, a);
  const YearMonthDay from = civil(a), to = civil(b);
  const bool reached = std::pair(to.month, to.day) >= std::pair(from.month, from.day);
  return to.year - from.year - (reached ? 0 : 1);
}

/// Whether the frames of a day, sorted and joined where they touch, hold all of [from, to).
bool is_open_from_to(std::vector<std::pair<int, int>> frames, std::int64_t from, std::int64_t to) {
  std::ranges::sort(frames);
  std::int64_t reached = from;
  for (const auto& [opens, closes] : frames) {
    if (opens * kMsPerMinute > reached) continue;
    reached = std::max(reached, closes * kMsPerMinute);
  }
  return reached >= to;
}

std::span<const LonLat> points_of(const Value& value, LonLat& single) {
  if (const Place* place = value.get_shared<Place>()) {
    if (!place->point) return {};
    single = *place->point;
    return {&single, 1};
  }
  if (const auto* line = value.get_shared<std::vector<LonLat>>()) return *line;
  return {};
}

/// The nearest point of a stretch, on a plane around it: good to a metre within a city.
LonLat nearest_on(LonLat point, LonLat a, LonLat b) {
  const double shrink = std::cos(a.lat_e6 / 1e6 * 3.14159265358979323846 / 180);
  const double dx = (double(b.lon_e6) - a.lon_e6) * shrink, dy = double(b.lat_e6) - a.lat_e6;
  const double px = (double(point.lon_e6) - a.lon_e6) * shrink;
  const double py = double(point.lat_e6) - a.lat_e6;
  const double length = dx * dx + dy * dy;
  const double share = length == 0 ? 0 : std::clamp((px * dx + py * dy) / length, 0.0, 1.0);
  return {static_cast<std::int32_t>(std::lround(a.lon_e6 + share * (double(b.lon_e6) - a.lon_e6))),
          static_cast<std::int32_t>(std::lround(a.lat_e6 + share * (double(b.lat_e6) - a.lat_e6)))};
}

std::int64_t distance_to_line(LonLat point, std::span<const LonLat> line) {
  std::int64_t nearest = distance_m(point, line.front());
  for (std::size_t i = 1; i < line.size(); ++i)
    nearest = std::min(nearest, distance_m(point, nearest_on(point, line[i - 1], line[i])));
  return nearest;
}

Number whole(std::int64_t n) { return {n * kMicros}; }

}  // namespace

void Machine::call(const ExpressionNode& of, const Element* element, Value& out) {
  out = Missing{};
  const auto within = [&](Op first, Op last) { return of.op >= first && of.op <= last; };
  if (within(Op::min2, Op::times)) return call_number(of, element, out);
  if (within(Op::days, Op::inside)) return call_time(of, element, out);
  if (within(Op::grid_of, Op::distance)) return call_place(of, element, out);
  if (within(Op::weighted, Op::reasoned)) return call_scores(of, element, out);
  if (within(Op::used, Op::due)) return call_clock(of, out);
  if (of.op == Op::balance) return call_balance(of, element, out);
  if (of.op == Op::figure) return call_figure(of, element, out);
  if (of.op == Op::cited) return call_cited(out);
  if (of.op == Op::table) table(of, element, out);
}

/// The days that a period touches, or the day of a date or instant; nothing when it is empty.
std::optional<std::pair<Date, Date>> Machine::days_of(const Value& when) const {
  const Zone& zone = calendar()->zone();
  if (const auto* period = when.get<Period>()) {
    if (!(period->from < period->to)) return std::nullopt;
    const Date last = zone.local_date(Instant{period->to.ms - 1});
    return std::pair(zone.local_date(period->from), Date{last.days + 1});
  }
  const auto day = date_of_moment(when);
  if (!day) return std::nullopt;
  return std::pair(*day, Date{day->days + 1});
}

/// Missing where the group is too small to be told of, and where no figures are at hand.
void Machine::call_figure(const ExpressionNode& of, const Element* element, Value& out) {
  DossierSource* ledger = scope_.dossier.ledger();
  if (ledger == nullptr || calendar() == nullptr) return;
  Value unit_scratch, when_scratch;
  const Value* where = value(argument(of, 0), element, unit_scratch);
  const auto* unit = where->get<Unit>();
  if (unit == nullptr || unit->kind == Unit::Kind::row) return;
  const auto days = days_of(*value(argument(of, 1), element, when_scratch));
  if (!days) return;
  const bool is_organisation = unit->kind == Unit::Kind::organisation;
  const auto counted = find_counted(scope_.locality, name(of.c));
  const auto figure = figure_in(scope_.locality,
                                {.indicator = name(of.c),
                                 .unit = (is_organisation ? "org:" : "") + unit->code,
                                 .from = days->first,
                                 .until = days->second},
                                *ledger);
  if (!counted || !figure || !figure->value) return;
  // A pinned text may take for money what is counted otherwise today.
  if (is_money(scope_.locality, *counted) != (of.b == 1)) return;
  constexpr std::int64_t kMicrosPerFen = kMicros / 100;
  if (of.b == 1) out = Money{*narrow(divide_rounded(figure->value->micros, kMicrosPerFen))};
  else out = *figure->value;
}

void Machine::call_cited(Value& out) {
  DossierSource* ledger = scope_.dossier.ledger();
  if (ledger != nullptr && scope_.self != nullptr) out = whole(ledger->cited(scope_.self->id));
}

/// Missing when the account is not whole, or where no books are at hand.
void Machine::call_balance(const ExpressionNode& of, const Element* element, Value& out) {
  const auto book = scope_.locality.books.find(name(of.c));
  DossierSource* ledger = scope_.dossier.ledger();
  if (book == scope_.locality.books.end() || ledger == nullptr || calendar() == nullptr) return;
  Values parts;
  for (int i = 0; i < of.argument_count; ++i) {
    Value scratch;
    parts.push_back(*value(argument(of, i), element, scratch));
  }
  const auto account = account_text(parts);
  if (!account) return;
  Instant at = scope_.now;
  if (of.b >= 0) {
    Value scratch;
    const auto end = end_of_moment(*value(of.b, element, scratch));
    if (!end) return;
    at = *end;
  }
  const std::int64_t amount = standing(book->second, *account, of.b >= 0, at, *ledger, *calendar());
  if (book->second.is_money()) out = Money{amount};
  else out = Number{amount};
}

void Machine::call_number(const ExpressionNode& of, const Element* element, Value& out) {
  if (of.op == Op::times) {
    std::int64_t n = 0;
    if (scope_.self != nullptr)
      for (const ActionRecord& record : scope_.self->actions)
        if (record.action == name(of.c)) n = record.times;
    out = whole(n);
    return;
  }
  Value scratch_a, scratch_b;
  const Value* a = value(argument(of, 0), element, scratch_a);
  const Value* b = value(argument(of, 1), element, scratch_b);
  if (of.op == Op::round) {
    if (!round_to(*a, *b, out)) fail("expression.overflow");
    return;
  }
  const auto order = compare(*a, *b);
  if (order) out = Value((of.op == Op::min2) == (*order <= 0) ? *a : *b);
}

std::optional<Date> Machine::date_of_moment(const Value& moment) const {
  if (const Date* date = moment.get<Date>()) return *date;
  const Instant* instant = moment.get<Instant>();
  if (instant == nullptr || calendar() == nullptr) return std::nullopt;
  return calendar()->zone().local_date(*instant);
}

std::optional<Instant> Machine::start_of_moment(const Value& moment) const {
  if (const Instant* instant = moment.get<Instant>()) return *instant;
  const Date* date = moment.get<Date>();
  if (date == nullptr || calendar() == nullptr) return std::nullopt;
  return calendar()->zone().to_instant(*date);
}

std::optional<Instant> Machine::end_of_moment(const Value& moment) const {
  if (const Instant* instant = moment.get<Instant>()) return *instant;
  const Date* date = moment.get<Date>();
  if (date == nullptr || calendar() == nullptr) return std::nullopt;
  return calendar()->end_of_day(*date);
}

void Machine::call_time(const ExpressionNode& of, const Element* element, Value& out) {
  if (calendar() == nullptr) return;
  Value scratch_a, scratch_b;
  const Value* a = value(argument(of, 0), element, scratch_a);
  const Value* b =
      of.argument_count > 1 ? value(argument(of, 1), element, scratch_b) : &kMissing;
  if (of.op == Op::minutes) {
    const Instant *from = a->get<Instant>(), *to = b->get<Instant>();
    if (!from || !to) return;
    const auto micros = narrow(divide_rounded(Wide{to->ms} * kMicros - Wide{from->ms} * kMicros,
                                              kMsPerMinute));
    if (!micros) return fail("expression.overflow");
    out = Number{*micros};
  } else if (of.op == Op::days || of.op == Op::years) {
    const auto from = date_of_moment(*a), to = date_of_moment(*b);
    if (!from || !to) return;
    out = whole(of.op == Op::days ? std::int64_t{to->days} - from->days : whole_years(*from, *to));
  } else if (of.op == Op::period) {
    const auto from = start_of_moment(*a), to = end_of_moment(*b);
    if (from && to && *from < *to) out = Period{*from, *to};
  } else if (of.op == Op::at_time) {
    const auto day = date_of_moment(*b);
    const TimeOfDay* time = a->get<TimeOfDay>();
    if (day && time) out = calendar()->zone().to_instant(*day, time->minutes);
  } else if (of.op == Op::start_of || of.op == Op::end_of) {
    const auto day = date_of_moment(*b);
    const std::string* unit = a->get<std::string>();
    if (day && unit) out = of.op == Op::start_of ? first_of(*unit, *day) : last_of(*unit, *day);
  } else if (of.op == Op::inside) {
    const Period* period = a->get<Period>();
    const Hours* hours = b->get_shared<Hours>();
    if (!period || !hours) return;
    const Zone& zone = calendar()->zone();
    const Date first = zone.local_date(period->from), last = zone.local_date(period->to + -1);
    bool open = last.days - first.days <= 366;
    for (Date day = first; open && day <= last; ++day.days) {
      const Instant opens = zone.to_instant(day), closes = zone.to_instant({day.days + 1});
      open = is_open_from_to(hours->days[weekday(day) - 1],
                             std::max(period->from, opens) - opens,
                             std::min(period->to, closes) - opens);
    }
    out = open;
  } else {
    const auto day = date_of_moment(*a);
    if (!day) return;
    if (of.op == Op::day) out = *day;
    if (of.op == Op::year_of) out = whole(civil(*day).year);
    if (of.op == Op::is_workday) out = calendar()->is_workday(*day);
  }
}

/// The ground of a unit: itself, where an organisation works, where a row counts.
std::optional<TerritoryCode> Machine::ground_of(const Value& of) const {
  const Unit* unit = of.get<Unit>();
  if (const Link* link = of.get<Link>()) {
    const Snapshot* row = find(link->id);
    if (row != nullptr && !row->territory.empty()) return row->territory;
    return std::nullopt;
  }
  if (unit == nullptr) return std::nullopt;
  if (unit->kind == Unit::Kind::territory) return unit->code;
  if (unit->kind == Unit::Kind::organisation && scope_.directory.roster) {
    const Organisation* own = scope_.directory.roster->organisation(unit->code);
    if (own == nullptr) return std::nullopt;
    return own->territory ? own->territory : own->in_charge_of;
  }
  if (unit->kind == Unit::Kind::row)
    return ground_of(Link{MatterId{std::strtoll(unit->code.c_str(), nullptr, 10)}});
  return std::nullopt;
}

void Machine::call_place(const ExpressionNode& of, const Element* element, Value& out) {
  Value scratch_a, scratch_b;
  const Directory& directory = scope_.directory;
  const std::int32_t first = argument(of, 0);
  if (of.op == Op::common) {
    std::optional<TerritoryCode> shared;
    bool whole_set = true;
    walk(first, element, [&](const Element& one) {
      const auto ground = ground_of(value_of(one));
      if (!ground) return true;
      shared = shared ? common_code(*shared, *ground) : ground;
      return whole_set = shared.has_value();
    });
    if (!shared || !directory.territory) return;
    const TerritoryCode codes[] = {*shared};
    if (const Territory* lowest = directory.territory->common(codes))
      out = territory_unit(lowest->code);
    return;
  }
  const Value* a = value(first, element, scratch_a);
  const Value* b =
      of.argument_count > 1 ? value(argument(of, 1), element, scratch_b) : &kMissing;
  if (of.op == Op::covers) {
    const auto upper = ground_of(*a), lower = ground_of(*b);
    if (upper && lower) out = covers(*upper, *lower);
  } else if (of.op == Op::up) {
    const auto ground = ground_of(*a);
    const Key* level = b->get<Key>();
    const auto wanted = level ? parse_level(level->key) : std::nullopt;
    if (!ground || !wanted || !directory.territory) return;
    if (const Territory* found = directory.territory->up(*ground, *wanted))
      out = territory_unit(found->code);
  } else if (of.op == Op::office) {
    const Unit* unit = a->get<Unit>();
    const auto day = today();
    if (!unit || unit->kind != Unit::Kind::territory || !day || !directory.roster) return;
    if (const Organisation* found = directory.roster->office(unit->code, *day))
      out = organisation_unit(found->key);
  } else if (of.op == Op::grid_of) {
    const Place* place = a->get_shared<Place>();
    if (place == nullptr) return;
    std::optional<TerritoryCode> grid;
    if (place->point && directory.grids) grid = directory.grids->grid_of(*place->point, today());
    if (!grid && !place->territory.empty() && directory.territory)
      if (const Territory* found = directory.territory->up(place->territory, Level::grid))
        grid = found->code;
    if (grid) out = territory_unit(*grid);
  } else if (of.op == Op::grids_of) {
    const auto* line = a->get_shared<std::vector<LonLat>>();
    if (line == nullptr || !directory.grids) return;
    Values grids;
    for (TerritoryCode& code : directory.grids->grids_of(*line, today()))
      grids.push_back(territory_unit(std::move(code)));
    out = make_set(std::move(grids));
  } else {
    distance(*a, *b, out);
  }
}

void Machine::distance(const Value& a, const Value& b, Value& out) const {
  LonLat single_a, single_b;
  const auto line_a = points_of(a, single_a), line_b = points_of(b, single_b);
  if (line_a.empty() || line_b.empty()) return;
  std::int64_t nearest = INT64_MAX;
  for (const LonLat& point : line_a) nearest = std::min(nearest, distance_to_line(point, line_b));
  for (const LonLat& point : line_b) nearest = std::min(nearest, distance_to_line(point, line_a));
  out = whole(nearest);
}

void Machine::call_scores(const ExpressionNode& of, const Element* element, Value& out) {
  Value scratch;
  const Value* held = value(argument(of, 0), element, scratch);
  const auto* scores = held->get_shared<std::vector<Score>>();
  const ExpressionNode& from = node(argument(of, 0));
  const List* rows = list(of.b, from.op == Op::matter_field ? matter(from.a, element) : nullptr);
  if (scores == nullptr || rows == nullptr) {
    if (of.op != Op::weighted) out = false;
    return;
  }
  const auto score_of = [&](const ListRow& row) -> const Score* {
    const auto found = std::ranges::find(*scores, row.key, &Score::row);
    return found == scores->end() ? nullptr : &*found;
  };
  if (of.op == Op::complete || of.op == Op::reasoned) {
    const bool needs_reason = of.op == Op::reasoned;
    out = std::ranges::all_of(rows->rows, [&](const ListRow& row) {
      const Score* score = score_of(row);
      return row.off || (score != nullptr && (!needs_reason || !score->reason.empty()));
    });
    return;
  }
  Wide total = 0, weights = 0;
  for (const ListRow& row : rows->rows) {
    const Score* score = score_of(row);
    const Value* weight = score == nullptr ? nullptr : find_value(row.props, "weight");
    const Number* number = weight == nullptr ? nullptr : weight->get<Number>();
    if (number == nullptr) continue;
    total += Wide{score->value.micros} * number->micros;
    weights += number->micros;
  }
  if (weights == 0) return;
  const auto micros = narrow(divide_rounded(total, weights));
  if (!micros) return fail("expression.overflow");
  out = Number{*micros};
}

void Machine::call_clock(const ExpressionNode& of, Value& out) {
  const ClockState* clock = nullptr;
  if (scope_.self != nullptr)
    for (const ClockState& one : scope_.self->clocks)
      if (one.name == name(of.c)) clock = &one;
  if (clock == nullptr) {
    if (of.op == Op::overdue) out = false;
    return;
  }
  const bool runs = clock->status == ClockStatus::running;
  if (of.op == Op::due) {
    if (clock->status != ClockStatus::paused) out = clock->due;
    return;
  }
  if (of.op == Op::overdue) {
    out = clock->status == ClockStatus::missed || (runs && clock->due < scope_.now);
    return;
  }
  std::shared_ptr<const Calendar> by = scope_.locality.calendar;
  if (const auto own = scope_.locality.calendars.find(clock->inputs.calendar);
      own != scope_.locality.calendars.end())
    by = own->second;
  if (!by) return;
  const Calendar always = make_always(by->zone());
  const Derivation derived =
      compute(clock->inputs, clock->inputs.calendar == kAlways ? always : *by);
  const Instant until = clock->ended.value_or(scope_.now);
  Wide all = 0, gone = 0;
  for (const Interval& counted : derived.counted) {
    all += counted.to - counted.from;
    if (counted.from < until) gone += std::min(counted.to, until) - counted.from;
  }
  if (all > 0) out = Number{*narrow(divide_rounded(gone * kMicros, all))};
}

void Machine::table(const ExpressionNode& of, const Element* element, Value& out) {
  Value scratch;
  const Value* key = value(of.a, element, scratch);
  for (int i = 0; i + 1 < of.argument_count; i += 2) {
    if (!equals(*key, expression_.constants()[node(argument(of, i)).a])) continue;
    Value found;
    const Value* held = value(argument(of, i + 1), element, found);
    out = held == &found ? std::move(found) : Value(*held);
    return;
  }
  if (of.b < 0) return;
  Value found;
  const Value* held = value(of.b, element, found);
  out = held == &found ? std::move(found) : Value(*held);
}

void Machine::as_unit(const ExpressionNode& of, const Element* element, Value& out) {
  Value scratch;
  const Value* held = value(of.a, element, scratch);
  const auto wanted = static_cast<Unit::Kind>(of.b);
  out = Missing{};
  if (const Link* link = held->get<Link>()) {
    if (wanted == Unit::Kind::row || wanted == Unit::Kind::none)
      out = row_unit(std::to_string(link->id.value));
  } else if (const Unit* unit = held->get<Unit>()) {
    if (wanted == Unit::Kind::none || wanted == unit->kind) out = *unit;
  }
}

void Machine::part(const ExpressionNode& of, const Element* element, Value& out) {
  Value scratch;
  const Value held(*value(of.a, element, scratch));
  out = Missing{};
  const Part wanted = static_cast<Part>(of.b);
  const Directory& directory = scope_.directory;
  const Unit* unit = held.get<Unit>();
  const PostRef* seat = held.get<PostRef>();
  const Post* post = seat && directory.roster ? directory.roster->post(seat->id) : nullptr;
  const bool is_ground = unit != nullptr && unit->kind == Unit::Kind::territory;
  const Organisation* organisation =
      unit != nullptr && unit->kind == Unit::Kind::organisation && directory.roster
          ? directory.roster->organisation(unit->code)
          : nullptr;
  switch (wanted) {
    case Part::unit_territory:
      if (const auto ground = ground_of(held)) out = territory_unit(*ground);
      return;
    case Part::unit_level:
      if (!is_ground || !directory.territory) return;
      if (const Territory* found = directory.territory->find(unit->code))
        out = Key{std::string(level_name(found->level))};
      return;
    case Part::unit_parent:
      if (organisation != nullptr && organisation->parent)
        out = organisation_unit(*organisation->parent);
      if (is_ground && directory.territory) {
        const auto above = directory.territory->ancestors(unit->code);
        if (!above.empty()) out = territory_unit(above.front()->code);
      }
      return;
    case Part::unit_code:
      if (unit != nullptr) out = Value(unit->code);
      return;
    case Part::unit_kind:
      if (organisation != nullptr) out = Value(organisation->kind);
      return;
    case Part::post_role:
      if (post != nullptr) out = Key{post->role};
      return;
    case Part::post_unit:
      if (post != nullptr) out = post->unit;
      return;
    case Part::post_organisation: {
      const auto day = today();
      if (post == nullptr || !day) return;
      if (const auto* own = directory.roster->organisation_of(*post, *day))
        out = organisation_unit(own->key);
      return;
    }
    case Part::post_seats:
      if (post != nullptr) out = whole(post->seats);
      return;
    case Part::post_state:
      if (post != nullptr) out = Key{std::string(post_state_name(post->state))};
      return;
    case Part::period_from:
      if (const Period* period = held.get<Period>()) out = period->from;
      return;
    case Part::period_to:
      if (const Period* period = held.get<Period>()) out = period->to;
      return;
  }
}

}  // namespace gewu::kernel
