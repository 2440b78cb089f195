#include "codec/geojson.h"

#include "codec_fixture.h"

namespace gewu::codec {
namespace {

using kernel::Boundary;
using kernel::LonLat;

std::string collection(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

std::string feature(const std::string& geometry) {
  return R"({"type":"Feature","properties":{"name":"北山"},"geometry":)" + geometry + "}";
}

const std::string kSquare = "[[0,0],[1.5,0],[1.5,-1.000001],[0,-1],[0,0]]";
const std::string kHole = "[[0.1,-0.1],[0.2,-0.1],[0.2,-0.2],[0.1,-0.1]]";

TEST(Geojson, reads_polygons_with_holes_and_properties) {
  const auto features = read_geojson(
      collection(feature(R"({"type":"Polygon","coordinates":[)" + kSquare + "," + kHole + "]}")));
  ASSERT_TRUE(features);
  ASSERT_EQ(features->size(), 1u);
  EXPECT_EQ((*features)[0].properties.string_at("name"), "北山");
  ASSERT_EQ((*features)[0].boundaries.size(), 1u);
  const Boundary& boundary = (*features)[0].boundaries[0];
  ASSERT_EQ(boundary.rings.size(), 2u);
  EXPECT_EQ(boundary.rings[0][2], (LonLat{1'500'000, -1'000'001}));
}

TEST(Geojson, reads_multipolygons_heights_and_more_digits) {
  const auto features = read_geojson(collection(feature(
      R"({"type":"MultiPolygon","coordinates":)"
      R"([[[[180,90,5],[129.5157905,42.90696449,7],[-180,-90],[180,90]]]]})")));
  ASSERT_TRUE(features);
  EXPECT_EQ((*features)[0].boundaries[0].rings[0][0], (LonLat{180'000'000, 90'000'000}));
  EXPECT_EQ((*features)[0].boundaries[0].rings[0][1], (LonLat{129'515'791, 42'906'964}));
}

TEST(Geojson, reads_an_empty_collection_and_null_properties) {
  EXPECT_EQ(read_geojson(collection(""))->size(), 0u);
  EXPECT_TRUE(read_geojson(collection(
      R"({"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[)" +
      kSquare + "]}}")));
}

TEST(Geojson, refuses_other_documents) {
  for (const char* text : {"{}", "[]", "1", R"({"type":"FeatureCollection"})",
                           R"({"type":"Feature","features":[]})",
                           R"({"type":"FeatureCollection","features":{}})"})
    EXPECT_EQ(key_of(read_geojson(text)), "geojson.form") << text;
  EXPECT_EQ(key_of(read_geojson("{")), "json.syntax");
  EXPECT_EQ(key_of(read_geojson(R"({"type":1,"type":2})")), "json.duplicate");
}

TEST(Geojson, refuses_each_bad_feature_with_its_place) {
  const std::pair<std::string, const char*> cases[] = {
      {"null", "geojson.geometry"},
      {R"({"type":"Point","coordinates":[1,2]})", "geojson.geometry"},
      {R"({"type":"Polygon"})", "geojson.geometry"},
      {R"({"type":"MultiPolygon","coordinates":[]})", "geojson.geometry"},
      {R"({"type":"MultiPolygon","coordinates":5})", "geojson.geometry"},
      {R"({"type":"MultiPolygon","coordinates":[[[[0,0]]]]})", "geojson.ring"},
      {R"({"type":"Polygon","coordinates":[]})", "geojson.ring"},
      {R"({"type":"Polygon","coordinates":7})", "geojson.ring"},
      {R"({"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]})", "geojson.ring"},
      {R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]})", "geojson.ring"},
      {R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1],[0,0]]]})", "geojson.position"},
      {R"({"type":"Polygon","coordinates":[[[0,0],["1",0],[1,1],[0,0]]]})", "geojson.position"},
      {R"({"type":"Polygon","coordinates":[[[0,0],[181,0],[1,1],[0,0]]]})", "geojson.position"},
      {R"({"type":"Polygon","coordinates":[[[0,0],[0,90.5],[1,1],[0,0]]]})", "geojson.position"},
      {R"({"type":"Polygon","coordinates":[[[0,0],[1e300,0],[1,1],[0,0]]]})", "geojson.position"}};
  const std::string good = feature(R"({"type":"Polygon","coordinates":[)" + kSquare + "]}");
  for (const auto& [geometry, key] : cases) {
    const auto features = read_geojson(collection(good + "," + feature(geometry)));
    ASSERT_EQ(key_of(features), key) << geometry;
    EXPECT_EQ(detail(features.error(), "feature"), "1") << geometry;
  }
  EXPECT_EQ(key_of(read_geojson(collection("7"))), "geojson.form");
  EXPECT_EQ(key_of(read_geojson(collection(R"({"type":"Feature","properties":1})"))),
            "geojson.form");
  EXPECT_EQ(key_of(read_geojson(collection(R"({"type":"Feature"})"))), "geojson.form");
}

TEST(Geojson, collects_the_faults_of_all_features) {
  const std::string bad = feature(R"({"type":"Point","coordinates":[1,2]})");
  const auto features = read_geojson(collection(bad + "," + bad + "," + bad));
  ASSERT_FALSE(features);
  EXPECT_EQ(features.error().others.size(), 2u);
  EXPECT_EQ(detail(features.error().others[1], "feature"), "2");
  EXPECT_EQ(detail(features.error(), "type"), "Point");
}

TEST(Geojson, has_larger_limits_than_a_request) {
  std::string many = feature(R"({"type":"Polygon","coordinates":[)" + kSquare + "]}");
  const std::string one = many;
  while (many.size() <= kLimits.body_bytes_max) many += "," + one;
  EXPECT_TRUE(read_geojson(collection(many)));
  Limits limits;
  limits.geojson_bytes_max = 10;
  EXPECT_EQ(key_of(read_geojson(collection(""), limits)), "json.too_large");
}

TEST(Geojson, writes_exact_coordinates) {
  const auto features = read_geojson(
      collection(feature(R"({"type":"Polygon","coordinates":[)" + kSquare + "]}") + "," +
                 feature(R"({"type":"MultiPolygon","coordinates":[[)" + kSquare + "," + kHole +
                         "],[" + kHole + "]]}")));
  ASSERT_TRUE(features);
  const std::string text = write_geojson(*features);
  EXPECT_NE(text.find(R"("geometry":{"type":"Polygon","coordinates":[)" + kSquare + "]}"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("MultiPolygon"), std::string::npos);
  EXPECT_EQ(*read_geojson(text), *features);
  EXPECT_EQ(write_geojson({}), collection(""));
}

}  // namespace
}  // namespace gewu::codec
