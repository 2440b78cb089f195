#include "usecase/reach.h"

#include <algorithm>

#include "base/text.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

/// "126553000,43838000", or the code of a territory.
std::optional<LonLat> point_of(const std::string& dimension, const Directory& directory) {
  const auto comma = dimension.find(',');
  if (comma == std::string::npos) {
    const Territory* ground = directory.territory->find(dimension);
    return ground == nullptr ? std::nullopt : middle_of(*ground);
  }
  const auto lon = parse_integer(std::string_view(dimension).substr(0, comma));
  const auto lat = parse_integer(std::string_view(dimension).substr(comma + 1));
  if (!lon || !lat) return std::nullopt;
  return LonLat{static_cast<std::int32_t>(*lon), static_cast<std::int32_t>(*lat)};
}

}  // namespace

std::optional<LonLat> middle_of(const Territory& territory) {
  if (territory.centre) return territory.centre;
  if (!territory.boundary || territory.boundary->rings.empty()) return std::nullopt;
  const Ring& outline = territory.boundary->rings.front();
  if (outline.size() < 2) return std::nullopt;
  std::int64_t lon = 0, lat = 0;
  const auto corners = static_cast<std::int64_t>(outline.size()) - 1;  // the last is the first
  for (std::int64_t i = 0; i < corners; ++i) {
    lon += outline[static_cast<std::size_t>(i)].lon_e6;
    lat += outline[static_cast<std::size_t>(i)].lat_e6;
  }
  return LonLat{static_cast<std::int32_t>(lon / corners), static_cast<std::int32_t>(lat / corners)};
}

Reach::Reach(const std::map<std::string, std::int64_t>& counts, const Directory& directory,
             std::int64_t metres)
    : directory_(directory), metres_(metres) {
  for (const auto& [dimension, count] : counts)
    if (count > 0)
      if (const auto point = point_of(dimension, directory)) points_.push_back(*point);
}

bool Reach::covers(const TerritoryCode& ground) const {
  const Territory* territory = directory_.territory->find(ground);
  const auto middle = territory == nullptr ? std::nullopt : middle_of(*territory);
  return middle && std::ranges::any_of(points_, [&](LonLat point) {
           return distance_m(*middle, point) <= metres_;
         });
}

}  // namespace gewu::usecase
