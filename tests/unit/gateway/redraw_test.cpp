// Pictures drawn anew: what comes out has the same pixels and nothing beside them.
#include <gtest/gtest.h>
#include <png.h>
#include <webp/encode.h>

#include "gateway/picture_worker.h"

namespace gewu::gateway {
namespace {

/// A stripe of colours, each pixel different from its neighbours.
std::vector<std::uint8_t> stripe(std::size_t width, std::size_t height, std::uint8_t alpha) {
  std::vector<std::uint8_t> rgba;
  for (std::size_t i = 0; i < width * height; ++i)
    rgba.insert(rgba.end(), {static_cast<std::uint8_t>(i * 7), static_cast<std::uint8_t>(i / 3),
                             static_cast<std::uint8_t>(255 - i), alpha});
  return rgba;
}

std::string png(std::size_t width, std::size_t height, std::uint8_t alpha = 255) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGBA;
  const auto pixels = stripe(width, height, alpha);
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr);
  std::string made(size, '\0');
  png_image_write_to_memory(&image, made.data(), &size, 0, pixels.data(), 0, nullptr);
  return made;
}

struct Size {
  std::size_t width = 0, height = 0;
  bool operator==(const Size&) const = default;
};
Size png_size(const std::string& bytes) {
  const auto number = [&](std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | std::uint8_t(bytes[i]);
    return value;
  };
  return {number(16), number(20)};
}
std::string key_of(const Result<std::string>& made) { return made ? "" : made.error().key; }

/// Limits under which a small PNG is drawn as a photograph: sides first, then bytes.
FileLimits limits_of(std::size_t side, std::size_t pixels = 50'000'000) {
  FileLimits limits;
  limits.picture_side_max = side;
  limits.picture_pixels_max = pixels;
  return limits;
}

TEST(Redraw, a_drawing_stays_one_and_is_drawn_the_same_again) {
  const auto made = redraw_picture(png(40, 30));
  ASSERT_TRUE(made) << key_of(made);
  EXPECT_TRUE(made->starts_with("\x89PNG"));
  EXPECT_EQ(png_size(*made), (Size{40, 30}));
  EXPECT_EQ(*redraw_picture(*made), *made);
}

TEST(Redraw, what_is_transparent_stays_so) {
  const auto made = redraw_picture(png(40, 30, 100));
  ASSERT_TRUE(made);
  EXPECT_EQ((*made)[25], PNG_COLOR_TYPE_RGB_ALPHA);
  EXPECT_EQ((*redraw_picture(png(40, 30)))[25], PNG_COLOR_TYPE_RGB);
}

TEST(Redraw, is_no_larger_than_its_limit) {
  const auto made = redraw_picture(png(400, 30), limits_of(100));
  ASSERT_TRUE(made);
  EXPECT_EQ(png_size(*made), (Size{100, 7}));
}

TEST(Redraw, counts_pixels_before_it_decodes_any) {
  EXPECT_EQ(key_of(redraw_picture(png(40, 30), limits_of(100, 1199))), "upload.pixels");
  EXPECT_EQ(key_of(redraw_picture(png(40, 30), limits_of(100, 1200))), "");
}

TEST(Redraw, a_webp_becomes_a_photograph) {
  const auto pixels = stripe(64, 48, 255);
  std::uint8_t* bytes = nullptr;
  const std::size_t size = WebPEncodeLosslessRGBA(pixels.data(), 64, 48, 64 * 4, &bytes);
  const std::string webp(reinterpret_cast<char*>(bytes), size);
  WebPFree(bytes);
  const auto made = redraw_picture(webp);
  ASSERT_TRUE(made) << key_of(made);
  EXPECT_TRUE(made->starts_with("\xFF\xD8\xFF"));
  EXPECT_EQ(key_of(redraw_picture(webp.substr(0, webp.size() / 2))), "upload.picture");
  const auto again = redraw_picture(*made);
  ASSERT_TRUE(again) << key_of(again);
  EXPECT_TRUE(again->starts_with("\xFF\xD8\xFF"));
}

TEST(Redraw, what_stands_beside_the_pixels_is_gone) {
  std::string marked = png(40, 30);
  marked += "<script>alert(1)</script>";
  const auto made = redraw_picture(marked);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->find("script"), std::string::npos);
}

TEST(Redraw, half_a_picture_or_none_is_refused) {
  const std::string whole = png(40, 30);
  for (std::size_t size = 0; size < whole.size() - 12; size += 7)
    EXPECT_EQ(key_of(redraw_picture(whole.substr(0, size))), "upload.picture") << size;
  for (const char* none : {"", "\xFF\xD8\xFF", "RIFF....WEBP", "BM", "<svg/>"})
    EXPECT_EQ(key_of(redraw_picture(none)), "upload.picture") << none;
}

}  // namespace
}  // namespace gewu::gateway
