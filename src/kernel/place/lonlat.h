#pragma once

#include <compare>
#include <cstdint>
#include <vector>

namespace gewu::kernel {

/// A point on the earth in micro-degrees, CGCS2000 (equal to WGS 84 within centimetres). Whole
/// numbers, so that one point is one value on every machine; one step is at most 0.11 m.
struct LonLat {
  std::int32_t lon_e6 = 0;
  std::int32_t lat_e6 = 0;
  constexpr auto operator<=>(const LonLat&) const = default;
};

/// Whether the point lies within ±180° of longitude and ±90° of latitude.
constexpr bool is_on_earth(LonLat point) {
  return point.lon_e6 >= -180'000'000 && point.lon_e6 <= 180'000'000 &&
         point.lat_e6 >= -90'000'000 && point.lat_e6 <= 90'000'000;
}

/// Great-circle distance in whole metres on the mean sphere (radius 6,371,008.8 m), within 0.6 %
/// of the ellipsoid.
std::int64_t distance_m(LonLat a, LonLat b);

/// A closed line: first and last point are the same, as in GeoJSON.
using Ring = std::vector<LonLat>;

/// A polygon: the first ring is its outer edge, further rings are holes in it.
struct Boundary {
  std::vector<Ring> rings;
  bool operator==(const Boundary&) const = default;
};

}  // namespace gewu::kernel
