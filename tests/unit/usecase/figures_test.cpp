#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shipped_office.h"
#include "usecase/read_indicators.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;

/// The first indicator of the shipped appeal with that head.
std::string indicator(kernel::IndicatorHead head) {
  const auto type = test::shipped_directory()->find_locality("yanji")->find_type("appeal");
  for (const auto& spec : type->indicators)
    if (spec.head == head && !spec.where && spec.by.empty() && spec.name.find('#') == std::string::npos)
      return "appeal." + spec.name;
  for (const auto& spec : type->indicators)
    if (spec.head == head && spec.name.find('#') == std::string::npos) return "appeal." + spec.name;
  return "";
}

class Figures : public ::testing::Test {
 protected:
  void SetUp() override {
    city.caller = office.seat("centre_1", "zhang");
    city.period = "2026-09";
  }
  ShippedOffice office;
  FigureQuestion city;
};

TEST_F(Figures, a_stock_counts_what_stands_and_opens_to_its_records) {
  city.name = indicator(kernel::IndicatorHead::stock);
  ASSERT_NE(city.name, "");
  const auto none = must(read_indicator(*office.office, city));
  for (int i = 0; i < 3; ++i) office.submit();
  const auto some = must(read_indicator(*office.office, city));
  ASSERT_TRUE(some.rows[0].figure.value);
  EXPECT_EQ(some.rows[0].figure.value->micros - none.rows[0].figure.value->micros,
            3 * kernel::kMicros);
  must(office.store->fold());
  EXPECT_EQ(must(read_indicator(*office.office, city)).rows[0].figure, some.rows[0].figure);
  const auto records = must(read_indicator_records(*office.office, city));
  EXPECT_EQ(records.records.size() + records.hidden, 3u);
}

TEST_F(Figures, children_add_up_to_the_whole) {
  city.name = indicator(kernel::IndicatorHead::stock);
  for (int i = 0; i < 3; ++i) office.submit();
  const auto whole = must(read_indicator(*office.office, city));
  city.by = "child";
  const auto parts = must(read_indicator(*office.office, city));
  EXPECT_GE(parts.rows.size(), 6u);
  std::int64_t sum = 0;
  for (const auto& row : parts.rows) sum += row.figure.value ? row.figure.value->micros : 0;
  EXPECT_EQ(sum, whole.rows[0].figure.value->micros);
}

TEST_F(Figures, a_ratio_of_nothing_is_missing) {
  city.name = indicator(kernel::IndicatorHead::ratio);
  ASSERT_NE(city.name, "");
  const auto none = must(read_indicator(*office.office, city));
  EXPECT_FALSE(none.rows[0].figure.value);
  ASSERT_TRUE(none.rows[0].figure.denominator);
  EXPECT_EQ(none.rows[0].figure.denominator->micros, 0);
}

TEST_F(Figures, what_is_not_covered_or_not_there_is_refused) {
  city.name = "appeal.nothing";
  EXPECT_EQ(read_indicator(*office.office, city).error().key, "not_found");
  city.name = indicator(kernel::IndicatorHead::stock);
  city.unit = "999999";
  EXPECT_EQ(read_indicator(*office.office, city).error().key, "not_found");
  city.unit = "222401002";
  EXPECT_TRUE(read_indicator(*office.office, city));
  city.caller = office.seat("dispatcher_xinxing_street", "pu");
  EXPECT_EQ(read_indicator(*office.office, city).error().key, "unit.not_covered");
  city.unit.clear();
  city.period = "2026-13";
  EXPECT_EQ(read_indicator(*office.office, city).error().key, "figure.period");
  city.period.clear();
  city.by = "colour";
  EXPECT_EQ(read_indicator(*office.office, city).error().key, "figure.by");
  city.caller = {};
  EXPECT_EQ(read_indicator(*office.office, city).error().key, "session.absent");
}

}  // namespace
}  // namespace gewu::usecase
