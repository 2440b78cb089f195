#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace gewu {

/// Bounds on files that people send; printed with the others by `gewu show --limits`.
struct FileLimits {
  std::size_t file_bytes_max = kLimits.photo_bytes_max;
  std::size_t file_name_code_points_max = 120;
  std::size_t files_max = 9;                    ///< of one field, where its definition says no `max`
  std::size_t picture_pixels_max = 50'000'000;  ///< before decoding, as the header says
  std::size_t picture_side_max = 2'560;         ///< as it is kept
};

inline constexpr FileLimits kFileLimits{};

/// Name and value of each, in the order above.
inline std::vector<std::pair<std::string, std::size_t>> list_limits(const FileLimits& l) {
  return {{"file_bytes_max", l.file_bytes_max},
          {"file_name_code_points_max", l.file_name_code_points_max},
          {"files_max", l.files_max},
          {"picture_pixels_max", l.picture_pixels_max},
          {"picture_side_max", l.picture_side_max}};
}

}  // namespace gewu
