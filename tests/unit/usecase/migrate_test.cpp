#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/spans.h"
#include "jobs/timers.h"
#include "support/edited_appeal.h"
#include "usecase/check_data.h"
#include "usecase/migrate_matters.h"
#include "usecase/pass_time.h"

// Publishing a changed definition over open matters: what is told beforehand, what is moved, and
// what happens to a run that was killed.

namespace gewu::usecase {
namespace {

using namespace kernel;  // NOLINT: a test's own vocabulary
using test::must;
using test::ShippedOffice;

constexpr const char* kWho = "publish";

/// An office that practises the shipped appeal, with three of them: one received, two accepted.
struct Town {
  Town() {
    must(publish_definitions(
        *office.office, must(cli::office_files(test::shipped_folder().files, {"yanji"})),
        "init"));
  }
  explicit Town(int appeals) : Town() {
    const Caller centre = office.seat("centre_1", "zhang");
    for (int i = 0; i < appeals; ++i) {
      ids.push_back(office.submit("路灯不亮 " + std::to_string(i)).matter->id);
      if (i > 0)
        must(office.act(centre, ids.back(), "accept",
                        {{"category", Value(Key{i % 2 == 0 ? "heating" : "lighting"})}}));
    }
  }
  std::int64_t version_of(MatterId id) const {
    return office.store->read()->load(id)->type->version;
  }
  std::size_t moved() const {
    const int next = test::appeal_version() + 1;
    return static_cast<std::size_t>(
        std::ranges::count_if(ids, [&](MatterId id) { return version_of(id) == next; }));
  }
  std::vector<std::string> differences() {
    return must(check_data(*office.office)).differences;
  }

