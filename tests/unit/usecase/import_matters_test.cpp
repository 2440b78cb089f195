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

std::string say(const Error&) { return "in words"; }

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
  EXPECT_EQ(done.refused[0].reason.key, "import.time");
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

TEST_F(ImportMatters, judging_plans_every_row_and_leaves_no_trace) {
  const auto before = must(check_data(*office.office)).events;
  const auto judged = must(judge_matters(*office.office, mapping(), rows(), importer, {}));
  EXPECT_EQ(judged.rows, 4u);
  EXPECT_EQ(judged.taken, 3u) << "that a place is missing is known to the engine alone";
  ASSERT_EQ(judged.refused.size(), 1u);
  EXPECT_EQ(judged.refused[0].reason.key, "import.time");
  EXPECT_EQ(must(check_data(*office.office)).events, before);
  EXPECT_EQ(judge_matters(*office.office, mapping(), rows(), {}, {}).error().key, "import.right");
}

TEST_F(ImportMatters, one_that_is_stopped_goes_on_when_it_is_said_again) {
  std::string many = rows().substr(0, rows().find('\n') + 1);
  for (int at = 0; at < 100; ++at)
    many += std::to_string(at) + ",2025-03-03 09:00,lamp,不亮," + std::string(test::kGrid) + ",done\n";
  const auto stop = [](std::size_t, std::size_t) { return false; };
  const auto half = import_matters(*office.office, mapping(), many, importer, stop);
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().key, "import.stopped");
  const auto rest = must(import_matters(*office.office, mapping(), many, importer, {}));
  EXPECT_EQ(rest.taken + rest.repeated, 100u);
  EXPECT_GT(rest.repeated, 0u);
  EXPECT_GT(rest.taken, 0u);
}

TEST_F(ImportMatters, refused_rows_come_back_as_a_table_with_their_columns) {
  const auto done = must(import_matters(*office.office, mapping(), rows(), importer, {}));
  const std::string table = refused_table(done, say);
  EXPECT_THAT(table, ::testing::StartsWith("refused_line,refused_key,refused_reason,refused_words,no,made,kind,"
                                           "words,grid,status\r\n"));
  EXPECT_THAT(table, ::testing::HasSubstr("4,3,import.time column=made,in words,3,never,lamp"));
}

