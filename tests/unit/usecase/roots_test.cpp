// Signed roots: what they say, who is told, and what can be proved with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/spans.h"
#include "gateway/file_witness.h"
#include "store/root_book.h"
#include "unit/usecase/tampering.h"
#include "usecase/audit_journal.h"
#include "usecase/check_data.h"
#include "usecase/prove.h"
#include "usecase/verify_export.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::RecordedOffice;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Roots, are_signed_in_order_and_only_when_something_was_written) {
  RecordedOffice recorded;
  ASSERT_THAT(recorded.roots, SizeIs(3));
  EXPECT_FALSE(must(sign_root(recorded.office(), recorded.seed)));
  for (std::size_t i = 0; i < recorded.roots.size(); ++i) {
    const SignedRoot& root = recorded.roots[i];
    EXPECT_EQ(root.statement.number, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(root.statement.previous,
              i == 0 ? security::Sha256{} : hash_of(recorded.roots[i - 1]));
    EXPECT_EQ(must(read_root(recorded.office(), root.statement.number)).text, root.text);
    EXPECT_EQ(must(read_root_line(line_of(root))).statement, root.statement);
  }
  EXPECT_EQ(must(latest_root(recorded.office()))->text, recorded.roots.back().text);
  EXPECT_EQ(read_root(recorded.office(), 4).error().key, "not_found");
}

TEST(Roots, no_byte_of_one_can_be_changed) {
  RecordedOffice recorded;
  const std::string line = line_of(recorded.roots[1]);
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string other = line;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(read_root_line(other)) << i;
  }
}

TEST(Roots, of_a_day_is_the_last_that_was_signed_in_it) {
  RecordedOffice recorded;
  const auto day = *parse_date("2026-09-22");
  EXPECT_EQ(must(root_of_day(recorded.office(), day))->statement.number, 1);
  EXPECT_EQ(must(root_of_day(recorded.office(), {day.days + 3}))->statement.number, 2);
  EXPECT_EQ(must(root_of_day(recorded.office(), {day.days + 400}))->statement.number, 3);
  EXPECT_FALSE(must(root_of_day(recorded.office(), {day.days - 1})));
}

TEST(Roots, a_later_one_is_proved_to_add_only) {
  RecordedOffice recorded;
  for (std::int64_t from = 1; from <= 3; ++from)
    for (std::int64_t to = from; to <= 3; ++to) {
      ConsistencyProof proof = must(prove_consistency(recorded.office(), from, to));
      EXPECT_TRUE(verify(proof)) << from << " " << to;
      proof.older.statement.streams[0].tree[5] ^= 1;
      EXPECT_FALSE(verify(proof)) << from << " " << to;
    }
  EXPECT_EQ(prove_consistency(recorded.office(), 2, 1).error().key, "root.order");
  EXPECT_EQ(prove_consistency(recorded.office(), 1, 9).error().key, "not_found");
}

TEST(Roots, an_author_proves_where_his_lines_stand) {
  RecordedOffice recorded;
  const MatterProof proof = must(prove_matter(recorded.office(), recorded.matters[9]));
  ASSERT_TRUE(proof.root);
  ASSERT_GE(proof.lines.size(), 1u);
  for (LineProof line : proof.lines) {
    EXPECT_TRUE(verify(line, proof.root->statement));
    line.hash[0] ^= 1;
    EXPECT_FALSE(verify(line, proof.root->statement));
  }
  recorded.shipped().submit();
  const auto late = recorded.shipped().submit().matter->id;
  EXPECT_FALSE(must(prove_matter(recorded.office(), late)).lines.front().path);
}

TEST(Roots, an_older_file_in_the_place_of_the_office_is_refused) {
  RecordedOffice recorded;
  test::Hand hand(recorded.path());
  hand.run("update stream set sequence = sequence - 1");
  EXPECT_EQ(sign_root(recorded.office(), recorded.seed).error().key, "root.behind");
  hand.run("update stream set sequence = sequence + 1");
}

TEST(Roots, a_witness_gets_each_once_it_can_be_reached) {
  struct Friend : gateway::Witness {
    std::string name() const override { return "friend"; }
    Status tell(const std::vector<std::string>& told) override {
      if (away) return refuse(ErrorCode::unavailable, "witness.webhook");
      lines.insert(lines.end(), told.begin(), told.end());
      return {};
    }
    bool away = true;
    std::vector<std::string> lines;
  };
  RecordedOffice recorded;
  auto one = std::make_unique<Friend>();
  Friend& outside = *one;
  const std::string path = recorded.path() + ".roots";
  RootKeeper keeper{recorded.seed.clone(), {}};
  keeper.witnesses.push_back(std::move(one));
  keeper.witnesses.push_back(gateway::file_witness(path));
  EXPECT_THAT(tell_witnesses(recorded.office(), keeper), SizeIs(1));
  outside.away = false;
  EXPECT_THAT(tell_witnesses(recorded.office(), keeper), IsEmpty());
  EXPECT_THAT(tell_witnesses(recorded.office(), keeper), IsEmpty());
  ASSERT_THAT(outside.lines, SizeIs(3));
  std::ifstream file(path);
  for (const std::string& told : outside.lines) {
    std::string kept;
    ASSERT_TRUE(std::getline(file, kept));
    EXPECT_EQ(kept, told);
  }
}

