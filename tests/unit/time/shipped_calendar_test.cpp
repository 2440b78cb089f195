// The calendars that are shipped, against the tables that they were made from.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "unit/time/synthetic.h"

namespace gewu::kernel {
namespace {

namespace fs = std::filesystem;

fs::path shared_folder() {
  const char* folder = std::getenv("GEWU_SHARED");
  return folder ? fs::path(folder) : fs::path(GEWU_SOURCE_DIR) / "../shared";
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// Reads dates, make-up days and frames by the look of their lines; what is YAML about them is
/// codec's to test.
CalendarText read_shipped(const fs::path& path, std::string name) {
  CalendarText text;
  text.name = std::move(name);
  for (const std::string& line : lines_of(path)) {
    const std::string_view content = trim(std::string_view(line).substr(0, line.find('#')));
    if (content.starts_with("zone: ")) text.zone = content.substr(6);
    if (content.starts_with("extends: ")) text.extends = content.substr(9);
    if (content.starts_with("- ")) text.holidays.insert(*parse_date(content.substr(2)));
    if (content.ends_with(": as:mon"))
      text.makeup[*parse_date(content.substr(0, 10))] = Weekday::mon;
    const auto weekday = parse_weekday(content.substr(0, 3));
    if (weekday && content == std::string(weekday_name(*weekday)) +
                                  ": ['08:30-12:00', '13:30-17:00']")
      text.frames[static_cast<std::size_t>(*weekday) - 1] = {{510, 720}, {810, 1020}};
    if (content.starts_with("years: ["))
      for (const auto part : split(content.substr(8, content.size() - 9), ','))
        text.years.insert(static_cast<int>(*parse_integer(trim(part))));
  }
  return text;
}

Calendar china() {
  return build(read_shipped(
      fs::path(GEWU_SOURCE_DIR) / "localities/jilin/calendars/china.yaml", "china"));
}

Calendar yanbian(const Calendar& national) {
  return build(read_shipped(
      fs::path(GEWU_SOURCE_DIR) / "localities/yanbian/calendars/yanbian.yaml", "yanbian"),
      &national);
}

TEST(ShippedCalendar, knows_2018_to_2026_and_no_more) {
  const Calendar calendar = china();
  EXPECT_TRUE(calendar.is_known(date_of({2018, 1, 1}), date_of({2026, 12, 31})));
  EXPECT_FALSE(calendar.is_known(date_of({2017, 12, 31}), date_of({2017, 12, 31})));
  EXPECT_FALSE(calendar.is_known(date_of({2027, 1, 1}), date_of({2027, 1, 1})));
}

TEST(ShippedCalendar, every_day_equals_the_national_table) {
  const fs::path table = shared_folder() / "data/calendar/cn_workdays_2018_2026.csv";
  if (!fs::exists(table)) GTEST_SKIP() << "no shared data";
  const Calendar calendar = china();
  const auto lines = lines_of(table);
  ASSERT_EQ(lines.size(), 3288u);
  const auto monday = calendar.frames(date_of({2026, 9, 21}));
  ASSERT_EQ(monday.size(), 2u);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = split(lines[i], ',');
    const auto date = parse_date(cells[0]);
    ASSERT_TRUE(date) << lines[i];
    EXPECT_EQ(calendar.is_workday(*date), cells[2] == "1") << lines[i];
    if (calendar.is_workday(*date)) {
      EXPECT_TRUE(std::ranges::equal(calendar.frames(*date), monday)) << lines[i];
    }
  }
}

TEST(ShippedCalendar, the_prefecture_adds_its_days_of_two_years) {
  const fs::path table = shared_folder() / "data/calendar/yanbian_local_holidays.csv";
  if (!fs::exists(table)) GTEST_SKIP() << "no shared data";
  const Calendar national = china();
  const Calendar local = yanbian(national);
  std::set<Date> own;
  const auto lines = lines_of(table);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto date = parse_date(split(lines[i], ',')[1]);
    ASSERT_TRUE(date) << lines[i];
    if (civil(*date).year <= 2024) own.insert(*date);
  }
  EXPECT_EQ(own.size(), 6u);
  for (Date date = date_of({2018, 1, 1}); date <= date_of({2026, 12, 31}); ++date.days)
    EXPECT_EQ(local.is_workday(date), national.is_workday(date) && !own.contains(date))
        << format_date(date);
}

}  // namespace
}  // namespace gewu::kernel
