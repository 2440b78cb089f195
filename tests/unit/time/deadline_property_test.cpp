// The properties of deadlines.md section 5. P6 is of the stores and stands in the contract suite.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "base/spans.h"
#include "unit/time/synthetic.h"

namespace gewu::kernel {
namespace {


/// 2026-09-01 to 2026-11-30, to the millisecond, so that both holidays and both make-up days and
/// a change of summer time are met.
Instant any_start() {
  const std::int64_t first = at("09-01 00:00").ms;
  return {*rc::gen::inRange<std::int64_t>(first, first + 91 * kMsPerDay)};
}

const Calendar& any_calendar() { return *rc::gen::arbitrary<bool>() ? synthetic() : pacific(); }

LimitUnit any_unit() {
  return *rc::gen::element(LimitUnit::minute, LimitUnit::hour_natural, LimitUnit::hour_working,
                           LimitUnit::day_working, LimitUnit::day_natural);
}

Limit any_limit(LimitUnit unit) { return {*rc::gen::inRange<std::int64_t>(1, 40), unit}; }

std::vector<Pause> any_pauses(Instant start, std::size_t count_max) {
  std::vector<Pause> pauses(*rc::gen::inRange<std::size_t>(0, count_max + 1));
  for (Pause& pause : pauses) {
    pause.from = start + *rc::gen::inRange<std::int64_t>(-1'000, 10'000) * kMsPerMinute;
    pause.to = pause.from + *rc::gen::inRange<std::int64_t>(1, 5'000) * kMsPerMinute;
  }
  return pauses;
}

Instant due_of(const ClockInputs& inputs, const Calendar& calendar = synthetic()) {
  return *compute(inputs, calendar).due;
}

#define EXPECT_PROPERTY(...) EXPECT_TRUE(rc::check(__VA_ARGS__))

/// Office hours of an interval, day by day.
std::int64_t work_by_days(const Calendar& calendar, Instant from, Instant to) {
  std::int64_t work = 0;
  const Date last = calendar.zone().local_date(to);
  for (Date day = calendar.zone().local_date(from); day <= last; ++day.days)
    for (const Frame& frame : calendar.frames(day)) {
      const Instant begin = std::max(from, calendar.zone().to_instant(day, frame.from));
      const Instant end = std::min(to, calendar.zone().to_instant(day, frame.to));
      if (begin < end) work += end - begin;
    }
  return work;
}

TEST(Properties, the_table_of_work_says_what_the_days_say) {
  EXPECT_PROPERTY("work between two instants, and where so much work ends", [] {
    const Calendar& calendar = any_calendar();
    // Some lie beyond the table: years before the first day that a notice names, and after the last.
    const Instant from = any_start() + *rc::gen::inRange<std::int64_t>(-1'500, 1'500) * kMsPerDay;
    const Instant to = from + *rc::gen::inRange<std::int64_t>(1, 60 * kMsPerDay);
    const std::int64_t work = work_by_days(calendar, from, to);
    RC_ASSERT(working_ms(calendar, from, to) == work);
    const std::int64_t wanted = *rc::gen::inRange<std::int64_t>(1, 40 * 60) * kMsPerMinute;
    const Instant end = *working_end(calendar, from, wanted, {});
    RC_ASSERT(work_by_days(calendar, from, end) == wanted);
    RC_ASSERT(work_by_days(calendar, from, end + -1) == wanted - 1);
  });
}

TEST(Properties, P1_limits_add_up) {
  EXPECT_PROPERTY("due(start, a+b) = due(due(start, a), b)", [] {
    const Calendar& calendar = any_calendar();
    const LimitUnit unit = any_unit();
    const Limit a = any_limit(unit), b = any_limit(unit);
    const ClockInputs whole = clock_of(any_start(), Limit{a.amount + b.amount, unit});
    ClockInputs extended = clock_of(whole.start, a);
    extended.extensions = {b};
    RC_ASSERT(due_of(extended, calendar) == due_of(whole, calendar));
    // 24:00 begins another day when it is read as a start (V31), so days go by extension only.
    if (unit != LimitUnit::day_natural) {
      const Instant middle = due_of(clock_of(whole.start, a), calendar);
      RC_ASSERT(due_of(clock_of(middle, b), calendar) == due_of(whole, calendar));
    }
  });
}

TEST(Properties, P1_holds_with_pauses_too) {
  EXPECT_PROPERTY("an extension goes on counting under the same pauses and caps", [] {
    const LimitUnit unit = any_unit();
    const Limit a = any_limit(unit), b = any_limit(unit);
    ClockInputs whole = clock_of(any_start(), Limit{a.amount + b.amount, unit});
    whole.pauses = any_pauses(whole.start, 4);
    if (*rc::gen::arbitrary<bool>()) whole.caps.most = *rc::gen::inRange<std::int64_t>(0, 300);
    ClockInputs extended = whole;
    extended.targets = {a};
    extended.extensions = {b};
    RC_ASSERT(due_of(extended) == due_of(whole));
  });
}

TEST(Properties, P2_what_was_added_has_elapsed) {
  EXPECT_PROPERTY("elapsed(start, due(start, n)) = n", [] {
    const Calendar& calendar = any_calendar();
    const Instant start = any_start();
    const auto minutes = *rc::gen::inRange<std::int64_t>(1, 10'000);
    const Count count = add_working(calendar, start, minutes * kMsPerMinute, {});
    RC_ASSERT(elapsed_working_minutes(calendar, start, *count.end) == minutes);
    std::int64_t listed = 0;
    for (const Interval& interval : count.counted) listed += interval.to - interval.from;
    RC_ASSERT(listed == minutes * kMsPerMinute);
    RC_ASSERT(subtract_working(calendar, *count.end, minutes * kMsPerMinute) >= start);
  });
}

TEST(Properties, P3_monotone_in_start_and_in_n) {
  EXPECT_PROPERTY("a later start or a longer limit is never due earlier", [] {
    const Calendar& calendar = any_calendar();
    const Limit limit = any_limit(*rc::gen::element(
        LimitUnit::minute, LimitUnit::hour_natural, LimitUnit::hour_working,
        LimitUnit::day_working, LimitUnit::day_natural, LimitUnit::month, LimitUnit::year));
    const Instant a = any_start(), b = any_start();
    RC_ASSERT(due_of(clock_of(std::min(a, b), limit), calendar) <=
              due_of(clock_of(std::max(a, b), limit), calendar));
    const Limit longer{limit.amount + 1, limit.unit};
    RC_ASSERT(due_of(clock_of(a, limit), calendar) < due_of(clock_of(a, longer), calendar));
  });
}

TEST(Properties, P4_a_holiday_more_and_a_make_up_day_more) {
  EXPECT_PROPERTY("a holiday never brings forward, a make-up day never puts off", [] {
    const Limit limit =
        any_limit(*rc::gen::element(LimitUnit::hour_working, LimitUnit::day_working));
    const ClockInputs inputs = clock_of(any_start(), limit);
    const Date date{date_of({2026, 9, 1}).days + *rc::gen::inRange(0, 120)};
    const Instant due = due_of(inputs);
    CalendarText text = synthetic_text();
    if (!synthetic().is_workday(date)) {
      text.makeup[date] = Weekday::mon;
      RC_ASSERT(due_of(inputs, build(text)) <= due);
    } else {
      text.makeup.erase(date);
      text.holidays.insert(date);
      RC_ASSERT(due_of(inputs, build(text)) >= due);
    }
  });
}

TEST(Properties, P5_the_order_of_pauses_does_not_matter) {
  EXPECT_PROPERTY("any order gives the same derivation", [] {
    ClockInputs inputs = clock_of(any_start(), any_limit(any_unit()));
    inputs.pauses = any_pauses(inputs.start, 5);
    if (*rc::gen::arbitrary<bool>()) inputs.caps = {*rc::gen::inRange<std::int64_t>(0, 300), {}};
    ClockInputs turned = inputs;
    std::ranges::reverse(turned.pauses);
    RC_ASSERT(compute(turned, synthetic()) == compute(inputs, synthetic()));
    if (turned.pauses.size() > 2) std::swap(turned.pauses[0], turned.pauses[1]);
    RC_ASSERT(compute(turned, synthetic()) == compute(inputs, synthetic()));
  });
}

TEST(Properties, P7_under_recompute_a_due_never_moves_later) {
  EXPECT_PROPERTY("recompute takes the earlier of the new and the old due", [] {
    ClockInputs inputs = clock_of(any_start(), any_limit(any_unit()));
    inputs.pauses = any_pauses(inputs.start, 2);
    if (*rc::gen::arbitrary<bool>()) inputs.extensions = {any_limit(any_unit())};
    for (int i = 0; i < 3; ++i) {
      const Instant old_due = due_of(inputs);
      const Limit target = any_limit(any_unit());
      const Instant free =
          due_of(change_inputs(inputs, ClockChange::recompute_free, target, inputs.start));
      inputs = change_inputs(inputs, ClockChange::recompute, target, inputs.start);
      RC_ASSERT(due_of(inputs) <= old_due);
      if (inputs.pauses.empty() && inputs.extensions.empty())
        RC_ASSERT(due_of(inputs) == std::min(old_due, free));
    }
  });
}

TEST(Properties, P8_a_pause_moves_a_due_by_what_it_took_out) {
  EXPECT_PROPERTY("later by what it took out, never by more than total", [] {
    const LimitUnit unit = any_unit();
    const Measure measure = measure_of(unit);
    ClockInputs inputs = clock_of(any_start(), any_limit(unit));
    const Instant due = due_of(inputs);
    inputs.pauses = any_pauses(inputs.start, 3);
    const auto most = *rc::gen::inRange<std::int64_t>(0, counts_days(measure) ? 4 : 2'000);
    const auto total = *rc::gen::inRange<std::int64_t>(0, counts_days(measure) ? 6 : 3'000);
    inputs.caps = {most, total};
    if (*rc::gen::arbitrary<bool>()) begin_pause(inputs, inputs.start + 60'000);
    const Derivation paused = compute(inputs, synthetic());
    RC_ASSERT(paused.due.has_value());
    RC_ASSERT(*paused.due >= due);
    std::int64_t took = 0;
    if (counts_days(measure)) {
      const Zone& zone = synthetic().zone();
      for (const Interval& gap : paused.taken_out)
        for (Date date = zone.local_date(gap.from); date < zone.local_date(gap.to); ++date.days)
          took += is_counted_day(synthetic(), date, measure);
      RC_ASSERT(took <= total);
      const Count moved = add_days(synthetic(), due_day(synthetic(), due), took, measure, {});
      RC_ASSERT(*paused.due == *moved.end);
    } else {
      const bool working = measure == Measure::minute_working;
      for (const Interval& gap : paused.taken_out)
        took += working ? working_ms(synthetic(), gap.from, gap.to) : gap.to - gap.from;
      RC_ASSERT(took <= total * kMsPerMinute);
      if (took > 0)
        RC_ASSERT(*paused.due ==
                  *(working ? add_working(synthetic(), due, took, {})
                            : add_elapsed(due, took, {})).end);
      else
        RC_ASSERT(*paused.due == due);
    }
  });
}

TEST(Properties, steps_lie_between_start_and_due) {
  EXPECT_PROPERTY("a larger fraction is never earlier, 100% is the due", [] {
    ClockInputs inputs = clock_of(any_start(), any_limit(any_unit()));
    inputs.pauses = any_pauses(inputs.start, 2);
    const Derivation derivation = compute(inputs, synthetic());
    Instant last = inputs.start;
    for (const int percent : {1, 20, 50, 80, 99, 100}) {
      const auto now =
          *step_instant(StepFraction{percent}, inputs.start, derivation, synthetic());
      RC_ASSERT(last <= now);
      RC_ASSERT(now <= *derivation.due);
      last = now;
    }
    RC_ASSERT(last == *derivation.due);
  });
}

TEST(Properties, what_is_left_reaches_the_due) {
  EXPECT_PROPERTY("before anything is counted all is left", [] {
    const LimitUnit unit = any_unit();
    const Limit limit = any_limit(unit);
    const ClockInputs inputs = clock_of(any_start(), limit);
    const std::int64_t whole = limit_minutes(limit).value_or(limit.amount);
    RC_ASSERT(time_left(inputs, synthetic(), inputs.start).amount == whole);
    RC_ASSERT(time_left(inputs, synthetic(), due_of(inputs)).amount == 0);
    RC_ASSERT(time_left(inputs, synthetic(), due_of(inputs) + -1).amount <= 1);
  });
}

}  // namespace
}  // namespace gewu::kernel
