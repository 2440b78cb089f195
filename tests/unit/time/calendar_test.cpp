#include "kernel/time/calendar.h"
#include "kernel/time/calendar_change.h"

#include <gtest/gtest.h>

#include "unit/time/synthetic.h"

namespace gewu::kernel {
namespace {

Frames frames_of(const Calendar& calendar, std::string_view date) {
  const auto frames = calendar.frames(day(date));
  return {frames.begin(), frames.end()};
}

const Frames kMonday = {{510, 720}, {810, 1020}};
const Frames kMorning = {{510, 720}};
const Frames kNight = {{1200, 1440}};

TEST(TimeOfDay, is_read_strictly) {
  EXPECT_EQ(parse_time_of_day("8:30"), 510);
  EXPECT_EQ(parse_time_of_day("08:30"), 510);
  EXPECT_EQ(parse_time_of_day("24:00"), 1440);
  for (const char* text : {"24:01", "8:60", "8:3", "008:30", ":30", "8", "-1:00", "8:30:00"})
    EXPECT_FALSE(parse_time_of_day(text)) << text;
  EXPECT_EQ(parse_frame("08:30-12:00"), (Frame{510, 720}));
  EXPECT_EQ(format_frame({510, 1440}), "08:30-24:00");
  for (const char* text : {"12:00-08:30", "08:30-08:30", "08:30", "08:30-12:00-13:00"})
    EXPECT_FALSE(parse_frame(text)) << text;
  EXPECT_EQ(parse_weekday("sun"), Weekday::sun);
  EXPECT_EQ(weekday_name(Weekday::mon), "mon");
  EXPECT_FALSE(parse_weekday("monday"));
}

TEST(Calendar, precedence_within_one) {
  CalendarText text = synthetic_text();
  const Date date = day("10-10");
  text.holidays.insert(date);
  EXPECT_EQ(frames_of(build(text), "10-10"), kMonday) << "makeup > holiday";
  text.special[date] = kNight;
  EXPECT_EQ(frames_of(build(text), "10-10"), kNight) << "special > makeup";
  text.special[date] = {};
  EXPECT_FALSE(build(text).is_workday(date)) << "a special day may be closed";
  EXPECT_FALSE(synthetic().is_workday(day("10-01"))) << "holiday > week";
  EXPECT_EQ(frames_of(synthetic(), "09-30"), kMonday);
}

TEST(Calendar, an_own_dated_day_goes_before_an_inherited_one) {
  CalendarText base = synthetic_text();
  base.special[day("10-11")] = kNight;
  const Calendar parent = build(base);
  CalendarText own;
  own.name = "own";
  own.extends = "synthetic";
  own.holidays = {day("09-27"), day("10-11")};
  own.makeup[day("10-01")] = kMorning;
  const Calendar calendar = build(own, &parent);
  EXPECT_FALSE(calendar.is_workday(day("09-27"))) << "own holiday > inherited makeup";
  EXPECT_FALSE(calendar.is_workday(day("10-11"))) << "own holiday > inherited special";
  EXPECT_EQ(frames_of(calendar, "10-01"), kMorning) << "own makeup > inherited holiday";
  EXPECT_FALSE(calendar.is_workday(day("10-02"))) << "inherited holiday > inherited week";
  EXPECT_EQ(calendar.zone().name(), "Asia/Shanghai");
}

TEST(Calendar, the_week_is_joined_by_weekday) {
  const Calendar parent = synthetic();
  CalendarText own;
  own.name = "own";
  own.extends = "synthetic";
  own.zone = "Asia/Seoul";
  own.frames[0] = kMorning;
  own.frames[4] = Frames{};
  const Calendar calendar = build(own, &parent);
  EXPECT_EQ(frames_of(calendar, "09-21"), kMorning);
  EXPECT_EQ(frames_of(calendar, "09-22"), kMonday) << "as extended";
  EXPECT_FALSE(calendar.is_workday(day("09-25"))) << "no work on Fridays";
  EXPECT_EQ(frames_of(calendar, "09-27"), kMorning) << "as:mon takes the joined Monday";
  EXPECT_EQ(calendar.zone().name(), "Asia/Seoul");
  EXPECT_FALSE(calendar.is_workday(day("10-01"))) << "a dated day goes before the own week";
}

TEST(Calendar, walks_from_workday_to_workday) {
  EXPECT_EQ(synthetic().next_workday(day("09-30")), day("10-08"));
  EXPECT_EQ(synthetic().previous_workday(day("10-08")), day("09-30"));
  EXPECT_EQ(synthetic().next_workday(day("09-25")), day("09-27"));
  EXPECT_EQ(synthetic().close_of(day("09-27")), at("09-27 17:00"));
}

TEST(Calendar, knows_which_notices_are_in) {
  CalendarText own;
  own.name = "own";
  own.extends = "synthetic";
  own.years = {2028};
  const Calendar calendar = build(own, &synthetic());
  EXPECT_TRUE(calendar.is_known(day("01-01"), day("12-31")));
  EXPECT_FALSE(calendar.is_known(day("12-31"), date_of({2027, 1, 1})));
  EXPECT_TRUE(calendar.is_known(date_of({2028, 1, 1}), date_of({2028, 5, 1})));
  EXPECT_FALSE(calendar.is_known(day("01-01"), date_of({2028, 1, 1})));
  EXPECT_FALSE(calendar.is_known(date_of({1000, 1, 1}), date_of({1000, 1, 2})));
}

TEST(Calendar, always_is_every_day_24_hours) {
  const Calendar calendar = make_always(*Zone::find("Asia/Shanghai"));
  EXPECT_EQ(calendar.name(), "always");
  EXPECT_EQ(frames_of(calendar, "10-03"), (Frames{{0, 1440}}));
  EXPECT_TRUE(calendar.is_known(date_of({1, 1, 1}), date_of({9999, 1, 1})));
  EXPECT_EQ(calendar.close_of(day("10-03")), at("10-03 24:00"));
}

TEST(Calendar, opens_and_closes) {
  EXPECT_TRUE(is_open(synthetic(), at("09-22 08:30")));
  EXPECT_FALSE(is_open(synthetic(), at("09-22 12:00")));
  EXPECT_EQ(next_opening(synthetic(), at("09-22 09:10")), at("09-22 09:10"));
  EXPECT_EQ(next_opening(synthetic(), at("09-22 12:00")), at("09-22 13:30"));
  EXPECT_EQ(next_opening(synthetic(), at("09-30 17:00")), at("10-08 08:30"));
  EXPECT_EQ(next_opening(synthetic(), at("10-03 03:00")), at("10-08 08:30"));
}

struct Bad {
  const char* key;
  void (*spoil)(CalendarText&);
};

TEST(Calendar, refuses_what_is_not_lawful) {
  const Bad cases[] = {
      {"calendar.name", [](CalendarText& text) { text.name = "always"; }},
      {"calendar.name", [](CalendarText& text) { text.name = "Bad Name"; }},
      {"calendar.zone", [](CalendarText& text) { text.zone = "Nowhere"; }},
      {"calendar.zone", [](CalendarText& text) { text.zone = ""; }},
      {"calendar.extends", [](CalendarText& text) { text.extends = "other"; }},
      {"calendar.frames", [](CalendarText& text) { text.frames[0] = {{600, 500}}; }},
      {"calendar.frames", [](CalendarText& text) { text.frames[0] = {{500, 600}, {599, 700}}; }},
      {"calendar.frames", [](CalendarText& text) { text.frames[0] = {{700, 800}, {500, 600}}; }},
      {"calendar.frames", [](CalendarText& text) { text.frames[0] = {{500, 1441}}; }},
      {"calendar.frames", [](CalendarText& text) { text.frames[0] = {{-1, 600}}; }},
      {"calendar.frames",
       [](CalendarText& text) { text.special[date_of({2026, 1, 1})] = {{9, 9}}; }},
      {"calendar.frames",
       [](CalendarText& text) { text.makeup[date_of({2026, 1, 1})] = Frames{{9, 9}}; }},
      {"calendar.week", [](CalendarText& text) { text.frames.fill(std::nullopt); }},
      {"calendar.makeup",
       [](CalendarText& text) { text.makeup[date_of({2026, 1, 3})] = Weekday::sat; }},
      {"calendar.makeup",
       [](CalendarText& text) { text.makeup[date_of({2026, 1, 3})] = Frames{}; }},
      {"calendar.year", [](CalendarText& text) { text.holidays.insert(date_of({1899, 1, 3})); }},
      {"calendar.year", [](CalendarText& text) { text.years.insert(2200); }},
  };
  for (const auto& [key, spoil] : cases) {
    CalendarText text = synthetic_text();
    spoil(text);
    const auto calendar = make_calendar(text, nullptr);
    ASSERT_FALSE(calendar) << key;
    EXPECT_EQ(calendar.error().key, key);
  }
  EXPECT_EQ(make_calendar(synthetic_text(), &synthetic()).error().key, "calendar.extends");
}

TEST(Calendar, tells_dated_days_that_another_text_gives_other_hours) {
  const CalendarText text = synthetic_text();
  const auto edited = [&](const CalendarText& after) {
    return edited_days(build(text), build(after), day("01-01"), day("12-31"));
  };
  EXPECT_TRUE(edited(text).empty());
  CalendarText more = text;
  more.holidays.insert(day("11-11"));
  EXPECT_TRUE(edited(more).empty()) << "days may be added";
  CalendarText less = text;
  less.holidays.erase(day("10-07"));
  EXPECT_EQ(edited(less), std::vector<Date>{day("10-07")});
  CalendarText other = text;
  other.makeup.insert_or_assign(day("10-10"), MakeupHours(kMorning));
  EXPECT_EQ(edited(other), std::vector<Date>{day("10-10")});
  CalendarText week = text;
  week.frames[0] = kMorning;
  EXPECT_EQ(edited(week), (std::vector<Date>{day("09-27"), day("10-10")}))
      << "make-up days that have a Monday's hours go with it, plain Mondays are not dated";
}

}  // namespace
}  // namespace gewu::kernel
