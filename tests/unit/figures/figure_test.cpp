#include "kernel/figures/figure.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace gewu::kernel {
namespace {

Date day(const char* text) { return *parse_date(text); }

TEST(Period, reads_year_month_day_and_range) {
  const Date today = day("2026-09-22");
  EXPECT_EQ(*parse_period("2026", today), (FigurePeriod{day("2026-01-01"), day("2027-01-01")}));
  EXPECT_EQ(*parse_period("2024-02", today), (FigurePeriod{day("2024-02-01"), day("2024-03-01")}));
  EXPECT_EQ(*parse_period("2026-09-22", today), (FigurePeriod{today, day("2026-09-23")}));
  EXPECT_EQ(*parse_period("2026-09-01..2026-09-30", today), *parse_period("2026-09", today));
  EXPECT_EQ(*parse_period("", today), *parse_period("2026-09", today));
}

TEST(Period, refuses_what_is_no_period) {
  for (const char* text : {"2026-13", "2026-9", "26", "2026-09-31", "2026-09-30..2026-09-01",
                           "2026-09..2026-10", "-026", "1800", "2026-00", "abc", "2026-09-22 "})
    EXPECT_EQ(parse_period(text, day("2026-09-22")).error().key, "figure.period") << text;
}

RC_GTEST_PROP(Period, what_is_formatted_reads_back, ()) {
  const auto from = *rc::gen::inRange(0, 40'000);
  const FigurePeriod period{{from}, {from + *rc::gen::inRange(1, 800)}};
  RC_ASSERT(*parse_period(format_period(period), {0}) == period);
}

TEST(Figures, a_ratio_of_nothing_is_missing_and_still_states_its_parts) {
  const Figure none = ratio_figure(0, 0);
  EXPECT_FALSE(none.value);
  EXPECT_EQ(none.denominator->micros, 0);
  EXPECT_EQ(ratio_figure(2 * kMicros, 3 * kMicros).value->micros, 666'667);
  EXPECT_EQ(ratio_figure(-2 * kMicros, 3 * kMicros).value->micros, -666'667);
  EXPECT_EQ(ratio_figure(1, 2'000'000).value->micros, 1) << "0.0000005 rounds away from zero";
}

TEST(Figures, overflow_is_missing_not_wrong) {
  EXPECT_FALSE(count_figure({INT64_MAX, 0}, false).value);
  EXPECT_FALSE(ratio_figure(INT64_MAX, 1).value);
  EXPECT_EQ(count_figure({3, 7}, true).value->micros, 7);
  EXPECT_EQ(count_figure({3, 7}, false).value->micros, 3 * kMicros);
}

TEST(Figures, small_groups_are_withheld_and_empty_ones_are_not) {
  const Figure four = count_figure({4, 0}, false);
  EXPECT_TRUE(withhold_small(four, 4, 5).withheld);
  EXPECT_FALSE(withhold_small(four, 4, 5).value);
  EXPECT_FALSE(withhold_small(four, 5, 5).withheld);
  EXPECT_FALSE(withhold_small(count_figure({}, false), 0, 5).withheld);
  EXPECT_EQ(withhold_small(four, 4, 0), four);
}

}  // namespace
}  // namespace gewu::kernel
