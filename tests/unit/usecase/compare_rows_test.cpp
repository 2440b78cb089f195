#include "usecase/compare_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shipped_office.h"

// A yearly table of units of grids beside the rows that are kept.

namespace gewu::usecase {
namespace {

using kernel::Key;
using kernel::territory_unit;
using kernel::Value;
using test::must;

constexpr const char* kTableHead = "名称,网格代码,成立日期,人数\n";
constexpr const char* kSecondGrid = "222401002001006";

class CompareRows : public ::testing::Test {
 protected:
  void SetUp() override {
    keeper_ = office_.seat("unit_keeper_1", "jin");
    const MatterId street = open("街道组织", "street", "222401002", {});
    const MatterId community = open("社区组织", "community", "222401002001", street);
    first_ = open("七格支部", "grid", test::kGrid, community);
    second_ = open("六格支部", "grid", kSecondGrid, community);
  }

  MatterId open(const std::string& name, const std::string& level, const std::string& place,
                MatterId above) {
    Submission submission;
    submission.caller = keeper_;
    submission.type = "party_unit";
    submission.action = "create";
    submission.locality = "yanji";
    std::vector<kernel::NamedValue> values = {
        {"name", Value(name)}, {"level", Key{level}}, {"place", territory_unit(place)}};
    if (above.has_value()) values.push_back({"above", kernel::Link{above}});
    if (level == "grid") values.push_back({"form", Key{"branch"}});
    submission.values = std::move(values);
    return must(submit_matter(*office_.office, submission)).matter->id;
  }

  RowsFile file(const std::string& rows, const std::string& head = kTableHead) const {
    return {keeper_, "party_unit", "grids", head + rows};
  }
  std::string refusal(const RowsFile& asked) {
    const auto compared = compare_rows(*office_.office, asked);
    return compared ? "compared" : compared.error().key;
  }

  test::ShippedOffice office_;
  Caller keeper_;
  MatterId first_, second_;
};

TEST_F(CompareRows, tells_what_changed_what_is_missing_and_what_nobody_knows) {
  const auto compared = must(compare_rows(
      *office_.office, file("七格第一支部,222401002001007,,12\n某支部,222401002002001,,\n"
                            "又一行,222401002001007,,\n坏行,2224,,很多\n")));
  ASSERT_EQ(compared.rows.size(), 5u);
  EXPECT_EQ(compared.rows[0].verdict, RowVerdict::changed);
  EXPECT_EQ(compared.rows[0].matter, first_);
  ASSERT_EQ(compared.rows[0].changes.size(), 2u);
  EXPECT_EQ(compared.rows[0].changes[0].field, "name");
  EXPECT_EQ(compared.rows[0].changes[0].before, Value(std::string("七格支部")));
  EXPECT_EQ(compared.rows[1].key, "import.not_kept");
  EXPECT_EQ(compared.rows[2].key, "import.twice");
  EXPECT_EQ(compared.rows[3].key, "party_unit.head_count.kind");
  EXPECT_EQ(compared.rows[4].verdict, RowVerdict::missing);
  EXPECT_EQ(compared.rows[4].matter, second_);
  EXPECT_TRUE(compared.needs_review);
  EXPECT_EQ(compared.count(RowVerdict::refused), 3u);
}

TEST_F(CompareRows, nothing_happens_before_a_person_accepts_the_very_comparison) {
  const auto asked = file("七格第一支部,222401002001007,2026-01-01,0\n");
  const auto compared = must(compare_rows(*office_.office, asked));
  const auto early = import_rows(*office_.office, asked, "");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().key, "import.review");
  EXPECT_EQ(office_.state_of(second_), "in_force");

  // Somebody else changes a row in between: what was accepted holds no more.
  must(office_.act(keeper_, second_, "amend", {{"name", Value(std::string("六格新名"))}}));
  EXPECT_FALSE(import_rows(*office_.office, asked, compared.digest));

  const auto again = must(compare_rows(*office_.office, asked));
  const auto taken = must(import_rows(*office_.office, asked, again.digest));
  EXPECT_EQ(taken.count(RowVerdict::refused), 0u);
  EXPECT_EQ(office_.state_of(second_), "retired");
  const auto row = office_.store->read()->load(first_);
  EXPECT_EQ(*row->find_field("name"), Value(std::string("七格第一支部")));
  EXPECT_EQ(row->find_action("amend")->actor.account, keeper_.account);

  const auto last = must(compare_rows(*office_.office, asked));
  ASSERT_EQ(last.rows.size(), 1u);
  EXPECT_EQ(last.rows[0].verdict, RowVerdict::same);
}

TEST_F(CompareRows, only_who_may_import_on_his_own_ground_and_a_harmless_file) {
  auto by_another = file("");
  by_another.caller = office_.seat("dispatcher_beishan_street", "li");
  EXPECT_EQ(refusal(by_another), "party_unit.imports.grids.by");
  auto unknown = file("");
  unknown.import = "gone";
  EXPECT_EQ(refusal(unknown), "import.unknown");
  EXPECT_EQ(refusal(file("", "名称,网格代码,成立日期,人数,民族\n")), "import.denied");
  EXPECT_EQ(refusal(file("", "名称,网格代码\n")), "csv.column.missing");
  const auto more = must(compare_rows(
      *office_.office, file("七格支部,222401002001007,,0,旁注\n", "名称,网格代码,成立日期,人数,备注\n")));
  EXPECT_THAT(more.dropped, ::testing::ElementsAre("备注"));
  EXPECT_EQ(more.rows[0].verdict, RowVerdict::same);
}

}  // namespace
}  // namespace gewu::usecase
