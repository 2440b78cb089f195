#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "codec/json.h"
#include "kernel/place/lonlat.h"

namespace gewu::codec {

/// An area with its properties: a Polygon has one boundary, a MultiPolygon several.
struct GeoFeature {
  std::vector<kernel::Boundary> boundaries;
  Json properties;  ///< an object, or null
  bool operator==(const GeoFeature&) const = default;
};

/// Reads a FeatureCollection (RFC 7946) of Polygon and MultiPolygon. Coordinates become
/// micro-degrees, rounded half away from zero; a height is left out. The bounds are
/// limits.geojson_bytes_max and geojson_depth_max.
/// Errors: those of parse_json; `geojson.form` (no such collection); with `feature` (from 0), all
/// features' faults in `others`: `geojson.geometry` (`type`), `geojson.ring` (under four points,
/// or not closed), `geojson.position` (no pair of numbers, or not on the earth).
Result<std::vector<GeoFeature>> read_geojson(std::string_view text,
                                             const Limits& limits = kLimits);

/// A FeatureCollection, coordinates exact from their micro-degrees. One boundary is written as a
/// Polygon, several as a MultiPolygon.
std::string write_geojson(std::span<const GeoFeature> features);

}  // namespace gewu::codec