TEST_F(ImportMatters, a_row_with_a_fault_in_a_later_step_leaves_nothing_behind) {
  const std::string late = std::string(kMapping) +
                           "  refuse:\n    by: centre@yanji\n    at: over\n"
                           "    input: {ground: {fixed: not_ours}, reason: {column: why}, right_door: {fixed: 别处}}\n";
  std::string text = late;
  text.erase(text.find("  accept:\n"), text.find("  refuse:\n") - text.find("  accept:\n"));
  const std::string head = "no,made,kind,words,grid,status,over,why\n";
  const std::string grid(test::kGrid);
  const auto csv = [&](const std::string& over, const std::string& why) {
    return head + "1,2025-03-03 09:00,lamp,不亮," + grid + ",done," + over + "," + why + "\n";
  };
  const auto events = must(check_data(*office.office)).events;
  struct Case { std::string over, why, key; };
  for (const Case& wrong : {Case{"2025-03-03 08:59", "x", "import.time"},
                            Case{"2999-01-01 08:59", "x", "import.future"},
                            Case{"2025-03-03 10:00", std::string(5'001, 'x'),
                                 "appeal.refuse.reason.length_max"}}) {
    const auto done = must(import_matters(*office.office, mapping(text),
                                          csv(wrong.over, wrong.why), importer, {}));
    ASSERT_EQ(done.refused.size(), 1u) << wrong.key;
    EXPECT_EQ(done.refused[0].reason.key, wrong.key);
    EXPECT_EQ(must(check_data(*office.office)).events, events);
  }
  // What only the engine knows is refused at its step: the row goes on from there when mended.
  const auto half = must(import_matters(*office.office, mapping(text),
                                        csv("2025-03-03 10:00", ""), importer, {}));
  ASSERT_EQ(half.refused.size(), 1u);
  EXPECT_EQ(half.refused[0].reason.key, "appeal.refuse.reason.required");
  EXPECT_THAT(refused_table(half, say), ::testing::HasSubstr("step=refuse"));
  std::string table = refused_table(half, say);
  table.insert(table.rfind("\r\n"), "写明");
  const auto mended = must(import_matters(*office.office, mapping(text), table, importer, {}));
  EXPECT_EQ(mended.taken, 1u) << refused_table(mended, say);
  EXPECT_THAT(must(check_data(*office.office)).differences, ::testing::IsEmpty());
}

TEST_F(ImportMatters, a_refused_table_refused_again_keeps_one_report) {
  const auto once = must(import_matters(*office.office, mapping(), rows(), importer, {}));
  const auto twice =
      must(import_matters(*office.office, mapping(), refused_table(once, say), importer, {}));
  ASSERT_EQ(twice.refused.size(), 2u);
  const std::string table = refused_table(twice, say);
  EXPECT_EQ(table.find("refused_line"), table.rfind("refused_line"));
  EXPECT_THAT(table, ::testing::HasSubstr("\r\n2,3,import.time"));
}

TEST_F(ImportMatters, a_key_stands_once_in_a_file) {
  const std::string grid(test::kGrid);
  const std::string twice = "no,made,kind,words,grid,status\n"
                            "1,2025-03-03 09:00,lamp,a," + grid + ",new\n"
                            "1,2025-03-04 09:00,lamp,b," + grid + ",new\n"
                            ",2025-03-04 09:00,lamp,b," + grid + ",new\n";
  const auto done = must(import_matters(*office.office, mapping(), twice, importer, {}));
  EXPECT_EQ(done.taken, 1u);
  ASSERT_EQ(done.refused.size(), 2u);
  EXPECT_EQ(done.refused[0].reason.key, "import.key_twice");
  EXPECT_EQ(done.refused[0].reason.details.front().value, "2");
  EXPECT_EQ(done.refused[1].reason.key, "import.key");
}

TEST_F(ImportMatters, a_mapping_that_does_not_fit_refuses_the_file) {
  struct Case { std::string from, to, key; };
  for (const Case& wrong :
       {Case{"type: appeal", "type: wish", "mapping.type"},
        Case{"type: appeal", "type: appeal\nlocality: nowhere", "mapping.locality"},
        Case{"centre@yanji", "mayor@yanji", "import.post"},
        Case{"  accept:", "  welcome:", "mapping.action"},
        Case{"  channel:", "  way:", "mapping.field"},
        Case{"category: {", "kind: {", "mapping.field"}}) {
    std::string text = kMapping;
    text.replace(text.find(wrong.from), wrong.from.size(), wrong.to);
    const auto done = import_matters(*office.office, mapping(text), rows(), importer, {});
    ASSERT_FALSE(done) << wrong.to;
    EXPECT_EQ(done.error().key, wrong.key);
  }
}

TEST_F(ImportMatters, what_was_due_before_the_import_is_past_and_told_to_nobody) {
  const std::string grid(test::kGrid);
  const std::string one = "no,made,kind,words,grid,status\n"
                          "1,2025-03-03 09:00,lamp,a," + grid + ",done\n";
  must(import_matters(*office.office, mapping(), one, importer, {}));
  // The promise was missed in March, the listing that followed is a year old.
  std::vector<kernel::SnapshotPtr> listings;
  must(office.store->each_matter([&](const kernel::SnapshotPtr& matter) -> Status {
    if (matter->type->name == "supervision") listings.push_back(matter);
    return {};
  }));
  ASSERT_EQ(listings.size(), 1u);
  EXPECT_EQ(civil(kernel::Zone::find("Asia/Shanghai")->to_local(
                listings.front()->opened_at).date).year, 2025);
  EXPECT_EQ(listings.front()->find_clock("own")->status, kernel::ClockStatus::running);
  EXPECT_THAT(must(office.store->find_due(office.clock.now(), 10)), ::testing::IsEmpty())
      << "nothing is left for the timers to tell late";
  for (const auto& event : must(office.store->read_timeline(listings.front()->id, 100))) {
    EXPECT_THAT(event.source, ::testing::StartsWith("import "));
    EXPECT_LT(event.at, office.clock.now());
  }
  EXPECT_THAT(must(check_data(*office.office)).differences, ::testing::IsEmpty());
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
  for (const char* wrong : {"zone: Asia/Shanghai", "key: no", "type: appeal",
                            "  submit: {by: public, at: made}"}) {
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

TEST(Mapping, a_step_may_depend_on_several_cells) {
  std::string text = kMapping;
  const std::string one = "{column: status, in: [done, open]}";
  text.replace(text.find(one), one.size(), "[{column: status, in: [done]}, {column: words}]");
  const auto when = mapping(text).steps[1].when;
  ASSERT_EQ(when.size(), 2u);
  EXPECT_EQ(when[0].in, std::vector<std::string>{"done"});
  EXPECT_THAT(when[1].in, ::testing::IsEmpty());
}

}  // namespace
}  // namespace gewu::usecase
