#include "store/sqlite/write_thread.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "base/ensure.h"

namespace gewu::store::sqlite {
namespace {

TEST(WriteThread, writes_in_order_and_drains) {
  std::vector<int> written;
  WriteThread thread;
  std::vector<int> wanted;
  for (int i = 0; i < 50'000; ++i) {  // more than may wait
    wanted.push_back(i);
    thread.add([&written, i]() -> Status {
      written.push_back(i);
      return {};
    });
  }
  ASSERT_TRUE(thread.drain());
  EXPECT_EQ(written, wanted);
  ASSERT_TRUE(thread.drain());  // nothing is on its way
}

TEST(WriteThread, what_follows_a_failure_is_dropped_and_the_failure_stays) {
  int written = 0;
  WriteThread thread;
  const auto count = [&written]() -> Status {
    ++written;
    return {};
  };
  thread.add(count);
  thread.add([] { return Status(std::unexpected(Error{ErrorCode::unavailable, "store.full"})); });
  thread.add(count);
  ASSERT_FALSE(thread.drain());
  EXPECT_EQ(thread.drain().error().key, "store.full");
  thread.add(count);
  EXPECT_EQ(thread.drain().error().key, "store.full");
  EXPECT_EQ(written, 1);
}

TEST(WriteThread, a_broken_invariant_is_a_failure) {
  WriteThread thread;
  thread.add([]() -> Status { ensure_failed("never", std::source_location::current()); });
  const Status drained = thread.drain();
  ASSERT_FALSE(drained);
  EXPECT_EQ(drained.error().key, "internal");
}

TEST(WriteThread, what_was_given_is_written_before_it_goes) {
  const auto written = std::make_shared<int>(0);
  {
    WriteThread thread;
    for (int i = 0; i < 1'000; ++i)
      thread.add([written]() -> Status {
        ++*written;
        return {};
      });
  }
  EXPECT_EQ(*written, 1'000);
  EXPECT_EQ(written.use_count(), 1);
}

}  // namespace
}  // namespace gewu::store::sqlite
