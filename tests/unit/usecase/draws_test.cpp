// Draws: pure lots, rounds through the store, another draw of the same from file and export, and
// whoever wrote the lots himself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "base/spans.h"
#include "kernel/matter/draws.h"
#include "kernel/matter/given.h"
#include "store/root_book.h"
#include "support/shipped_office.h"
#include "usecase/audit_journal.h"
#include "usecase/check_data.h"
#include "usecase/draw_lots.h"
#include "usecase/export_journal.h"
#include "usecase/keep_roots.h"
#include "usecase/open_draws.h"
#include "usecase/run_timetables.h"
#include "usecase/verify_export.h"

namespace gewu::usecase {
namespace {

using kernel::Lots;
using test::must;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string seed_number(int number) { return made_up_seed(std::to_string(number)); }

std::vector<MatterId> ids(std::int64_t from, std::int64_t until) {
  std::vector<MatterId> all;
  for (; from < until; ++from) all.push_back({from});
  return all;
}

TEST(DrawLots, are_of_the_set_whatever_its_order_and_of_seed_and_name) {
  std::vector<MatterId> candidates = ids(1'000, 1'200);
  const auto drawn = must(draw_lots(seed_number(1), "appeal.recheck", candidates, 10));
  ASSERT_EQ(drawn.size(), 10U);
  EXPECT_EQ(std::set<MatterId>(drawn.begin(), drawn.end()).size(), 10U);
  for (int i = 0; i < 20; ++i) {
    std::ranges::shuffle(candidates, std::mt19937_64(static_cast<std::uint64_t>(i)));
    candidates.push_back(candidates.front());
    EXPECT_EQ(must(draw_lots(seed_number(1), "appeal.recheck", candidates, 10)), drawn);
    EXPECT_EQ(digest_of(candidates), digest_of(ids(1'000, 1'200)));
  }
  EXPECT_NE(must(draw_lots(seed_number(2), "appeal.recheck", candidates, 10)), drawn);
  EXPECT_NE(must(draw_lots(seed_number(1), "appeal.other", candidates, 10)), drawn);
  EXPECT_NE(digest_of(ids(1'000, 1'199)), digest_of(ids(1'000, 1'200)));
  EXPECT_EQ(must(draw_lots(seed_number(1), "appeal.recheck", ids(1, 4), 10)).size(), 3U);
  EXPECT_THAT(must(draw_lots(seed_number(1), "appeal.recheck", {}, 10)), IsEmpty());
  EXPECT_EQ(draw_lots("no hash", "appeal.recheck", ids(1, 4), 1).error().key, "draw.seed");
}

/// More or fewer candidates beside it leave the order of two as it is.
TEST(DrawLots, nobody_moves_a_lot_by_what_stands_beside_it) {
  const auto whole = must(draw_lots(seed_number(5), "appeal.recheck", ids(1, 101), 100));
  auto left = must(draw_lots(seed_number(5), "appeal.recheck", ids(1, 51), 50));
  std::vector<MatterId> same;
  for (const MatterId id : whole)
    if (id.value < 51) same.push_back(id);
  EXPECT_EQ(left, same);
}

TEST(DrawLots, fall_on_all_alike) {
  constexpr int kSeeds = 4'000, kCandidates = 20, kDrawn = 5;
  std::map<MatterId, int> times;
  for (int seed = 0; seed < kSeeds; ++seed)
    for (const MatterId id :
         must(draw_lots(seed_number(seed), "appeal.recheck", ids(7, 7 + kCandidates), kDrawn)))
      ++times[id];
  // Five deviations of a thousand: sqrt(4000 × 1/4 × 3/4) = 27.
  for (const MatterId id : ids(7, 7 + kCandidates)) EXPECT_NEAR(times[id], 1'000, 137) << id.value;
}

TEST(DrawSize, is_rounded_up_and_never_below_the_least) {
  EXPECT_EQ(kernel::drawn_of(0, {5, 1}), 0U);
  EXPECT_EQ(kernel::drawn_of(1, {5, 1}), 1U);
  EXPECT_EQ(kernel::drawn_of(20, {5, 1}), 1U);
  EXPECT_EQ(kernel::drawn_of(21, {5, 1}), 2U);
  EXPECT_EQ(kernel::drawn_of(21, {5, 4}), 4U);
  EXPECT_EQ(kernel::drawn_of(3, {5, 4}), 3U);
  EXPECT_EQ(kernel::drawn_of(10, {5, 0}), 1U);
  EXPECT_EQ(kernel::drawn_of(7, {100, 1}), 7U);
  EXPECT_EQ(kernel::drawn_of(100'000, {100, 1}), 500U) << "what one decision opens";
}

constexpr const char* kOtherStreet = "222401003001";

class DrawnOffice {
 public:
  DrawnOffice() : seed(security::Key::generate(office.random)) { go("2026-09-22T01:00:00Z"); }

  void go(const char* instant) { office.clock.set(*parse_instant(instant)); }
  std::optional<SignedRoot> sign() { return must(sign_root(*office.office, seed)); }
  TimetablesRun run() {
    auto run = must(run_timetables(*office.office,
                                   [](const kernel::Name& type) { return type == "appeal"; }));
    EXPECT_THAT(run.failed, IsEmpty());
    return run;
  }
  /// An appeal that stands closed from now on.
  MatterId close(const char* place = test::kGrid) {
    kernel::Place ground;
    ground.territory = place;
    MatterId id;
    store::CommitRequest request;
    request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
      const kernel::Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
      kernel::GivenMatter given;
      given.type = "appeal";
      given.locality = "yanji";
      given.state = "closed";
      given.values = {{"place", kernel::make_large(kernel::Place(ground))},
                      {"category", kernel::Key{"lighting"}}};
      store::Writing writing;
      GEWU_TRY(decision, kernel::give_matter(chamber, given));
      writing.decision = std::move(decision);
      id = writing.decision.steps.front().event.matter;
      return writing;
    };
    must(office.store->commit(std::move(request)));
    return id;
  }
  std::vector<kernel::SnapshotPtr> all(const char* type) {
    std::vector<kernel::SnapshotPtr> found;
    must(office.store->each_matter([&](const kernel::SnapshotPtr& matter) -> Status {
      if (matter->type->name == type) found.push_back(matter);
      return {};
    }));
    return found;
  }
  std::vector<std::string> differences() { return must(check_data(*office.office)).differences; }
  ExportCheck verify() {
    std::map<std::string, std::vector<std::string>> files;
    must(export_journal(*office.office, [&](const char* file, std::string_view line) -> Status {
      files[file].emplace_back(line);
      return {};
    }));
    VerifyWish wish;
    wish.preset = test::shipped_directory();
    const ReadLines read = [&](const char* file,
                               const std::function<Status(std::string_view)>& each) -> Status {
      for (const std::string& line : files[file]) GEWU_CHECK(each(line));
      return {};
    };
    return must(verify_export(read, wish));
  }
  std::vector<std::string> marks() {
    std::vector<std::string> marks;
    for (const AuditEntry& entry : must(audit_journal(*office.office)))
      if (entry.mark == AuditMark::draw_late || entry.mark == AuditMark::draw_missing)
        marks.push_back(std::string(to_text(entry.mark)) + " " + entry.action + " " +
                        entry.actor.organisation + " " + entry.clock);
    return marks;
  }

  test::ShippedOffice office;
  security::Key seed;
};

std::int64_t whole_in(const kernel::Snapshot& matter, const char* field) {
  const auto* number = matter.find_field(field)->get<kernel::Number>();
  return number != nullptr ? number->micros / kernel::kMicros : -1;
}
std::string text_in(const kernel::Snapshot& matter, const char* field) {
  const auto* text = matter.find_field(field)->get<std::string>();
  return text != nullptr ? *text : "none";
}

TEST(Draws, wait_for_the_first_root_a_minute_after_the_round) {
  DrawnOffice drawn;
  std::set<MatterId> here;
  for (int i = 0; i < 21; ++i) here.insert(drawn.close());
  drawn.close(kOtherStreet);
  drawn.sign();
  drawn.go("2026-09-27T16:00:20Z");   // Monday 00:00:20 there
  EXPECT_EQ(drawn.run().opened, 0U);
  drawn.close();
  const auto early = drawn.sign();
  drawn.go("2026-09-27T16:01:30Z");
  const auto waiting = drawn.run();
  EXPECT_EQ(waiting.opened, 0U) << "its root is within the minute";
  ASSERT_TRUE(waiting.next);
  EXPECT_LE(waiting.next->ms, drawn.office.clock.now().ms + kMsPerMinute);
  drawn.close();
  const auto root = drawn.sign();
  ASSERT_TRUE(root);
  EXPECT_NE(root->statement.number, early->statement.number);
  drawn.run();
  const auto ledgers = drawn.all("draw_round");
  ASSERT_EQ(ledgers.size(), 2U) << "one for each street";
  const auto& big = whole_in(*ledgers[0], "candidates") == 21 ? *ledgers[0] : *ledgers[1];
  EXPECT_EQ(whole_in(big, "candidates"), 21);
  EXPECT_EQ(whole_in(big, "drawn"), 2) << "5 % rounded up";
  EXPECT_EQ(whole_in(big, "root"), root->statement.number);
  EXPECT_EQ(text_in(big, "seed"), seed_of(*root));
  const auto lots = must(draw_lots(seed_of(*root), "appeal.recheck",
                                   {here.begin(), here.end()}, 2));
  std::vector<MatterId> asked;
  for (const auto& recheck : drawn.all("recheck")) {
    const MatterId about = recheck->find_field("about")->get<kernel::Link>()->id;
    if (here.contains(about)) asked.push_back(about);
    EXPECT_EQ(recheck->owner.code, "city_government");
  }
  EXPECT_EQ(asked, lots);
  EXPECT_EQ(drawn.run().opened, 0U) << "once";
  drawn.go("2026-09-30T01:00:00Z");
  drawn.sign();
  EXPECT_EQ(drawn.run().opened, 0U) << "by no later root either";
  EXPECT_THAT(drawn.differences(), IsEmpty());
  EXPECT_THAT(drawn.verify().differences, IsEmpty());
  EXPECT_THAT(drawn.marks(), IsEmpty());
}

TEST(Draws, of_rounds_that_were_slept_through_are_made_up_for_and_told) {
  DrawnOffice drawn;
  drawn.close();
  drawn.go("2026-09-29T01:00:00Z");
  drawn.close();
  drawn.sign();
  drawn.go("2026-10-14T01:00:00Z");
  drawn.close();
  drawn.sign();
  drawn.run();
  const auto ledgers = drawn.all("draw_round");
  ASSERT_EQ(ledgers.size(), 2U);
  EXPECT_EQ(whole_in(*ledgers[0], "root"), 1) << "the week of the 22nd has a root of its own";
  EXPECT_EQ(whole_in(*ledgers[1], "root"), 2);
  EXPECT_EQ(drawn.run().opened, 0U);
  EXPECT_EQ(drawn.marks(),
            (std::vector<std::string>{"draw_late appeal.recheck beishan_street 2026-09-21",
                                      "draw_late appeal.recheck beishan_street 2026-09-28"}));
  EXPECT_THAT(drawn.differences(), IsEmpty());
  EXPECT_THAT(drawn.verify().audit, testing::SizeIs(2));
}

TEST(Draws, that_are_never_made_are_told) {
  DrawnOffice drawn;
  drawn.close();
  drawn.go("2026-09-28T01:00:00Z");
  drawn.close();
  EXPECT_THAT(drawn.marks(), IsEmpty()) << "not yet a day";
  drawn.go("2026-09-29T01:00:00Z");
  drawn.close();
  EXPECT_EQ(drawn.marks(), std::vector<std::string>{
                               "draw_missing appeal.recheck beishan_street 2026-09-21"});
}

/// What a program of one's own would write: the chain and every table are right, the lots are not.
TEST(Draws, with_lots_of_ones_own_are_found) {
  const auto forged = [](const std::function<void(Lots&, const std::vector<MatterId>&)>& change) {
    DrawnOffice drawn;
    std::vector<MatterId> closed;
    for (int i = 0; i < 30; ++i) closed.push_back(drawn.close());
    drawn.sign();
    drawn.go("2026-09-28T01:00:00Z");
    drawn.close();
    const auto root = drawn.sign();
    const auto directory = drawn.office.store->directory();
    kernel::DrawRound round;
    for (kernel::DrawRound& ended : kernel::ended_draws(
             *directory, drawn.office.clock.now(),
             [](const kernel::Name& type) { return type == "appeal"; }))
      if (ended.locality == "yanji") round = std::move(ended);
    Lots lots;
    lots.owner = "beishan_street";
    lots.root = root->statement.number;
    lots.seed = seed_of(*root);
    lots.candidates = closed.size();
    lots.digest = digest_of(closed);
    lots.terms = {5, 1};
    lots.drawn = must(draw_lots(lots.seed, "appeal.recheck", closed, 2));
    change(lots, closed);
    store::CommitRequest request;
    request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
      store::Writing writing;
      GEWU_TRY(decision, kernel::open_draw({turn.directory, turn.source, turn.now, turn.ids},
                                           round, lots));
      writing.decision = std::move(decision);
      return writing;
    };
    must(drawn.office.store->commit(std::move(request)));
    const auto differences = drawn.differences();
    EXPECT_EQ(differences, drawn.verify().differences);
    return differences;
  };
  const std::string name = "draw appeal.recheck beishan_street 2026-09-21: ";
  EXPECT_THAT(forged([](Lots&, const auto&) {}), IsEmpty()) << "what is right is no difference";
  EXPECT_THAT(forged([](Lots& lots, const auto& closed) {
                lots.drawn = {closed[0] == lots.drawn[0] ? closed[1] : closed[0], lots.drawn[1]};
              }),
              Contains(name + "drawn"));
  EXPECT_THAT(forged([](Lots& lots, const auto&) { lots.drawn.pop_back(); }),
              Contains(name + "drawn"));
  EXPECT_THAT(forged([](Lots& lots, const auto& closed) {
                // The best of many seeds.
                lots.seed = seed_number(77);
                lots.drawn = must(draw_lots(lots.seed, "appeal.recheck", closed, 2));
              }),
              Contains(name + "seed"));
  EXPECT_THAT(forged([](Lots& lots, const auto& closed) {
                // An earlier root, which one had all week to look at.
                lots.root = 1;
                lots.drawn = must(draw_lots(lots.seed, "appeal.recheck", closed, 2));
              }),
              Contains(name + "root"));
  EXPECT_THAT(forged([](Lots& lots, const auto&) {
                lots.root = 0;
                lots.seed = made_up_seed("mine");
              }),
              testing::AllOf(Contains(name + "root"), Contains(name + "seed")));
  EXPECT_THAT(forged([](Lots& lots, const auto& closed) {
                // Some are left out of the hat.
                const std::vector<MatterId> few(closed.begin() + 10, closed.end());
                lots.candidates = few.size();
                lots.digest = digest_of(few);
                lots.drawn = must(draw_lots(lots.seed, "appeal.recheck", few, 1));
              }),
              Contains(name + "candidates"));
}

TEST(Draws, are_told_to_everybody_after_a_day_without_small_numbers) {
  DrawnOffice drawn;
  for (int i = 0; i < 30; ++i) drawn.close();
  for (int i = 0; i < 4; ++i) drawn.close(kOtherStreet);
  drawn.go("2026-09-27T16:05:00Z");
  drawn.close();
  const auto root = drawn.sign();
  drawn.run();
  EXPECT_THAT(must(read_open_draws(*drawn.office.office, std::nullopt)).draws, IsEmpty());
  drawn.go("2026-09-28T16:00:00Z");
  const auto open = must(read_open_draws(*drawn.office.office, std::nullopt));
  ASSERT_EQ(open.draws.size(), 2U);
  for (const OpenDraw& draw : open.draws) {
    EXPECT_EQ(draw.seed, seed_of(*root));
    EXPECT_EQ(draw.root, root->statement.number);
    EXPECT_EQ(format_date(draw.from), "2026-09-21");
    EXPECT_EQ(format_date(draw.until), "2026-09-27");
    const bool is_small = draw.owner != "beishan_street";
    EXPECT_EQ(draw.candidates, is_small ? std::nullopt : std::optional<std::int64_t>(30));
    EXPECT_EQ(draw.drawn, is_small ? std::nullopt : std::optional<std::int64_t>(2));
    EXPECT_EQ(draw.digest.empty(), is_small);
  }
  EXPECT_FALSE(open.earlier);
  EXPECT_THAT(must(read_open_draws(*drawn.office.office, parse_date("2026-09-28"))).draws,
              IsEmpty());
}

}  // namespace
}  // namespace gewu::usecase
