#include "kernel/place/grid_index.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "unit/place/drawn_grids.h"

namespace gewu::kernel {
namespace {

Territory grid(TerritoryCode code, std::vector<Ring> rings, Level level = Level::grid) {
  Territory territory;
  territory.code = std::move(code);
  territory.level = level;
  territory.name.zh = "网格";
  territory.boundary = Boundary{std::move(rings)};
  return territory;
}

Ring square(std::int32_t west, std::int32_t south, std::int32_t side) {
  return {{west, south},
          {west + side, south},
          {west + side, south + side},
          {west, south + side},
          {west, south}};
}

GridIndex index_of(const std::vector<Territory>& territories) {
  return GridIndex::build(pointers(territories)).value();
}

/// By winding number, another method than the index's: 0 outside, else inside; edges count in.
bool winds_around(const Ring& ring, LonLat p) {
  int winding = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const LonLat a = ring[i], b = ring[i + 1];
    const auto side = std::int64_t{b.lon_e6 - a.lon_e6} * (p.lat_e6 - a.lat_e6) -
                      std::int64_t{b.lat_e6 - a.lat_e6} * (p.lon_e6 - a.lon_e6);
    const bool between =
        std::min(a.lon_e6, b.lon_e6) <= p.lon_e6 && p.lon_e6 <= std::max(a.lon_e6, b.lon_e6) &&
        std::min(a.lat_e6, b.lat_e6) <= p.lat_e6 && p.lat_e6 <= std::max(a.lat_e6, b.lat_e6);
    if (side == 0 && between) return true;
    if (a.lat_e6 <= p.lat_e6 && b.lat_e6 > p.lat_e6 && side > 0) ++winding;
    if (a.lat_e6 > p.lat_e6 && b.lat_e6 <= p.lat_e6 && side < 0) --winding;
  }
  return winding != 0;
}

std::optional<TerritoryCode> brute_grid_of(const std::vector<Territory>& grids, LonLat point) {
  std::optional<TerritoryCode> lowest;
  for (const Territory& candidate : grids)
    if (winds_around(candidate.boundary->rings.front(), point) &&
        (!lowest || candidate.code < *lowest))
      lowest = candidate.code;
  return lowest;
}

TEST(GridIndex, a_shared_edge_belongs_to_the_lowest_code) {
  const std::vector<Territory> grids{grid("110101001001002", {square(0, 0, 100)}),
                                     grid("110101001001001", {square(100, 0, 100)})};
  const GridIndex index = index_of(grids);
  EXPECT_EQ(index.grid_of({50, 50}), "110101001001002");
  EXPECT_EQ(index.grid_of({100, 50}), "110101001001001");
  EXPECT_EQ(index.grid_of({0, 0}), "110101001001002");
  EXPECT_EQ(index.grid_of({200, 100}), "110101001001001");
  EXPECT_EQ(index.grid_of({201, 50}), std::nullopt);
  EXPECT_EQ(index.grid_of({-1, 50}), std::nullopt);
}

TEST(GridIndex, a_hole_is_outside_but_its_edge_is_not) {
  const GridIndex index =
      index_of({grid("110101001001001", {square(0, 0, 100), square(40, 40, 20)})});
  EXPECT_EQ(index.grid_of({50, 50}), std::nullopt);
  EXPECT_EQ(index.grid_of({40, 50}), "110101001001001");
  EXPECT_EQ(index.grid_of({30, 50}), "110101001001001");
}

TEST(GridIndex, gives_the_smallest_unit_that_contains_a_point) {
  const GridIndex index = index_of({grid("110101001", {square(0, 0, 300)}, Level::subdistrict),
                                    grid("110101001001", {square(0, 0, 200)}, Level::community),
                                    grid("110101001001001", {square(0, 0, 100)})});
  EXPECT_EQ(index.smallest_of({50, 50}), "110101001001001");
  EXPECT_EQ(index.smallest_of({150, 150}), "110101001001");
  EXPECT_EQ(index.smallest_of({250, 50}), "110101001");
  EXPECT_EQ(index.smallest_of({350, 50}), std::nullopt);
  EXPECT_EQ(index.grid_of({150, 150}), std::nullopt);  // a community is no grid
}

TEST(GridIndex, ground_of_an_ended_unit_is_its_successors_from_that_day_on) {
  const auto ended = [](Territory territory, std::vector<TerritoryCode> successors) {
    territory.valid_until = parse_date("2024-07-01");
    territory.successors = std::move(successors);
    return territory;
  };
  const std::vector<Territory> all{
      grid("110101001001001", {square(0, 0, 100)}),
      ended(grid("110101001001002", {square(100, 0, 100)}), {"110101001001001"}),
      ended(grid("110101001001003", {square(200, 0, 100)}), {"110101001001001", "110101001002001"}),
      ended(grid("110101001001004", {square(300, 0, 100)}), {}),
      ended(grid("110101001001005", {square(400, 0, 100)}), {"110101001001006"}),
      grid("110101001001009", {square(400, 0, 200)})};
  const GridIndex index = index_of(all);
  const auto before = parse_date("2024-06-30"), after = parse_date("2024-07-01");
  EXPECT_EQ(index.grid_of({150, 50}, before), "110101001001002");
  EXPECT_EQ(index.grid_of({150, 50}, after), "110101001001001");
  EXPECT_EQ(index.grid_of({150, 50}), "110101001001001");
  EXPECT_EQ(index.smallest_of({250, 50}, before), "110101001001003");
  EXPECT_EQ(index.smallest_of({250, 50}, after), "110101001");  // split, and not drawn anew
  EXPECT_EQ(index.grid_of({250, 50}, after), std::nullopt);
  EXPECT_EQ(index.smallest_of({350, 50}, after), std::nullopt);
  EXPECT_EQ(index.grid_of({450, 50}, before), "110101001001005");
  EXPECT_EQ(index.grid_of({450, 50}, after), "110101001001009");  // what is drawn comes first
  const std::vector<LonLat> line{{150, 50}, {160, 50}};
  EXPECT_EQ(index.grids_of(line, before), std::vector<TerritoryCode>{"110101001001002"});
  EXPECT_EQ(index.grids_of(line, after), std::vector<TerritoryCode>{"110101001001001"});
}

TEST(GridIndex, what_is_drawn_below_a_unit_tells_what_is_far_from_it) {
  const GridIndex index = index_of({grid("110101001001001", {square(0, 0, 100)}),
                                    grid("110101002001001", {square(9'000'000, 0, 100)})});
  const auto far = [&](const char* code, std::int32_t lon, std::int32_t lat = 0) {
    return index.lies_far(code, {lon, lat});
  };
  // Of one drawn grid the other end of the widest county.
  EXPECT_FALSE(far("110101001", 7'900'000));
  EXPECT_TRUE(far("110101001", 8'200'000));
  EXPECT_TRUE(far("110101001", 0, -8'200'000));
  // By its own size where that is more.
  EXPECT_FALSE(far("110101", 17'900'000));
  EXPECT_FALSE(far("110101", -8'900'000));
  EXPECT_TRUE(far("110101", 18'200'000));
  EXPECT_FALSE(far("1101", 20'900'000));
  EXPECT_FALSE(far("11", 38'900'000));
  EXPECT_TRUE(far("11", 39'200'000));
  EXPECT_FALSE(far("12", 100'000'000));  // nothing is drawn there
}

TEST(GridIndex, a_line_meets_every_grid_that_it_runs_through) {
  std::vector<Territory> grids;
  for (int i = 0; i < 9; ++i)
    grids.push_back(
        grid("11010100100100" + std::to_string(i + 1), {square(i % 3 * 100, i / 3 * 100, 100)}));
  const GridIndex index = index_of(grids);
  const auto met = [&](std::vector<LonLat> line) {
    std::string numbers;
    for (const TerritoryCode& code : index.grids_of(line)) numbers += code.back();
    return numbers;
  };
  EXPECT_EQ(met({{50, 50}, {250, 50}}), "123");
  EXPECT_EQ(met({{50, -50}, {50, 350}}), "147");  // from outside to outside
  EXPECT_EQ(met({{50, 50}, {250, 60}, {250, 250}}), "12369");
  EXPECT_EQ(met({{250, 250}}), "9");
  EXPECT_EQ(met({{10, 100}, {90, 100}}), "14");  // along an edge it touches both
  EXPECT_EQ(met({{-50, -50}, {-10, -10}}), "");
  EXPECT_EQ(met({}), "");
}

TEST(GridIndex, refuses_rings_that_are_no_polygon) {
  for (const Ring& ring :
       {Ring{}, Ring{{0, 0}, {1, 0}, {0, 0}}, Ring{{0, 0}, {1, 0}, {1, 1}, {0, 1}},
        Ring{{0, 0}, {1, 0}, {1, 90'000'001}, {0, 0}}}) {
    const std::vector<Territory> grids{grid("110101001001001", {ring})};
    const auto index = GridIndex::build(pointers(grids));
    ASSERT_FALSE(index);
    EXPECT_EQ(index.error().key, "territory.boundary");
  }
  Territory bare = grid("110101001001001", {});
  bare.boundary.reset();
  EXPECT_EQ(index_of({bare}).size(), 0u);
  EXPECT_EQ(GridIndex().grid_of({0, 0}), std::nullopt);
}

class DrawnGrids : public testing::Test {
 protected:
  static const std::vector<Territory>& grids() {
    static const std::vector<Territory> drawn = read_drawing(drawing_path("grids.geojson"));
    return drawn;
  }
};

TEST_F(DrawnGrids, agree_with_trying_every_polygon) {
  const GridIndex index = index_of(grids());
  const auto found = rc::check("grid_of equals brute force", [&] {
    for (int i = 0; i < 20; ++i) {
      const LonLat point{*rc::gen::inRange(129'455'000, 129'545'000),
                         *rc::gen::inRange(42'870'000, 42'930'000)};
      RC_ASSERT(index.grid_of(point) == brute_grid_of(grids(), point));
    }
  });
  EXPECT_TRUE(found);
  int corners = 0;
  for (const Territory& drawn : grids())
    for (const LonLat corner : drawn.boundary->rings.front()) {
      ASSERT_EQ(index.grid_of(corner), brute_grid_of(grids(), corner));
      ++corners;
    }
  EXPECT_EQ(corners, 462 * 9);
}

}  // namespace
}  // namespace gewu::kernel
