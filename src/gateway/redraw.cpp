#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// jpeglib.h leans on the two above.
#include <jpeglib.h>
#include <png.h>
#include <webp/decode.h>

#include <algorithm>

#include "gateway/picture_worker.h"

namespace gewu::gateway {

namespace {

constexpr int kQuality = 85;
/// A drawing stays PNG up to here; a photograph sent as one becomes JPEG.
constexpr std::size_t kPngBytesMax = 1024 * 1024;

std::unexpected<Error> broken() { return refuse(ErrorCode::invalid, "upload.picture"); }

Status check_pixels(std::uint64_t width, std::uint64_t height, const FileLimits& limits) {
  if (width == 0 || height == 0) return broken();
  if (width * height > limits.picture_pixels_max)
    return refuse(ErrorCode::invalid, "upload.pixels",
                  {{"max", std::to_string(limits.picture_pixels_max)}});
  return {};
}

/// The library ends by a jump; what must be freed lies outside the frame that it leaves.
struct JpegFault {
  jpeg_error_mgr manager;
  std::jmp_buf back;
};
[[noreturn]] void jump_back(j_common_ptr info) {
  std::longjmp(reinterpret_cast<JpegFault*>(info->err)->back, 1);
}
void stay_silent(j_common_ptr) {}

void prepare(JpegFault& fault) {
  jpeg_std_error(&fault.manager);
  fault.manager.error_exit = jump_back;
  fault.manager.output_message = stay_silent;
}

class JpegReader {
 public:
  JpegReader() {
    prepare(fault_);
    info_.err = &fault_.manager;
    jpeg_create_decompress(&info_);
  }
  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  Result<Raster> read(std::string_view picture, const FileLimits& limits) {
    if (!read_head(picture)) return broken();
    GEWU_CHECK(check_pixels(info_.image_width, info_.image_height, limits));
    const auto orientation = find_orientation();
    if (!begin(limits)) return broken();
    Raster raster{info_.output_width, info_.output_height, {}};
    raster.rgba.resize(4 * raster.width * raster.height);
    if (!read_rows(raster.rgba.data())) return broken();
    return turn_upright(std::move(raster), orientation);
  }

 private:
  bool read_head(std::string_view picture) {
    if (setjmp(fault_.back) != 0) return false;
    jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(picture.data()), picture.size());
    return jpeg_read_header(&info_, TRUE) == JPEG_HEADER_OK;
  }

  int find_orientation() const {
    for (const jpeg_marker_struct* mark = info_.marker_list; mark != nullptr; mark = mark->next) {
      const int said = read_orientation(
          {reinterpret_cast<const char*>(mark->data), mark->data_length});
      if (said != 1) return said;
    }
    return 1;
  }

  /// Scaled while it is decoded, to no less than what is kept.
  bool begin(const FileLimits& limits) {
    if (setjmp(fault_.back) != 0) return false;
    const std::size_t longest = std::max(info_.image_width, info_.image_height);
    info_.scale_num = 8;
    info_.scale_denom = 8;
    while (info_.scale_num > 1 && longest * (info_.scale_num - 1) / 8 >= limits.picture_side_max)
      --info_.scale_num;
    info_.out_color_space = JCS_EXT_RGBA;
    return jpeg_start_decompress(&info_) != 0;
  }

  bool read_rows(std::uint8_t* to) {
    if (setjmp(fault_.back) != 0) return false;
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = to + std::size_t{4} * info_.output_width * info_.output_scanline;
      jpeg_read_scanlines(&info_, &row, 1);
    }
    return true;
  }

  JpegFault fault_{};
  jpeg_decompress_struct info_{};
};

class JpegWriter {
 public:
  JpegWriter() {
    prepare(fault_);
    info_.err = &fault_.manager;
    jpeg_create_compress(&info_);
  }
  ~JpegWriter() {
    jpeg_destroy_compress(&info_);
    std::free(made_);
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  Result<std::string> write(const Raster& raster) {
    if (!compress(raster)) return broken();
    return std::string(reinterpret_cast<const char*>(made_), size_);
  }

 private:
  bool compress(const Raster& raster) {
    if (setjmp(fault_.back) != 0) return false;
    jpeg_mem_dest(&info_, &made_, &size_);
    info_.image_width = static_cast<JDIMENSION>(raster.width);
    info_.image_height = static_cast<JDIMENSION>(raster.height);
    info_.input_components = 4;
    info_.in_color_space = JCS_EXT_RGBX;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, kQuality, TRUE);
    info_.optimize_coding = TRUE;
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      auto* row = const_cast<JSAMPROW>(&raster.rgba[4 * raster.width * info_.next_scanline]);
      jpeg_write_scanlines(&info_, &row, 1);
    }
    jpeg_finish_compress(&info_);
    return true;
  }

  JpegFault fault_{};
  jpeg_compress_struct info_{};
  unsigned char* made_ = nullptr;
  unsigned long size_ = 0;
};

