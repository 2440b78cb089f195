// Turning upright by what the camera says, and making small.
#include <gtest/gtest.h>

#include "gateway/picture_worker.h"

namespace gewu::gateway {
namespace {

/// One letter a pixel, in the red of it; opaque.
Raster drawn(std::size_t width, const std::string& letters) {
  Raster raster{width, letters.size() / width, {}};
  for (const char letter : letters)
    raster.rgba.insert(raster.rgba.end(), {static_cast<std::uint8_t>(letter), 0, 0, 255});
  return raster;
}
std::string letters_of(const Raster& raster) {
  std::string letters;
  for (std::size_t i = 0; i < raster.rgba.size(); i += 4)
    letters += static_cast<char>(raster.rgba[i]);
  return std::to_string(raster.width) + " " + letters;
}

TEST(Upright, is_each_of_the_eight_ways_of_holding_a_camera) {
  const char* kExpected[] = {"3 abcdef", "3 abcdef", "3 cbafed", "3 fedcba", "3 defabc",
                             "2 adbecf", "2 daebfc", "2 fcebda", "2 cfbead", "3 abcdef"};
  for (int orientation = 0; orientation <= 9; ++orientation)
    EXPECT_EQ(letters_of(turn_upright(drawn(3, "abcdef"), orientation)), kExpected[orientation])
        << orientation;
}

std::string exif(const std::string& tiff) { return std::string("Exif\0\0", 6) + tiff; }
std::string little_orientation(char said) {
  return exif(std::string("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18) + said +
              std::string(7, '\0'));
}

TEST(Orientation, is_read_in_both_orders_of_bytes) {
  for (int said = 1; said <= 8; ++said)
    EXPECT_EQ(read_orientation(little_orientation(static_cast<char>(said))), said);
  EXPECT_EQ(read_orientation(
                exif(std::string("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0", 22))),
            6);
}

TEST(Orientation, is_upright_where_a_segment_lies_or_ends_early) {
  EXPECT_EQ(read_orientation(""), 1);
  EXPECT_EQ(read_orientation(little_orientation(9)), 1);
  EXPECT_EQ(read_orientation(little_orientation(0)), 1);
  const std::string whole = little_orientation(6);
  for (std::size_t size = 0; size + 7 < whole.size(); ++size)
    EXPECT_EQ(read_orientation(std::string_view(whole).substr(0, size)), 1) << size;
  EXPECT_EQ(read_orientation(exif(std::string("II*\0\xFF\xFF\xFF\xFF\x01\0", 10))), 1);
  EXPECT_EQ(read_orientation(exif(std::string("II*\0\x08\0\0\0\xFF\xFF", 10))), 1);
}

TEST(Scale, keeps_what_is_small_enough) {
  EXPECT_EQ(letters_of(scale_down(drawn(3, "abcdef"), 3)), "3 abcdef");
}

TEST(Scale, takes_the_mean_of_each_area) {
  Raster raster = drawn(4, std::string("\x10\x20\x30\x40\x10\x20\x30\x40", 8));
  EXPECT_EQ(letters_of(scale_down(std::move(raster), 2)), "2 \x18\x38");
}

TEST(Scale, never_ends_in_nothing) {
  const Raster thin = scale_down(drawn(1000, std::string(1000, 'a')), 10);
  EXPECT_EQ(thin.width, 10u);
  EXPECT_EQ(thin.height, 1u);
  EXPECT_EQ(thin.rgba.size(), 40u);
}

TEST(Scale, does_not_mix_in_colours_that_nobody_sees) {
  Raster raster{2, 1, {200, 0, 0, 255, 0, 90, 0, 0}};
  const Raster one = scale_down(std::move(raster), 1);
  EXPECT_EQ(one.rgba, (std::vector<std::uint8_t>{200, 0, 0, 128}));
}

}  // namespace
}  // namespace gewu::gateway
