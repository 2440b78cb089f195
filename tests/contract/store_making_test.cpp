// An office in the making: many turns share a transaction, whoever reads inside it sees all, and
// what `fold` or the end committed is whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>

#include "kernel/matter/decide.h"
#include "support/shipped_office.h"
#include "usecase/check_data.h"
#include "usecase/coverage.h"
#include "usecase/read_indicators.h"

namespace gewu {
namespace {

using test::must;
using test::ShippedOffice;

class StoreMaking : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "gewu-making-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    reopen(true);
  }
  void TearDown() override {
    office_.store.reset();
    std::filesystem::remove_all(folder_);
  }

  void reopen(bool disposable) {
    office_.office.reset();
    office_.store.reset();
    office_.store = must(office_.open(path(), test::shipped_directory(), disposable));
    office_.office = std::make_unique<usecase::Office>(
        usecase::Office{*office_.store, office_.clock, office_.random});
  }
  std::string path() const { return folder_ + "/office.db"; }

  /// How many events somebody else finds in the file.
  int events_in_file() const {
    sqlite3* file = nullptr;
    sqlite3_stmt* count = nullptr;
    sqlite3_open_v2(path().c_str(), &file, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_prepare_v2(file, "select count(*) from event", -1, &count, nullptr);
    const int found = sqlite3_step(count) == SQLITE_ROW ? sqlite3_column_int(count, 0) : -1;
    sqlite3_finalize(count);
    sqlite3_close(file);
    return found;
  }

  std::int64_t came_in(const usecase::Caller& caller) {
    usecase::FigureQuestion question;
    question.caller = caller;
    question.name = "appeal.came_in";
    question.period = "2026-09";
    const auto answer = must(usecase::read_indicator(*office_.office, question));
    return answer.rows.front().figure.value->micros / kernel::kMicros;
  }

  ShippedOffice office_;
  std::string folder_;
};

TEST_F(StoreMaking, what_is_read_inside_is_what_was_done_and_nobody_else_sees_it_before_fold) {
  const auto centre = office_.seat("centre_1", "zhang");
  must(office_.store->fold());
  const int before = events_in_file();
  const auto first = office_.submit();
  const auto second = office_.submit("井盖松动");
  EXPECT_EQ(came_in(centre), 2);
  EXPECT_NE(office_.store->read()->load(first.matter->id), nullptr);
  EXPECT_EQ(must(office_.store->read_timeline(second.matter->id, 10)).size(), 1u);
  EXPECT_EQ(events_in_file(), before);
  must(office_.store->fold());
  EXPECT_EQ(events_in_file(), before + 2);
  EXPECT_EQ(came_in(centre), 2);
}

TEST_F(StoreMaking, listeners_hear_of_each_turn_at_once) {
  std::vector<MatterId> heard;
  office_.store->on_commit([&](const std::vector<store::Change>& changes) {
    for (const store::Change& change : changes) heard.push_back(change.matter);
  });
  const auto first = office_.submit();
  EXPECT_THAT(heard, ::testing::Contains(first.matter->id));
  const auto count = heard.size();
  office_.submit("井盖松动");
  EXPECT_GT(heard.size(), count);
}

TEST_F(StoreMaking, what_was_put_off_is_there_for_whoever_asks) {
  const auto centre = office_.seat("centre_1", "zhang");
  const auto matter = office_.submit("污水井盖松动").matter->id;
  const store::WordQuery words{"污水", {kernel::territory_unit("22")}, {}, {}, 10};
  EXPECT_EQ(must(office_.store->find_words(words)).size(), 1u);
  // Written once more after somebody has looked, and found by what it is now.
  must(office_.act(centre, matter, "accept", {{"category", kernel::Key{"lighting"}}}));
  const auto found = must(office_.store->find_words(words));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front()->version, office_.store->read()->load(matter)->version);
  const auto number = found.front()->number;
  EXPECT_THAT(must(office_.store->find_number(number)), ::testing::Contains(matter));
  must(office_.store->fold());
  EXPECT_THAT(must(usecase::check_data(*office_.office)).differences, ::testing::IsEmpty());
}

TEST_F(StoreMaking, a_decision_reads_what_turns_before_it_counted) {
  office_.submit();
  office_.submit("井盖松动");
  std::int64_t counted = 0;
  store::CommitRequest request;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    const Date today = usecase::day_of(turn.now);
    for (const auto& of : turn.source.counts("appeal.came_in", today, {today.days + 1}))
      counted += of.count;
    return store::Writing{};
  };
  must(office_.store->commit(request));
  EXPECT_EQ(counted, 2);
}

TEST_F(StoreMaking, what_it_knows_by_heart_is_what_its_file_says) {
  const auto centre = office_.seat("centre_1", "zhang");
  const auto first = office_.submit().matter->id;
  const auto second = office_.submit("同一盏路灯").matter->id;
  must(office_.act(centre, first, "accept", {{"category", kernel::Key{"lighting"}}}));
  must(office_.act(centre, second, "merge", {{"into", kernel::Value(kernel::Link{first})}}));
  const kernel::SetKey merged{"appeal", "into", first};
  const auto known = office_.store->read()->members(merged);
  EXPECT_THAT(known, ::testing::ElementsAre(second));
  reopen(false);
  EXPECT_EQ(office_.store->read()->members(merged), known);
  reopen(true);
  EXPECT_EQ(office_.store->read()->members(merged), known);
}

TEST_F(StoreMaking, a_clock_that_is_due_is_known_before_its_row_is_written) {
  office_.seat("centre_1", "zhang");
  const auto matter = office_.submit().matter;
  const auto wake = kernel::next_wake(*matter);
  ASSERT_TRUE(wake);
  EXPECT_THAT(must(office_.store->find_due(*wake, 10)), ::testing::Contains(matter->id));
  EXPECT_THAT(must(office_.store->find_due(*wake + -1, 10)),
              ::testing::Not(::testing::Contains(matter->id)));
  reopen(true);
  EXPECT_THAT(must(office_.store->find_due(*wake, 10)), ::testing::Contains(matter->id));
}

TEST_F(StoreMaking, an_end_without_fold_leaves_words_that_are_found) {
  office_.submit("污水井盖松动");
  reopen(false);
  const store::WordQuery words{"污水", {kernel::territory_unit("22")}, {}, {}, 10};
  EXPECT_EQ(must(office_.store->find_words(words)).size(), 1u);
}

TEST_F(StoreMaking, a_refused_turn_leaves_the_others) {
  const auto first = office_.submit();
  usecase::Submission wrong = office_.appeal();
  wrong.action = "none_such";
  EXPECT_FALSE(usecase::submit_matter(*office_.office, wrong));
  EXPECT_NE(office_.store->read()->load(first.matter->id), nullptr);
  const auto second = office_.submit("井盖松动");
  must(office_.store->fold());
  EXPECT_NE(office_.store->read()->load(second.matter->id), nullptr);
}

TEST_F(StoreMaking, the_end_commits_and_the_file_is_whole) {
  const auto centre = office_.seat("centre_1", "zhang");
  std::vector<MatterId> made;
  for (int i = 0; i < 20; ++i) made.push_back(office_.submit("路灯" + std::to_string(i)).matter->id);
  reopen(false);
  for (const MatterId id : made) EXPECT_NE(office_.store->read()->load(id), nullptr);
  EXPECT_EQ(came_in(centre), 20);
  const auto checked = must(usecase::check_data(*office_.office));
  EXPECT_THAT(checked.differences, ::testing::IsEmpty());
}

}  // namespace
}  // namespace gewu
