#include "kernel/place/territory_tree.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "base/instant.h"
#include "support/day.h"

namespace gewu::kernel {
namespace {

Territory node(TerritoryCode code, Level level, const char* from = "2020-01-01",
               std::string name = "名") {
  Territory territory;
  territory.code = std::move(code);
  territory.level = level;
  territory.name.zh = std::move(name);
  territory.valid_from = day(from);
  return territory;
}

TerritoryTree sample() {
  return TerritoryTree::build({
                                  node("110102001001002", Level::grid),
                                  node("110102001001001", Level::grid),
                                  node("110102001001", Level::community),
                                  node("110102001002", Level::community),
                                  node("110102001", Level::subdistrict),
                                  node("110102400", Level::level_4_other),
                                  node("110102400001", Level::community),
                                  node("110102000001", Level::community),
                                  node("110102", Level::county),
                                  node("1101", Level::prefecture),
                                  node("11", Level::province),
                                  node("12", Level::province),
                              })
      .value();
}

std::vector<std::string> codes(const std::vector<const Territory*>& nodes) {
  std::vector<std::string> found;
  for (const Territory* territory : nodes) found.push_back(territory->code);
  return found;
}

template <typename Value>
std::string key_of(const Result<Value>& result) {
  return result ? "" : result.error().key;
}

TEST(TerritoryTree, finds_children_over_a_skipped_level) {
  const TerritoryTree tree = sample();
  EXPECT_EQ(codes(tree.children("110102")),
            (std::vector<std::string>{"110102000001", "110102001", "110102400"}));
  EXPECT_EQ(codes(tree.children("110102001001")),
            (std::vector<std::string>{"110102001001001", "110102001001002"}));
  EXPECT_EQ(codes(tree.children("")), (std::vector<std::string>{"11", "12"}));
  EXPECT_TRUE(tree.children("12").empty());
  EXPECT_EQ(tree.size(), 12u);
}

TEST(TerritoryTree, goes_up_to_a_level_that_the_line_has) {
  const TerritoryTree tree = sample();
  EXPECT_EQ(tree.up("110102001001002", Level::subdistrict)->code, "110102001");
  EXPECT_EQ(tree.up("110102001", Level::subdistrict)->code, "110102001");
  EXPECT_EQ(tree.up("110102000001", Level::subdistrict), nullptr);
  EXPECT_EQ(tree.up("110102400001", Level::subdistrict), nullptr);
  EXPECT_EQ(tree.up("110102400001", Level::level_4_other)->code, "110102400");
  EXPECT_EQ(tree.up("110102001", Level::grid), nullptr);
  EXPECT_EQ(tree.up("990102", Level::province), nullptr);
  EXPECT_EQ(codes(tree.ancestors("110102000001")),
            (std::vector<std::string>{"110102", "1101", "11"}));
}

TEST(TerritoryTree, finds_what_several_have_in_common) {
  const TerritoryTree tree = sample();
  const auto common = [&](std::vector<TerritoryCode> list) {
    const Territory* found = tree.common(list);
    return found == nullptr ? "" : found->code;
  };
  EXPECT_EQ(common({"110102001001001", "110102001001002"}), "110102001001");
  EXPECT_EQ(common({"110102001001001", "110102001002", "110102400"}), "110102");
  EXPECT_EQ(common({"110102001", "110102001001"}), "110102001");
  EXPECT_EQ(common({"11", "12"}), "");
  EXPECT_EQ(common({}), "");
}

TEST(TerritoryTree, a_rename_is_a_new_version_from_its_day) {
  const TerritoryTree before = sample();
  const auto after = before.with(node("110102001001", Level::community, "2024-03-01", "新名"));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->version(), before.version() + 1);
  EXPECT_EQ(after->size(), before.size());
  EXPECT_EQ(after->find("110102001001", day("2024-02-29"))->name.zh, "名");
  EXPECT_EQ(after->find("110102001001", day("2024-03-01"))->name.zh, "新名");
  EXPECT_EQ(after->find("110102001001")->name.zh, "新名");
  EXPECT_EQ(after->find("110102001001", day("2019-12-31")), nullptr);
  EXPECT_EQ(after->history("110102001001").size(), 2u);
  EXPECT_EQ(before.find("110102001001")->name.zh, "名");  // those who hold the old one
}

TEST(TerritoryTree, a_split_grid_keeps_its_past_and_leads_to_its_successors) {
  auto tree = sample().with(node("110102001001003", Level::grid, "2024-03-01"));
  ASSERT_TRUE(tree);
  tree = tree->ended("110102001001001", day("2024-03-01"), {"110102001001002", "110102001001003"});
  ASSERT_TRUE(tree) << key_of(tree);
  EXPECT_EQ(tree->find("110102001001001", day("2024-02-29"))->code, "110102001001001");
  EXPECT_EQ(tree->find("110102001001001", day("2024-03-01")), nullptr);
  EXPECT_EQ(codes(tree->standing("110102001001001", day("2024-03-01"))),
            (std::vector<std::string>{"110102001001002", "110102001001003"}));
  EXPECT_EQ(codes(tree->standing("110102001001001", day("2024-02-29"))),
            (std::vector<std::string>{"110102001001001"}));
  EXPECT_EQ(codes(tree->children("110102001001", day("2024-02-29"))),
            (std::vector<std::string>{"110102001001001", "110102001001002"}));
  EXPECT_EQ(codes(tree->children("110102001001", day("2024-03-01"))),
            (std::vector<std::string>{"110102001001002", "110102001001003"}));

  // The successor ends later: the chain goes on.
  tree = tree->ended("110102001001003", day("2025-01-01"), {"110102001001002"});
  ASSERT_TRUE(tree);
  EXPECT_EQ(codes(tree->standing("110102001001001", day("2025-01-01"))),
            (std::vector<std::string>{"110102001001002"}));
  // A code may come back later; in between there was none.
  tree = tree->with(node("110102001001001", Level::grid, "2026-01-01", "再"));
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->find("110102001001001", day("2025-06-01")), nullptr);
  EXPECT_EQ(tree->find("110102001001001", day("2026-06-01"))->name.zh, "再");
}