store::ReadRecord a_read(RecordedOffice& recorded, std::int64_t account) {
  store::ReadRecord read;
  read.at = recorded.shipped().clock.now();
  read.account = {account};
  read.matter = recorded.matters.front();
  read.locality = "yanji";
  return read;
}

std::vector<std::string> found(RecordedOffice& recorded) {
  return must(check_data(recorded.office())).differences;
}

/// A root as they were signed before the logs stood in them.
SignedRoot without_logs(RecordedOffice& recorded, const SignedRoot& root,
                        const security::Sha256& previous) {
  RootStatement statement = root.statement;
  statement.logs.clear();
  statement.previous = previous;
  return sign_statement(recorded.seed, std::move(statement));
}

/// Signs the office's roots again, as somebody who has the key may, and puts them in its file.
void put_roots(RecordedOffice& recorded, const std::vector<SignedRoot>& roots) {
  test::Hand(recorded.path()).run("delete from root");
  for (const SignedRoot& root : roots)
    must(recorded.office().store.root_book().add_root(
        {root.statement.number, root.statement.at, root.text, root.signature}));
}

std::vector<std::string> found_in_export(RecordedOffice& recorded) {
  std::map<std::string, std::vector<std::string>> files;
  must(export_journal(recorded.office(), [&](const char* file, std::string_view line) -> Status {
    files[file].emplace_back(line);
    return {};
  }));
  VerifyWish wish;
  wish.preset = test::shipped_directory();
  const auto read = [&](const char* name,
                        const std::function<Status(std::string_view)>& each) -> Status {
    for (const std::string& line : files[name]) GEWU_CHECK(each(line));
    return {};
  };
  return must(verify_export(read, wish)).differences;
}

TEST(RootsOfLogs, stand_in_each_root_and_a_line_of_a_log_alone_asks_for_a_new_one) {
  RecordedOffice recorded;
  for (const SignedRoot& root : recorded.roots) {
    ASSERT_TRUE(root.statement.find_log("read_log"));
    EXPECT_EQ(root.statement.find_log("read_log")->size, 6);
    EXPECT_EQ(root.statement.find_log("audit_log")->size, 7);
  }
  store::LogBook& book = recorded.office().store.log_book();
  must(book.add_reads({a_read(recorded, 1)}));
  const SignedRoot root = recorded.sign();
  const auto heads = must(book.heads());
  ASSERT_THAT(heads, SizeIs(2));
  EXPECT_EQ(root.statement.find_log("read_log")->size, 7);
  EXPECT_EQ(root.statement.find_log("read_log")->head, heads[1].hash);
  EXPECT_EQ(root.statement.streams, recorded.roots.back().statement.streams);
  EXPECT_FALSE(must(sign_root(recorded.office(), recorded.seed)));
  EXPECT_THAT(found(recorded), IsEmpty());
  EXPECT_THAT(found_in_export(recorded), IsEmpty());
}

TEST(RootsOfLogs, a_log_that_was_written_anew_as_a_whole_is_found) {
  RecordedOffice recorded;
  store::LogBook& book = recorded.office().store.log_book();
  must(book.add_reads({a_read(recorded, 1), a_read(recorded, 2)}));
  recorded.sign();
  must(book.add_reads({a_read(recorded, 3), a_read(recorded, 4), a_read(recorded, 5)}));
  recorded.sign();
  ASSERT_THAT(found(recorded), IsEmpty());
  // Somebody with the file and the office key: the chain and its sealed end are as if true.
  test::Hand(recorded.path()).run("delete from read_log where id > 8");
  must(book.add_reads({a_read(recorded, 3)}));
  EXPECT_THAT(found(recorded), ElementsAre("root 5: read_log 9-11 gone"));
  EXPECT_EQ(sign_root(recorded.office(), recorded.seed).error().key, "root.behind");
  must(book.add_reads({a_read(recorded, 4), a_read(recorded, 4), a_read(recorded, 6)}));
  EXPECT_THAT(found(recorded), ElementsAre("root 5: read_log 9-11"));
  // What lies under an earlier root too is told by that one.
  test::Hand(recorded.path())
      .run("delete from read_log; delete from log_end where log = 'read_log'");
  for (std::int64_t i = 0; i < 15; ++i) must(book.add_reads({a_read(recorded, i)}));
  EXPECT_THAT(found(recorded), ElementsAre("root 1: read_log 1-6"));
  test::Hand(recorded.path())
      .run("delete from read_log; delete from log_end where log = 'read_log'");
  EXPECT_THAT(found(recorded), ElementsAre("root 1: read_log 1-6 gone"));
}

