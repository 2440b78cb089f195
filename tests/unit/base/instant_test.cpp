#include "base/instant.h"

#include <gtest/gtest.h>

namespace gewu {

TEST(Instant, days_go_there_and_back) {
  for (std::int32_t day = -200'000; day <= 200'000; day += 7)
    EXPECT_EQ(date_of(civil({day})).days, day);
  EXPECT_EQ(date_of({2000, 2, 29}).days, 11016);
}

TEST(Instant, knows_weekdays) {
  EXPECT_EQ(weekday(*parse_date("2026-11-21")), 6);
  EXPECT_EQ(weekday(*parse_date("1969-12-28")), 7);
}

TEST(Instant, refuses_days_that_do_not_exist) {
  EXPECT_FALSE(parse_date("2026-02-29"));
  EXPECT_FALSE(parse_date("2026-13-01"));
  EXPECT_FALSE(parse_date("2026-1-01"));
}

TEST(Instant, reads_offsets_and_decimals) {
  const auto utc = parse_instant("2026-09-22T01:00:00Z");
  ASSERT_TRUE(utc);
  EXPECT_EQ(parse_instant("2026-09-22T09:00:00+08:00"), utc);
  EXPECT_EQ(parse_instant("2026-09-22T09:00:00.5+08:00")->ms, utc->ms + 500);
  EXPECT_EQ(format_instant(*utc), "2026-09-22T01:00:00.000Z");
  EXPECT_FALSE(parse_instant("2026-09-22T09:00:00"));
  EXPECT_FALSE(parse_instant("2026-09-22T25:00:00Z"));
}

}  // namespace gewu
