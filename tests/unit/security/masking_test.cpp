#include "security/masking.h"

#include <gtest/gtest.h>

namespace gewu::security {

TEST(Masking, a_phone_shows_three_and_four) {
  EXPECT_EQ(mask_phone("13812341234"), "138****1234");
  EXPECT_EQ(mask_phone("138 1234-1234"), "138****1234");
  EXPECT_EQ(mask_phone("+8613812341234"), "138****1234");
  EXPECT_EQ(mask_phone("0086 138 1234 1234"), "138****1234");
  EXPECT_EQ(mask_phone("0433-2512345"), "043****2345");
}

TEST(Masking, other_numbers_show_less) {
  EXPECT_EQ(mask_phone("2512345"), "****45");
  EXPECT_EQ(mask_phone("821012345678"), "****5678");
  EXPECT_EQ(mask_phone("12345"), "****");
  EXPECT_EQ(mask_phone(""), "****");
  EXPECT_EQ(mask_phone("name@example.org"), "****");
}

TEST(Masking, a_name_shows_its_first_character) {
  EXPECT_EQ(mask_name("李小明"), "李**");
  EXPECT_EQ(mask_name("李明"), "李**");
  EXPECT_EQ(mask_name(" 김철수 "), "김**");
  EXPECT_EQ(mask_name("𠮷田"), "𠮷**");
  EXPECT_EQ(mask_name("Smith"), "S**");
  EXPECT_EQ(mask_name(""), "");
  EXPECT_EQ(mask_name("\xE6\x9D"), "**");
}

}  // namespace gewu::security
