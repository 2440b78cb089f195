// Boundaries of grids as an administrator draws them: judged first, stored whole or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shipped_office.h"
#include "usecase/draw_grids.h"
#include "usecase/import_table.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;

constexpr const char* kCommunity = "222401002001";
constexpr const char* kSubdistrict = "222401002";

class DrawGridsTest : public ::testing::Test {
 protected:
  ShippedOffice office;
  static SignedInCaller administrator_of(std::int64_t account) {
    SignedInCaller by;
    by.may_administer = true;
    by.caller.account = AccountId{account};
    return by;
  }
  SignedInCaller administrator = administrator_of(1);
  SignedInCaller other_administrator = administrator_of(2);

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
  /// The grid drawn so many tenths of its size around its middle.
  kernel::Boundary ring_inside(int tenths = 9) const {
    kernel::Boundary inside = *shipped_.boundary;
    std::int64_t lon = 0, lat = 0;
    const auto count = static_cast<std::int64_t>(inside.rings.front().size());
    for (const kernel::LonLat point : inside.rings.front())
      lon += point.lon_e6, lat += point.lat_e6;
    const auto nearer = [&](std::int64_t at, std::int64_t sum) {
      return static_cast<std::int32_t>((at * tenths + sum / count * (10 - tenths)) / 10);
    };
    for (kernel::LonLat& point : inside.rings.front())
      point = {nearer(point.lon_e6, lon), nearer(point.lat_e6, lat)};
    return inside;
  }
  GridDrawing smaller(int tenths = 9) const { return drawing({ring_inside(tenths)}, test::kGrid); }
  /// With which refusal somebody's word for a drawing of the community ends; empty for none.
  std::string confirm_key(const SignedInCaller& by, const std::string& sha256) {
    const auto confirmed = confirm_drawing(*office.office, by, kCommunity, sha256);
    return confirmed ? "" : confirmed.error().key;
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

 private:
  const kernel::Territory shipped_ = *test::shipped_directory()->territory->find(test::kGrid);
};

TEST_F(DrawGridsTest, what_stands_has_no_findings_and_changes_nothing) {
  const auto same = must(check_drawing(*office.office, administrator, moved(0, 0)));
  EXPECT_EQ(same.changed, 0u);
  EXPECT_THAT(same.findings, IsEmpty());
  EXPECT_TRUE(must(propose_drawing(*office.office, administrator, moved(0, 0))).proposed.empty());
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
    const auto barred = must(propose_drawing(*office.office, administrator, drawn));
    EXPECT_TRUE(barred.proposed.empty());
    EXPECT_EQ(barred.findings, judged.findings);
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(grid(), *test::shipped_directory()->territory->find(test::kGrid));
}

TEST_F(DrawGridsTest, a_grid_of_another_unit_counts_too) {
  // One that lies elsewhere, and a grid of the community drawn over it.
  const kernel::Territory* other = nullptr;
  for (const kernel::Territory* node : office.store->directory()->territory->all())
    if (node->level == kernel::Level::grid && node->boundary &&
        !kernel::covers(kCommunity, node->code))
      other = node;
  ASSERT_NE(other, nullptr);
  const auto drawn = drawing({*other->boundary}, test::kGrid);
  const auto judged = must(check_drawing(*office.office, administrator, drawn));
  const auto lies_over = [&](const kernel::GridFinding& finding) {
    return finding.kind == kernel::GridFinding::Kind::overlap &&
           ((finding.code == test::kGrid && finding.other == other->code) ||
            (finding.other == test::kGrid && finding.code == other->code));
  };
  EXPECT_EQ(std::ranges::count_if(judged.findings, lies_over), 1);
  EXPECT_TRUE(must(propose_drawing(*office.office, administrator, drawn)).proposed.empty());
  EXPECT_THAT(must(list_drawings(*office.office, administrator)), IsEmpty());
}

TEST_F(DrawGridsTest, one_proposes_and_nothing_is_stored_until_another_confirms) {
  const auto drawn = smaller();
  const kernel::Territory before = grid();
  const auto proposed = must(propose_drawing(*office.office, administrator, drawn));
  EXPECT_FALSE(proposed.stored);
  ASSERT_FALSE(proposed.proposed.empty());
  EXPECT_EQ(grid(), before);
  const auto waiting = must(list_drawings(*office.office, other_administrator));
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].sha256, proposed.proposed);
  EXPECT_EQ(waiting[0].by, administrator.caller.account);
  EXPECT_EQ(waiting[0].changed, 1u);
  EXPECT_EQ(confirm_key(administrator, proposed.proposed), "territory.drawing.second_person");
  EXPECT_EQ(confirm_key(other_administrator, "another"), "territory.drawing.stale");
  EXPECT_EQ(grid(), before);
  const auto confirmed = must(confirm_drawing(*office.office, other_administrator, kCommunity,
                                              proposed.proposed));
  EXPECT_TRUE(confirmed.result.stored);
  EXPECT_EQ(confirmed.proposed_by, administrator.caller.account);
  EXPECT_EQ(grid().boundary, ring_inside());
  EXPECT_EQ(grid().valid_from, drawn.from);
  EXPECT_EQ(confirm_key(other_administrator, proposed.proposed), "territory.drawing.none");
  EXPECT_EQ(propose_drawing(*office.office, administrator, drawn).error().key,
            "territory.drawing.stale") << "the tree has changed since it was drawn upon";
}

