#include "base/spans.h"
#include "store/sqlite/rotate_keys.h"

#include <filesystem>
#include <map>
#include <vector>

#include "store/backup_keys.h"
#include "store/sqlite/database.h"
#include "unit/store/vault_office.h"

namespace gewu::store {

namespace {

namespace fs = std::filesystem;
constexpr Instant kRotatedAt{1'790'000'000'000};

class Rotation : public VaultOffice {
 protected:
  /// Keys of so many matters, every seventh destroyed: what each opens to, "" when destroyed.
  std::map<KeySlot, std::string> fill(std::size_t matters) {
    std::map<KeySlot, std::string> made;
    const auto vault = open();
    for (std::size_t i = 1; i <= matters; ++i) {
      const KeySlot slot{MatterId{static_cast<std::int64_t>(i)}, static_cast<std::uint8_t>(i % 3)};
      made[slot] = text_of(vault->create(slot).value());
    }
    EXPECT_TRUE(vault->flush());
    for (auto& [slot, text] : made) {
      if (slot.matter.value % 7 != 0) continue;
      EXPECT_TRUE(vault->destroy(std::span(&slot, 1), kRotatedAt, "appeal.erase.contact"));
      text.clear();
    }
    own_ = vault->seal_own("second_factor", security::view_of("secret"));
    return made;
  }
  void expect_same(const std::map<KeySlot, std::string>& made) {
    const auto vault = open();
    ASSERT_TRUE(vault);
    for (const auto& [slot, text] : made) {
      const auto key = vault->key_of(slot);
      if (text.empty()) EXPECT_EQ(key.error().key, "vault.key.erased");
      else ASSERT_EQ(text_of(key.value()), text) << slot.matter.value;
    }
    const auto opened = vault->open_own("second_factor", own_);
    ASSERT_TRUE(opened);
    EXPECT_EQ(security::Bytes(opened->begin(), opened->end()),
              security::Bytes(security::view_of("secret").begin(),
                              security::view_of("secret").end()));
  }
  sqlite::KeyRotation rotation(std::size_t steps = 0) const {
    return {.keys = places().keys, .office_key = places().office_key,
            .cipher = security::Cipher::aes_256_gcm, .now = kRotatedAt, .rows_a_step = 16,
            .steps_max = steps};
  }
  std::string error_of_opening() {
    const auto vault = sqlite::open_vault(places(), random_);
    return vault ? "" : vault.error().key;
  }

