#include "kernel/time/cycle.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gewu::kernel {

namespace {

constexpr int kSearchDays = 400;

constexpr std::array<std::pair<Cycle, const char*>, 7> kNames = {
    {{Cycle::day, "day"},
     {Cycle::workday, "workday"},
     {Cycle::week, "week"},
     {Cycle::month, "month"},
     {Cycle::quarter, "quarter"},
     {Cycle::half, "half"},
     {Cycle::year, "year"}}};

/// Rounds of so many whole months, counted from January.
DaySpan months_round(Date day, int months) {
  const auto ymd = civil(day);
  const int first = (ymd.month - 1) / months * months + 1;
  const Date from = date_of({ymd.year, first, 1});
  const int next = first + months;
  return {from, next > 12 ? date_of({ymd.year + 1, next - 12, 1}) : date_of({ymd.year, next, 1})};
}

Date day_in(const Timetable& table, const DaySpan& round) {
  const Date last{round.until.days - 1};
  if (table.weekday) {
    const int wanted = static_cast<int>(*table.weekday);
    const Date first{round.from.days + (wanted - weekday(round.from) + 7) % 7};
    Date found{first.days + 7 * (table.nth - 1)};
    while (found > last) found.days -= 7;
    return found;
  }
  return std::min(last, Date{round.from.days + table.day - 1});
}

}  // namespace

const char* to_text(Cycle cycle) {
  for (const auto& [value, name] : kNames)
    if (value == cycle) return name;
  return "";
}

std::optional<Cycle> parse_cycle(std::string_view text) {
  for (const auto& [value, name] : kNames)
    if (text == name) return value;
  return std::nullopt;
}

std::optional<DaySpan> round_of(Cycle cycle, Date day, const Calendar& calendar) {
  switch (cycle) {
    case Cycle::day: return DaySpan{day, {day.days + 1}};
    case Cycle::workday:
      if (!calendar.is_workday(day)) return std::nullopt;
      return DaySpan{day, {day.days + 1}};
    case Cycle::week: {
      const Date monday{day.days - weekday(day) + 1};
      return DaySpan{monday, {monday.days + 7}};
    }
    case Cycle::month: return months_round(day, 1);
    case Cycle::quarter: return months_round(day, 3);
    case Cycle::half: return months_round(day, 6);
    case Cycle::year: return months_round(day, 12);
  }
  return std::nullopt;
}

std::optional<DaySpan> next_round(Cycle cycle, Date day, const Calendar& calendar) {
  for (int ahead = 0; ahead < kSearchDays; ++ahead) {
    const auto round = round_of(cycle, {day.days + ahead}, calendar);
    if (!round) continue;
    if (round->from >= day) return round;
    return round_of(cycle, round->until, calendar);
  }
  return std::nullopt;
}

std::vector<Interval> slots_between(const Timetable& table, const Calendar& calendar,
                                    Instant after, Instant until, std::size_t most) {
  std::vector<Interval> slots;
  const Date today = calendar.zone().local_date(after);
  // The round under way may still hold one; a workday that is none holds nothing.
  auto round = round_of(table.every, today, calendar);
  if (!round) round = next_round(table.every, today, calendar);
  while (round && slots.size() < most) {
    const Date day = day_in(table, *round);
    const Interval slot{calendar.zone().to_instant(day, table.from),
                        calendar.zone().to_instant(day, table.to)};
    if (until < slot.from) break;
    if (after < slot.from) slots.push_back(slot);
    round = next_round(table.every, round->until, calendar);
  }
  return slots;
}

}  // namespace gewu::kernel
