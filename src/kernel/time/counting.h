#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/instant.h"
#include "kernel/time/calendar.h"
#include "kernel/time/interval.h"
#include "kernel/time/limit.h"

namespace gewu::kernel {

/// The arithmetic under clocks. `gaps` are intervals that do not count: in order, disjoint, the
/// last may end at kForever. Amounts of minutes are in milliseconds, so that no start is rounded.

/// Where counting ended and what it counted. No `end`: a gap without end came first.
struct Count {
  std::optional<Instant> end;
  std::vector<Interval> counted;
  std::vector<Interval> left_out;  ///< days that a gap took out
};

/// Elapsed or working time from `start`; a due that falls on the end of a frame stays there.
Count add_elapsed(Instant start, std::int64_t ms, std::span<const Interval> gaps);
Count add_working(const Calendar& calendar, Instant start, std::int64_t ms,
                  std::span<const Interval> gaps);
/// Only where such counting ends.
std::optional<Instant> elapsed_end(Instant start, std::int64_t ms, std::span<const Interval> gaps);
std::optional<Instant> working_end(const Calendar& calendar, Instant start, std::int64_t ms,
                                   std::span<const Interval> gaps);
/// The close (24:00 for natural days) of the n-th such day after `day`. A day whose close lies in a
/// gap is left out.
Count add_days(const Calendar& calendar, Date day, std::int64_t n, Measure measure,
               std::span<const Interval> gaps);
/// Working time backwards; a result that falls on the start of a frame stays there.
Instant subtract_working(const Calendar& calendar, Instant end, std::int64_t ms);

/// Milliseconds between two instants, elapsed or in frames; 0 when `to` is not after `from`.
std::int64_t elapsed_ms(Instant from, Instant to, std::span<const Interval> gaps = {});
std::int64_t working_ms(const Calendar& calendar, Instant from, Instant to,
                        std::span<const Interval> gaps = {});
/// Whole working minutes between two instants (V24 to V26).
std::int64_t elapsed_working_minutes(const Calendar& calendar, Instant from, Instant to);

/// The instant at which such a day ends: close of its last frame, or 24:00.
Instant close_of_day(const Calendar& calendar, Date day, Measure measure);
bool is_counted_day(const Calendar& calendar, Date day, Measure measure);
/// Same day of the n-th month after (before when negative), clipped to that month's last day.
Date add_months(Date date, std::int64_t months);
/// The n-th such day after (before when negative) a date; nothing for units below a day. For
/// expressions: date + limit.
std::optional<Date> shift_date(const Calendar& calendar, Date date, const Limit& limit,
                               bool backwards);
/// The day that a due belongs to: an instant at local midnight ends the day before it.
Date due_day(const Calendar& calendar, Instant due);
/// Minutes and hours count from the instant; days, months and years from its due_day, to the close
/// (24:00 but for working days) of the day found. For steps and expressions: instant + limit.
Instant shift_instant(const Calendar& calendar, Instant instant, const Limit& limit,
                      bool backwards);

}  // namespace gewu::kernel
