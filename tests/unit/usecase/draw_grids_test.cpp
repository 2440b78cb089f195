// Boundaries of grids as an administrator draws them: judged first, stored whole or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shipped_office.h"
#include "usecase/draw_grids.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;

constexpr const char* kCommunity = "222401002001";

class DrawGridsTest : public ::testing::Test {
 protected:
  ShippedOffice office;
  SignedInCaller administrator = [] {
    SignedInCaller by;
    by.may_administer = true;
    by.caller.account = AccountId{1};
    return by;
  }();

  kernel::Territory grid(const std::string& code = test::kGrid) const {
    return *office.store->directory()->territory->find(code);
  }
  /// The grid with its first corner moved.
  GridDrawing moved(std::int32_t east_e6, std::int32_t north_e6) const {
    kernel::Boundary boundary = *grid().boundary;
    kernel::Ring& ring = boundary.rings.front();
    ring.front().lon_e6 += east_e6;
    ring.front().lat_e6 += north_e6;
    ring.back() = ring.front();
    return drawing({boundary}, test::kGrid);
  }
  GridDrawing drawing(std::vector<kernel::Boundary> boundaries, const std::string& code,
                      const std::string& name = "") const {
    codec::Json::Object properties{{"code", codec::Json(code)}};
    if (!name.empty()) properties.push_back({"name", codec::Json(name)});
    const codec::GeoFeature feature{std::move(boundaries), codec::Json(std::move(properties))};
    GridDrawing drawn;
    drawn.under = kCommunity;
    drawn.grids = codec::write_geojson({&feature, 1});
    drawn.from = *parse_date("2026-09-01");
    drawn.version = office.store->directory()->territory->version();
    return drawn;
  }
};

TEST_F(DrawGridsTest, what_stands_has_no_findings_and_changes_nothing) {
  const auto same = must(check_drawing(*office.office, administrator, moved(0, 0)));
  EXPECT_EQ(same.changed, 0u);
  EXPECT_THAT(same.findings, IsEmpty());
  EXPECT_FALSE(must(save_drawing(*office.office, administrator, moved(0, 0))).stored);
}

TEST_F(DrawGridsTest, an_overlap_is_found_and_never_stored) {
  // Whichever way the corner goes, one way it enters a neighbour or leaves a gap behind.
  bool found = false;
  for (const int sign : {-1, 1}) {
    const auto drawn = moved(sign * 600, sign * 600);
    const auto judged = must(check_drawing(*office.office, administrator, drawn));
    EXPECT_EQ(judged.changed, 1u);
    const auto is_overlap = Contains(AllOf(
        Field(&kernel::GridFinding::kind, kernel::GridFinding::Kind::overlap),
        Field(&kernel::GridFinding::area_m2, ::testing::Gt(1))));
    if (!::testing::Value(judged.findings, is_overlap)) continue;
    found = true;
    const auto saved = must(save_drawing(*office.office, administrator, drawn));
    EXPECT_FALSE(saved.stored);
    EXPECT_EQ(saved.findings, judged.findings);
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(grid(), *test::shipped_directory()->territory->find(test::kGrid));
}

TEST_F(DrawGridsTest, a_smaller_grid_is_stored_since_its_day_and_who_drew_before_draws_again) {
  kernel::Boundary inside = *grid().boundary;
  std::int64_t lon = 0, lat = 0;
  const auto count = static_cast<std::int64_t>(inside.rings.front().size());
  for (const kernel::LonLat point : inside.rings.front()) lon += point.lon_e6, lat += point.lat_e6;
  for (kernel::LonLat& point : inside.rings.front()) {
    point.lon_e6 = static_cast<std::int32_t>((point.lon_e6 * 9 + lon / count) / 10);
    point.lat_e6 = static_cast<std::int32_t>((point.lat_e6 * 9 + lat / count) / 10);
  }
  const auto drawn = drawing({inside}, test::kGrid);
  const auto saved = must(save_drawing(*office.office, administrator, drawn));
  EXPECT_TRUE(saved.stored);
  EXPECT_EQ(grid().boundary, inside);
  EXPECT_EQ(grid().valid_from, drawn.from);
  EXPECT_EQ(save_drawing(*office.office, administrator, moved(0, 0)).has_value(), true);
  EXPECT_EQ(save_drawing(*office.office, administrator, drawn).error().key,
            "territory.drawing.stale");
}

TEST_F(DrawGridsTest, a_file_in_another_datum_lands_where_it_was_measured) {
  for (const kernel::Datum datum : {kernel::Datum::gcj02, kernel::Datum::bd09}) {
    kernel::Boundary shifted = *grid().boundary;
    for (kernel::LonLat& point : shifted.rings.front()) point = to_datum(datum, point);
    auto drawn = drawing({shifted}, test::kGrid);
    drawn.datum = datum;
    const auto judged = must(check_drawing(*office.office, administrator, drawn));
    const auto back = must(codec::read_geojson(judged.converted));
    const auto& ring = back.front().boundaries.front().rings.front();
    for (std::size_t i = 0; i < ring.size(); ++i) {
      EXPECT_LE(kernel::distance_m(ring[i], grid().boundary->rings.front()[i]), 1);
      EXPECT_GE(kernel::distance_m(shifted.rings.front()[i], ring[i]), 300);
    }
  }
}

TEST_F(DrawGridsTest, others_other_units_and_days_to_come_are_refused) {
  SignedInCaller anybody = administrator;
  anybody.may_administer = false;
  EXPECT_EQ(check_drawing(*office.office, anybody, moved(0, 0)).error().key,
            "account.administer");
  auto wrong = moved(0, 0);
  wrong.under = "222401";
  EXPECT_EQ(check_drawing(*office.office, administrator, wrong).error().key,
            "territory.drawing.unit");
  wrong.under = "222401001";
  EXPECT_EQ(check_drawing(*office.office, administrator, wrong).error().key,
            "territory.drawing.code");
  wrong.under = "999999999";
  EXPECT_EQ(check_drawing(*office.office, administrator, wrong).error().key, "not_found");
  wrong = moved(1, 1);
  wrong.from = *parse_date("2030-01-01");
  EXPECT_EQ(save_drawing(*office.office, administrator, wrong).error().key,
            "territory.drawing.from");
  wrong.grids = "{}";
  EXPECT_FALSE(check_drawing(*office.office, administrator, wrong).has_value());
  // A grid that is new needs a name.
  EXPECT_EQ(check_drawing(*office.office, administrator,
                          drawing({*grid().boundary}, "222401002001999")).error().key,
            "territory.drawing.code");
}

}  // namespace
}  // namespace gewu::usecase
