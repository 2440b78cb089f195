#include "kernel/place/territory.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "kernel/place/lonlat.h"
#include "kernel/place/square.h"

namespace gewu::kernel {
namespace {

constexpr int kWidths[] = {2, 2, 2, 3, 3, 3, 3, 2};

/// Any stored code: parts of digits to a random depth, some in the middle zeros only.
rc::Gen<TerritoryCode> any_code() {
  return rc::gen::exec([] {
    const int depth = *rc::gen::inRange(1, 9);
    TerritoryCode code;
    for (int i = 0; i < depth; ++i) {
      const bool skipped = i > 0 && i + 1 < depth && *rc::gen::inRange(0, 4) == 0;
      const int most = kWidths[i] == 2 ? 100 : 1000;
      const int number = skipped ? 0 : *rc::gen::inRange(1, most);
      std::string part = std::to_string(number);
      code += std::string(static_cast<std::size_t>(kWidths[i]) - part.size(), '0') + part;
    }
    return code;
  });
}

/// Two codes that often lie in one another's subtree.
rc::Gen<std::pair<TerritoryCode, TerritoryCode>> two_codes() {
  return rc::gen::exec([] {
    TerritoryCode a = *any_code();
    TerritoryCode b = *any_code();
    if (b.size() > a.size() && *rc::gen::arbitrary<bool>()) b.replace(0, a.size(), a);
    return std::pair(a, b);
  });
}

TEST(TerritoryCode, drops_the_padding_of_both_national_forms) {
  EXPECT_EQ(parse_territory_code("220000000000"), "22");
  EXPECT_EQ(parse_territory_code("222400"), "2224");
  EXPECT_EQ(parse_territory_code("222401000000"), "222401");
  EXPECT_EQ(parse_territory_code("222401002000"), "222401002");
  EXPECT_EQ(parse_territory_code("222401002001"), "222401002001");
  EXPECT_EQ(parse_territory_code("222401002001007"), "222401002001007");
}

TEST(TerritoryCode, keeps_the_zeros_of_a_skipped_level) {
  EXPECT_EQ(parse_territory_code("222401000001"), "222401000001");
  EXPECT_EQ(parent_code("222401000001"), "222401");
  EXPECT_EQ(codes_above("222401002000001"),
            (std::vector<TerritoryCode>{"222401002", "222401", "2224", "22"}));
}

TEST(TerritoryCode, refuses_any_other_form) {
  for (const char* text : {"", "2", "222", "22240", "2224010", "22240100x", "000000000000", "00",
                           " 22", "22 ", "-2", "2224010020010071001", "222401002001007001011"}) {
    const auto parsed = parse_territory_code(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().key, "territory.code");
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid);
  }
  EXPECT_FALSE(is_territory_code("222401002000"));
}

TEST(TerritoryCode, ranges_hold_digits_only_while_a_next_number_exists) {
  EXPECT_EQ(code_range("222401"), (CodeRange{"222401", "222402"}));
  EXPECT_EQ(code_range("222409"), (CodeRange{"222409", "22241"}));
  EXPECT_EQ(code_range("99"), (CodeRange{"99", "99:"}));
}

TEST(TerritoryCode, a_level_has_one_spelling_and_depth) {
  for (int i = 0; i <= static_cast<int>(Level::entrance); ++i) {
    const auto level = static_cast<Level>(i);
    EXPECT_EQ(parse_level(level_name(level)), level);
  }
  EXPECT_EQ(level_depth(Level::level_4_other), level_depth(Level::subdistrict));
  EXPECT_EQ(parse_level("Grid"), std::nullopt);
  EXPECT_EQ(code_depth("222401002001007"), level_depth(Level::grid));
}

RC_GTEST_PROP(TerritoryCodeProperty, is_stored_as_parsed_and_parsed_from_padding, ()) {
  const TerritoryCode code = *any_code();
  RC_ASSERT(is_territory_code(code));
  RC_ASSERT(parse_territory_code(code).value() == code);
  for (const std::size_t length : {6u, 12u})
    if (code.size() <= length)
      RC_ASSERT(parse_territory_code(code + std::string(length - code.size(), '0')).value() ==
                code);
}

RC_GTEST_PROP(TerritoryCodeProperty, range_parent_and_cover_agree, ()) {
  const auto [a, b] = *two_codes();
  const CodeRange range = code_range(a);
  const auto above = codes_above(b);
  const bool is_above = a == b || std::ranges::find(above, a) != above.end();
  RC_CLASSIFY(is_above);
  RC_ASSERT(covers(a, b) == is_above);
  RC_ASSERT((range.low <= b && b < range.high) == is_above);
}

RC_GTEST_PROP(TerritoryCodeProperty, common_is_the_lowest_that_covers_both, ()) {
  const auto [a, b] = *two_codes();
  std::vector<TerritoryCode> above = codes_above(a);
  above.insert(above.begin(), a);
  const auto lowest =
      std::ranges::find_if(above, [&](const TerritoryCode& code) { return covers(code, b); });
  const auto found = common_code(a, b);
  RC_ASSERT(found == common_code(b, a));
  RC_ASSERT(found.has_value() == (lowest != above.end()));
  if (found) RC_ASSERT(*found == *lowest);
}

TEST(LonLat, distances_on_the_sphere) {
  EXPECT_EQ(distance_m({0, 0}, {0, 0}), 0);
  EXPECT_EQ(distance_m({0, 0}, {0, 1'000'000}), 111'195);
  EXPECT_EQ(distance_m({0, 0}, {180'000'000, 0}), 20'015'114);
  EXPECT_EQ(distance_m({-179'999'999, 0}, {179'999'999, 0}), 0);
  EXPECT_EQ(distance_m({129'500'000, 42'900'000}, {129'510'000, 42'900'000}), 815);
}

TEST(Square, one_answer_for_every_point_in_it_and_never_far_off) {
  const LonLat corner{129'505'800, 42'900'900};
  const LonLat middle = middle_of_square(corner);
  EXPECT_EQ(middle_of_square(middle), middle);
  rc::check("a point lies within 75 m of the middle, which is its own", [] {
    const LonLat point{*rc::gen::inRange(-179'000'000, 179'000'000),
                       *rc::gen::inRange(-80'000'000, 80'000'000)};
    const LonLat rough = middle_of_square(point);
    RC_ASSERT(distance_m(point, rough) <= 75);
    RC_ASSERT(middle_of_square(rough) == rough);
  });
}

RC_GTEST_PROP(LonLatProperty, distance_is_symmetric_and_keeps_the_triangle, ()) {
  const auto point = [] {
    return LonLat{*rc::gen::inRange(-180'000'000, 180'000'001),
                  *rc::gen::inRange(-90'000'000, 90'000'001)};
  };
  const LonLat a = point(), b = point(), c = point();
  RC_ASSERT(is_on_earth(a));
  RC_ASSERT(distance_m(a, b) == distance_m(b, a));
  RC_ASSERT(distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 2);
}

}  // namespace
}  // namespace gewu::kernel
