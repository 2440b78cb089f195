#include "base/spans.h"
#include "kernel/time/zone.h"

#include <gtest/gtest.h>

namespace gewu::kernel {
namespace {

Instant utc(const char* text) { return *parse_instant(text); }

TEST(Zone, refuses_a_name_that_does_not_exist) {
  EXPECT_EQ(Zone::find("Asia/Nowhere").error().key, "zone.unknown");
  EXPECT_EQ(Zone::find("").error().key, "zone.unknown");
  EXPECT_EQ(Zone::find("../../etc/passwd").error().key, "zone.unknown");
}

TEST(Zone, a_zone_without_changes) {
  const auto zone = Zone::find("Asia/Shanghai");
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->to_instant(*parse_date("2026-09-22"), 9 * 60), utc("2026-09-22T01:00:00Z"));
  EXPECT_EQ(zone->to_local(utc("2026-09-21T16:00:00Z")),
            (LocalTime{*parse_date("2026-09-22"), 0}));
  EXPECT_EQ(zone->to_local(utc("2026-09-21T15:59:59.999Z")),
            (LocalTime{*parse_date("2026-09-21"), 86'399'999}));
  EXPECT_EQ(zone->to_instant(*parse_date("2026-09-21"), 1440),
            zone->to_instant(*parse_date("2026-09-22"), 0));
  // The summer time of 1986 to 1991.
  EXPECT_EQ(zone->to_instant(*parse_date("1988-07-01"), 0), utc("1988-06-30T15:00:00Z"));
  EXPECT_EQ(zone->to_instant(*parse_date("2150-07-01"), 0), utc("2150-06-30T16:00:00Z"));
  EXPECT_EQ(zone->local_date(utc("1700-01-01T12:00:00Z")), *parse_date("1700-01-01"));
}

TEST(Zone, a_local_time_that_occurs_twice_is_the_first) {
  const auto zone = Zone::find("America/Los_Angeles");
  ASSERT_TRUE(zone);
  const Date date = *parse_date("2026-11-01");
  EXPECT_EQ(zone->to_instant(date, 59), utc("2026-11-01T07:59:00Z"));
  EXPECT_EQ(zone->to_instant(date, 60), utc("2026-11-01T08:00:00Z"));
  EXPECT_EQ(zone->to_instant(date, 90), utc("2026-11-01T08:30:00Z"));
  EXPECT_EQ(zone->to_instant(date, 120), utc("2026-11-01T10:00:00Z"));
  EXPECT_EQ(zone->to_local(utc("2026-11-01T09:30:00Z")), (LocalTime{date, 90 * 60'000}));
}

TEST(Zone, a_local_time_that_does_not_occur_is_the_end_of_the_gap) {
  const auto zone = Zone::find("America/Los_Angeles");
  ASSERT_TRUE(zone);
  const Date date = *parse_date("2026-03-08");
  EXPECT_EQ(zone->to_instant(date, 119), utc("2026-03-08T09:59:00Z"));
  for (const int minute : {120, 121, 150, 179, 180})
    EXPECT_EQ(zone->to_instant(date, minute), utc("2026-03-08T10:00:00Z")) << minute;
  EXPECT_EQ(zone->to_instant(date, 181), utc("2026-03-08T10:01:00Z"));
}

TEST(Zone, every_instant_comes_back_or_was_the_second_of_two) {
  for (const char* name : {"Asia/Shanghai", "America/Los_Angeles", "America/Sao_Paulo", "UTC",
                           "Pacific/Apia", "Australia/Lord_Howe"}) {
    const auto zone = Zone::find(name);
    ASSERT_TRUE(zone) << name;
    for (std::int64_t ms = -2'500'000'000'000; ms < 2'500'000'000'000; ms += 13'337 * 60'000) {
      const LocalTime local = zone->to_local({ms});
      const Instant back = zone->to_instant(local.date, local.ms_of_day / 60'000);
      const std::int64_t seconds_dropped = local.ms_of_day % 60'000;
      EXPECT_LE(back.ms + seconds_dropped, ms);
      EXPECT_GE(back.ms + seconds_dropped, ms - kMsPerDay);
      EXPECT_EQ(zone->to_local(back + seconds_dropped), local) << name << " " << ms;
    }
  }
}

TEST(DueTime, belongs_to_the_day_that_it_ends) {
  const auto zone = Zone::find("Asia/Shanghai");
  ASSERT_TRUE(zone);
  EXPECT_EQ(format_due(*zone, utc("2026-09-29T16:00:00Z")), "2026-09-29 24:00");
  EXPECT_EQ(format_due(*zone, utc("2026-09-29T16:01:00Z")), "2026-09-30 00:01");
  EXPECT_EQ(due_time(*zone, utc("2026-09-29T09:00:00Z")),
            (DueTime{*parse_date("2026-09-29"), 17 * 60}));
  // Here the day of 2018-11-04 began at 01:00: 24:00 of the day before is that instant.
  const auto gap = Zone::find("America/Sao_Paulo");
  EXPECT_EQ(format_due(*gap, gap->to_instant(*parse_date("2018-11-03"), 1440)),
            "2018-11-03 24:00");
}

}  // namespace
}  // namespace gewu::kernel