  security::Bytes own_;
};

TEST_F(Rotation, wraps_every_key_anew_and_keeps_the_old_one_for_backups) {
  const auto made = fill(100);
  const std::string before = bytes_of(places().office_key), old_rows = bytes_of(places().keys);
  const auto rotated = sqlite::rotate_office_key(rotation(), random_);
  ASSERT_TRUE(rotated) << rotated.error().key;
  EXPECT_TRUE(rotated->is_done);
  EXPECT_EQ(rotated->rows, 100u);
  EXPECT_NE(bytes_of(places().office_key), before);
  EXPECT_EQ(bytes_of(rotated->retired), before);
  EXPECT_FALSE(fs::exists(sqlite::next_key_path(places().office_key)));
  expect_same(made);
}

TEST_F(Rotation, stopped_after_any_step_it_is_gone_on_with) {
  const auto made = fill(100);
  // 7 steps of 16 rows, one that ends it.
  for (std::size_t steps = 1; steps <= 7; ++steps) {
    for (;;) {
      const auto rotated = sqlite::rotate_office_key(rotation(steps), random_);
      ASSERT_TRUE(rotated) << rotated.error().key;
      if (rotated->is_done) break;
      // Half-way nobody works with either key.
      EXPECT_EQ(error_of_opening(), "vault.rotation.unfinished");
    }
    expect_same(made);
  }
}

TEST_F(Rotation, killed_between_the_last_row_and_the_new_name_it_ends) {
  const auto made = fill(20);
  const std::string before = bytes_of(places().office_key);
  ASSERT_TRUE(sqlite::rotate_office_key(rotation(), random_)->is_done);
  // As it was before the exchange of names: the file is under the new key, the old one has the name.
  fs::rename(places().office_key, sqlite::next_key_path(places().office_key));
  {
    std::ofstream(places().office_key) << before;
  }
  fs::permissions(places().office_key, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(error_of_opening(), "vault.rotation.unfinished");
  const auto again = sqlite::rotate_office_key(rotation(), random_);
  ASSERT_TRUE(again) << again.error().key;
  EXPECT_TRUE(again->is_done);
  EXPECT_EQ(again->rows, 0u);
  expect_same(made);
}

TEST_F(Rotation, a_next_key_that_was_cut_off_is_made_anew) {
  const auto made = fill(20);
  const std::string next = sqlite::next_key_path(places().office_key);
  {
    std::ofstream(next) << "sm4 0123";
  }
  fs::permissions(next, fs::perms::owner_read | fs::perms::owner_write);
  ASSERT_TRUE(sqlite::rotate_office_key(rotation(), random_)->is_done);
  expect_same(made);
}

TEST_F(Rotation, another_key_rotates_nothing) {
  fill(5);
  fs::remove(places().office_key);
  ASSERT_TRUE(create_office_key(places().office_key, random_));
  const auto rotated = sqlite::rotate_office_key(rotation(), random_);
  ASSERT_FALSE(rotated);
  EXPECT_EQ(rotated.error().key, "vault.office_key.wrong");
  EXPECT_FALSE(fs::exists(sqlite::next_key_path(places().office_key)));
}

TEST_F(Rotation, leaves_no_row_of_the_old_key_behind) {
  fill(60);
  std::vector<std::string> wrapped;
  {
    auto keys = sqlite::Connection::open(places().keys, true);
    ASSERT_TRUE(keys);
    auto rows = keys->prepare("select wrapped from key where hex(wrapped) not like '0000%'");
    ASSERT_TRUE(rows);
    while (rows->step().value()) {
      const auto bytes = rows->blob(0);
      wrapped.emplace_back(bytes.begin(), bytes.end());
    }
  }
  ASSERT_EQ(wrapped.size(), 52u);
  ASSERT_TRUE(sqlite::rotate_office_key(rotation(), random_)->is_done);
  const std::string now = all_data();
  for (const std::string& row : wrapped)
    for (std::size_t at = 0; at + 16 <= row.size(); at += 15)
      EXPECT_EQ(now.find(row.substr(at, 16)), std::string::npos);
}

TEST_F(Rotation, changes_to_the_national_cipher_and_opens_what_was_sealed_before) {
  const auto made = fill(20);
  auto to_sm4 = rotation();
  to_sm4.cipher = security::Cipher::sm4_gcm;
  ASSERT_TRUE(sqlite::rotate_office_key(to_sm4, random_)->is_done);
  EXPECT_TRUE(bytes_of(places().office_key).starts_with("sm4 "));
  expect_same(made);
  const auto vault = open();
  EXPECT_EQ(vault->key_of({MatterId{1}, 1}).value().cipher(), security::Cipher::sm4_gcm);
  EXPECT_EQ(vault->seal_own("second_factor", security::view_of("x"))[0], 2);
}

TEST_F(Rotation, a_backup_of_before_is_brought_under_todays_key) {
  const auto made = fill(40);
  const std::string copy = (folder_ / "copy.db").string();
  ASSERT_TRUE(open()->back_up(copy));
  const auto old_key = read_office_key(places().office_key);
  const auto rotated = sqlite::rotate_office_key(rotation(), random_);
  ASSERT_TRUE(rotated);
  fs::remove(places().keys);
  fs::rename(copy, places().keys);
  EXPECT_EQ(error_of_opening(), "vault.office_key.wrong");
  const auto today = read_office_key(places().office_key);
  EXPECT_FALSE(sqlite::is_made_under(places().keys, *today).value());
  EXPECT_TRUE(sqlite::is_made_under(places().keys, *read_office_key(rotated->retired)).value());
  ASSERT_TRUE(sqlite::rewrap_keys(places().keys, *old_key, *today, random_));
  expect_same(made);
  EXPECT_TRUE(open()->backup_key());
}

TEST_F(Rotation, keys_of_backups_and_retired_ones_end_with_their_days) {
  const std::string keys = (folder_ / "secrets").string();
  const auto first = create_backup_key(keys, kRotatedAt, random_);
  const auto second = create_backup_key(keys, kRotatedAt + 20 * kMsPerDay, random_);
  ASSERT_TRUE(first && second);
  fill(3);
  ASSERT_TRUE(sqlite::rotate_office_key(rotation(), random_)->is_done);
  EXPECT_EQ(retired_office_keys(keys)->size(), 1u);
  EXPECT_EQ(destroy_old_keys(keys, kRotatedAt + 30 * kMsPerDay, 30).value(), 0u);
  EXPECT_EQ(text_of(read_backup_key(keys, first->id).value()), text_of(first->key));
  EXPECT_EQ(destroy_old_keys(keys, kRotatedAt + 30 * kMsPerDay + 1, 30).value(), 2u);
  EXPECT_EQ(read_backup_key(keys, first->id).error().key, "restore.keys_expired");
  EXPECT_TRUE(read_backup_key(keys, second->id));
  EXPECT_TRUE(retired_office_keys(keys)->empty());
  EXPECT_TRUE(read_office_key(places().office_key));
}

TEST_F(Rotation, the_office_is_held_by_many_or_by_one_alone) {
  using enum OfficeLock::Hold;
  const std::string keys = (folder_ / "secrets").string();
  {
    const auto one = OfficeLock::take(keys, shared), other = OfficeLock::take(keys, shared);
    EXPECT_TRUE(one && other);
    EXPECT_EQ(OfficeLock::take(keys, alone).error().key, "office.in_use");
  }
  const auto one = OfficeLock::take(keys, alone);
  ASSERT_TRUE(one);
  EXPECT_EQ(OfficeLock::take(keys, shared).error().key, "office.in_use");
  const auto backup = OfficeLock::take_backup(keys);
  EXPECT_TRUE(backup) << "whoever backs up has the office open too";
  EXPECT_EQ(OfficeLock::take_backup(keys).error().key, "backup.busy");
}

}  // namespace
}  // namespace gewu::store
