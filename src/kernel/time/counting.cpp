#include "kernel/time/counting.h"

#include <algorithm>

#include "base/ensure.h"
#include "base/spans.h"

namespace gewu::kernel {
namespace {


void add_interval(std::vector<Interval>& list, Instant from, Instant to) {
  if (!list.empty() && list.back().to == from)
    list.back().to = to;
  else
    list.push_back({from, to});
}

/// Spends an amount along open stretches of time, stepping over gaps.
class Spender {
 public:
  /// `lists`: what was counted is kept, not only where it ends.
  Spender(std::int64_t ms, std::span<const Interval> gaps, bool lists)
      : left_(ms), gaps_(gaps), lists_(lists) {
    if (lists) count.counted.reserve(8);
  }

  /// Whether the stretch settled it: the amount is spent, or a gap never ends.
  bool spend(Instant from, Instant to) {
    while (from < to) {
      while (!gaps_.empty() && gaps_.front().to <= from) gaps_ = gaps_.subspan(1);
      Instant stop = to;
      if (!gaps_.empty() && gaps_.front().from <= from) {
        if (gaps_.front().to == kForever) return true;
        from = gaps_.front().to;
        continue;
      }
      if (!gaps_.empty()) stop = std::min(to, gaps_.front().from);
      if (stop - from >= left_) {
        count.end = from + left_;
        if (lists_) add_interval(count.counted, from, *count.end);
        return true;
      }
      left_ -= stop - from;
      if (lists_) add_interval(count.counted, from, stop);
      from = stop;
    }
    return false;
  }

  Count count;

 private:
  std::int64_t left_;
  std::span<const Interval> gaps_;
  bool lists_;
};

void spend_working(Spender& spender, const Calendar& calendar, Instant start) {
  const Zone& zone = calendar.zone();
  for (Date day = zone.local_date(start);; day = calendar.next_workday(day))
    for (const Frame& frame : calendar.frames(day))
      if (spender.spend(std::max(start, zone.to_instant(day, frame.from)),
                        zone.to_instant(day, frame.to)))
        return;
}

/// Days in the order counted, kept as runs of neighbours.
class DayRuns {
 public:
  DayRuns(const Calendar& calendar, Measure measure) : calendar_(calendar), measure_(measure) {}
  void add(Date first, Date last) {
    if (is_begun_ && first.days == last_.days + 1) {
      last_ = last;
      return;
    }
    flush();
    first_ = first;
    last_ = last;
    is_begun_ = true;
  }
  std::vector<Interval> finish() {
    flush();
    return std::move(runs_);
  }

 private:
  void flush() {
    if (is_begun_)
      runs_.push_back(
          {calendar_.zone().to_instant(first_), close_of_day(calendar_, last_, measure_)});
  }
  const Calendar& calendar_;
  Measure measure_;
  bool is_begun_ = false;
  Date first_, last_;
  std::vector<Interval> runs_;
};

/// The part of an interval inside another; empty ones have to <= from.
Interval overlap(const Interval& a, Instant from, Instant to) {
  return {std::max(a.from, from), std::min(a.to, to)};
}

/// Office hours of an interval: from the calendar's table, else day by day.
std::int64_t work_between(const Calendar& calendar, Instant from, Instant to) {
  const auto before_from = calendar.work_before(from), before_to = calendar.work_before(to);
  if (before_from && before_to) return *before_to - *before_from;
  const Zone& zone = calendar.zone();
  std::int64_t sum = 0;
  const Date last = zone.local_date(to);
  for (Date day = zone.local_date(from); day <= last; day = calendar.next_workday(day))
    for (const Frame& frame : calendar.frames(day)) {
      const auto [a, b] =
          overlap({zone.to_instant(day, frame.from), zone.to_instant(day, frame.to)}, from, to);
      if (a < b) sum += b - a;
    }
  return sum;
}

}  // namespace

Count add_elapsed(Instant start, std::int64_t ms, std::span<const Interval> gaps) {
  Spender spender(ms, gaps, true);
  spender.spend(start, kForever);
  return std::move(spender.count);
}

Count add_working(const Calendar& calendar, Instant start, std::int64_t ms,
                  std::span<const Interval> gaps) {
  Spender spender(ms, gaps, true);
  spend_working(spender, calendar, start);
  return std::move(spender.count);
}

std::optional<Instant> elapsed_end(Instant start, std::int64_t ms,
                                   std::span<const Interval> gaps) {
  Spender spender(ms, gaps, false);
  spender.spend(start, kForever);
  return spender.count.end;
}

std::optional<Instant> working_end(const Calendar& calendar, Instant start, std::int64_t ms,
                                   std::span<const Interval> gaps) {
  if (gaps.empty() && ms > 0)
    if (const auto before = calendar.work_before(start))
      if (const auto end = calendar.end_of_work(*before + ms)) return end;
  Spender spender(ms, gaps, false);
  spend_working(spender, calendar, start);
  return spender.count.end;
}

Count add_days(const Calendar& calendar, Date day, std::int64_t n, Measure measure,
               std::span<const Interval> gaps) {
  Count count;
  DayRuns runs(calendar, measure), left_out(calendar, Measure::day_natural);
  if (gaps.empty() && measure == Measure::day_natural) {
    runs.add({day.days + 1}, {day.days + static_cast<std::int32_t>(n)});
    day.days += static_cast<std::int32_t>(n);
    n = 0;
  }
  bool never_ends = false;
  while (n > 0 && !never_ends) {
    day = measure == Measure::day_working ? calendar.next_workday(day) : Date{day.days + 1};
    if (!gaps.empty()) {
      const Instant close = close_of_day(calendar, day, measure);
      while (!gaps.empty() && gaps.front().to <= close) gaps = gaps.subspan(1);
      if (!gaps.empty() && gaps.front().from <= close) {
        never_ends = gaps.front().to == kForever;
        if (!never_ends) left_out.add(day, day);
        continue;
      }
    }
    runs.add(day, day);
    --n;
  }
  if (!never_ends) count.end = close_of_day(calendar, day, measure);
  count.counted = runs.finish();
  count.left_out = left_out.finish();
  return count;
}

Instant subtract_working(const Calendar& calendar, Instant end, std::int64_t ms) {
  const Zone& zone = calendar.zone();
  for (Date day = zone.local_date(end);; day = calendar.previous_workday(day)) {
    const auto frames = calendar.frames(day);
    for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
      const Instant from = zone.to_instant(day, frame->from);
      const Instant to = std::min(end, zone.to_instant(day, frame->to));
      if (to <= from) continue;
      if (to - from >= ms) return to + -ms;
      ms -= to - from;
    }
  }
}

