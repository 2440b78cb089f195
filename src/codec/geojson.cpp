#include "codec/geojson.h"

#include <optional>

#include "codec/json_writer.h"
#include "codec/scaled.h"

namespace gewu::codec {

namespace {

using kernel::Boundary;
using kernel::LonLat;
using kernel::Ring;

constexpr int kDegreeDecimals = 6;

std::optional<std::int32_t> read_degrees(const Json& number) {
  const auto text = number.as_number_text();
  if (!text) return std::nullopt;
  const auto value = parse_scaled(*text, kDegreeDecimals, ExcessDigits::round);
  if (!value || *value < -180'000'000 || *value > 180'000'000) return std::nullopt;
  return static_cast<std::int32_t>(*value);
}

Result<LonLat> read_position(const Json& json) {
  const Json::Array* numbers = json.as_array();
  if (numbers != nullptr && numbers->size() >= 2) {
    const auto lon = read_degrees((*numbers)[0]);
    const auto lat = read_degrees((*numbers)[1]);
    if (lon && lat && kernel::is_on_earth({*lon, *lat})) return LonLat{*lon, *lat};
  }
  return refuse(ErrorCode::invalid, "geojson.position");
}

Result<Ring> read_ring(const Json& json) {
  const Json::Array* positions = json.as_array();
  if (positions == nullptr || positions->size() < 4)
    return refuse(ErrorCode::invalid, "geojson.ring");
  Ring ring;
  ring.reserve(positions->size());
  for (const Json& position : *positions) {
    GEWU_TRY(point, read_position(position));
    ring.push_back(point);
  }
  if (ring.front() != ring.back()) return refuse(ErrorCode::invalid, "geojson.ring");
  return ring;
}

Result<Boundary> read_polygon(const Json& json) {
  const Json::Array* rings = json.as_array();
  if (rings == nullptr || rings->empty()) return refuse(ErrorCode::invalid, "geojson.ring");
  Boundary boundary;
  for (const Json& ring_json : *rings) {
    GEWU_TRY(ring, read_ring(ring_json));
    boundary.rings.push_back(std::move(ring));
  }
  return boundary;
}

Result<std::vector<Boundary>> read_geometry(const Json* geometry) {
  const std::string_view type =
      geometry == nullptr ? "" : geometry->string_at("type").value_or("");
  const Json* coordinates = geometry == nullptr ? nullptr : geometry->find("coordinates");
  std::vector<Boundary> boundaries;
  if (type == "Polygon" && coordinates != nullptr) {
    GEWU_TRY(boundary, read_polygon(*coordinates));
    boundaries.push_back(std::move(boundary));
    return boundaries;
  }
  const Json::Array* polygons = coordinates == nullptr ? nullptr : coordinates->as_array();
  if (type != "MultiPolygon" || polygons == nullptr || polygons->empty())
    return refuse(ErrorCode::invalid, "geojson.geometry", {{"type", std::string(type)}});
  for (const Json& polygon : *polygons) {
    GEWU_TRY(boundary, read_polygon(polygon));
    boundaries.push_back(std::move(boundary));
  }
  return boundaries;
}

Result<GeoFeature> read_feature(const Json& json) {
  const Json* properties = json.find("properties");
  const bool has_properties =
      properties != nullptr && (properties->is_null() || properties->as_object() != nullptr);
  if (json.string_at("type") != "Feature" || !has_properties)
    return refuse(ErrorCode::invalid, "geojson.form");
  GEWU_TRY(boundaries, read_geometry(json.find("geometry")));
  return GeoFeature{std::move(boundaries), *properties};
}

void write_rings(JsonWriter& writer, const Boundary& boundary) {
  writer.begin_array();
  for (const Ring& ring : boundary.rings) {
    writer.begin_array();
    for (const LonLat point : ring)
      writer.begin_array()
          .scaled(point.lon_e6, kDegreeDecimals)
          .scaled(point.lat_e6, kDegreeDecimals)
          .end_array();
    writer.end_array();
  }
  writer.end_array();
}

void write_geometry(JsonWriter& writer, const std::vector<Boundary>& boundaries) {
  const bool is_one = boundaries.size() == 1;
  writer.begin_object().member("type", is_one ? "Polygon" : "MultiPolygon").key("coordinates");
  if (is_one) {
    write_rings(writer, boundaries.front());
  } else {
    writer.begin_array();
    for (const Boundary& boundary : boundaries) write_rings(writer, boundary);
    writer.end_array();
  }
  writer.end_object();
}

}  // namespace

Result<std::vector<GeoFeature>> read_geojson(std::string_view text, const Limits& limits) {
  Limits larger = limits;
  larger.body_bytes_max = limits.geojson_bytes_max;
  larger.json_depth_max = limits.geojson_depth_max;
  GEWU_TRY(json, parse_json(text, larger));
  const Json::Array* features = json.array_at("features");
  if (json.string_at("type") != "FeatureCollection" || features == nullptr)
    return refuse(ErrorCode::invalid, "geojson.form");
  std::vector<GeoFeature> read;
  std::optional<Error> fault;
  for (std::size_t i = 0; i < features->size(); ++i) {
    auto feature = read_feature((*features)[i]);
    if (feature) {
      read.push_back(std::move(*feature));
      continue;
    }
    Error error = std::move(feature).error();
    error.details.insert(error.details.begin(), {"feature", std::to_string(i)});
    if (!fault) fault = std::move(error);
    else if (fault->others.size() < 100) fault->others.push_back(std::move(error));
  }
  if (fault) return std::unexpected(std::move(*fault));
  return read;
}

std::string write_geojson(std::span<const GeoFeature> features) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object().member("type", "FeatureCollection").key("features").begin_array();
  for (const GeoFeature& feature : features) {
    writer.begin_object().member("type", "Feature").key("properties").json(feature.properties);
    writer.key("geometry");
    write_geometry(writer, feature.boundaries);
    writer.end_object();
  }
  writer.end_array().end_object();
  return out;
}

}  // namespace gewu::codec
