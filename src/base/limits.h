#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace gewu {

/// Every bound on input, in one place: printed by `gewu show --limits`, stated in openapi.yaml.
struct Limits {
  std::size_t body_bytes_max = 256 * 1024;
  std::size_t photo_bytes_max = 10 * 1024 * 1024;
  std::size_t json_depth_max = 16;
  std::size_t text_code_points_max = 5'000;
  std::size_t page_rows_default = 20;
  std::size_t page_rows_max = 1'000;
  std::size_t dossier_rows_max = 5'000;
  std::size_t opened_max = 500;          ///< matters opened by one decision
  std::size_t open_depth_max = 4;        ///< opening effects inside one another
  std::size_t ripple_depth_max = 16;     ///< follow-ups of follow-ups
  std::size_t touched_max = 50;          ///< matters whose stored values one event renews
  std::size_t group_commit_max = 64;     ///< requests in one transaction
  std::size_t delta_tail_rows_max = 10'000;
  std::size_t limit_years_max = 100;     ///< no limit of a clock is longer
  std::size_t definition_bytes_max = 1024 * 1024;
  std::size_t definition_depth_max = 32;
  std::size_t geojson_bytes_max = 64 * 1024 * 1024;
  std::size_t geojson_depth_max = 32;
  std::size_t import_bytes_max = 256 * 1024 * 1024;
};

/// The limits of this executable; there are no others.
inline constexpr Limits kLimits{};

/// Name and value of each, in the order above.
std::vector<std::pair<std::string, std::size_t>> list_limits(const Limits& limits);

}  // namespace gewu
