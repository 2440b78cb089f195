#include "base/spans.h"
#include "http/chores.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <stdexcept>
#include <thread>

#include "http/uploads.h"

// Uploads in pieces, and long pieces of work that outlast their request.

namespace gewu::test {
namespace {

using http::Chores;
using http::Uploads;

constexpr AccountId kOne{1}, kTwo{2};

struct Uploading : ::testing::Test {
  SeededRandom random{7};
  Instant now = *parse_instant("2026-11-09T02:00:00Z");
  Uploads uploads{random, {.bytes_max = 10, .all_bytes_max = 16, .of_account_max = 2}};

  std::string key_of_adding(const std::string& id, std::size_t at, std::string_view piece) {
    const auto added = uploads.add(kOne, id, at, piece, now);
    return added ? "" : added.error().key;
  }
};

TEST_F(Uploading, pieces_come_in_order_and_one_that_comes_twice_is_taken_once) {
  const std::string id = uploads.begin(kOne, now);
  EXPECT_EQ(uploads.add(kOne, id, 0, "abc", now), 3U);
  EXPECT_EQ(uploads.add(kOne, id, 0, "abc", now), 3U);
  EXPECT_EQ(uploads.add(kOne, id, 3, "de", now), 5U);
  EXPECT_EQ(uploads.add(kOne, id, 0, "abc", now), 5U);
  EXPECT_EQ(**uploads.read(kOne, id, now), "abcde");
  const auto hole = uploads.add(kOne, id, 7, "x", now);
  ASSERT_FALSE(hole);
  EXPECT_EQ(hole.error().key, "upload.offset");
  EXPECT_EQ(hole.error().details.front(), (ErrorDetail{"bytes", "5"}));
  EXPECT_EQ(key_of_adding(id, 3, "xx"), "upload.offset") << "other bytes in the same place";
  EXPECT_EQ(key_of_adding(id, 99, ""), "upload.offset");
}

TEST_F(Uploading, nobody_else_reads_it) {
  const std::string id = uploads.begin(kOne, now);
  EXPECT_EQ(uploads.read(kTwo, id, now).error().key, "upload.unknown");
  EXPECT_EQ(uploads.add(kTwo, id, 0, "abc", now).error().key, "upload.unknown");
  EXPECT_EQ(uploads.read(kOne, "other", now).error().key, "upload.unknown");
}

TEST_F(Uploading, bounds_of_one_of_all_and_of_an_account) {
  const std::string first = uploads.begin(kOne, now);
  EXPECT_EQ(key_of_adding(first, 0, "0123456789"), "");
  EXPECT_EQ(key_of_adding(first, 10, "x"), "upload.size");
  const std::string second = uploads.begin(kOne, now);
  EXPECT_EQ(key_of_adding(second, 0, "0123456"), "upload.all");
  EXPECT_EQ(key_of_adding(second, 0, "012345"), "");
  const std::string other = uploads.begin(kTwo, now);
  const std::string third = uploads.begin(kOne, now);
  EXPECT_EQ(key_of_adding(first, 0, ""), "upload.unknown") << "the oldest went for the third";
  EXPECT_EQ(key_of_adding(second, 6, "6"), "");
  EXPECT_TRUE(uploads.read(kTwo, other, now)) << "not those of others";
}

TEST_F(Uploading, an_hour_after_it_was_last_touched_it_is_gone) {
  const std::string id = uploads.begin(kOne, now);
  now = now + 3'599'000;
  EXPECT_TRUE(uploads.read(kOne, id, now));
  now = now + kMsPerHour;
  EXPECT_TRUE(uploads.read(kOne, id, now));
  now = now + 3'600'001;
  EXPECT_FALSE(uploads.read(kOne, id, now));
}

TEST_F(Uploading, whoever_reads_it_keeps_what_he_was_given) {
  const std::string id = uploads.begin(kOne, now);
  EXPECT_EQ(key_of_adding(id, 0, "abc"), "");
  const auto given = *uploads.read(kOne, id, now);
  EXPECT_EQ(key_of_adding(id, 3, "d"), "");
  EXPECT_EQ(*given, "abc");
  EXPECT_EQ(**uploads.read(kOne, id, now), "abcd");
}

/// Holds a chore until it is told to go on.
class Barrier {
 public:
  void open() {
    const std::scoped_lock lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

struct ChoresTest : ::testing::Test {
  ManualClock clock{*parse_instant("2026-11-09T02:00:00Z")};
  Chores chores{clock};

  Chores::View ended(AccountId account, const std::string& id) {
    for (int turn = 0; turn < 5'000; ++turn) {
      const auto view = chores.read(account, id);
      if (!view || view->state == Chores::State::done || view->state == Chores::State::refused)
        return view.value_or(Chores::View{});
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ADD_FAILURE() << "never ended";
    return {};
  }
};

TEST_F(ChoresTest, an_answer_or_a_refusal_is_kept_for_its_account_for_an_hour) {
  const auto good = *chores.begin(kOne, [](const auto& tell) -> Result<std::string> {
    tell(3, 4);
    return "{\"n\":1}";
  });
  const auto view = ended(kOne, good);
  EXPECT_EQ(view.state, Chores::State::done);
  EXPECT_EQ(view.answer, "{\"n\":1}");
  EXPECT_EQ(view.done, 3U);
  EXPECT_EQ(view.of, 4U);
  const auto bad = *chores.begin(
      kOne, [](const auto&) -> Result<std::string> { return refuse(ErrorCode::invalid, "no"); });
  EXPECT_EQ(ended(kOne, bad).refusal->key, "no");
  EXPECT_EQ(chores.read(kTwo, good).error().key, "chore.unknown");
  clock.set(clock.now() + 3'600'001);
  ASSERT_TRUE(chores.begin(kTwo, [](const auto&) -> Result<std::string> { return "{}"; }));
  EXPECT_EQ(chores.read(kOne, good).error().key, "chore.unknown");
}

TEST_F(ChoresTest, one_of_an_account_at_a_time_and_those_of_others_wait) {
  Barrier barrier;
  const auto first = *chores.begin(kOne, [&](const auto&) -> Result<std::string> {
    barrier.pass();
    return "{}";
  });
  const auto work = [](const auto&) -> Result<std::string> { return "{}"; };
  EXPECT_EQ(chores.begin(kOne, work).error().key, "chore.busy");
  const auto second = *chores.begin(kTwo, work);
  EXPECT_EQ(chores.read(kTwo, second)->state, Chores::State::waiting);
  barrier.open();
  EXPECT_EQ(ended(kOne, first).state, Chores::State::done);
  EXPECT_EQ(ended(kTwo, second).state, Chores::State::done);
}

TEST_F(ChoresTest, what_breaks_is_a_refusal_and_the_next_one_runs) {
  const auto broken = *chores.begin(
      kOne, [](const auto&) -> Result<std::string> { throw std::runtime_error("at its seams"); });
  EXPECT_EQ(ended(kOne, broken).refusal->key, "internal");
  const auto next = *chores.begin(kOne, [](const auto&) -> Result<std::string> { return "{}"; });
  EXPECT_EQ(ended(kOne, next).state, Chores::State::done);
}

TEST(Chores, a_closing_office_tells_the_one_under_way_and_begins_no_other) {
  ManualClock clock{*parse_instant("2026-11-09T02:00:00Z")};
  std::atomic<int> turns = 0, others = 0;
  Barrier begun;
  {
    Chores chores(clock);
    ASSERT_TRUE(chores.begin(kOne, [&](const auto& tell) -> Result<std::string> {
      begun.open();
      while (tell(static_cast<std::size_t>(++turns), 0))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return refuse(ErrorCode::unavailable, "import.stopped");
    }));
    ASSERT_TRUE(chores.begin(kTwo, [&](const auto&) -> Result<std::string> {
      ++others;
      return "{}";
    }));
    begun.pass();
  }
  EXPECT_GT(turns, 0);
  EXPECT_EQ(others, 0);
}

}  // namespace
}  // namespace gewu::test
