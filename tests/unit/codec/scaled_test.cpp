#include "codec/scaled.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "codec_fixture.h"

namespace gewu::codec {
namespace {

std::string written(std::int64_t value, int decimals) {
  std::string out;
  append_scaled(out, value, decimals);
  return out;
}

TEST(Scaled, reads_decimals_exactly) {
  const auto e6 = [](std::string_view text) { return parse_scaled(text, 6, ExcessDigits::refuse); };
  EXPECT_EQ(e6("129.614512"), 129'614'512);
  EXPECT_EQ(e6("-0.5"), -500'000);
  EXPECT_EQ(e6("0"), 0);
  EXPECT_EQ(e6("1.2e3"), 1'200'000'000);
  EXPECT_EQ(e6("12E-1"), 1'200'000);
  EXPECT_EQ(e6("1e+2"), 100'000'000);
  EXPECT_EQ(e6("1.0000000000"), 1'000'000);
  EXPECT_EQ(e6("0e9999"), 0);
}

TEST(Scaled, refuses_or_rounds_excess_digits) {
  EXPECT_EQ(parse_scaled("1.23", 1, ExcessDigits::refuse), std::nullopt);
  EXPECT_EQ(parse_scaled("1.25", 1, ExcessDigits::round), 13);
  EXPECT_EQ(parse_scaled("-1.25", 1, ExcessDigits::round), -13);
  EXPECT_EQ(parse_scaled("1.2499999999999999999999", 1, ExcessDigits::round), 12);
  EXPECT_EQ(parse_scaled("0.05", 1, ExcessDigits::round), 1);
  EXPECT_EQ(parse_scaled("0.009", 1, ExcessDigits::round), 0);
  EXPECT_EQ(parse_scaled("9e-3", 1, ExcessDigits::round), 0);
  EXPECT_EQ(parse_scaled("9e-2", 1, ExcessDigits::round), 1);
}

TEST(Scaled, keeps_within_64_bits) {
  EXPECT_EQ(parse_scaled("9223372036854775807", 0, ExcessDigits::refuse), INT64_MAX);
  EXPECT_EQ(parse_scaled("-9223372036854775808", 0, ExcessDigits::refuse), INT64_MIN);
  EXPECT_EQ(parse_scaled("9223372036854775808", 0, ExcessDigits::refuse), std::nullopt);
  EXPECT_EQ(parse_scaled("-9223372036854775809", 0, ExcessDigits::refuse), std::nullopt);
  EXPECT_EQ(parse_scaled("9223372036854775807.5", 0, ExcessDigits::round), std::nullopt);
  EXPECT_EQ(parse_scaled("1e19", 0, ExcessDigits::round), std::nullopt);
  EXPECT_EQ(parse_scaled("1e-10000", 6, ExcessDigits::round), 0);
}

TEST(Scaled, refuses_other_text) {
  for (const char* text : {"", "-", ".5", "5.", "1.", "01", "+1", "1e", "1e+-2", "1e1.5", "1 ",
                           "0x1", "NaN", "1e99999999999999999999", "1e10001", "--1", "1.2.3"})
    EXPECT_EQ(parse_scaled(text, 6, ExcessDigits::round), std::nullopt) << text;
}

TEST(Scaled, writes_the_shortest_text) {
  EXPECT_EQ(written(1'500'000, 6), "1.5");
  EXPECT_EQ(written(-1, 6), "-0.000001");
  EXPECT_EQ(written(0, 6), "0");
  EXPECT_EQ(written(-20, 1), "-2");
  EXPECT_EQ(written(100, 0), "100");
  EXPECT_EQ(written(INT64_MIN, 18), "-9.223372036854775808");
}

RC_GTEST_PROP(Scaled, reads_back_what_it_writes, (std::int64_t value)) {
  for (int decimals = 0; decimals <= 18; ++decimals)
    RC_ASSERT(parse_scaled(written(value, decimals), decimals, ExcessDigits::refuse) == value);
}

}  // namespace
}  // namespace gewu::codec
