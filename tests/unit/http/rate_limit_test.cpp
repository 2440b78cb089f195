#include "base/spans.h"
#include "http/rate_limit.h"

#include <gtest/gtest.h>

namespace gewu::http {
namespace {

TEST(RateLimit, a_minutes_worth_at_once_then_as_they_come) {
  RateLimit limit(60);
  Instant now{1'000'000};
  for (int i = 0; i < 60; ++i) EXPECT_FALSE(limit.take("a", now)) << i;
  EXPECT_EQ(limit.take("a", now), 1);
  EXPECT_EQ(limit.take("a", now + 999), 1);
  EXPECT_FALSE(limit.take("a", now + 1'000));
  EXPECT_TRUE(limit.take("a", now + 1'000));
}

TEST(RateLimit, waiting_is_told_in_whole_seconds) {
  RateLimit limit(6);
  const Instant now{0};
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(limit.take("a", now));
  EXPECT_EQ(limit.take("a", now), 10);
  EXPECT_EQ(limit.take("a", now + 9'001), 1);
}

TEST(RateLimit, keys_do_not_share) {
  RateLimit limit(1);
  EXPECT_FALSE(limit.take("a", {}));
  EXPECT_TRUE(limit.take("a", {}));
  EXPECT_FALSE(limit.take("b", {}));
}

TEST(RateLimit, a_long_rest_brings_no_more_than_a_minutes_worth) {
  RateLimit limit(2);
  EXPECT_FALSE(limit.take("a", {}));
  const Instant later{kMsPerDay};
  EXPECT_FALSE(limit.take("a", later));
  EXPECT_FALSE(limit.take("a", later));
  EXPECT_TRUE(limit.take("a", later));
}

TEST(RateLimit, a_clock_set_back_locks_nobody_out_for_long) {
  RateLimit limit(1);
  EXPECT_FALSE(limit.take("a", {10'000'000}));
  EXPECT_EQ(limit.take("a", {0}), 60);
  EXPECT_FALSE(limit.take("a", {60'000}));
}

TEST(RateLimit, a_flood_of_addresses_does_not_take_all_memory) {
  RateLimit limit(1);
  std::size_t refused = 0;
  for (int i = 0; i < 60'000; ++i) refused += limit.take(std::to_string(i), {}) ? 1 : 0;
  EXPECT_EQ(refused, 60'000U - 50'000U - 1U);  // one bucket for all that came too late
  EXPECT_FALSE(limit.take("new", {60'000}));   // by then the old ones are full and forgotten
}

}  // namespace
}  // namespace gewu::http
