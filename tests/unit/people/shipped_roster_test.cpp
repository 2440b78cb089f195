// The drawn town's organisations and posts hang together with its territories.
#include <gtest/gtest.h>

#include <set>

#include "kernel/people/roster.h"
#include "kernel/place/territory_import.h"
#include "unit/place/table_file.h"

namespace gewu::kernel {
namespace {

const Date kShippedDay = parse_date("2026-09-22").value();

std::string locality_path(const std::string& name) {
  return std::string(GEWU_SOURCE_DIR) + "/localities/" + name;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

class ShippedRoster : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<TerritoryRow> rows;
    for (const char* name : {"jilin/territory.csv", "yanji/territory_grids.csv"}) {
      const auto table = read_table(locality_path(name));
      for (std::size_t i = 1; i < table.size(); ++i) {
        TerritoryRow row;
        row.line = i + 1;
        row.code = table[i][0];
        row.name = table[i][1];
        row.level = table[i][2];
        rows.push_back(std::move(row));
      }
    }
    const auto imported = import_territories(std::move(rows), {kShippedDay, {}, {}}, TerritoryTree());
    ASSERT_TRUE(imported.refused.empty());
    tree_ = TerritoryTree::build(imported.territories).value();

    const auto organisations = read_table(locality_path("yanji/organisations.csv"));
    ASSERT_EQ(organisations.at(0),
              (std::vector<std::string>{"key", "label", "label_ko", "label_en", "kind", "parent",
                                        "territory", "in_charge_of", "phone"}));
    for (std::size_t i = 1; i < organisations.size(); ++i) {
      const auto& cells = organisations[i];
      Organisation made;
      made.key = cells.at(0);
      made.label = {cells.at(1), cells.at(2), cells.at(3)};
      made.kind = cells.at(4);
      made.parent = unless_empty(cells.at(5));
      made.territory = unless_empty(cells.at(6));
      made.in_charge_of = unless_empty(cells.at(7));
      made.phone = cells.at(8);
      auto next = roster_.with(made);
      ASSERT_TRUE(next) << next.error().key << " " << made.key;
      roster_ = *next;
    }
    const auto posts = read_table(locality_path("yanji/posts.csv"));
    ASSERT_EQ(posts.at(0),
              (std::vector<std::string>{"key", "role", "unit", "organisation", "seats"}));
    for (std::size_t i = 1; i < posts.size(); ++i) {
      const auto& cells = posts[i];
      const auto unit = split(cells.at(2), ':');
      Post made;
      made.id = PostId{static_cast<std::int64_t>(i)};
      made.key = cells.at(0);
      made.role = cells.at(1);
      ASSERT_TRUE(unit.at(0) == "territory" || unit.at(0) == "organisation");
      made.unit = unit.at(0) == "territory" ? territory_unit(std::string(unit.at(1)))
                                            : organisation_unit(std::string(unit.at(1)));
      made.organisation = unless_empty(cells.at(3));
      made.seats = static_cast<int>(parse_integer(cells.at(4)).value());
      auto next = roster_.with(made);
      ASSERT_TRUE(next) << next.error().key << " " << made.key;
      roster_ = *next;
    }
  }

  TerritoryTree tree_;
  Roster roster_;
};

TEST_F(ShippedRoster, every_unit_stands_in_the_tree) {
  for (const Organisation* each : roster_.organisations()) {
    ASSERT_TRUE(each->territory.has_value()) << each->key;
    EXPECT_NE(tree_.find(*each->territory), nullptr) << each->key;
    EXPECT_NE(tree_.find(each->in_charge_of.value_or("222401")), nullptr) << each->key;
    EXPECT_FALSE(each->in_charge_of.has_value() && each->kind == "department") << each->key;
  }
  for (const Post* each : roster_.all_posts()) {
    const bool on_ground = each->unit.kind == Unit::Kind::territory;
    EXPECT_EQ(on_ground, tree_.find(each->unit.code) != nullptr) << each->key;
  }
}

TEST_F(ShippedRoster, every_grid_has_its_desk_worker_dispatcher_and_centre) {
  int grids = 0;
  for (const Territory* unit : tree_.subtree("222401", kShippedDay)) {
    if (unit->level != Level::grid) continue;
    ++grids;
    for (const char* role :
         {"grid_worker", "desk", "dispatcher", "street_lead", "caller", "centre", "registrar"})
      EXPECT_EQ(roster_.posts_covering(role, unit->code).size(), 1u) << role << " " << unit->code;
    EXPECT_EQ(roster_.posts_covering("leader", unit->code).size(), 6u);
    const Territory* street = tree_.up(unit->code, Level::subdistrict);
    ASSERT_NE(street, nullptr);
    ASSERT_NE(roster_.office(street->code, kShippedDay), nullptr);
    EXPECT_EQ(roster_.nearest_office(unit->code, kShippedDay)->in_charge_of, parent_code(unit->code));
  }
  EXPECT_EQ(grids, 462);
}

TEST_F(ShippedRoster, every_office_and_department_has_officer_head_and_finance) {
  std::set<std::string> offices;
  for (const Organisation* each : roster_.organisations()) {
    if (each->kind == "community" || each->kind == "government") continue;
    offices.insert(each->key);
    for (const char* role : {"officer", "unit_head", "finance"})
      EXPECT_EQ(roster_.posts_in(role, each->key, kShippedDay).size(), 1u) << role << each->key;
  }
  for (const char* key :
       {"lighting_office", "housing_office", "gas", "fire", "urban_management", "statistics",
        "planning_bureau", "bank", "school", "beishan_street", "xinxing_street"})
    EXPECT_TRUE(offices.contains(key)) << key;
  EXPECT_EQ(roster_.office("222401002", kShippedDay)->key, "beishan_street");
  EXPECT_EQ(roster_.office("222401003", kShippedDay)->key, "xinxing_street");
}

}  // namespace
}  // namespace gewu::kernel
