#include "usecase/check_territory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shipped_office.h"

namespace gewu::usecase {
namespace {

using namespace kernel;  // NOLINT: a test's own vocabulary

Territory node(const std::string& code, Level level) {
  Territory territory;
  territory.code = code;
  territory.level = level;
  territory.name.zh = code;
  territory.valid_from = *parse_date("2020-01-01");
  return territory;
}

/// A square of the map, in micro-degrees from a corner.
Boundary square(std::int32_t east, std::int32_t north, std::int32_t side) {
  const std::int32_t lon = 129'500'000 + east, lat = 42'900'000 + north;
  Boundary boundary;
  boundary.rings.push_back({{lon, lat}, {lon + side, lat}, {lon + side, lat + side},
                            {lon, lat + side}, {lon, lat}});
  return boundary;
}

TerritoryCheck check(std::vector<Territory> grids) {
  std::vector<Territory> nodes = {
      node("22", Level::province),           node("2224", Level::prefecture),
      node("222401", Level::county),         node("222401002", Level::subdistrict),
      node("222401002001", Level::community), node("222401002002", Level::community),
      node("222401002002001", Level::grid)};
  for (Territory& grid : grids) nodes.push_back(std::move(grid));
  Directory directory;
  directory.territory =
      std::make_shared<const TerritoryTree>(test::must(TerritoryTree::build(std::move(nodes))));
  return check_territory(directory, *parse_date("2026-01-01"), 10);
}

Territory drawn(const std::string& code, Boundary boundary) {
  Territory grid = node(code, Level::grid);
  grid.boundary = std::move(boundary);
  return grid;
}

TEST(CheckTerritory, neighbours_that_share_an_edge_are_well_drawn) {
  const auto result = check({drawn("222401002001001", square(0, 0, 1'000)),
                             drawn("222401002001002", square(1'000, 0, 1'000))});
  EXPECT_EQ(result.grids, 3U);
  EXPECT_EQ(result.drawn, 2U);
  EXPECT_THAT(result.findings, testing::IsEmpty())
      << "nothing is drawn in the other community: that is no finding";
}

TEST(CheckTerritory, an_overlap_names_both_and_its_area) {
  const auto result = check({drawn("222401002001001", square(0, 0, 1'000)),
                             drawn("222401002001002", square(500, 0, 1'000))});
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].kind, GridFinding::Kind::overlap);
  EXPECT_EQ(result.findings[0].code, "222401002001001");
  EXPECT_EQ(result.findings[0].other, "222401002001002");
  EXPECT_GT(result.findings[0].area_m2, 1'000);
}

TEST(CheckTerritory, a_grid_without_polygon_among_drawn_ones_is_found) {
  const auto result = check({drawn("222401002001001", square(0, 0, 1'000)),
                             node("222401002001002", Level::grid)});
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].kind, GridFinding::Kind::no_boundary);
  EXPECT_EQ(result.findings[0].code, "222401002001002");
}

TEST(CheckTerritory, an_office_without_any_map_has_nothing_to_check) {
  const auto result = check({node("222401002001001", Level::grid)});
  EXPECT_EQ(result.grids, 2U);
  EXPECT_EQ(result.drawn, 0U);
  EXPECT_THAT(result.findings, testing::IsEmpty());
}

}  // namespace
}  // namespace gewu::usecase
