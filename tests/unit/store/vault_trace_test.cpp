// After a key is destroyed, neither it nor its wrapped form stands in any file of the data.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "base/random.h"
#include "store/sqlite/database.h"
#include "unit/store/vault_office.h"

namespace gewu::store {

namespace {

constexpr Instant kTraceNow{1'790'000'000'000};

class VaultTrace : public VaultOffice {
 protected:
  /// The wrapped form of each key, as another connection reads it.
  std::map<KeySlot, std::string> read_wrapped() const {
    std::map<KeySlot, std::string> wrapped;
    auto connection = sqlite::Connection::open(places().keys, true).value();
    auto rows = connection.prepare("select matter, slot, wrapped from key").value();
    while (rows.step().value()) {
      const auto blob = rows.blob(2);
      wrapped[{MatterId{rows.integer(0)}, static_cast<std::uint8_t>(rows.integer(1))}] =
          std::string(blob.begin(), blob.end());
    }
    return wrapped;
  }
  /// Any sixteen bytes in a row of it would be a trace.
  static bool has_trace(const std::string& haystack, const std::string& wrapped) {
    for (std::size_t at = 0; at + 16 <= wrapped.size(); at += 15)
      if (haystack.find(wrapped.substr(at, 16)) != std::string::npos) return true;
    return false;
  }
};

TEST_F(VaultTrace, the_search_finds_what_is_there) {
  const auto vault = open();
  const KeySlot key{MatterId{7}, 0};
  const std::string plain = text_of(vault->create(key).value());
  ASSERT_TRUE(vault->flush());
  EXPECT_TRUE(has_trace(all_data(), read_wrapped().at(key)));
  EXPECT_EQ(all_data().find(plain), std::string::npos);  // never in clear
}

TEST_F(VaultTrace, one_destroyed_key_is_gone_from_every_file) {
  const auto vault = open();
  const KeySlot doomed{MatterId{7}, 0}, kept{MatterId{7}, 1};
  ASSERT_TRUE(vault->create(doomed));
  ASSERT_TRUE(vault->create(kept));
  ASSERT_TRUE(vault->flush());
  const auto wrapped = read_wrapped();
  ASSERT_TRUE(vault->destroy(std::array{doomed}, kTraceNow, "author"));
  EXPECT_FALSE(has_trace(all_data(), wrapped.at(doomed)));
  EXPECT_TRUE(has_trace(all_data(), wrapped.at(kept)));
  EXPECT_EQ(std::filesystem::file_size(places().keys + "-wal"), 0u);
}

TEST_F(VaultTrace, no_page_keeps_a_stale_copy_after_thousands_of_keys_in_any_order) {
  SeededRandom order(20260922);
  auto vault = open();
  std::vector<KeySlot> alive;
  std::map<KeySlot, std::string> doomed;
  for (int round = 0; round < 12; ++round) {
    for (int made = 0; made < 300; ++made) {  // ids in no order: the index splits, the rows do not
      const KeySlot key{MatterId{static_cast<std::int64_t>(order.below(1'000'000'000)) + 1},
                        static_cast<std::uint8_t>(order.below(256))};
      ASSERT_TRUE(vault->create(key));
      alive.push_back(key);
      if (made % 50 == 0) {
        ASSERT_TRUE(vault->flush());
      }
    }
    ASSERT_TRUE(vault->flush());
    const auto wrapped = read_wrapped();
    std::vector<KeySlot> batch;
    for (int chosen = 0; chosen < 40; ++chosen) {
      const auto at = alive.begin() + static_cast<std::ptrdiff_t>(order.below(alive.size()));
      batch.push_back(*at);
      doomed[*at] = wrapped.at(*at);
      alive.erase(at);
    }
    ASSERT_TRUE(vault->destroy(batch, kTraceNow, "author"));
    if (round % 4 == 3) vault = nullptr, vault = open();
  }
  const std::string data = all_data();
  ASSERT_EQ(doomed.size(), 480u);
  for (const auto& [key, wrapped] : doomed)
    EXPECT_FALSE(has_trace(data, wrapped)) << key.matter.value << " " << int{key.slot};
  for (const KeySlot key : alive) ASSERT_TRUE(vault->key_of(key));

  const std::string copy = (folder_ / "data/copy.db").string();
  ASSERT_TRUE(vault->back_up(copy));
  const std::string backup = bytes_of(copy);
  for (const auto& [key, wrapped] : doomed) EXPECT_FALSE(has_trace(backup, wrapped));
}

}  // namespace
}  // namespace gewu::store