TEST_F(DrawGridsTest, a_withdrawn_one_is_confirmed_by_nobody) {
  const auto proposed = must(propose_drawing(*office.office, administrator, smaller())).proposed;
  EXPECT_EQ(withdraw_drawing(*office.office, administrator, kCommunity, "another").error().key,
            "territory.drawing.stale");
  EXPECT_TRUE(withdraw_drawing(*office.office, other_administrator, kCommunity, proposed));
  EXPECT_EQ(confirm_key(other_administrator, proposed), "territory.drawing.none");
  EXPECT_THAT(must(list_drawings(*office.office, administrator)), IsEmpty());
}

TEST_F(DrawGridsTest, a_later_proposal_for_the_unit_takes_the_place_of_an_earlier_one) {
  const auto first = must(propose_drawing(*office.office, administrator, smaller(8))).proposed;
  const auto second = must(propose_drawing(*office.office, administrator, smaller(9))).proposed;
  EXPECT_NE(first, second);
  EXPECT_EQ(must(list_drawings(*office.office, administrator)).size(), 1u);
  EXPECT_EQ(confirm_key(other_administrator, first), "territory.drawing.stale");
  EXPECT_EQ(confirm_key(other_administrator, second), "");
}

TEST_F(DrawGridsTest, where_other_boundaries_stand_by_now_it_is_stale) {
  // The same grid through the subdistrict above: two proposals, and the first goes to work.
  auto above = smaller(8);
  above.under = kSubdistrict;
  const auto low = must(propose_drawing(*office.office, administrator, smaller(9))).proposed;
  const auto high = must(propose_drawing(*office.office, administrator, above)).proposed;
  EXPECT_FALSE(is_stale(*office.office, must(list_drawings(*office.office, administrator))[0]));
  EXPECT_TRUE(must(confirm_drawing(*office.office, other_administrator, kSubdistrict, high))
                  .result.stored);
  EXPECT_TRUE(is_stale(*office.office, must(list_drawings(*office.office, administrator))[0]));
  EXPECT_EQ(confirm_key(other_administrator, low), "territory.drawing.stale");
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
  EXPECT_EQ(propose_drawing(*office.office, administrator, wrong).error().key,
            "territory.drawing.from");
  wrong.grids = "{}";
  EXPECT_FALSE(check_drawing(*office.office, administrator, wrong).has_value());
  // A grid that is new needs a name.
  EXPECT_EQ(check_drawing(*office.office, administrator,
                          drawing({*grid().boundary}, "222401002001999")).error().key,
            "territory.drawing.code");
}

/// A table of territory with boundaries, as an administrator imports it in the browser.
TableRules brought_by(const SignedInCaller& by, const std::string& grids) {
  TableRules rules;
  rules.valid_from = *parse_date("2026-09-01");
  rules.grids_geojson = grids;
  rules.drawn_by = by;
  return rules;
}
std::string csv_of(const std::string& code, const std::string& name) {
  return "code,name,level\n" + code + "," + name + ",grid\n";
}

