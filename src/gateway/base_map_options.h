#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace gewu::gateway {

struct TileNumber;

/// What lies under the boundaries (底图), as the operator configured it.
struct BaseMapOptions {
  /// Web addresses of one layer each, lowest first, with {z}, {x}, {y} (or {-y}, counted from the
  /// south), and {s} and {key} where they need them. Empty: tiles lie in `file`.
  std::vector<std::string> layers;
  std::vector<std::string> servers;       ///< what {s} stands for, by turns
  std::string key;                        ///< what {key} stands for: never told to a browser
  std::string file;                       ///< PMTiles, where `layers` is empty
  std::vector<std::pair<std::string, std::string>> attribution;  ///< by language
  int zoom_min = 0, zoom_max = 19;
  std::size_t tiles_a_minute = 600, tiles_a_day = 8'000;   ///< fetched from outside at most
  std::size_t cache_bytes = 64 * 1024 * 1024;
};

/// From a JSON file: `kind` (`tianditu`, `xyz`, `pmtiles`), `attribution` (by language) and what the
/// kind needs: `key` and `layers` (["vec", "cva"] when absent), `url` and `servers`, or `file`;
/// `zoom_min`, `zoom_max`, `tiles_a_minute`, `tiles_a_day`, `cache_mb` may be absent. A key
/// travels over TLS, or on this machine. `invalid` `base_map.options` with `name`.
Result<BaseMapOptions> read_base_map_options(const std::string& json);

/// The address of a tile of one of `layers`.
std::string tile_url(const BaseMapOptions& options, std::size_t layer, const TileNumber& number);

}  // namespace gewu::gateway
