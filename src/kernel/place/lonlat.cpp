#include "kernel/place/lonlat.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gewu::kernel {

std::int64_t distance_m(LonLat a, LonLat b) {
  constexpr double kRadiusM = 6'371'008.8;
  constexpr double kRadians = std::numbers::pi / 180e6;
  const double lat_a = a.lat_e6 * kRadians;
  const double lat_b = b.lat_e6 * kRadians;
  const double half_lat = std::sin((lat_b - lat_a) / 2);
  const double half_lon =
      std::sin((static_cast<double>(b.lon_e6) - static_cast<double>(a.lon_e6)) * kRadians / 2);
  const double chord =
      half_lat * half_lat + std::cos(lat_a) * std::cos(lat_b) * half_lon * half_lon;
  return std::llround(2 * kRadiusM * std::asin(std::sqrt(std::min(1.0, chord))));
}

}  // namespace gewu::kernel
