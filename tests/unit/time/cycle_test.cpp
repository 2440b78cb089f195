#include "kernel/time/cycle.h"

#include <gtest/gtest.h>

#include "unit/time/synthetic.h"

namespace gewu::kernel {
namespace {

Date on(const char* text) { return *parse_date(text); }

std::string text(const std::optional<DaySpan>& span) {
  return span ? format_date(span->from) + ".." + format_date(span->until) : "none";
}

TEST(Cycle, each_round_holds_its_day) {
  const Calendar calendar = build(synthetic_text());
  EXPECT_EQ(text(round_of(Cycle::day, on("2026-09-22"), calendar)), "2026-09-22..2026-09-23");
  EXPECT_EQ(text(round_of(Cycle::week, on("2026-09-27"), calendar)), "2026-09-21..2026-09-28");
  EXPECT_EQ(text(round_of(Cycle::month, on("2026-12-31"), calendar)), "2026-12-01..2027-01-01");
  EXPECT_EQ(text(round_of(Cycle::quarter, on("2026-11-30"), calendar)),
            "2026-10-01..2027-01-01");
  EXPECT_EQ(text(round_of(Cycle::half, on("2026-06-30"), calendar)), "2026-01-01..2026-07-01");
  EXPECT_EQ(text(round_of(Cycle::year, on("2028-02-29"), calendar)), "2028-01-01..2029-01-01");
}

TEST(Cycle, a_holiday_is_no_workday_and_a_make_up_sunday_is) {
  const Calendar calendar = build(synthetic_text());
  EXPECT_EQ(text(round_of(Cycle::workday, on("2026-10-01"), calendar)), "none");
  EXPECT_EQ(text(round_of(Cycle::workday, on("2026-09-27"), calendar)),
            "2026-09-27..2026-09-28");
  EXPECT_EQ(text(next_round(Cycle::workday, on("2026-10-01"), calendar)),
            "2026-10-08..2026-10-09");
  EXPECT_EQ(text(next_round(Cycle::month, on("2026-09-02"), calendar)),
            "2026-10-01..2026-11-01");
  EXPECT_EQ(text(next_round(Cycle::month, on("2026-10-01"), calendar)),
            "2026-10-01..2026-11-01");
}

std::vector<std::string> slots(const Timetable& table, const char* after, const char* until,
                               std::size_t most = 10) {
  const Calendar calendar = build(synthetic_text());
  const Zone& zone = calendar.zone();
  std::vector<std::string> found;
  for (const Interval& slot :
       slots_between(table, calendar, zone.to_instant(on(after), 0),
                     zone.to_instant(on(until), 0), most))
    found.push_back(format_due(zone, slot.from) + " " + format_due(zone, slot.to).substr(11));
  return found;
}

TEST(Cycle, a_weekly_evening_comes_once_a_week) {
  Timetable table;
  table.every = Cycle::week;
  table.weekday = Weekday::wed;
  table.from = 18 * 60 + 30;
  table.to = 20 * 60 + 30;
  EXPECT_EQ(slots(table, "2026-09-21", "2026-10-05"),
            (std::vector<std::string>{"2026-09-23 18:30 20:30", "2026-09-30 18:30 20:30"}));
  // Thursday: the Wednesday of this week is over.
  EXPECT_EQ(slots(table, "2026-09-24", "2026-10-05"),
            (std::vector<std::string>{"2026-09-30 18:30 20:30"}));
}

TEST(Cycle, a_workday_slot_skips_the_holidays) {
  Timetable table;
  table.every = Cycle::workday;
  table.from = 9 * 60;
  table.to = 10 * 60;
  EXPECT_EQ(slots(table, "2026-09-30", "2026-10-10"),
            (std::vector<std::string>{"2026-09-30 09:00 10:00", "2026-10-08 09:00 10:00",
                                      "2026-10-09 09:00 10:00"}));
}

TEST(Cycle, the_second_friday_and_the_last_day_of_a_month) {
  Timetable second;
  second.every = Cycle::month;
  second.weekday = Weekday::fri;
  second.nth = 2;
  second.from = 60;
  EXPECT_EQ(slots(second, "2026-09-01", "2026-11-01"),
            (std::vector<std::string>{"2026-09-11 01:00 24:00", "2026-10-09 01:00 24:00"}));
  Timetable last;
  last.every = Cycle::month;
  last.day = 31;
  last.from = 60;
  EXPECT_EQ(slots(last, "2026-02-01", "2026-04-01"),
            (std::vector<std::string>{"2026-02-28 01:00 24:00", "2026-03-31 01:00 24:00"}));
  // A fifth Friday that a month lacks is its last.
  second.nth = 5;
  EXPECT_EQ(slots(second, "2026-09-01", "2026-10-01").front(), "2026-09-25 01:00 24:00");
}

TEST(Cycle, no_more_than_asked_and_none_in_a_span_without_any) {
  Timetable daily;
  daily.from = 60;
  EXPECT_EQ(slots(daily, "2026-09-01", "2026-12-01", 3).size(), 3U);
  EXPECT_TRUE(slots(daily, "2026-09-01", "2026-09-01").empty());
}

}  // namespace
}  // namespace gewu::kernel
