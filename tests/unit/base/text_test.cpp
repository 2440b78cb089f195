#include "base/text.h"

#include <gtest/gtest.h>

namespace gewu {

TEST(Text, refuses_ill_formed_utf8) {
  EXPECT_TRUE(is_utf8("路灯不亮 가로등"));
  EXPECT_FALSE(is_utf8("\xC0\x80"));          // overlong
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(is_utf8("\xE8\xB7"));          // cut
}

TEST(Text, counts_code_points) {
  EXPECT_EQ(count_code_points("路灯a"), 3u);
  EXPECT_EQ(count_code_points(""), 0u);
}

TEST(Text, reads_whole_numbers_only) {
  EXPECT_EQ(parse_integer("-12"), -12);
  EXPECT_FALSE(parse_integer("12 "));
  EXPECT_FALSE(parse_integer("9223372036854775808"));
  EXPECT_FALSE(parse_integer(""));
}

TEST(Text, knows_the_form_of_a_name) {
  EXPECT_TRUE(is_name("report_in"));
  EXPECT_FALSE(is_name("Report"));
  EXPECT_FALSE(is_name("2nd"));
  EXPECT_FALSE(is_name(""));
}

}  // namespace gewu
