#include "kernel/place/datum.h"

#include <cmath>
#include <numbers>

namespace gewu::kernel {
namespace {

struct Degrees {
  double lon = 0, lat = 0;
};
constexpr double kPi = std::numbers::pi;
constexpr double kAxis = 6378245.0;                     // Krasovsky 1940
constexpr double kEccentricity2 = 0.00669342162296594323;
constexpr double kBaiduPi = kPi * 3000.0 / 180.0;

Degrees degrees_of(LonLat point) { return {point.lon_e6 / 1e6, point.lat_e6 / 1e6}; }
LonLat point_of(Degrees at) {
  return {static_cast<std::int32_t>(std::lround(at.lon * 1e6)),
          static_cast<std::int32_t>(std::lround(at.lat * 1e6))};
}

bool is_shifted(Degrees at) {
  return at.lon >= 72.004 && at.lon <= 137.8347 && at.lat >= 0.8293 && at.lat <= 55.8271;
}

/// The waves that both shifts of GCJ-02 share.
double waves(double x) { return (20.0 * std::sin(6.0 * x * kPi) + 20.0 * std::sin(2.0 * x * kPi)) * 2.0 / 3.0; }

Degrees shift_at(Degrees at) {
  const double x = at.lon - 105.0, y = at.lat - 35.0;
  const double root = std::sqrt(std::abs(x));
  double north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves(x);
  north += (20.0 * std::sin(y * kPi) + 40.0 * std::sin(y / 3.0 * kPi)) * 2.0 / 3.0;
  north += (160.0 * std::sin(y / 12.0 * kPi) + 320.0 * std::sin(y * kPi / 30.0)) * 2.0 / 3.0;
  double east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves(x);
  east += (20.0 * std::sin(x * kPi) + 40.0 * std::sin(x / 3.0 * kPi)) * 2.0 / 3.0;
  east += (150.0 * std::sin(x / 12.0 * kPi) + 300.0 * std::sin(x / 30.0 * kPi)) * 2.0 / 3.0;
  const double lat = at.lat * kPi / 180.0;
  const double magic = 1 - kEccentricity2 * std::sin(lat) * std::sin(lat);
  const double meridian = kAxis * (1 - kEccentricity2) / (magic * std::sqrt(magic));
  const double parallel = kAxis / std::sqrt(magic) * std::cos(lat);
  return {east * 180.0 / (parallel * kPi), north * 180.0 / (meridian * kPi)};
}

Degrees to_gcj(Degrees at) {
  if (!is_shifted(at)) return at;
  const Degrees shift = shift_at(at);
  return {at.lon + shift.lon, at.lat + shift.lat};
}

Degrees gcj_to_baidu(Degrees at) {
  const double length = std::hypot(at.lon, at.lat) + 0.00002 * std::sin(at.lat * kBaiduPi);
  const double angle = std::atan2(at.lat, at.lon) + 0.000003 * std::cos(at.lon * kBaiduPi);
  return {length * std::cos(angle) + 0.0065, length * std::sin(angle) + 0.006};
}

Degrees towards(Datum datum, Degrees at) {
  switch (datum) {
    case Datum::cgcs2000: return at;
    case Datum::gcj02: return to_gcj(at);
    case Datum::bd09: return is_shifted(at) ? gcj_to_baidu(to_gcj(at)) : at;
  }
  return at;
}

}  // namespace

std::optional<Datum> parse_datum(std::string_view name) {
  if (name == "cgcs2000") return Datum::cgcs2000;
  if (name == "gcj02") return Datum::gcj02;
  if (name == "bd09") return Datum::bd09;
  return std::nullopt;
}

LonLat to_datum(Datum datum, LonLat point) { return point_of(towards(datum, degrees_of(point))); }

LonLat from_datum(Datum datum, LonLat point) {
  if (datum == Datum::cgcs2000) return point;
  // The shift changes slowly: each step back leaves a thousandth of the error of the one before.
  const Degrees drawn = degrees_of(point);
  Degrees at = drawn;
  for (int step = 0; step < 4; ++step) {
    const Degrees there = towards(datum, at);
    at = {at.lon - (there.lon - drawn.lon), at.lat - (there.lat - drawn.lat)};
  }
  return point_of(at);
}

}  // namespace gewu::kernel
