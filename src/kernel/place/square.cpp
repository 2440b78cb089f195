#include "kernel/place/square.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gewu::kernel {

LonLat middle_of_square(LonLat point) {
  constexpr std::int64_t kSideE6 = 900;  // 100 m of latitude
  constexpr double kRadians = std::numbers::pi / 180e6;
  const auto middle = [](std::int64_t at, std::int64_t side) {
    const std::int64_t below = at >= 0 ? at / side : (at - side + 1) / side;
    return below * side + side / 2;
  };
  const std::int64_t lat = middle(point.lat_e6, kSideE6);
  const double shrink = std::max(0.01, std::cos(static_cast<double>(lat) * kRadians));
  const std::int64_t lon = middle(point.lon_e6, std::llround(kSideE6 / shrink));
  constexpr std::int64_t kEast = 180'000'000, kNorth = 90'000'000;
  return {static_cast<std::int32_t>(std::clamp(lon, -kEast, kEast)),
          static_cast<std::int32_t>(std::clamp(lat, -kNorth, kNorth))};
}

}  // namespace gewu::kernel