  ShippedOffice office;
  std::vector<MatterId> ids;
};

TEST(Migrate, a_dry_run_tells_what_would_move_and_writes_nothing) {
  Town town(3);
  town.office.clock.set(town.office.clock.now() + 3 * kMsPerDay);
  must(pass_all_time(*town.office.office, 100));
  const auto before = must(check_data(*town.office.office)).head;
  const auto seen = must(publish_definitions(
      *town.office.office,
      test::edited_files("1 day_working", test::kAppealMigration +
                                              "clocks: {promise: recompute}\n"),
      "publish", PublishMode::dry_run));
  ASSERT_TRUE(seen.preview);
  std::vector<std::string> moves, turns;
  for (const auto& [move, count] : seen.preview->moves)
    moves.push_back(move.old_state + ">" + move.state + " " + std::to_string(count));
  for (const auto& [turn, count] : seen.preview->turns)
    turns.push_back(turn.clock + " " + turn.before + ">" + turn.after + " " +
                    std::to_string(count));
  EXPECT_THAT(moves, ::testing::UnorderedElementsAre("accepted>taken 2", "received>received 1"));
  EXPECT_THAT(turns, ::testing::Contains(::testing::MatchesRegex("promise (green|yellow)>red .")));
  EXPECT_THAT(seen.preview->refused, ::testing::IsEmpty());
  EXPECT_EQ(must(check_data(*town.office.office)).head, before);
  EXPECT_EQ(town.moved(), 0u);
  EXPECT_EQ(town.office.store->directory()->find_locality("yanji")->find_type("appeal")->version,
            test::appeal_version());
}

TEST(Migrate, without_a_file_matters_stay_and_are_told_to) {
  Town town(3);
  const auto files = test::edited_files("category.answer_limit", "");
  const auto seen =
      must(publish_definitions(*town.office.office, files, "publish", PublishMode::dry_run));
  EXPECT_EQ(seen.preview->stays.at({"appeal", test::appeal_version()}), 3u);
  must(publish_definitions(*town.office.office, files, "publish"));
  const auto run = must(migrate_matters(*town.office.office, kWho, 1'000));
  EXPECT_EQ(run.moved, 0u);
  EXPECT_EQ(town.moved(), 0u);
  EXPECT_EQ(town.office.state_of(town.ids[1]), "accepted");
}

TEST(Migrate, published_ones_move_and_the_journal_gives_them_again) {
  Town town(3);
  must(publish_definitions(*town.office.office, test::edited_files(), "publish"));
  EXPECT_EQ(town.moved(), 0u) << "publishing alone moves nothing";
  const auto run = must(migrate_matters(*town.office.office, kWho, 1'000));
  EXPECT_EQ(run.moved, 3u);
  EXPECT_THAT(run.failed, ::testing::IsEmpty());
  EXPECT_FALSE(run.more);
  EXPECT_EQ(town.office.state_of(town.ids[0]), "received");
  EXPECT_EQ(town.office.state_of(town.ids[1]), "taken");
  const auto source = town.office.store->read();
  EXPECT_EQ(*source->load(town.ids[1])->find_field("urgent"), Value(true));
  EXPECT_EQ(*source->load(town.ids[2])->find_field("urgent"), Value(false));
  EXPECT_EQ(must(town.office.store->open_sealed(town.ids[1], "contact")),
            make_large(Contact{"金某某", "13900001234", ""}))
      << "a sealed value is carried over as it is";
  EXPECT_THAT(town.differences(), ::testing::IsEmpty());
  EXPECT_EQ(must(migrate_matters(*town.office.office, kWho, 1'000)).moved, 0u);
  EXPECT_EQ(town.office.submit("新的").matter->type->version, test::appeal_version() + 1);
}

TEST(Migrate, a_migration_that_does_not_fit_the_stored_text_is_refused_with_its_line) {
  Town town(2);
  const auto refused = publish_definitions(
      *town.office.office,
      test::edited_files("1 day_working", test::appeal_migration("states: {}\n")),
      "publish");
  ASSERT_FALSE(refused);
  std::vector<std::string> keys;
  for (const Error& error : refused.error().others) keys.push_back(test::key_of(error));
  EXPECT_THAT(keys, ::testing::UnorderedElementsAre(
                        ::testing::StartsWith("definition.migration_state where=migrate "
                                              "appeal.states name=accepted file=" +
                                              test::appeal_migration_path("systems/appeals") +
                                              " line=4"),
                        ::testing::StartsWith("definition.migration_clock")));
  EXPECT_EQ(town.office.store->directory()->find_locality("yanji")->find_type("appeal")->version,
            test::appeal_version());
}

TEST(Migrate, a_run_that_ended_half_way_goes_on_in_the_server) {
  Town town(70);
  must(announce_migration(*town.office.office, kWho));
  must(publish_definitions(*town.office.office, test::edited_files(), "publish"));
  const auto first = must(migrate_matters(*town.office.office, kWho, 1));
  EXPECT_TRUE(first.more);
  const std::size_t half = town.moved();
  EXPECT_GT(half, 0u);
  EXPECT_LT(half, 70u);
  EXPECT_THAT(town.differences(), ::testing::IsEmpty()) << "some moved, some not";
  EXPECT_TRUE(must(migrate_matters(*town.office.office, "server", 1'000)).left_to_another);
  EXPECT_EQ(town.moved(), half);
  town.office.clock.set(town.office.clock.now() + 31'000);
  must(jobs::Timers::run_once(*town.office.office, nullptr));
  EXPECT_EQ(town.moved(), 70u);
  EXPECT_THAT(town.differences(), ::testing::IsEmpty());
}

TEST(Migrate, a_matter_that_can_not_move_is_named_and_goes_on_as_before) {
  Town town(2);
  std::string text = test::kAppealMigration;
  auto files = test::edited_files();
  for (auto& file : files)
    if (file.path == "systems/appeals/appeal.yaml")
      file.root.find("fields")->find("urgent")->put(
          "required", Node::scalar("category == lighting or category == heating"));
  text = test::appeal_migration("states: {accepted: taken}\n"
                                "fields: {urgent: \"if(has(category), none, true)\"}\n");
  files.back() = test::yaml_file(files.back().path, text);
  const auto seen =
      must(publish_definitions(*town.office.office, files, "publish", PublishMode::dry_run));
  ASSERT_EQ(seen.preview->refused.size(), 1u);
  EXPECT_EQ(seen.preview->refused[0].second.key, "migration.needed");
  must(publish_definitions(*town.office.office, files, "publish"));
  const auto run = must(migrate_matters(*town.office.office, kWho, 1'000));
  EXPECT_EQ(run.moved, 1u);
  ASSERT_EQ(run.failed.size(), 1u);
  EXPECT_EQ(run.failed[0].first, town.ids[1]);
  EXPECT_EQ(town.office.state_of(town.ids[1]), "accepted");
  EXPECT_THAT(town.differences(), ::testing::IsEmpty());
}

TEST(Migrate, from_a_version_to_itself_moves_to_todays_text) {
  Town town(2);
  auto files = test::edited_files("category.answer_limit",
                                  test::appeal_migration("clocks: {promise: recompute}\n",
                                                         test::appeal_version()));
  files.back().path = test::appeal_migration_path("localities/yanji");  // of this place alone
  for (auto& file : files) {
    if (file.path == "systems/appeals/appeal.yaml" || file.path == "systems/appeals/echo.yaml")
      file = test::yaml_file(file.path, test::shipped_text(file.path));
    if (const Node* name = file.root.find("locality"); name && name->text == "yanji") {
      Node clocks = must(codec::read_yaml("promise: {within: 1 day_working}", "t.yaml")).front();
      Node appeal = Node::map();
      appeal.put("clocks", std::move(clocks));
      if (file.root.find("types") == nullptr) file.root.put("types", Node::map());
      file.root.find("types")->put("appeal", std::move(appeal));
    }
  }
  const std::string old = town.office.store->read()->load(town.ids[1])->type->text_sha256;
  must(publish_definitions(*town.office.office, files, "publish"));
  EXPECT_EQ(must(migrate_matters(*town.office.office, kWho, 1'000)).moved, 2u);
  EXPECT_NE(town.office.store->read()->load(town.ids[1])->type->text_sha256, old);
  EXPECT_EQ(town.version_of(town.ids[1]), test::appeal_version());
  EXPECT_THAT(town.differences(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace gewu::usecase
