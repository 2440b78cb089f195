#include "usecase/import_matters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/yaml.h"
#include "support/shipped_office.h"
#include "usecase/check_data.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;

constexpr const char* kMapping =
    "mapping: old_file\ntype: appeal\nkey: no\nzone: Asia/Shanghai\n"
    "fields:\n"
    "  text: {concat: [kind, '：', words]}\n"
    "  place: {column: grid}\n"
    "  channel: {fixed: phone}\n"
    "steps:\n"
    "  submit: {by: public, at: made}\n"
    "  accept:\n"
    "    by: centre@yanji\n"
    "    at: +1 hour_working\n"
    "    when: {column: status, in: [done, open]}\n"
    "    input: {category: {column: kind, values: {lamp: lighting, else: road}}}\n";

Mapping mapping(const std::string& text = kMapping) {
  return must(read_mapping(must(codec::read_yaml(text, "m.yaml")).front()));
}

std::string rows() {
  return "no,made,kind,words,grid,status\n"
         "1,2025-03-03 09:00,lamp,不亮," + std::string(test::kGrid) + ",done\n"
         "2,2025-03-01 10:00:30,pit,坑," + std::string(test::kGrid) + ",new\n"
         "3,never,lamp,不亮," + std::string(test::kGrid) + ",done\n"
         "4,2025-03-04 09:00,lamp,不亮,,done\n";
}

class ImportMatters : public ::testing::Test {
 protected:
  void SetUp() override {
    NewAccount account;
    account.login = "importer";
    account.may_import_past = true;
    account.posts = {"centre_1"};
    importer = must(make_account(*office.office, account, "test"));
  }
  ShippedOffice office;
  AccountId importer;
};

TEST_F(ImportMatters, rows_run_by_their_own_times_and_keep_the_servers) {
  const auto done = must(import_matters(*office.office, mapping(), rows(), importer, {}));
  EXPECT_EQ(done.rows, 4u);
  EXPECT_EQ(done.taken, 2u);
  ASSERT_EQ(done.refused.size(), 2u);
  EXPECT_EQ(done.refused[0].line, 4);
  EXPECT_THAT(done.refused[0].reason, ::testing::HasSubstr("import.time column=made"));
  EXPECT_EQ(done.refused[1].line, 5);
  std::vector<kernel::SnapshotPtr> matters;
  must(office.store->each_matter([&](const kernel::SnapshotPtr& matter) -> Status {
    if (matter->type->name == "appeal") matters.push_back(matter);
    return {};
  }));
  ASSERT_EQ(matters.size(), 2u);
  EXPECT_EQ(matters[0]->opened_at, *parse_instant("2025-03-01T10:00:30+08:00"))
      << "the earlier row came first, though it stands later in the file";
  EXPECT_THAT(matters[0]->number, ::testing::HasSubstr("2025"));
  const auto events = must(office.store->read_timeline(matters[1]->id, 100));
  for (const auto& event : events) {
    EXPECT_THAT(event.source, ::testing::StartsWith("import "));
    EXPECT_EQ(event.recorded, office.clock.now());
  }
  const auto* accept = matters[1]->find_action("accept");
  ASSERT_TRUE(accept);
  EXPECT_EQ(accept->at, *parse_instant("2025-03-03T10:00:00+08:00"));
  EXPECT_EQ(matters[1]->find_clock("accept")->status, kernel::ClockStatus::met);
  EXPECT_THAT(must(check_data(*office.office)).differences, ::testing::IsEmpty());
}

TEST_F(ImportMatters, again_changes_nothing_and_a_mended_row_is_taken) {
  must(import_matters(*office.office, mapping(), rows(), importer, {}));
  const auto before = must(check_data(*office.office)).events;
  const auto again = must(import_matters(*office.office, mapping(), rows(), importer, {}));
  EXPECT_EQ(again.taken, 0u);
  EXPECT_EQ(again.repeated, 2u);
  EXPECT_EQ(must(check_data(*office.office)).events, before);
  std::string mended = rows();
  mended.replace(mended.find("never"), 5, "2025-03-05 09:00");
  const auto more = must(import_matters(*office.office, mapping(), mended, importer, {}));
  EXPECT_EQ(more.taken, 1u);
  EXPECT_EQ(more.repeated, 2u);
}

TEST_F(ImportMatters, refused_rows_come_back_as_a_table_with_their_columns) {
  const auto done = must(import_matters(*office.office, mapping(), rows(), importer, {}));
  const std::string table = refused_table(done);
  EXPECT_THAT(table, ::testing::StartsWith("line,key,reason,no,made,kind,words,grid,status\r\n"));
  EXPECT_THAT(table, ::testing::HasSubstr("4,3,import.time column=made,3,never,lamp"));
}

TEST_F(ImportMatters, only_with_the_right_and_with_its_columns) {
  NewAccount other;
  other.login = "other";
  const auto nobody = must(make_account(*office.office, other, "test"));
  EXPECT_EQ(import_matters(*office.office, mapping(), rows(), nobody, {}).error().key,
            "import.right");
  EXPECT_EQ(import_matters(*office.office, mapping(), "no,made\n1,2\n", importer, {}).error().key,
            "mapping.column");
}

TEST(Mapping, refuses_what_is_no_mapping) {
  for (const char* wrong : {"zone: Asia/Shanghai", "key: no", "type: appeal", "  submit: {by: public, at: made}"}) {
    std::string text = kMapping;
    text.erase(text.find(wrong), std::string(wrong).size());
    const auto node = codec::read_yaml(text, "m.yaml");
    if (!node) continue;
    EXPECT_EQ(read_mapping(node->front()).error().key, "mapping.form") << wrong;
  }
  const auto unknown = must(codec::read_yaml(std::string(kMapping) + "colour: red\n", "m.yaml"));
  EXPECT_EQ(read_mapping(unknown.front()).error().key, "mapping.form");
}

TEST(Mapping, reads_times_of_offices) {
  const auto zone = must(kernel::Zone::find("America/Los_Angeles"));
  const auto noon = parse_instant("2023-01-02T20:00:05Z");
  for (const char* text : {"2023-01-02 12:00:05", "2023-01-02T12:00:05", "2023-01-02T12:00:05.000",
                           "01/02/2023 12:00:05 PM", " 2023-01-02T20:00:05Z "})
    EXPECT_EQ(read_row_time(text, zone), noon) << text;
  EXPECT_EQ(read_row_time("2023-01-02", zone), parse_instant("2023-01-02T08:00:00Z"));
  for (const char* text : {"", "yesterday", "2023-02-30 12:00", "2023-01-02 25:00", "13/01/2023 01:00:00 AM",
                           "2023-01-02 12:0", "2023-01-02 12:00:05Q"})
    EXPECT_FALSE(read_row_time(text, zone)) << text;
}

}  // namespace
}  // namespace gewu::usecase