TEST(TerritoryTree, refuses_what_would_break_the_tree) {
  const TerritoryTree tree = sample();
  EXPECT_EQ(key_of(tree.with(node("110102001000", Level::community))), "territory.code");
  EXPECT_EQ(key_of(tree.with(node("110102003", Level::community))), "territory.level");
  EXPECT_EQ(key_of(tree.with(node("110102003", Level::subdistrict, "2020-01-01", "  "))),
            "territory.name");
  EXPECT_EQ(key_of(tree.with(node("110102009001", Level::community))), "territory.parent");
  EXPECT_EQ(key_of(tree.with(node("110102003", Level::subdistrict, "2019-01-01"))),
            "territory.parent");  // before its parent
  EXPECT_EQ(key_of(tree.with(node("110102001", Level::subdistrict, "2019-06-01"))),
            "territory.parent");
  EXPECT_EQ(key_of(tree.with(node("12", Level::province, "2019-06-01"))), "territory.dates");
  EXPECT_EQ(key_of(tree.ended("110102009", day("2024-01-01"), {})), "territory.not_found");
  EXPECT_EQ(key_of(tree.ended("110102001001", day("2024-01-01"), {})), "territory.children");
  EXPECT_EQ(key_of(tree.ended("12", day("2020-01-01"), {})), "territory.dates");
  EXPECT_EQ(key_of(tree.ended("12", day("2021-01-01"), {"12"})), "territory.successor");
  EXPECT_EQ(key_of(tree.ended("12", day("2021-01-01"), {"13"})), "territory.successor");
  Territory ends = node("110102001001", Level::community);
  ends.valid_until = day("2022-01-01");
  EXPECT_EQ(key_of(tree.with(ends)), "territory.children");
  const auto ended = tree.ended("12", day("2021-01-01"), {});
  ASSERT_TRUE(ended);
  EXPECT_EQ(key_of(ended->ended("12", day("2022-01-01"), {})), "territory.dates");
  EXPECT_EQ(key_of(ended->with(node("1201", Level::prefecture))), "territory.parent");
}

TEST(TerritoryTree, builds_only_what_hangs_together) {
  EXPECT_EQ(key_of(TerritoryTree::build({node("1101", Level::prefecture)})), "territory.parent");
  EXPECT_EQ(key_of(TerritoryTree::build({node("11020301", Level::province)})), "territory.code");
  EXPECT_EQ(
      key_of(TerritoryTree::build({node("11", Level::province), node("11", Level::province)})),
      "territory.dates");
  EXPECT_EQ(TerritoryTree::build({})->size(), 0u);
}

// Against a plain map: whatever is put and ended, on whatever day it is asked.
RC_GTEST_PROP(TerritoryTreeProperty, agrees_with_a_list_of_versions, ()) {
  TerritoryTree tree = TerritoryTree::build({node("11", Level::province, "2000-01-01")}).value();
  std::map<std::string, std::vector<Territory>> plain;
  const int steps = *rc::gen::inRange(1, 60);
  const Date start = day("2010-01-01");
  for (int i = 0; i < steps; ++i) {
    const int number = *rc::gen::inRange(1, 8);
    const TerritoryCode code = "110" + std::to_string(number);
    const Date from{start.days + i};
    auto& versions = plain[code];
    const bool stands = !versions.empty() && !versions.back().valid_until;
    if (stands && *rc::gen::arbitrary<bool>()) {
      const auto next = tree.ended(code, from, {});
      RC_ASSERT(next.has_value());
      tree = *next;
      versions.back().valid_until = from;
      continue;
    }
    Territory added = node(code, Level::prefecture);
    added.valid_from = from;
    added.name.zh = std::to_string(i);
    const auto next = tree.with(added);
    RC_ASSERT(next.has_value());
    tree = *next;
    if (stands) versions.back().valid_until = from;
    versions.push_back(added);
  }
  for (int i = -1; i <= steps; ++i) {
    const Date at{start.days + i};
    std::vector<std::string> standing;
    for (const auto& [code, versions] : plain) {
      const Territory* found = tree.find(code, at);
      const Territory* expected = nullptr;
      for (const Territory& version : versions)
        if (is_valid_on(version, at)) expected = &version;
      RC_ASSERT((found == nullptr) == (expected == nullptr));
      if (expected != nullptr) {
        RC_ASSERT(*found == *expected);
        standing.push_back(code);
      }
    }
    RC_ASSERT(codes(tree.children("11", at)) == standing);
  }
}

}  // namespace
}  // namespace gewu::kernel
