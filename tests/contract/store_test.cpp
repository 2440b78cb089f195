// One suite against every store: what each must do, whatever it is made of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "base/spans.h"
#include "security/uuid.h"
#include "support/edited_appeal.h"
#include "store/log_book.h"
#include "support/shipped_office.h"
#include "usecase/canaries.h"
#include "usecase/check_data.h"
#include "usecase/migrate_matters.h"
#include "usecase/pass_time.h"
#include "usecase/work_ripples.h"

namespace gewu {
namespace {

using test::must;
using test::ShippedOffice;

enum class Kind { memory, file };

class StoreContract : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() == Kind::memory) {
      office_ = std::make_unique<ShippedOffice>();
      return;
    }
    folder_ = std::filesystem::temp_directory_path() /
              ("gewu_contract_" + std::to_string(getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    office_ = std::make_unique<ShippedOffice>((folder_ / "office.db").string(),
                                              test::shipped_directory());
  }
  void TearDown() override {
    office_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  usecase::RequestStamp stamp(char last, char body = 'a') {
    usecase::RequestStamp made;
    made.id = std::string("00000000-0000-4000-8000-00000000000") + last;
    made.body.fill(static_cast<std::uint8_t>(body));
    return made;
  }
  std::int64_t journal_length() {
    std::int64_t last = 0;
    must(office_->store->read_journal(1, [&](const store::JournalLine& line) -> Status {
      last = line.sequence;
      return {};
    }));
    return last;
  }

  std::filesystem::path folder_;
  std::unique_ptr<ShippedOffice> office_;
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::Values(Kind::memory, Kind::file),
                         [](const auto& of) {
                           return of.param == Kind::memory ? "memory" : "file";
                         });

TEST_P(StoreContract, a_repeated_request_changes_nothing_and_gives_the_same_event) {
  auto submission = office_->appeal();
  submission.request = stamp('1');
  const auto first = must(usecase::submit_matter(*office_->office, submission));
  const std::int64_t length = journal_length();
  const auto second = must(usecase::submit_matter(*office_->office, submission));
  EXPECT_FALSE(first.repeated);
  EXPECT_TRUE(second.repeated);
  EXPECT_EQ(second.events.front().id, first.events.front().id);
  EXPECT_EQ(second.matter->number, first.matter->number);
  // Only the receipt code is another, for the first may have been lost: one line says so.
  EXPECT_EQ(journal_length(), length + 1);
  EXPECT_EQ(must(office_->store->read_timeline(first.matter->id, 10)).size(), 1U);
}

TEST_P(StoreContract, a_repeated_submission_renews_the_receipt_that_may_have_been_lost) {
  auto submission = office_->appeal();
  submission.request = stamp('1');
  const auto first = must(usecase::submit_matter(*office_->office, submission));
  const auto second = must(usecase::submit_matter(*office_->office, submission));
  EXPECT_NE(first.receipt, second.receipt);
  EXPECT_EQ(usecase::find_receipt(*office_->office, first.receipt).error().key, "not_found");
  EXPECT_EQ(must(usecase::find_receipt(*office_->office, second.receipt)).receipt_of,
            first.matter->id);
}

TEST_P(StoreContract, the_same_id_with_another_body_is_refused) {
  auto submission = office_->appeal();
  submission.request = stamp('1', 'a');
  must(usecase::submit_matter(*office_->office, submission));
  submission.request = stamp('1', 'b');
  const auto reused = usecase::submit_matter(*office_->office, submission);
  ASSERT_FALSE(reused);
  EXPECT_EQ(reused.error().key, "request.reused");
  EXPECT_EQ(reused.error().code, ErrorCode::conflict);
}

TEST_P(StoreContract, a_refusal_writes_nothing_and_is_not_remembered) {
  const std::int64_t length = journal_length();
  auto submission = office_->appeal("");
  submission.request = stamp('1');
  const auto refused = usecase::submit_matter(*office_->office, submission);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "appeal.text.required");
  EXPECT_EQ(journal_length(), length);
  submission = office_->appeal("修好");
  submission.request = stamp('1');
  EXPECT_TRUE(usecase::submit_matter(*office_->office, submission));
}

TEST_P(StoreContract, canaries_are_kept_with_their_matters_and_their_reads_are_found) {
  usecase::SignedInCaller security;
  security.caller = office_->seat("centre_1", "keeper");
  security.may_secure = true;
  usecase::WantedCanary wanted;
  wanted.type = "appeal";
  wanted.state = "withdrawn";
  wanted.values = office_->appeal("楼道堆物").values;
  store::LogBook& log = office_->store->log_book();
  EXPECT_THAT(must(log.find_canaries()), ::testing::IsEmpty());
  const auto first = must(usecase::plant_canary(*office_->office, security, wanted));
  const auto second = must(usecase::plant_canary(*office_->office, security, wanted));
  const std::vector<store::Canary> kept{
      {1, first.matter->id, office_->clock.now(), security.caller.account},
      {2, second.matter->id, office_->clock.now(), security.caller.account}};
  EXPECT_EQ(must(log.find_canaries()), kept);
  const auto read = [&](MatterId matter, store::ReadKind kind, std::int32_t day) {
    store::ReadRecord record;
    record.at = office_->clock.now();
    record.day = {day};
    record.account = {7};
    record.matter = matter;
    record.kind = kind;
    record.locality = "yanji";
    must(log.add_reads({record}));
  };
  read(second.matter->id, store::ReadKind::list, 20'000);
  read(second.matter->id, store::ReadKind::search, 20'000);
  EXPECT_THAT(must(log.find_canary_reads(0)), ::testing::IsEmpty());
  read(second.matter->id, store::ReadKind::table, 20'000);
  read(second.matter->id, store::ReadKind::page, 20'000);
  read(first.matter->id, store::ReadKind::unseal, 20'001);
  EXPECT_THAT(must(log.find_canary_reads(0)),
              ::testing::UnorderedElementsAre(store::CanaryRead{2, {7}, {20'000}, "yanji"},
                                              store::CanaryRead{1, {7}, {20'001}, "yanji"}));
  EXPECT_THAT(must(log.find_canary_reads(4)),
              ::testing::ElementsAre(store::CanaryRead{1, {7}, {20'001}, "yanji"}));
  EXPECT_THAT(must(usecase::check_data(*office_->office)).differences, ::testing::IsEmpty());
  if (GetParam() == Kind::memory) return;
  office_->office.reset();
  office_->store.reset();
  office_->store = must(office_->open((folder_ / "office.db").string(), test::shipped_directory()));
  EXPECT_EQ(must(office_->store->log_book().find_canaries()), kept);
}

TEST_P(StoreContract, a_matter_goes_on_under_another_text) {
  const auto old = office_->submit().matter;
  const auto pinned = [&](const std::string& type, const std::string& sha256) {
    return must(office_->store->find_pinned(type, sha256));
  };
  EXPECT_THAT(pinned("appeal", old->type->text_sha256), ::testing::ElementsAre(old->id));
  EXPECT_THAT(pinned("task", old->type->text_sha256), ::testing::IsEmpty());
  must(usecase::publish_definitions(*office_->office, test::edited_files(), "publish"));
  ASSERT_EQ(must(usecase::migrate_matters(*office_->office, "publish", 1'000)).moved, 1u);
  const auto now = office_->store->read()->load(old->id);
  EXPECT_EQ(now->type->version, test::appeal_version() + 1);
  EXPECT_EQ(now->version, old->version + 1);
  EXPECT_THAT(pinned("appeal", old->type->text_sha256), ::testing::IsEmpty());
  EXPECT_THAT(pinned("appeal", now->type->text_sha256), ::testing::ElementsAre(old->id));
  const auto timeline = must(office_->store->read_timeline(old->id, 10));
  ASSERT_TRUE(timeline.front().change.moved);
  EXPECT_EQ(timeline.front().kind, kernel::Event::Kind::migrate);
  EXPECT_EQ(timeline.front().change.moved->from->text_sha256, old->type->text_sha256);
  EXPECT_EQ(timeline.front().change.moved->to, now->type);
  EXPECT_THAT(must(usecase::check_data(*office_->office)).differences, ::testing::IsEmpty());
  if (GetParam() == Kind::memory) return;
  office_->store.reset();
  office_->store = must(office_->open((folder_ / "office.db").string(), test::shipped_directory()));
  const auto again = office_->store->read()->load(old->id);
  EXPECT_EQ(again->type->text_sha256, now->type->text_sha256);
  EXPECT_EQ(again->fields.size(), again->type->fields.size());
}

TEST_P(StoreContract, numbers_are_gapless_though_some_are_refused) {
  std::vector<std::string> numbers;
  for (int i = 0; i < 5; ++i) {
    numbers.push_back(office_->submit().matter->number);
    EXPECT_FALSE(usecase::submit_matter(*office_->office, office_->appeal("")));
  }
  for (std::size_t i = 0; i + 1 < numbers.size(); ++i)
    EXPECT_EQ(std::stol(numbers[i].substr(numbers[i].size() - 6)) + 1,
              std::stol(numbers[i + 1].substr(numbers[i + 1].size() - 6)));
}

TEST_P(StoreContract, many_at_once_each_get_their_own_number) {
  std::vector<std::thread> threads;
  std::vector<std::string> numbers(24);
  for (std::size_t i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (std::size_t k = 0; k < 6; ++k) {
        // Every third is refused: the others of its group stand all the same.
        const auto bad = usecase::submit_matter(*office_->office, office_->appeal(""));
        EXPECT_FALSE(bad);
        const auto good = usecase::submit_matter(*office_->office, office_->appeal("并行"));
        if (good) numbers[i * 6 + k] = good->matter->number;
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::ranges::sort(numbers);
  EXPECT_EQ(std::ranges::adjacent_find(numbers), numbers.end());
  EXPECT_FALSE(numbers.front().empty());
  const auto check = must(usecase::check_data(*office_->office));
  EXPECT_THAT(check.differences, ::testing::IsEmpty());
}

TEST_P(StoreContract, work_lists_page_alike_in_both_directions) {
  std::vector<MatterId> all;
  for (int i = 0; i < 45; ++i) {
    office_->clock.set(office_->clock.now() + 60'000);
    all.push_back(office_->submit().matter->id);
  }
  store::WorkQuery query;
  query.unit = "222401";
  query.rows = 20;
  query.now = office_->clock.now();
  std::vector<MatterId> forwards, backwards;
  for (;;) {
    const auto page = must(office_->store->read_worklist(query));
    for (const auto& row : page.rows) forwards.push_back(row->id);
    if (page.next.empty()) break;
    query.cursor = page.next;
  }
  query.cursor.clear();
  query.backwards = true;
  for (;;) {
    const auto page = must(office_->store->read_worklist(query));
    std::vector<MatterId> rows;
    for (const auto& row : page.rows) rows.push_back(row->id);
    backwards.insert(backwards.begin(), rows.begin(), rows.end());
    if (page.previous.empty()) break;
    query.cursor = page.previous;
  }
  EXPECT_EQ(forwards.size(), 45u);
  EXPECT_EQ(forwards, backwards);
}

TEST_P(StoreContract, counters_of_open_matters_follow_every_change) {
  const auto centre = office_->seat("centre_1", "zhang");
  using store::OpenCount;
  using Of = store::WorkQuery::Of;
  const auto counts = [&](Of of, const std::string& unit) {
    return must(office_->store->count_open(of, {unit})).front();
  };
  EXPECT_THAT(counts(Of::territory, "22"), ::testing::IsEmpty());
  const auto first = office_->submit().matter;
  office_->submit();
  // The grid, and each node above it up to the province.
  for (const char* unit : {test::kGrid, "222401002001", "222401002", "222401", "2224", "22"})
    EXPECT_THAT(counts(Of::territory, unit),
                ::testing::ElementsAre(OpenCount{"appeal.received", 2})) << unit;
  EXPECT_THAT(counts(Of::owner, first->owner.code),
              ::testing::ElementsAre(OpenCount{"appeal.received", 2}));
  must(office_->act(centre, first->id, "accept", {{"category", kernel::Key{"lighting"}}}));
  EXPECT_THAT(counts(Of::territory, "222401"),
              ::testing::ElementsAre(OpenCount{"appeal.accepted", 1},
                                     OpenCount{"appeal.received", 1}));
  EXPECT_THAT(counts(Of::handler, "lighting_office"),
              ::testing::ElementsAre(OpenCount{"appeal.accepted", 1}));
  const auto caller = office_->submit();
  must(office_->act(must(usecase::find_receipt(*office_->office, caller.receipt)),
                    caller.matter->id, "withdraw"));
  EXPECT_THAT(counts(Of::territory, "222401"),
              ::testing::ElementsAre(OpenCount{"appeal.accepted", 1},
                                     OpenCount{"appeal.received", 1}));
  const auto several = must(office_->store->count_open(Of::territory, {"222401001", "222401002"}));
  ASSERT_EQ(several.size(), 2u);
  EXPECT_THAT(several[0], ::testing::IsEmpty());
  EXPECT_EQ(several[1].size(), 2u);
  const auto check = must(usecase::check_data(*office_->office));
  EXPECT_THAT(check.differences, ::testing::IsEmpty());
}

TEST_P(StoreContract, words_are_found_within_units_newest_first) {
  std::vector<MatterId> all;
  for (const char* text : {"污水管破裂", "井盖丢失", "三号楼污水外溢"}) {
    office_->clock.set(office_->clock.now() + 1'000);
    all.push_back(office_->submit(text).matter->id);
  }
  const auto find = [&](const std::string& words, std::vector<kernel::Unit> within,
                        std::vector<std::string> types = {}, MatterId before = {}) {
    store::WordQuery query{words, std::move(within), std::move(types), before, 10};
    std::vector<MatterId> ids;
    for (const auto& matter : must(office_->store->find_words(query))) ids.push_back(matter->id);
    return ids;
  };
  const kernel::Unit town = kernel::territory_unit("222401");
  EXPECT_THAT(find("污水", {town}), ::testing::ElementsAre(all[2], all[0]));
  EXPECT_THAT(find("污水", {town}, {}, all[2]), ::testing::ElementsAre(all[0]));
  EXPECT_THAT(find("污水 三号楼", {town}), ::testing::ElementsAre(all[2]));
  EXPECT_THAT(find("盖", {town}), ::testing::ElementsAre(all[1]));
  EXPECT_THAT(find("污水", {}), ::testing::IsEmpty());
  EXPECT_THAT(find("污水", {kernel::territory_unit("222401001")}), ::testing::IsEmpty());
  EXPECT_THAT(find("污水", {kernel::territory_unit("222401001"), town}, {"appeal"}),
              ::testing::SizeIs(2));
  EXPECT_THAT(find("污水", {town}, {"whistle"}), ::testing::IsEmpty());
  const auto owner = office_->store->read()->load(all[0])->owner;
  EXPECT_THAT(find("污水", {owner}), ::testing::SizeIs(2));
  // What is typed is never read as a language of the index.
  for (const char* typed : {"\"", "a\"b", "OR", "words:污水", "污水*", "NEAR(a b)", "(", "-污水"})
    static_cast<void>(find(typed, {town}));
  EXPECT_THAT(find("污水 OR 井盖", {town}), ::testing::IsEmpty());
}

TEST_P(StoreContract, accounts_are_found_by_a_part_of_their_name) {
  office_->seat("centre_1", "zhang");
  usecase::NewAccount other;
  other.login = "li";
  other.display_name = "官员li%";
  must(usecase::make_account(*office_->office, other, "test"));
  const auto names = [&](const std::string& part, std::size_t rows) {
    std::vector<std::string> logins;
    for (const auto& account : must(office_->store->find_accounts(part, rows)))
      logins.push_back(account.login);
    return logins;
  };
  EXPECT_THAT(names("zha", 10), ::testing::ElementsAre("zhang"));
  EXPECT_THAT(names("%", 10), ::testing::ElementsAre("li"));
  EXPECT_THAT(names("官员", 10), ::testing::SizeIs(2));
  EXPECT_THAT(names("官员", 1), ::testing::SizeIs(1));
  EXPECT_THAT(names("nobody", 10), ::testing::IsEmpty());
  EXPECT_THAT(names("", 10), ::testing::SizeIs(2));
  // By the login as well, and whoever was disabled is still there.
  auto disabled = *must(office_->store->find_account("li"));
  disabled.display_name = "调走的人";
  disabled.disabled = true;
  must(usecase::change_account(*office_->office, disabled));
  EXPECT_THAT(names("li", 10), ::testing::ElementsAre("li"));
}

TEST_P(StoreContract, cells_before_and_after_folding_are_what_the_journal_says) {
  const auto centre = office_->seat("centre_1", "zhang");
  for (int i = 0; i < 3; ++i) office_->submit();
  const auto accepted = office_->submit();
  must(office_->act(centre, accepted.matter->id, "accept",
                    {{"category", kernel::Key{"lighting"}}}));
  const auto unfolded = must(usecase::check_data(*office_->office));
  EXPECT_THAT(unfolded.differences, ::testing::IsEmpty());
  EXPECT_GT(unfolded.cells, 0u);
  EXPECT_GT(must(office_->store->fold()), 0u);
  EXPECT_EQ(must(office_->store->fold()), 0u);
  office_->submit();
  const auto mixed = must(usecase::check_data(*office_->office));
  EXPECT_THAT(mixed.differences, ::testing::IsEmpty());
  EXPECT_GE(mixed.cells, unfolded.cells);
}

TEST_P(StoreContract, a_follow_up_is_carried_out_once_though_two_work_it) {
  const auto centre = office_->seat("centre_1", "zhang");
  const auto matter = office_->submit().matter->id;
  must(office_->act(centre, matter, "accept", {{"category", kernel::Key{"lighting"}}}));
  // Whatever was left has been worked: nothing waits, and working it again does nothing.
  EXPECT_EQ(must(usecase::work_old_ripples(*office_->office, office_->clock.now(), 100)), 0u);
  EXPECT_EQ(must(usecase::work_ripples(*office_->office, {{1}, {2}, {3}, {999}})), 0u);
  EXPECT_EQ(must(office_->store->count_stopped_ripples()), 0u);
}

TEST_P(StoreContract, the_journal_is_one_chain_and_holds_no_personal_value_in_clear) {
  office_->submit("甲家的路灯");
  std::string all;
  must(office_->store->read_journal(1, [&](const store::JournalLine& line) -> Status {
    all += line.body;
    return {};
  }));
  EXPECT_EQ(all.find("13900001234"), std::string::npos);
  EXPECT_EQ(all.find("金某某"), std::string::npos);
  EXPECT_EQ(all.find("甲家的路灯"), std::string::npos);
  EXPECT_THAT(must(usecase::check_data(*office_->office)).differences, ::testing::IsEmpty());
}

TEST_P(StoreContract, time_fires_each_step_once) {
  const auto matter = office_->submit().matter->id;
  office_->clock.set(office_->clock.now() + 10 * kMsPerDay);
  const auto first = must(usecase::pass_all_time(*office_->office, 100));
  EXPECT_GT(first.events, 0u);
  EXPECT_THAT(first.failed, ::testing::IsEmpty());
  EXPECT_EQ(must(usecase::pass_time(*office_->office, matter)), 0u);
  EXPECT_THAT(must(usecase::check_data(*office_->office)).differences, ::testing::IsEmpty());
}

TEST_P(StoreContract, listeners_hear_of_each_commit_and_not_of_refusals) {
  std::size_t heard = 0;
  office_->store->on_commit([&](const std::vector<store::Change>& changes) {
    heard += changes.size();
  });
  EXPECT_FALSE(usecase::submit_matter(*office_->office, office_->appeal("")));
  EXPECT_EQ(heard, 0u);
  office_->submit();
  EXPECT_GT(heard, 0u);
}

}  // namespace
}  // namespace gewu
