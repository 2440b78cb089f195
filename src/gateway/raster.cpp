#include <algorithm>

#include "gateway/picture_worker.h"

namespace gewu::gateway {

namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t at, int size, bool is_little) {
  std::uint32_t number = 0;
  for (int i = 0; i < size; ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[at + static_cast<std::size_t>(i)]);
    number |= static_cast<std::uint32_t>(byte) << (8 * (is_little ? i : size - 1 - i));
  }
  return number;
}

/// How far the source pixels of an output pixel reach, in whole pixels.
struct Span {
  std::size_t from = 0, until = 0;
};
std::vector<Span> spans_of(std::size_t from, std::size_t to) {
  std::vector<Span> spans(to);
  for (std::size_t i = 0; i < to; ++i)
    spans[i] = {i * from / to, std::max(i * from / to + 1, (i + 1) * from / to)};
  return spans;
}

}  // namespace

int read_orientation(std::string_view exif) {
  constexpr std::string_view kExif("Exif\0\0", 6);
  constexpr std::uint32_t kOrientation = 0x0112;
  if (!exif.starts_with(kExif)) return 1;
  const std::string_view tiff = exif.substr(kExif.size());
  const bool is_little = tiff.starts_with("II");
  if ((!is_little && !tiff.starts_with("MM")) || tiff.size() < 8) return 1;
  const std::size_t at = number_at(tiff, 4, 4, is_little);
  if (at > tiff.size() || tiff.size() - at < 2) return 1;
  const std::size_t entries = number_at(tiff, at, 2, is_little);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = at + 2 + 12 * i;
    if (tiff.size() < entry + 12) return 1;
    if (number_at(tiff, entry, 2, is_little) != kOrientation) continue;
    const auto said = static_cast<int>(number_at(tiff, entry + 8, 2, is_little));
    return said >= 1 && said <= 8 ? said : 1;
  }
  return 1;
}

Raster turn_upright(Raster raster, int orientation) {
  if (orientation <= 1 || orientation > 8) return raster;
  const bool swaps = orientation >= 5;
  const std::size_t w = raster.width, h = raster.height;
  Raster turned{swaps ? h : w, swaps ? w : h, std::vector<std::uint8_t>(raster.rgba.size())};
  for (std::size_t y = 0; y < h; ++y)
    for (std::size_t x = 0; x < w; ++x) {
      std::size_t tx = x, ty = y;
      switch (orientation) {
        case 2: tx = w - 1 - x; break;
        case 3: tx = w - 1 - x; ty = h - 1 - y; break;
        case 4: ty = h - 1 - y; break;
        case 5: tx = y; ty = x; break;
        case 6: tx = h - 1 - y; ty = x; break;
        case 7: tx = h - 1 - y; ty = w - 1 - x; break;
        case 8: tx = y; ty = w - 1 - x; break;
      }
      std::copy_n(&raster.rgba[4 * (y * w + x)], 4, &turned.rgba[4 * (ty * turned.width + tx)]);
    }
  return turned;
}

Raster scale_down(Raster raster, std::size_t side_max) {
  const std::size_t longest = std::max(raster.width, raster.height);
  if (longest <= side_max) return raster;
  Raster scaled{std::max<std::size_t>(1, raster.width * side_max / longest),
                std::max<std::size_t>(1, raster.height * side_max / longest), {}};
  scaled.rgba.resize(4 * scaled.width * scaled.height);
  const auto columns = spans_of(raster.width, scaled.width);
  const auto rows = spans_of(raster.height, scaled.height);
  std::uint8_t* out = scaled.rgba.data();
  for (const Span& row : rows)
    for (const Span& column : columns) {
      // Colours count as much as they are seen: what is transparent has none.
      std::uint64_t sums[3] = {}, alpha = 0;
      for (std::size_t y = row.from; y < row.until; ++y)
        for (std::size_t x = column.from; x < column.until; ++x) {
          const std::uint8_t* pixel = &raster.rgba[4 * (y * raster.width + x)];
          for (int i = 0; i < 3; ++i) sums[i] += std::uint64_t{pixel[i]} * pixel[3];
          alpha += pixel[3];
        }
      const std::uint64_t count = (row.until - row.from) * (column.until - column.from);
      for (int i = 0; i < 3; ++i)
        *out++ = static_cast<std::uint8_t>(alpha == 0 ? 0 : (sums[i] + alpha / 2) / alpha);
      *out++ = static_cast<std::uint8_t>((alpha + count / 2) / count);
    }
  return scaled;
}

}  // namespace gewu::gateway
