#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_limits.h"
#include "base/result.h"

// What the child does (picture_process.h). No other process reads a foreign picture.

namespace gewu::gateway {

inline constexpr int kPictureDrawn = 0, kPictureBroken = 3, kPictureTooLarge = 4;

/// Puts itself under lock, then draws what comes on standard input anew, to standard output. One of
/// the three above.
int run_picture_worker();

/// No new files, sockets or children from here on, little memory and time; false where the system
/// refuses. In a build with sanitizers the last two alone.
bool lock_picture_worker();

/// Pixels row by row, four bytes each: red, green, blue, alpha.
struct Raster {
  std::size_t width = 0, height = 0;
  std::vector<std::uint8_t> rgba;
};

/// Decodes, turns upright, scales down and encodes; errors as `Pictures::redraw`.
Result<std::string> redraw_picture(std::string_view picture,
                                   const FileLimits& limits = kFileLimits);

/// Exif orientation, 1 to 8 (CIPA DC-008 4.6.4); 1 where a segment says nothing that is one.
int read_orientation(std::string_view exif);
/// As somebody sees it who holds the camera upright.
Raster turn_upright(Raster raster, int orientation);
/// Means of areas, so that no side is longer than this; a smaller one stays as it is.
Raster scale_down(Raster raster, std::size_t side_max);

}  // namespace gewu::gateway
