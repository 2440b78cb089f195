#include "usecase/base_map.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include "base/spans.h"
#include "codec/file_kind.h"
#include "kernel/matter/directory.h"
#include "security/hash.h"

namespace gewu::usecase {

using gateway::TileNumber;
using kernel::LonLat;

namespace {

constexpr std::int64_t kFreshMs = 7 * kMsPerDay;
constexpr std::int64_t kNoneFreshMs = kMsPerDay;
constexpr std::int64_t kSilentMs = 30'000;
/// One tile that goes wrong is a hole in the map; several in a row are a provider that is not well.
constexpr int kRefusedMax = 3;
/// Of the threads that serve: a provider that hangs must not take them all.
constexpr std::size_t kCallsMax = 8;
constexpr auto kWaitMax = std::chrono::milliseconds(3'000);
/// What an entry takes beside its bytes.
constexpr std::size_t kEntryBytes = 256;
constexpr double kRoomMin = 0.2;   ///< in degrees, around ground however small

std::uint64_t key_of(std::size_t layer, const TileNumber& number) {
  return static_cast<std::uint64_t>(layer) << 52 | static_cast<std::uint64_t>(number.zoom) << 46 |
         static_cast<std::uint64_t>(number.column) << 23 | static_cast<std::uint64_t>(number.row);
}

double lon_of(double column, double across) { return column / across * 360.0 - 180.0; }
double lat_of(double row, double across) {
  const double north = std::numbers::pi * (1.0 - 2.0 * row / across);
  return std::atan(std::sinh(north)) * 180.0 / std::numbers::pi;
}

std::optional<MapFrame> frame_around(const kernel::TerritoryTree& tree) {
  std::optional<std::pair<LonLat, LonLat>> drawn;
  for (const kernel::Territory* node : tree.all()) {
    if (!node->boundary) continue;
    for (const kernel::Ring& ring : node->boundary->rings)
      for (const LonLat point : ring) {
        if (!drawn) drawn.emplace(point, point);
        auto& [low, high] = *drawn;
        low = {std::min(low.lon_e6, point.lon_e6), std::min(low.lat_e6, point.lat_e6)};
        high = {std::max(high.lon_e6, point.lon_e6), std::max(high.lat_e6, point.lat_e6)};
      }
  }
  if (!drawn) return std::nullopt;
  const auto& [low, high] = *drawn;
  const auto degrees = [](std::int32_t e6) { return static_cast<double>(e6) / 1e6; };
  const double beside = std::max(degrees(high.lon_e6) - degrees(low.lon_e6), kRoomMin);
  const double above = std::max(degrees(high.lat_e6) - degrees(low.lat_e6), kRoomMin);
  return MapFrame{degrees(low.lon_e6) - beside, degrees(low.lat_e6) - above,
                  degrees(high.lon_e6) + beside, degrees(high.lat_e6) + above};
}

}  // namespace

BaseMap::BaseMap(Office& office, BaseMapSettings settings, gateway::TileProvider& provider)
    : office_(office),
      settings_(std::move(settings)),
      provider_(&provider),
      minute_{settings_.tiles_a_minute, 60'000, {}, 0},
      day_{settings_.tiles_a_day, kMsPerDay, {}, 0} {}

BaseMap::BaseMap(Office& office, BaseMapSettings settings, gateway::PartedFile& file)
    : office_(office), settings_(std::move(settings)), file_(&file) {}

void BaseMap::Budget::take(Instant now) {
  if (taken == 0 || now - begun >= span_ms || now < begun) {
    begun = now;
    taken = 0;
  }
  ++taken;
}

std::optional<std::string> BaseMap::trouble() {
  if (file_ != nullptr) {
    const auto opened = file_->open();
    return opened ? std::nullopt : std::optional(opened.error().key);
  }
  const std::lock_guard lock(mutex_);
  const Instant now = office_.clock.now();
  if (minute_.is_spent(now) || day_.is_spent(now)) return "base_map.quota";
  return trouble_.empty() || now >= silent_until_ ? std::nullopt : std::optional(trouble_);
}

std::optional<MapFrame> BaseMap::frame() {
  const std::lock_guard lock(mutex_);
  return frame_now();
}

const std::optional<MapFrame>& BaseMap::frame_now() {
  const auto& tree = *office_.store.directory()->territory;
  if (!ground_ || ground_->version != tree.version())
    ground_ = Ground{tree.version(), frame_around(tree)};
  return ground_->frame;
}

bool BaseMap::is_near(const TileNumber& number) {
  const auto& frame = frame_now();
  if (!frame) return true;   // nothing is drawn yet: somebody looks for where to draw
  const double across = std::pow(2.0, number.zoom);
  const auto column = static_cast<double>(number.column), row = static_cast<double>(number.row);
  return lon_of(column, across) <= frame->east && lon_of(column + 1, across) >= frame->west &&
         lat_of(row + 1, across) <= frame->north && lat_of(row, across) >= frame->south;
}

Result<TilePtr> BaseMap::answer_of(const Kept& kept) {
  uses_.splice(uses_.begin(), uses_, kept.use);
  if (!kept.tile) return refuse(ErrorCode::not_found, "base_map.no_tile");
  return kept.tile;
}

/// Whether the provider may be asked now.
Status BaseMap::check_calls(Instant now) {
  if (!trouble_.empty() && now < silent_until_) return refuse(ErrorCode::unavailable, trouble_);
  if (minute_.is_spent(now) || day_.is_spent(now)) {
    const Budget& spent = day_.is_spent(now) ? day_ : minute_;
    const std::int64_t seconds = (spent.begun + spent.span_ms - now + 999) / 1'000;
    return refuse(ErrorCode::too_many, "base_map.quota", {{"seconds", std::to_string(seconds)}});
  }
  return {};
}

Result<TilePtr> BaseMap::read_tile(std::size_t layer, const TileNumber& number) {
  if (layer >= settings_.layers || number.zoom < settings_.zoom_min ||
      number.zoom > settings_.zoom_max || number.column < 0 || number.row < 0 ||
      number.column >> number.zoom != 0 || number.row >> number.zoom != 0)
    return refuse(ErrorCode::invalid, "base_map.tile");
  const Key key = key_of(layer, number);
  std::unique_lock lock(mutex_);
  if (!is_near(number)) return refuse(ErrorCode::not_found, "base_map.no_tile");
  const auto is_free = [&] { return !fetching_.contains(key) && fetching_.size() < kCallsMax; };
  const auto give_up = std::chrono::steady_clock::now() + kWaitMax;
  while (true) {
    const Instant now = office_.clock.now();
    const auto kept = kept_.find(key);
    if (kept != kept_.end() &&
        now - kept->second.at < (kept->second.tile ? kFreshMs : kNoneFreshMs))
      return answer_of(kept->second);
    if (auto allowed = check_calls(now); !allowed) {
      if (kept != kept_.end()) return answer_of(kept->second);
      return std::unexpected(allowed.error());
    }
    if (is_free()) break;
    if (fetched_.wait_until(lock, give_up) == std::cv_status::timeout)
      return refuse(ErrorCode::unavailable, "base_map.busy");
  }
  fetching_.insert(key);
  minute_.take(office_.clock.now());
  day_.take(office_.clock.now());
  lock.unlock();
  auto fetched = provider_->fetch(layer, number);
  lock.lock();
  fetching_.erase(key);
  fetched_.notify_all();
  return settle(key, std::move(fetched));
}

/// What came is kept; what went wrong is remembered for those who ask next.
Result<TilePtr> BaseMap::settle(Key key, Result<std::string> fetched) {
  if (!fetched && fetched.error().code == ErrorCode::not_found) {
    refused_ = 0;
    trouble_.clear();
    keep(key, nullptr);
    return std::unexpected(fetched.error());
  }
  // A page of excuses that came with 200 is no picture, whatever it says of itself.
  const auto kind = fetched ? codec::sniff_file(*fetched) : std::nullopt;
  if (kind && kind->is_picture) {
    refused_ = 0;
    trouble_.clear();
    Tile tile{std::move(*fetched), kind->media_type, {}};
    tile.tag = security::hex_encode(security::sha256(tile.bytes)).substr(0, 32);
    keep(key, std::make_shared<const Tile>(std::move(tile)));
    return kept_.at(key).tile;
  }
  const Error error = fetched ? Error{ErrorCode::unavailable, "base_map.refused", {}, {}}
                              : fetched.error();
  // Without an answer each call holds a thread until its time is over: one is enough.
  if (++refused_ >= kRefusedMax || error.key == "base_map.unreachable") {
    trouble_ = error.key;
    silent_until_ = office_.clock.now() + kSilentMs;
  }
  if (const auto kept = kept_.find(key); kept != kept_.end()) return answer_of(kept->second);
  return std::unexpected(error);
}

void BaseMap::keep(Key key, TilePtr tile) {
  const auto size_of = [](const TilePtr& one) {
    return kEntryBytes + (one ? one->bytes.size() : 0);
  };
  const auto drop = [&](Key old) {
    const auto found = kept_.find(old);
    kept_bytes_ -= size_of(found->second.tile);
    uses_.erase(found->second.use);
    kept_.erase(found);
  };
  if (kept_.contains(key)) drop(key);
  kept_bytes_ += size_of(tile);
  uses_.push_front(key);
  kept_[key] = {std::move(tile), office_.clock.now(), uses_.begin()};
  while (kept_bytes_ > settings_.cache_bytes && uses_.size() > 1) drop(uses_.back());
}

}  // namespace gewu::usecase
