#include "kernel/time/limit.h"

#include <gtest/gtest.h>

#include "kernel/time/clock_step.h"
#include "kernel/time/lamp.h"

namespace gewu::kernel {

TEST(Limit, goes_to_text_and_back) {
  for (const char* text : {"5 day_working", "1 minute", "4 hour_working", "24 hour_natural",
                           "7 day_natural", "12 month", "100 year"}) {
    const auto limit = parse_limit(text);
    ASSERT_TRUE(limit) << text;
    EXPECT_EQ(format_limit(*limit), text);
  }
  EXPECT_EQ(*parse_limit("5 day_working"), (Limit{5, LimitUnit::day_working}));
}

TEST(Limit, refuses_what_is_none) {
  for (const char* text : {"", "5", "five day_working", "5  day_working", " 5 month", "5 month ",
                           "5.5 month", "99999999999999999999 month"})
    EXPECT_EQ(parse_limit(text).error().key, "limit.form") << text;
  EXPECT_EQ(parse_limit("5 days").error().key, "limit.unit");
  for (const char* text : {"0 minute", "-1 day_working", "101 year", "1201 month",
                           "36601 day_natural", "52704001 minute"})
    EXPECT_EQ(parse_limit(text).error().key, "limit.range") << text;
}

TEST(Limit, names_its_measure) {
  EXPECT_EQ(measure_of(LimitUnit::hour_natural), Measure::minute_elapsed);
  EXPECT_EQ(measure_of(LimitUnit::hour_working), Measure::minute_working);
  EXPECT_EQ(measure_of(LimitUnit::day_working), Measure::day_working);
  for (const auto measure : {Measure::minute_elapsed, Measure::minute_working,
                             Measure::day_working, Measure::day_natural})
    EXPECT_EQ(parse_measure(measure_name(measure)), measure);
  EXPECT_FALSE(parse_measure("month"));
}

TEST(ClockStep, goes_to_text_and_back) {
  for (const char* text : {"80%", "100%", "1%", "-1 hour_working", "+1 day_working", "-30 minute"})
    EXPECT_EQ(format_clock_step(*parse_clock_step(text)), text);
  EXPECT_EQ(*parse_clock_step("-1 hour_working"),
            ClockStep(StepOffset{{1, LimitUnit::hour_working}, true}));
}

TEST(ClockStep, refuses_what_is_none) {
  for (const char* text : {"", "80", "0%", "101%", "8.5%", "%", "1 hour_working"})
    EXPECT_EQ(parse_clock_step(text).error().key, "step.form") << text;
  EXPECT_EQ(parse_clock_step("-1 month").error().key, "step.unit");
  EXPECT_EQ(parse_clock_step("--1 minute").error().key, "limit.range");
  EXPECT_EQ(parse_clock_step("+1 fortnight").error().key, "limit.unit");
}

TEST(Lamp, shows_the_worst) {
  EXPECT_EQ(worst(Lamp::grey, Lamp::green), Lamp::green);
  EXPECT_EQ(worst(Lamp::red, Lamp::yellow), Lamp::red);
  EXPECT_EQ(worst(Lamp::red, Lamp::violet), Lamp::violet);
  EXPECT_EQ(parse_lamp("violet"), Lamp::violet);
  EXPECT_EQ(lamp_name(Lamp::grey), "grey");
  EXPECT_FALSE(parse_lamp("blue"));
}

}  // namespace gewu::kernel