TEST_F(DrawGridsTest, a_boundary_that_comes_with_a_table_waits_for_a_second_person) {
  const auto before = grid();
  auto rules = brought_by(administrator, smaller().grids);
  rules.preview = true;
  const std::string csv = csv_of(test::kGrid, "改名的网格");
  const auto judged = must(import_territory(*office.office, csv, rules));
  EXPECT_EQ(judged.taken, 1u);
  EXPECT_EQ(judged.waiting, 1u);
  EXPECT_THAT(must(list_drawings(*office.office, administrator)), IsEmpty());

  rules.preview = false;
  const auto done = must(import_territory(*office.office, csv, rules));
  EXPECT_TRUE(done.stored);
  EXPECT_EQ(done.waiting, 1u);
  EXPECT_EQ(grid().name.zh, "改名的网格");
  EXPECT_EQ(grid().boundary, before.boundary);
  const auto waiting = must(list_drawings(*office.office, administrator));
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].drawing.under, kSubdistrict);
  const auto confirm = [&](const SignedInCaller& by) {
    return confirm_drawing(*office.office, by, kSubdistrict, waiting[0].sha256);
  };
  EXPECT_EQ(confirm(administrator).error().key, "territory.drawing.second_person");
  EXPECT_TRUE(must(confirm(other_administrator)).result.stored);
  EXPECT_EQ(grid().boundary, ring_inside());
  EXPECT_EQ(grid().name.zh, "改名的网格");

  // The same file once more has nothing to say.
  const auto again = must(import_territory(*office.office, csv, rules));
  EXPECT_EQ(again.waiting, 0u);
  EXPECT_THAT(must(list_drawings(*office.office, administrator)), IsEmpty());
}

TEST_F(DrawGridsTest, a_new_grid_stands_at_once_and_its_boundary_when_it_is_confirmed) {
  const std::string code = "222401002001999";
  kernel::Boundary far = *grid().boundary;
  for (kernel::LonLat& point : far.rings.front()) point.lon_e6 += 3'000'000;
  const auto rules = brought_by(administrator, drawing({far}, code).grids);
  EXPECT_EQ(must(import_territory(*office.office, csv_of(code, "新网格"), rules)).waiting, 1u);
  EXPECT_EQ(grid(code).boundary, std::nullopt);
  const auto waiting = must(list_drawings(*office.office, administrator));
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_TRUE(must(confirm_drawing(*office.office, other_administrator, kSubdistrict,
                                   waiting[0].sha256)).result.stored);
  EXPECT_EQ(grid(code).boundary, far);
}

TEST_F(DrawGridsTest, a_tables_boundary_that_overlaps_refuses_its_row_and_nothing_is_stored) {
  // The ground of the grid itself under another code.
  const std::string code = "222401002001999";
  auto rules = brought_by(administrator, drawing({*grid().boundary}, code).grids);
  for (const bool preview : {true, false}) {
    rules.preview = preview;
    const auto done = must(import_territory(*office.office, csv_of(code, "新网格"), rules));
    EXPECT_FALSE(done.stored);
    ASSERT_EQ(done.refused.size(), 1u);
    EXPECT_EQ(done.refused[0].key, "territory.drawing.barred");
    EXPECT_EQ(done.refused[0].line, 2);
    EXPECT_EQ(done.waiting, 0u);
  }
  EXPECT_EQ(office.store->directory()->territory->find(code), nullptr);
  EXPECT_THAT(must(list_drawings(*office.office, administrator)), IsEmpty());
}

TEST_F(DrawGridsTest, a_table_brings_boundaries_of_grids_alone_and_none_of_tomorrow) {
  const auto key_of = [&](const std::string& csv, const TableRules& rules) {
    const auto done = must(import_territory(*office.office, csv, rules));
    return done.refused.empty() ? std::string() : done.refused.front().key;
  };
  const auto community =
      brought_by(administrator, drawing({ring_inside()}, kCommunity).grids);
  EXPECT_EQ(key_of(std::string("code,name,level\n") + kCommunity + ",某社区,community\n", community),
            "territory.drawing.grids_only");
  auto tomorrow = brought_by(administrator, smaller().grids);
  tomorrow.valid_from = *parse_date("2036-09-01");
  EXPECT_EQ(key_of(csv_of(test::kGrid, "某网格"), tomorrow), "territory.drawing.from");
  // At the command line they stand at once: that is how an office begins.
  auto begun = brought_by(administrator, smaller().grids);
  begun.drawn_by.reset();
  EXPECT_EQ(key_of(csv_of(test::kGrid, "某网格"), begun), "");
  EXPECT_EQ(grid().boundary, ring_inside());
}

}  // namespace
}  // namespace gewu::usecase