/// libpng's plain interface; frees what it holds.
struct PngImage {
  png_image image{};
  PngImage() { image.version = PNG_IMAGE_VERSION; }
  ~PngImage() { png_image_free(&image); }
  PngImage(const PngImage&) = delete;
  PngImage& operator=(const PngImage&) = delete;
};

Result<Raster> read_png(std::string_view picture, const FileLimits& limits) {
  PngImage png;
  if (png_image_begin_read_from_memory(&png.image, picture.data(), picture.size()) == 0)
    return broken();
  GEWU_CHECK(check_pixels(png.image.width, png.image.height, limits));
  png.image.format = PNG_FORMAT_RGBA;
  Raster raster{png.image.width, png.image.height, {}};
  raster.rgba.resize(PNG_IMAGE_SIZE(png.image));
  if (png_image_finish_read(&png.image, nullptr, raster.rgba.data(), 0, nullptr) == 0)
    return broken();
  return raster;
}

Result<std::string> write_png(const Raster& raster, bool has_alpha) {
  PngImage png;
  png.image.width = static_cast<png_uint_32>(raster.width);
  png.image.height = static_cast<png_uint_32>(raster.height);
  std::vector<std::uint8_t> opaque;
  const std::uint8_t* pixels = raster.rgba.data();
  png.image.format = PNG_FORMAT_RGBA;
  if (!has_alpha) {
    png.image.format = PNG_FORMAT_RGB;
    opaque.reserve(3 * raster.width * raster.height);
    for (std::size_t i = 0; i < raster.rgba.size(); i += 4)
      opaque.insert(opaque.end(), &raster.rgba[i], &raster.rgba[i] + 3);
    pixels = opaque.data();
  }
  png_alloc_size_t size = 0;
  if (png_image_write_to_memory(&png.image, nullptr, &size, 0, pixels, 0, nullptr) == 0)
    return broken();
  std::string made(size, '\0');
  if (png_image_write_to_memory(&png.image, made.data(), &size, 0, pixels, 0, nullptr) == 0)
    return broken();
  made.resize(size);
  return made;
}

Result<Raster> read_webp(std::string_view picture, const FileLimits& limits) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(picture.data());
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes, picture.size(), &features) != VP8_STATUS_OK ||
      features.has_animation != 0)
    return broken();
  const auto width = static_cast<std::size_t>(std::max(features.width, 0));
  const auto height = static_cast<std::size_t>(std::max(features.height, 0));
  GEWU_CHECK(check_pixels(width, height, limits));
  Raster raster{width, height, {}};
  raster.rgba.resize(4 * width * height);
  if (WebPDecodeRGBAInto(bytes, picture.size(), raster.rgba.data(), raster.rgba.size(),
                         static_cast<int>(4 * width)) == nullptr)
    return broken();
  return raster;
}

Result<Raster> read_any(std::string_view picture, const FileLimits& limits) {
  if (picture.starts_with("\xFF\xD8\xFF")) return JpegReader().read(picture, limits);
  if (picture.starts_with("\x89PNG")) return read_png(picture, limits);
  if (picture.starts_with("RIFF")) return read_webp(picture, limits);
  return broken();
}

bool has_transparency(const Raster& raster) {
  for (std::size_t i = 3; i < raster.rgba.size(); i += 4)
    if (raster.rgba[i] != 255) return true;
  return false;
}

}  // namespace

Result<std::string> redraw_picture(std::string_view picture, const FileLimits& limits) {
  const bool is_png = picture.starts_with("\x89PNG");
  GEWU_TRY(read, read_any(picture, limits));
  const Raster raster = scale_down(std::move(read), limits.picture_side_max);
  const bool has_alpha = has_transparency(raster);
  if (has_alpha || is_png) {
    GEWU_TRY(made, write_png(raster, has_alpha));
    if (has_alpha || made.size() <= kPngBytesMax) return made;
  }
  return JpegWriter().write(raster);
}

}  // namespace gewu::gateway
