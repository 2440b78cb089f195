#pragma once

#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "kernel/place/territory.h"

namespace gewu::kernel {

/// The polygons of one shipped GeoJSON file as territories; the level from the property, else from
/// the code. Reading real GeoJSON is codec's business.
inline std::vector<Territory> read_drawing(const std::string& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<Territory> drawn;
  const boost::json::value root = boost::json::parse(text);
  for (const auto& feature : root.at("features").as_array()) {
    const auto& properties = feature.at("properties").as_object();
    Territory territory;
    territory.code = boost::json::value_to<std::string>(properties.at("code"));
    territory.name.zh = boost::json::value_to<std::string>(properties.at("name"));
    territory.drawn = properties.at("drawn").as_bool();
    const int depth = code_depth(territory.code);
    territory.level = depth == 4   ? Level::subdistrict
                      : depth == 5 ? Level::community
                      : depth == 6 ? Level::grid
                                   : Level::building;
    Boundary boundary;
    for (const auto& ring : feature.at("geometry").at("coordinates").as_array()) {
      auto& points = boundary.rings.emplace_back();
      for (const auto& point : ring.as_array())
        points.push_back(
            {static_cast<std::int32_t>(std::lround(point.at(0).to_number<double>() * 1e6)),
             static_cast<std::int32_t>(std::lround(point.at(1).to_number<double>() * 1e6))});
    }
    territory.boundary = std::move(boundary);
    drawn.push_back(std::move(territory));
  }
  return drawn;
}

inline std::string drawing_path(const std::string& name) {
  return std::string(GEWU_SOURCE_DIR) + "/localities/yanji/" + name;
}

inline std::vector<const Territory*> pointers(const std::vector<Territory>& territories) {
  std::vector<const Territory*> list;
  for (const Territory& territory : territories) list.push_back(&territory);
  return list;
}

}  // namespace gewu::kernel
