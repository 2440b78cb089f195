#include "kernel/place/territory_import.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "kernel/place/territory_diff.h"
#include "support/day.h"
#include "unit/place/table_file.h"

namespace gewu::kernel {
namespace {

TerritoryImportRules rules(const char* from = "2023-06-30") {
  return {day(from),
          {"街道", "镇", "乡"},
          {{"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"村民委员会", "村委会"}}};
}

TerritoryRow row(std::size_t line, std::string code, std::string name, std::string level = "",
                 std::string parent = "") {
  TerritoryRow row;
  row.line = line;
  row.code = std::move(code);
  row.name = std::move(name);
  row.level = std::move(level);
  row.parent = std::move(parent);
  return row;
}

/// "line:key", shortest form to compare lists of findings.
std::vector<std::string> short_form(const std::vector<ImportFinding>& findings) {
  std::vector<std::string> list;
  for (const ImportFinding& finding : findings)
    list.push_back(std::to_string(finding.line) + ":" +
                   finding.key.substr(std::string("territory.import.").size()));
  return list;
}

std::vector<std::string> short_form(const std::vector<TreeChange>& changes) {
  std::vector<std::string> list;
  for (const TreeChange& change : changes) {
    std::string text = std::string(change_name(change.kind)) + " " + change.territory.code;
    for (const TerritoryCode& successor : change.territory.successors) text += " >" + successor;
    list.push_back(std::move(text));
  }
  return list;
}

std::vector<TerritoryRow> first_table() {
  return {
      row(2, "110000000000", "某省", "1"),
      row(3, "110100000000", "某州", "2", "110000000000"),
      row(4, "110101000000", "某市", "3", "110100000000"),
      row(5, "110101001000", "东街道", "4", "110101000000"),
      row(6, "110101001001", "一社区", "5", "110101001000"),
      row(7, "110101001002", "二社区", "5", "110101001000"),
      row(8, "110101001003", "三社区", "5", "110101001000"),
      row(9, "110101002000", "西街道", "4", "110101000000"),
      row(10, "110101002001", "四社区", "5", "110101002000"),
      row(11, "110101400000", "某林业局", "4", "110101000000"),
  };
}

TerritoryTree first_tree() {
  const TerritoryImport table =
      import_territories(first_table(), rules("2020-01-01"), TerritoryTree());
  TerritoryTree tree = TerritoryTree::build(table.territories).value();
  for (const char* code : {"110101001001001", "110101001003001", "110101001003002"}) {
    Territory grid;
    grid.code = code;
    grid.level = Level::grid;
    grid.name.zh = "网格";
    grid.valid_from = day("2021-01-01");
    tree = tree.with(grid).value();
  }
  return tree;
}

TEST(TerritoryImport, reads_a_padded_table_and_tells_desks_from_labels) {
  const TerritoryImport table = import_territories(first_table(), rules(), TerritoryTree());
  EXPECT_TRUE(table.refused.empty());
  ASSERT_EQ(table.territories.size(), 10u);
  EXPECT_EQ(table.territories[0].code, "11");
  EXPECT_EQ(table.territories[3].code, "110101001");
  EXPECT_EQ(table.territories[3].level, Level::subdistrict);
  EXPECT_EQ(table.territories[9].level, Level::level_4_other);
  EXPECT_EQ(table.territories[9].valid_from, day("2023-06-30"));
  EXPECT_EQ(short_form(table.noted), (std::vector<std::string>{"11:note.level_4_other"}));
}

TEST(TerritoryImport, the_rule_for_the_fourth_level_is_the_callers) {
  TerritoryImportRules all = rules();
  all.subdistrict_endings.clear();
  EXPECT_EQ(import_territories(first_table(), all, TerritoryTree()).territories[9].level,
            Level::subdistrict);
  auto rows = first_table();
  rows[9].level = "subdistrict";  // named outright
  EXPECT_EQ(import_territories(rows, rules(), TerritoryTree()).territories[9].level,
            Level::subdistrict);
}

TEST(TerritoryImport, refuses_odd_rows_with_reasons_and_takes_the_rest) {
  auto rows = first_table();
  rows.push_back(row(12, "1101010010", "五社区", "5"));
  rows.push_back(row(13, "110101001005", " \xE3\x80\x80", "5"));
  rows.push_back(row(14, "110101001006", "六社区", "4"));
  rows.push_back(row(15, "110101001007", "七社区", "5", "110101002000"));
  rows.push_back(row(16, "110101009001", "八社区", "5", "110101009000"));
  rows.push_back(row(17, "110101001001", "一社区", "5"));
  rows.push_back(row(18, "110101001002", "别名社区", "5"));
  rows.push_back(row(19, "110101001010", "十社区", "grid"));
  TerritoryRow open = row(20, "110101001011", "十一社区", "5");
  open.boundary = Boundary{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}};
  rows.push_back(open);
  TerritoryRow self = row(21, "110101001012", "十二社区", "5");
  self.successors = {"110101001012"};
  rows.push_back(self);
  rows.push_back(row(22, "110101001013", "坏\xFF", "5"));
  const TerritoryImport table = import_territories(rows, rules(), TerritoryTree());
  EXPECT_EQ(short_form(table.refused),
            (std::vector<std::string>{"12:code", "13:name", "14:level", "15:parent", "16:orphan",
                                      "17:repeat", "18:conflict", "19:level", "20:boundary",
                                      "21:successor", "22:name"}));
  EXPECT_EQ(table.territories.size(), 10u);
  EXPECT_EQ(table.refused[5].details, (std::vector<ErrorDetail>{{"first_line", "6"}}));
}

TEST(TerritoryImport, a_refused_parent_leaves_its_children_orphans) {
  auto rows = first_table();
  rows[3].name = "";
  const TerritoryImport table = import_territories(rows, rules(), TerritoryTree());
  EXPECT_EQ(short_form(table.refused),
            (std::vector<std::string>{"5:name", "6:orphan", "7:orphan", "8:orphan"}));
  // Known from before, they have a parent.
  EXPECT_EQ(short_form(import_territories(rows, rules(), first_tree()).refused),
            (std::vector<std::string>{"5:name"}));
}

TEST(TerritoryImport, spells_endings_the_usual_way_and_notes_equal_names) {
  auto rows = first_table();
  rows[4].name = "一社区居民委员会";
  rows[5].name = " 三社区\xE3\x80\x80";
  const TerritoryImport table = import_territories(rows, rules(), TerritoryTree());
  EXPECT_EQ(table.territories[4].name.zh, "一社区");
  EXPECT_EQ(table.territories[5].name.zh, "三社区");
  EXPECT_EQ(short_form(table.noted), (std::vector<std::string>{"6:note.ending", "8:note.same_name",
                                                               "11:note.level_4_other"}));
}

TEST(TerritoryImport, takes_a_whole_address_off_a_name_but_not_one_name_alone) {
  auto rows = first_table();
  rows[4].name = "某州某市东街道一社区居委会";
  rows[5].name = "东街道二社区";
  rows[6].name = "某市东街道";
  rows[8].name = "某州某市西街四社区";  // its street by another name
  rows[9].name = "某市林业局";
  const TerritoryImport table = import_territories(rows, rules(), TerritoryTree());
  EXPECT_EQ(table.territories[4].name.zh, "一社区");
  EXPECT_EQ(table.territories[5].name.zh, "东街道二社区");
  EXPECT_EQ(table.territories[6].name.zh, "某市东街道");  // nothing would be left
  EXPECT_EQ(table.territories[8].name.zh, "西街四社区");
  EXPECT_EQ(table.territories[9].name.zh, "某市林业局");
  EXPECT_EQ(short_form(table.noted),
            (std::vector<std::string>{"6:note.ending", "6:note.prefix", "10:note.prefix",
                                      "11:note.level_4_other"}));
  // Units above that only the tree knows count as well.
  const auto alone =
      import_territories({row(2, "110101001004", "某市东街道五社区")}, rules(), first_tree());
  EXPECT_EQ(alone.territories.at(0).name.zh, "五社区");
}

TEST(TerritoryDiff, a_newer_table_merges_renames_and_adds_and_nothing_is_lost) {
  const TerritoryTree tree = first_tree();
  auto rows = first_table();
  rows[4].name = "一新社区";                              // renamed
  rows[6].successors = {"110101001001"};                  // 三 merged into 一
  rows[8].successors = {"110101001002", "110101002005"};  // 四 split
  rows[9].name = "某镇";                                  // a forestry bureau becomes a town
  rows.push_back(row(12, "110101002005", "五社区", "5"));
  const Date change = day("2024-07-01");
  const TerritoryImport table = import_territories(rows, rules("2024-07-01"), tree);
  EXPECT_TRUE(table.refused.empty());
  const TerritoryDiff diff = diff_territories(tree, table, change, "");
  EXPECT_TRUE(diff.refused.empty());
  EXPECT_EQ(
      short_form(diff.changes),
      (std::vector<std::string>{
          "renamed 110101001001", "added 110101002005", "level_changed 110101400",
          "split 110101002001 >110101001002 >110101002005", "merged 110101001003002 >110101001001",
          "merged 110101001003001 >110101001001", "merged 110101001003 >110101001001"}));

  const auto after = apply_changes(tree, diff.changes);
  ASSERT_TRUE(after) << after.error().key;
  EXPECT_EQ(after->size(), tree.size() + 1);
  const Date before = day("2024-06-30");
  EXPECT_EQ(after->find("110101001003001", before)->code, "110101001003001");
  EXPECT_EQ(after->find("110101001003001", change), nullptr);
  ASSERT_EQ(after->standing("110101001003001", change).size(), 1u);
  EXPECT_EQ(after->standing("110101001003001", change)[0]->name.zh, "一新社区");
  EXPECT_EQ(after->standing("110101002001", change).size(), 2u);
  EXPECT_EQ(after->find("110101400", before)->level, Level::level_4_other);
  EXPECT_EQ(after->find("110101400", change)->level, Level::subdistrict);
  // Grids lie below the table: those under a unit that stays, stay.
  EXPECT_NE(after->find("110101001001001", change), nullptr);
  // The same table again changes nothing.
  const TerritoryImport again = import_territories(rows, rules("2024-07-02"), *after);
  EXPECT_TRUE(diff_territories(*after, again, day("2024-07-02"), "").changes.empty());
}

TEST(TerritoryDiff, what_the_table_no_longer_lists_ends_but_only_in_scope) {
  const TerritoryTree tree = first_tree();
  auto rows = first_table();
  rows.erase(rows.begin() + 7, rows.end());  // 西街道, 四社区 and 林业局 are not listed
  const TerritoryImport table = import_territories(rows, rules("2024-07-01"), tree);
  const Date change = day("2024-07-01");
  EXPECT_EQ(short_form(diff_territories(tree, table, change, "").changes),
            (std::vector<std::string>{"ended 110101400", "ended 110101002001", "ended 110101002"}));
  EXPECT_TRUE(diff_territories(tree, table, change, "110101001").changes.empty());
  EXPECT_TRUE(diff_territories(tree, TerritoryImport{}, change, "").changes.empty());
}

TEST(TerritoryDiff, refused_rows_and_unknown_successors_end_nothing) {
  const TerritoryTree tree = first_tree();
  const Date change = day("2024-07-01");
  auto rows = first_table();
  rows[6].name = "";                      // 三社区: refused
  rows[8].successors = {"110101002009"};  // 四社区: into a unit that nobody knows
  const TerritoryImport table = import_territories(rows, rules("2024-07-01"), tree);
  EXPECT_EQ(short_form(table.refused), (std::vector<std::string>{"8:name"}));
  const TerritoryDiff diff = diff_territories(tree, table, change, "");
  EXPECT_TRUE(diff.changes.empty());
  EXPECT_EQ(short_form(diff.refused), (std::vector<std::string>{"10:successor"}));
}

TEST(TerritoryDiff, a_partial_table_keeps_the_units_above_it) {
  const TerritoryTree tree = first_tree();
  const std::vector<TerritoryRow> rows{row(2, "110101001001", "一社区"),
                                       row(3, "110101001002", "二社区")};
  const TerritoryImport table = import_territories(rows, rules("2024-07-01"), tree);
  EXPECT_TRUE(table.refused.empty());
  EXPECT_EQ(short_form(diff_territories(tree, table, day("2024-07-01"), "110101001").changes),
            (std::vector<std::string>{"ended 110101001003002", "ended 110101001003001",
                                      "ended 110101001003"}));
}

TEST(TerritoryDiff, a_table_of_a_part_ends_only_what_a_row_tells_of) {
  const TerritoryTree tree = first_tree();
  const Date change = day("2024-07-01");
  auto merged = row(3, "110101001003", "三社区");
  merged.successors = {"110101001001"};
  const std::vector<TerritoryRow> rows{row(2, "110101001001", "一社区"), merged};
  const TerritoryDiff diff = diff_territories(
      tree, import_territories(rows, rules("2024-07-01"), tree), change, std::nullopt);
  EXPECT_EQ(short_form(diff.changes),
            (std::vector<std::string>{"merged 110101001003002 >110101001001",
                                      "merged 110101001003001 >110101001001",
                                      "merged 110101001003 >110101001001"}));
  EXPECT_EQ(diff.unchanged, 1u);
  EXPECT_EQ(diff.unlisted, 1u);  // 二社区, beside the others
  // Once more it says what is known.
  const TerritoryTree after = apply_changes(tree, diff.changes).value();
  const TerritoryDiff again = diff_territories(
      after, import_territories(rows, rules("2024-07-01"), after), change, std::nullopt);
  EXPECT_TRUE(again.changes.empty());
  EXPECT_TRUE(again.refused.empty());
  EXPECT_EQ(again.unchanged, 2u);
}

TEST(TerritoryDiff, an_end_that_cannot_be_is_refused_by_its_row) {
  const auto refused = [](const TerritoryTree& tree, std::vector<TerritoryRow> rows,
                          const char* from = "2024-07-01") {
    const TerritoryImport table = import_territories(std::move(rows), rules(from), tree);
    const TerritoryDiff diff = diff_territories(tree, table, day(from), std::nullopt);
    EXPECT_TRUE(diff.changes.empty());
    return short_form(diff.refused);
  };
  const TerritoryTree tree = first_tree();
  const auto ends = [](std::size_t line, const char* code, const char* successor) {
    TerritoryRow ended = row(line, code, "某社区");
    ended.successors = {successor};
    return ended;
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(refused(tree, {ends(2, "110101001009", "110101001001")}), (Lines{"2:never_stood"}));
  EXPECT_EQ(refused(tree, {ends(2, "110101001003", "110101001001")}, "2020-01-01"),
            (Lines{"2:never_stood"}));
  EXPECT_EQ(refused(tree, {row(2, "110101001003", "三社区"), ends(3, "110101001", "110101002")}),
            (Lines{"3:children"}));
  const TerritoryTree after = tree.ended("110101002001", day("2024-01-01"), {"110101001001"}).value();
  EXPECT_EQ(refused(after, {ends(2, "110101002001", "110101001002")}), (Lines{"2:ended"}));
  EXPECT_EQ(refused(after, {ends(2, "110101002001", "110101001001")}), Lines{});
}

TEST(TerritoryDiff, a_table_of_an_earlier_day_changes_nothing_that_came_later) {
  Territory renamed = *first_tree().find("110101001001");
  renamed.name.zh = "一新社区";
  renamed.valid_from = day("2024-01-01");
  const TerritoryTree tree = first_tree().with(renamed).value();
  const auto diff = [&](const char* name) {
    const std::vector<TerritoryRow> rows{row(2, "110101001001", name)};
    return diff_territories(tree, import_territories(rows, rules("2020-01-01"), tree),
                            day("2020-01-01"), std::nullopt);
  };
  EXPECT_EQ(diff("一社区").unchanged, 1u);    // as it was that day
  EXPECT_EQ(diff("一新社区").unchanged, 1u);  // as it is now
  const TerritoryDiff other = diff("一别名社区");
  EXPECT_TRUE(other.changes.empty());
  ASSERT_EQ(other.refused.size(), 1u);
  EXPECT_EQ(other.refused[0].key, "territory.dates");
}

TEST(TerritoryDiff, keeps_labels_and_drawings_that_the_table_lacks) {
  const TerritoryTree before = first_tree();
  Territory drawn = *before.find("110101001001");
  drawn.name.ko = "일";
  drawn.boundary = Boundary{{{{0, 0}, {9, 0}, {9, 9}, {0, 0}}}};
  drawn.drawn = true;
  const TerritoryTree tree = before.with(drawn).value();
  const auto no_change = import_territories(first_table(), rules("2024-07-01"), tree);
  EXPECT_TRUE(diff_territories(tree, no_change, day("2024-07-01"), "").changes.empty());
  auto rows = first_table();
  rows[4].name = "一新社区";
  const auto table = import_territories(rows, rules("2024-07-01"), tree);
  const auto diff = diff_territories(tree, table, day("2024-07-01"), "");
  ASSERT_EQ(diff.changes.size(), 1u);
  EXPECT_EQ(diff.changes[0].territory.name, (Label{"一新社区", "일", ""}));
  EXPECT_EQ(diff.changes[0].territory.boundary, drawn.boundary);
  EXPECT_TRUE(diff.changes[0].territory.drawn);
}

class NationalTable : public testing::Test {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("GEWU_SHARED");
    const std::string root =
        shared != nullptr ? shared : std::string(GEWU_SOURCE_DIR) + "/../shared";
    const auto table = read_table(root + "/data/divisions/jilin_220000.csv");
    if (table.empty()) GTEST_SKIP() << "no shared data";
    for (std::size_t i = 1; i < table.size(); ++i)
      rows_.push_back(row(i + 1, table[i].at(0), table[i].at(1), table[i].at(2), table[i].at(3)));
  }
  std::vector<TerritoryRow> rows_;
};

TEST_F(NationalTable, is_taken_whole) {
  ASSERT_EQ(rows_.size(), 13'014u);
  const TerritoryImport table = import_territories(rows_, rules(), TerritoryTree());
  EXPECT_EQ(short_form(table.refused), std::vector<std::string>{});
  std::map<Level, int> counts;
  for (const Territory& territory : table.territories) ++counts[territory.level];
  EXPECT_EQ(counts, (std::map<Level, int>{{Level::province, 1},
                                          {Level::prefecture, 9},
                                          {Level::county, 69},
                                          {Level::subdistrict, 978},
                                          {Level::level_4_other, 97},
                                          {Level::community, 11'860}}));
  std::map<std::string, int> notes;
  for (const ImportFinding& note : table.noted) ++notes[note.key];
  EXPECT_EQ(notes, (std::map<std::string, int>{{"territory.import.note.ending", 119},
                                               {"territory.import.note.level_4_other", 97},
                                               {"territory.import.note.prefix", 111}}));
  const auto tree = TerritoryTree::build(table.territories);
  ASSERT_TRUE(tree) << tree.error().key;
  EXPECT_EQ(tree->children("222401").size(), 14u);
  EXPECT_EQ(tree->find("222401400")->level, Level::level_4_other);
  EXPECT_EQ(tree->find("222401100")->level, Level::subdistrict);
  // Reading it into the tree that it made changes nothing.
  const TerritoryImport again = import_territories(rows_, rules("2024-06-30"), *tree);
  EXPECT_TRUE(diff_territories(*tree, again, day("2024-06-30"), "").changes.empty());
}

TEST_F(NationalTable, the_shipped_table_is_what_the_importer_makes_of_it) {
  const TerritoryImport table = import_territories(rows_, rules(), TerritoryTree());
  const auto shipped = read_table(std::string(GEWU_SOURCE_DIR) + "/localities/jilin/territory.csv");
  ASSERT_EQ(shipped.size(), table.territories.size() + 1);
  EXPECT_EQ(shipped[0], (std::vector<std::string>{"code", "name", "level"}));
  for (std::size_t i = 0; i < table.territories.size(); ++i) {
    const Territory& made = table.territories[i];
    ASSERT_EQ(shipped[i + 1], (std::vector<std::string>{made.code, made.name.zh,
                                                        std::string(level_name(made.level))}));
  }
}

}  // namespace
}  // namespace gewu::kernel
