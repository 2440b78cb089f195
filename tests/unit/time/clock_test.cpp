// What the vectors do not say: derivations, provisional dues, pauses that last, changes that meet.
#include <gtest/gtest.h>

#include "base/spans.h"
#include "unit/time/synthetic.h"

namespace gewu::kernel {
namespace {

const Instant kStart = at("09-22 09:00");

TEST(Derivation, lists_the_stretches_it_counted) {
  ClockInputs inputs = clock_of(kStart, limit("4 hour_working"));
  inputs.pauses = {{at("09-22 10:00"), at("09-22 14:00")}};
  const Derivation derivation = compute(inputs, synthetic());
  EXPECT_EQ(derivation.counted, (std::vector<Interval>{{kStart, at("09-22 10:00")},
                                                       {at("09-22 14:00"), at("09-22 17:00")}}));
  EXPECT_EQ(derivation.taken_out,
            (std::vector<Interval>{{at("09-22 10:00"), at("09-22 14:00")}}));
  EXPECT_EQ(derivation.measure, Measure::minute_working);
}

TEST(Derivation, lists_runs_of_days_and_days_left_out) {
  ClockInputs inputs = clock_of(kStart, limit("3 day_working"));
  inputs.pauses = {{at("09-23 10:00"), at("09-24 15:00")}};
  const Derivation derivation = compute(inputs, synthetic());
  EXPECT_EQ(derivation.counted,
            (std::vector<Interval>{{at("09-24 00:00"), at("09-25 17:00")},
                                   {at("09-27 00:00"), at("09-27 17:00")}}));
  EXPECT_EQ(derivation.taken_out,
            (std::vector<Interval>{{at("09-23 00:00"), at("09-23 24:00")}}));
}

TEST(Derivation, is_provisional_when_it_counts_workdays_of_an_unknown_year) {
  const auto is_provisional = [](const char* start, const ClockTarget& target) {
    return compute(clock_of(at(start), target), synthetic()).provisional;
  };
  EXPECT_FALSE(is_provisional("12-25 09:00", limit("4 day_working")));
  EXPECT_TRUE(is_provisional("12-25 09:00", limit("5 day_working")));
  EXPECT_TRUE(is_provisional("12-31 16:00", limit("2 hour_working")));
  EXPECT_FALSE(is_provisional("12-31 16:00", limit("1 hour_working")));
  EXPECT_FALSE(is_provisional("12-31 16:00", limit("30 day_natural")));
  EXPECT_FALSE(is_provisional("12-31 16:00", limit("3 month")));
  EXPECT_FALSE(is_provisional("12-31 16:00", DateTarget{date_of({2027, 3, 1}), false}));
  EXPECT_TRUE(is_provisional("12-31 16:00", DateTarget{date_of({2027, 3, 1}), true}));
  // A make-up day of the unknown year might have been counted although none was.
  EXPECT_TRUE(is_provisional("2023-12-29 20:00", limit("1 day_working")));
  EXPECT_FALSE(is_provisional("2023-12-31 20:00", limit("1 day_working")))
      << "the start day is not counted";
  ClockInputs extended = clock_of(at("12-25 09:00"), limit("4 day_working"));
  extended.extensions = {limit("1 day_working")};
  EXPECT_TRUE(compute(extended, synthetic()).provisional);
}

TEST(Derivation, a_calendar_notice_moves_it) {
  const ClockInputs inputs = clock_of(at("2027-01-27 09:00"), limit("5 day_working"));
  const Derivation before = compute(inputs, synthetic());
  EXPECT_TRUE(before.provisional);
  CalendarText noticed = synthetic_text();
  noticed.years.insert(2027);
  noticed.holidays.insert(date_of({2027, 1, 29}));
  const Derivation after = compute(inputs, build(noticed));
  EXPECT_FALSE(after.provisional);
  EXPECT_LT(*before.due, *after.due);
}

TEST(Pause, one_that_lasts_without_a_cap_has_no_due) {
  for (const char* text : {"4 hour_working", "24 hour_natural", "3 day_working", "3 day_natural"}) {
    ClockInputs inputs = clock_of(kStart, limit(text));
    begin_pause(inputs, at("09-22 11:00"));
    begin_pause(inputs, at("09-22 11:30"));
    ASSERT_EQ(inputs.pauses.size(), 1u);
    inputs.extensions = {limit("1 day_working")};
    const Derivation derivation = compute(inputs, synthetic());
    EXPECT_FALSE(derivation.due) << text;
    EXPECT_FALSE(step_instant(StepFraction{80}, kStart, derivation, synthetic()));
    EXPECT_TRUE(is_paused(inputs, synthetic(), at("09-29 11:00")));
    EXPECT_FALSE(is_paused(inputs, synthetic(), at("09-22 10:59")));
  }
}

TEST(Pause, shows_what_is_left) {
  ClockInputs minutes = clock_of(kStart, limit("4 hour_working"));
  begin_pause(minutes, at("09-22 11:00"));
  EXPECT_EQ(time_left(minutes, synthetic(), at("09-25 11:00")),
            (TimeLeft{120, Measure::minute_working}));
  ClockInputs days = clock_of(kStart, limit("3 day_working"));
  begin_pause(days, at("09-23 18:00"));
  EXPECT_EQ(time_left(days, synthetic(), at("09-28 10:00")), (TimeLeft{2, Measure::day_working}));
  EXPECT_EQ(time_left(days, synthetic(), at("09-22 09:30")), (TimeLeft{3, Measure::day_working}));
  const ClockInputs running = clock_of(kStart, limit("3 day_working"));
  EXPECT_EQ(time_left(running, synthetic(), at("09-23 16:59")).amount, 2 + 1);
  EXPECT_EQ(time_left(running, synthetic(), at("09-23 17:00")).amount, 2);
  const ClockInputs elapsed = clock_of(kStart, limit("2 hour_natural"));
  EXPECT_EQ(time_left(elapsed, synthetic(), kStart + 1), (TimeLeft{120, Measure::minute_elapsed}));
  EXPECT_EQ(time_left(elapsed, synthetic(), at("09-22 11:00")).amount, 0);
  EXPECT_EQ(time_left(elapsed, synthetic(), at("09-25 11:00")).amount, 0);
}

TEST(Pause, ends_where_its_cap_is_reached) {
  ClockInputs inputs = clock_of(kStart, limit("4 hour_working"));
  inputs.caps = {60, {}};
  begin_pause(inputs, at("09-22 11:30"));
  EXPECT_TRUE(is_paused(inputs, synthetic(), at("09-22 13:59")));
  EXPECT_FALSE(is_paused(inputs, synthetic(), at("09-22 14:00")));
  ClockInputs days = clock_of(kStart, limit("5 day_working"));
  days.caps = {2, {}};
  begin_pause(days, at("09-23 10:00"));
  EXPECT_TRUE(is_paused(days, synthetic(), at("09-24 17:00")));
  EXPECT_FALSE(is_paused(days, synthetic(), at("09-24 17:01")));
}

TEST(Pause, that_begins_at_midnight_takes_the_day_that_ends_there) {
  ClockInputs inputs = clock_of(kStart, limit("3 day_natural"));
  inputs.pauses = {{at("09-24 00:00"), at("09-25 12:00")}};
  EXPECT_EQ(due_text(inputs), "2026-09-27 24:00");
  inputs.caps = {1, {}};
  EXPECT_EQ(due_text(inputs), "2026-09-26 24:00");
}

TEST(Pause, total_is_most_unless_it_is_given) {
  ClockInputs inputs = clock_of(kStart, limit("5 day_working"));
  inputs.pauses = {{at("09-23 10:00"), at("09-24 10:00")}, {at("09-24 11:00"), at("09-25 10:00")}};
  inputs.caps = {1, {}};
  EXPECT_EQ(due_text(inputs), "2026-09-29 17:00");
  inputs.caps = {1, 2};
  EXPECT_EQ(due_text(inputs), "2026-09-30 17:00");
  inputs.caps = {{}, 1};
  EXPECT_EQ(due_text(inputs), "2026-09-29 17:00");
}

TEST(Pause, that_begins_and_ends_at_once_is_none) {
  ClockInputs inputs = clock_of(kStart, limit("1 hour_working"));
  end_pause(inputs, kStart);
  begin_pause(inputs, kStart);
  end_pause(inputs, kStart);
  EXPECT_TRUE(inputs.pauses.empty());
  begin_pause(inputs, kStart);
  end_pause(inputs, kStart + 1);
  EXPECT_EQ(inputs.pauses, (std::vector<Pause>{{kStart, kStart + 1}}));
}

TEST(Pause, does_not_move_instants_dates_months_and_years) {
  for (const ClockTarget& target :
       {ClockTarget(limit("1 month")), ClockTarget(limit("1 year")), ClockTarget(at("09-30 12:00")),
        ClockTarget(DateTarget{day("09-30"), true})}) {
    ClockInputs inputs = clock_of(kStart, target);
    const auto due = compute(inputs, synthetic()).due;
    begin_pause(inputs, at("09-23 10:00"));
    EXPECT_EQ(compute(inputs, synthetic()).due, due);
    EXPECT_FALSE(is_paused(inputs, synthetic(), at("09-24 10:00")));
  }
}

TEST(PauseCaps, are_in_the_own_measure) {
  EXPECT_EQ(*make_pause_caps(LimitUnit::hour_working, limit("1 hour_working"), std::nullopt),
            (PauseCaps{60, {}}));
  EXPECT_EQ(*make_pause_caps(LimitUnit::hour_natural, limit("90 minute"), limit("2 hour_natural")),
            (PauseCaps{90, 120}));
  EXPECT_EQ(*make_pause_caps(LimitUnit::day_working, limit("2 day_working"), std::nullopt),
            (PauseCaps{2, {}}));
  EXPECT_EQ(*make_pause_caps(LimitUnit::month, std::nullopt, std::nullopt), PauseCaps{});
  for (const auto& [own, most] : {std::pair{LimitUnit::hour_working, "1 day_working"},
                                  std::pair{LimitUnit::hour_working, "1 hour_natural"},
                                  std::pair{LimitUnit::day_natural, "1 day_working"},
                                  std::pair{LimitUnit::month, "1 month"}})
    EXPECT_EQ(make_pause_caps(own, limit(most), std::nullopt).error().key, "limit.measure");
}

TEST(Change, a_due_held_by_recompute_still_moves_by_a_pause_and_an_extension) {
  ClockInputs inputs = clock_of(kStart, limit("10 day_working"));
  inputs = change_inputs(inputs, ClockChange::recompute, limit("5 day_working"), kStart);
  inputs = change_inputs(inputs, ClockChange::recompute, limit("10 day_working"), kStart);
  EXPECT_EQ(inputs.targets.size(), 1u) << "one target of a unit is kept";
  begin_pause(inputs, at("09-23 10:00"));
  end_pause(inputs, at("09-24 15:00"));
  EXPECT_EQ(due_text(inputs), "2026-09-29 17:00");
  inputs.extensions = {limit("1 day_working")};
  EXPECT_EQ(due_text(inputs), "2026-09-30 17:00");
}

TEST(Change, targets_of_several_kinds_compete) {
  ClockInputs inputs = clock_of(kStart, limit("5 day_working"));
  inputs = change_inputs(inputs, ClockChange::recompute, limit("7 day_natural"), kStart);
  EXPECT_EQ(due_text(inputs), "2026-09-28 17:00");
  inputs = change_inputs(inputs, ClockChange::recompute, DateTarget{day("09-26"), true}, kStart);
  EXPECT_EQ(due_text(inputs), "2026-09-25 17:00");
  inputs = change_inputs(inputs, ClockChange::recompute, DateTarget{day("09-30"), true}, kStart);
  EXPECT_EQ(due_text(inputs), "2026-09-25 17:00");
  inputs = change_inputs(inputs, ClockChange::recompute, at("09-25 12:00"), kStart);
  inputs = change_inputs(inputs, ClockChange::recompute, at("09-28 12:00"), kStart);
  EXPECT_EQ(due_text(inputs), "2026-09-25 12:00");
  EXPECT_EQ(inputs.targets.size(), 4u);
}

TEST(Change, keep_leaves_and_restart_counts_from_now) {
  ClockInputs inputs = clock_of(kStart, limit("5 day_working"));
  inputs.extensions = {limit("2 day_working")};
  inputs.pauses = {{at("09-22 10:00"), at("09-22 11:00")}, {at("09-23 10:00"), std::nullopt}};
  const Instant now = at("09-28 10:00");
  EXPECT_EQ(change_inputs(inputs, ClockChange::keep, limit("1 minute"), now), inputs);
  ClockInputs restarted = change_inputs(inputs, ClockChange::restart, limit("1 day_working"), now);
  EXPECT_EQ(restarted.pauses, (std::vector<Pause>{{now, std::nullopt}})) << "a pause goes on";
  end_pause(restarted, at("09-28 11:00"));
  EXPECT_EQ(due_text(restarted), "2026-09-29 17:00");
  for (const auto change : {ClockChange::recompute, ClockChange::recompute_free, ClockChange::keep,
                            ClockChange::restart})
    EXPECT_EQ(parse_clock_change(clock_change_name(change)), change);
}

TEST(Step, of_a_frame_end_and_of_the_whole) {
  const ClockInputs inputs = clock_of(at("09-22 08:30"), limit("7 hour_working"));
  const Derivation derivation = compute(inputs, synthetic());
  EXPECT_EQ(step_instant(StepFraction{50}, inputs.start, derivation, synthetic()),
            at("09-22 12:00"));
  EXPECT_EQ(step_instant(StepFraction{100}, inputs.start, derivation, synthetic()),
            derivation.due);
  EXPECT_EQ(step_instant(StepFraction{1}, inputs.start, derivation, synthetic()),
            at("09-22 08:35")) << "4.2 minutes are rounded up";
}

TEST(Step, leaves_out_what_pauses_took) {
  ClockInputs inputs = clock_of(kStart, limit("4 hour_working"));
  inputs.pauses = {{at("09-22 10:00"), at("09-22 14:00")}};
  EXPECT_EQ(step_instant(StepFraction{50}, kStart, compute(inputs, synthetic()), synthetic()),
            at("09-22 15:00"));
}

TEST(Step, of_a_due_before_its_start_is_the_due) {
  const ClockInputs inputs = clock_of(kStart, at("09-21 09:00"));
  EXPECT_EQ(step_instant(StepFraction{80}, kStart, compute(inputs, synthetic()), synthetic()),
            at("09-21 09:00"));
}

TEST(Shift, dates_and_instants_by_limits) {
  EXPECT_EQ(shift_date(synthetic(), day("09-30"), limit("1 day_working"), false), day("10-08"));
  EXPECT_EQ(shift_date(synthetic(), day("10-08"), limit("2 day_working"), true), day("09-29"));
  EXPECT_EQ(shift_date(synthetic(), day("03-31"), limit("1 month"), true), day("02-28"));
  EXPECT_EQ(shift_date(synthetic(), day("03-31"), limit("2 year"), true), date_of({2024, 3, 31}));
  EXPECT_FALSE(shift_date(synthetic(), day("03-31"), limit("1 minute"), false));
  EXPECT_EQ(shift_instant(synthetic(), at("09-22 10:00"), limit("90 minute"), true),
            at("09-22 08:30"));
  EXPECT_EQ(shift_instant(synthetic(), at("09-22 17:00"), limit("7 hour_working"), true),
            at("09-22 08:30")) << "stays on the start of a frame";
  EXPECT_EQ(shift_instant(synthetic(), at("09-22 10:00"), limit("1 month"), false),
            at("10-22 24:00"));
}

TEST(Always, counts_every_minute) {
  const Calendar always = make_always(*Zone::find("Asia/Shanghai"));
  EXPECT_EQ(due_text(clock_of(at("10-03 23:00"), limit("2 hour_working")), always),
            "2026-10-04 01:00");
  EXPECT_EQ(due_text(clock_of(at("10-03 23:00"), limit("2 day_working")), always),
            "2026-10-05 24:00");
  EXPECT_EQ(working_ms(always, at("10-03 23:00"), at("10-05 01:00")), 26 * kMsPerHour);
}

TEST(Bounds, the_longest_limits_are_counted) {
  for (const char* text : {"878400 hour_working", "36600 day_working", "36600 day_natural",
                           "1200 month", "52704000 minute"})
    EXPECT_GT(*compute(clock_of(kStart, limit(text)), synthetic()).due, kStart) << text;
}

}  // namespace
}  // namespace gewu::kernel
