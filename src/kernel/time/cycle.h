#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "kernel/time/calendar.h"
#include "kernel/time/interval.h"

namespace gewu::kernel {

/// How often a duty or a plan comes round (周期).
enum class Cycle { day, workday, week, month, quarter, half, year };
const char* to_text(Cycle cycle);
std::optional<Cycle> parse_cycle(std::string_view text);

/// Local days, half open [from, until).
struct DaySpan {
  Date from, until;
  bool operator==(const DaySpan&) const = default;
};

/// The round that a day lies in: weeks begin on Monday. Nothing for a day that is no workday when
/// the cycle is `workday`.
std::optional<DaySpan> round_of(Cycle cycle, Date day, const Calendar& calendar);
/// The first round that begins on the day or after it; nothing in 400 days without a workday.
std::optional<DaySpan> next_round(Cycle cycle, Date day, const Calendar& calendar);

/// When in each round something takes place (时刻表).
struct Timetable {
  Cycle every = Cycle::day;
  std::optional<Weekday> weekday;  ///< of a week; with `nth`, of a longer round
  int nth = 1;                     ///< the n-th such weekday of the round; beyond its last: the last
  int day = 1;                     ///< else the n-th day of a longer round, or its last
  int from = 0, to = 24 * 60;      ///< minutes of that day
  bool operator==(const Timetable&) const = default;
};

/// Slots that begin after `after` and not later than `until`, in order, at most `most`.
std::vector<Interval> slots_between(const Timetable& table, const Calendar& calendar,
                                    Instant after, Instant until, std::size_t most);

}  // namespace gewu::kernel
