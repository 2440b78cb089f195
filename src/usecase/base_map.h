#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/gateway.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// What a page is told of the base map, and how much of it may be fetched.
struct BaseMapSettings {
  std::size_t layers = 0;                 ///< of tiles from outside; 0: a file of our own
  int zoom_min = 0, zoom_max = 19;
  std::vector<std::pair<std::string, std::string>> attribution;  ///< by language
  std::size_t tiles_a_minute = 600, tiles_a_day = 8'000;
  std::size_t cache_bytes = 64 * 1024 * 1024;
};

/// A rectangle on the earth, in degrees.
struct MapFrame {
  double west = 0, south = 0, east = 0, north = 0;
};

struct Tile {
  std::string bytes;
  const char* media_type = "";
  std::string tag;                        ///< of its bytes
};
using TilePtr = std::shared_ptr<const Tile>;

/// What lies under the boundaries (底图). Tiles of somebody else's service are fetched by the office,
/// so that a page knows one origin alone and the provider learns of nobody who looks: kept within a
/// bound, at most so many a minute and a day, only around the ground of this office. A provider that
/// does not answer is left alone for half a minute, and what was kept of it goes on being shown. Any
/// number of threads.
class BaseMap {
 public:
  BaseMap(Office& office, BaseMapSettings settings, gateway::TileProvider& provider);
  BaseMap(Office& office, BaseMapSettings settings, gateway::PartedFile& file);

  const BaseMapSettings& settings() const { return settings_; }
  /// The file that holds all of it; null where tiles come from outside.
  gateway::PartedFile* file() const { return file_; }
  /// Where tiles are given out: around all that is drawn, with as much room on each side as it is wide
  /// and high. Nothing while nothing is drawn: everywhere.
  std::optional<MapFrame> frame();
  /// Key of why nothing comes now; nothing while it comes.
  std::optional<std::string> trouble();

  /// `invalid` `base_map.tile` for a number that there is not, `not_found` `base_map.no_tile` away
  /// from this office's ground or where the provider has none, `too_many` `base_map.quota`,
  /// `unavailable` `base_map.unreachable`, `base_map.refused`, `base_map.busy`.
  Result<TilePtr> read_tile(std::size_t layer, const gateway::TileNumber& number);

 private:
  using Key = std::uint64_t;
  struct Kept {
    TilePtr tile;                          ///< null: the provider has none here
    Instant at;
    std::list<Key>::iterator use;
  };
  /// So many within a time that begins with the first.
  struct Budget {
    std::size_t most = 0;
    std::int64_t span_ms = 0;
    Instant begun;
    std::size_t taken = 0;
    bool is_spent(Instant now) const { return taken >= most && now - begun < span_ms; }
    void take(Instant now);
  };
  struct Ground {
    std::uint64_t version = 0;             ///< of the tree that it was taken from
    std::optional<MapFrame> frame;
  };

  const std::optional<MapFrame>& frame_now();
  bool is_near(const gateway::TileNumber& number);
  Result<TilePtr> answer_of(const Kept& kept);
  Status check_calls(Instant now);
  Result<TilePtr> settle(Key key, Result<std::string> fetched);
  void keep(Key key, TilePtr tile);

  Office& office_;
  const BaseMapSettings settings_;
  gateway::TileProvider* const provider_ = nullptr;
  gateway::PartedFile* const file_ = nullptr;
  std::mutex mutex_;
  std::condition_variable fetched_;
  std::unordered_map<Key, Kept> kept_;
  std::list<Key> uses_;                    ///< last used first
  std::size_t kept_bytes_ = 0;
  std::set<Key> fetching_;
  Budget minute_, day_;
  std::string trouble_;
  int refused_ = 0;                        ///< in a row
  Instant silent_until_;
  std::optional<Ground> ground_;
};

}  // namespace gewu::usecase