TEST(RootsOfLogs, lines_whose_time_is_over_go_and_no_others) {
  RecordedOffice recorded;
  store::LogBook& book = recorded.office().store.log_book();
  ManualClock& clock = recorded.shipped().clock;
  must(book.add_reads({a_read(recorded, 1)}));
  recorded.sign();
  clock.set(clock.now() + 2 * kMsPerDay);
  must(book.add_reads({a_read(recorded, 2), a_read(recorded, 3)}));
  recorded.sign();
  clock.set(clock.now() + kMsPerDay);
  must(book.drop_reads(clock.now() + -2 * kMsPerDay, 100));
  EXPECT_THAT(found(recorded), ElementsAre("root 3: read_log 7-7 gone early"));
  must(book.drop_reads(clock.now(), 100));
  EXPECT_THAT(found(recorded), ElementsAre("root 4: read_log 8-9 gone early"));
  clock.set(clock.now() + 180 * kMsPerDay);
  EXPECT_THAT(found(recorded), ElementsAre("root 4: read_log 8-9 gone early"));
  clock.set(clock.now() + 3 * kMsPerDay);
  EXPECT_THAT(found(recorded), IsEmpty());
  must(book.add_reads({a_read(recorded, 4)}));
  recorded.sign();
  EXPECT_THAT(found(recorded), IsEmpty());
}

TEST(RootsOfLogs, a_root_of_before_they_stood_there_still_holds) {
  RecordedOffice recorded;
  std::vector<SignedRoot> roots;
  security::Sha256 previous{};
  for (std::size_t i = 0; i < 2; ++i) {
    roots.push_back(without_logs(recorded, recorded.roots[i], previous));
    previous = hash_of(roots.back());
    EXPECT_EQ(roots.back().text.find("logs"), std::string::npos);
    EXPECT_EQ(must(read_root_line(line_of(roots.back()))).statement, roots.back().statement);
  }
  put_roots(recorded, roots);
  EXPECT_THAT(found(recorded), IsEmpty());
  recorded.sign();
  EXPECT_THAT(found(recorded), IsEmpty());
  EXPECT_THAT(found_in_export(recorded), IsEmpty());
  EXPECT_TRUE(verify(must(prove_consistency(recorded.office(), 1, 3))));
  // None is written as an empty list: one text for one statement.
  std::string other = roots[0].text;
  other.insert(other.find("\"previous\""), "\"logs\":[],");
  EXPECT_EQ(read_signed(other, roots[0].signature).error().key, "root.form");
}

TEST(RootsOfLogs, a_later_root_that_is_silent_about_a_log_is_told) {
  RecordedOffice recorded;
  auto roots = recorded.roots;
  roots[2] = without_logs(recorded, roots[2], hash_of(roots[1]));
  put_roots(recorded, roots);
  EXPECT_THAT(found(recorded), ::testing::Contains("root 3"));
  EXPECT_THAT(found_in_export(recorded), ElementsAre("root 3: order"));
  EXPECT_FALSE(verify(must(prove_consistency(recorded.office(), 2, 3))));
}

TEST(Audit, tells_by_post_who_moved_what_he_is_measured_by) {
  test::ShippedOffice office;
  const auto centre = office.seat("centre_1", "zhang");
  const auto desk = office.seat("desk_222401002001", "li");
  auto entered = office.appeal();
  entered.caller = desk;
  must(usecase::submit_matter(*office.office, entered));
  const auto matter = office.submit().matter->id;
  must(office.act(centre, matter, "accept", {{"category", kernel::Key{"lighting"}}}));
  must(office.act(centre, matter, "promise.extend",
                  {{"by", *kernel::parse_limit("3 day_working")},
                   {"ground", kernel::Key{"weather"}}}));
  must(office.act(centre, matter, "promise.exempt", {{"ground", kernel::Key{"weather"}}}));
  const auto entries = must(audit_journal(*office.office));
  std::vector<std::pair<PostId, std::string>> told;
  for (const AuditRow& row : count_audit(entries, {0}, office.clock.now() + 1)) {
    told.emplace_back(row.post, to_text(row.mark));
    EXPECT_EQ(row.count, 1);
    EXPECT_THAT(row.lines, SizeIs(1));
  }
  EXPECT_THAT(told, ::testing::UnorderedElementsAre(
                        std::pair(desk.post, std::string("entered_on_behalf")),
                        std::pair(centre.post, std::string("extended")),
                        std::pair(centre.post, std::string("exempted"))));
  EXPECT_THAT(count_audit(entries, {0}, {1}), IsEmpty());
}

}  // namespace
}  // namespace gewu::usecase
