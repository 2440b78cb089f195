// Signed roots: what they say, who is told, and what can be proved with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "gateway/file_witness.h"
#include "unit/usecase/tampering.h"
#include "usecase/audit_journal.h"
#include "usecase/prove.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::RecordedOffice;
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