std::int64_t elapsed_ms(Instant from, Instant to, std::span<const Interval> gaps) {
  std::int64_t sum = std::max<std::int64_t>(0, to - from);
  for (const Interval& gap : gaps) {
    const auto [a, b] = overlap(gap, from, to);
    if (a < b) sum -= b - a;
  }
  return sum;
}

std::int64_t working_ms(const Calendar& calendar, Instant from, Instant to,
                        std::span<const Interval> gaps) {
  if (to <= from) return 0;
  std::int64_t sum = work_between(calendar, from, to);
  for (const Interval& gap : gaps) {
    const auto [a, b] = overlap(gap, from, to);
    if (a < b) sum -= working_ms(calendar, a, b);
  }
  return sum;
}

std::int64_t elapsed_working_minutes(const Calendar& calendar, Instant from, Instant to) {
  return working_ms(calendar, from, to) / kMsPerMinute;
}

Instant close_of_day(const Calendar& calendar, Date day, Measure measure) {
  return measure == Measure::day_working ? calendar.close_of(day) : calendar.end_of_day(day);
}

bool is_counted_day(const Calendar& calendar, Date day, Measure measure) {
  return measure == Measure::day_natural || calendar.is_workday(day);
}

Date add_months(Date date, std::int64_t months) {
  const auto [year, month, day] = civil(date);
  const std::int64_t total = std::int64_t{year} * 12 + (month - 1) + months;
  const std::int64_t month_in_year = ((total % 12) + 12) % 12;
  const int new_year = static_cast<int>((total - month_in_year) / 12);
  const int new_month = static_cast<int>(month_in_year) + 1;
  return date_of({new_year, new_month, std::min(day, days_in_month(new_year, new_month))});
}

std::optional<Date> shift_date(const Calendar& calendar, Date date, const Limit& limit,
                               bool backwards) {
  ensure(check_limit(limit).has_value(), "a limit within bounds");
  const std::int64_t sign = backwards ? -1 : 1;
  switch (limit.unit) {
    case LimitUnit::minute:
    case LimitUnit::hour_natural:
    case LimitUnit::hour_working: return std::nullopt;
    case LimitUnit::day_working:
      for (std::int64_t i = 0; i < limit.amount; ++i)
        date = backwards ? calendar.previous_workday(date) : calendar.next_workday(date);
      return date;
    case LimitUnit::day_natural:
      return Date{date.days + static_cast<std::int32_t>(sign * limit.amount)};
    case LimitUnit::month: return add_months(date, sign * limit.amount);
    case LimitUnit::year: return add_months(date, sign * limit.amount * 12);
  }
  return std::nullopt;
}

Date due_day(const Calendar& calendar, Instant due) {
  return due_time(calendar.zone(), due).day;
}

Instant shift_instant(const Calendar& calendar, Instant instant, const Limit& limit,
                      bool backwards) {
  if (const auto day = shift_date(calendar, due_day(calendar, instant), limit, backwards))
    return close_of_day(calendar, *day, measure_of(limit.unit));
  const std::int64_t ms = *limit_minutes(limit) * kMsPerMinute;
  if (measure_of(limit.unit) == Measure::minute_elapsed)
    return instant + (backwards ? -ms : ms);
  return backwards ? subtract_working(calendar, instant, ms)
                   : *working_end(calendar, instant, ms, {});
}

}  // namespace gewu::kernel
