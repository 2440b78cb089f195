#include "store/vault.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <csignal>
#include <map>
#include <thread>

#include "store/erased_log.h"
#include "store/memory_vault.h"
#include "store/sqlite/database.h"
#include "unit/store/vault_office.h"

namespace gewu::store {

namespace {

constexpr Instant kNow{1'790'000'000'000};
constexpr KeySlot kFirst{MatterId{7}, 0};
constexpr KeySlot kSecond{MatterId{7}, 1};
constexpr std::string_view kReason = "appeal.erase.contact";

template <typename Value>
std::string key_of_error(const Result<Value>& result) {
  return result ? "" : result.error().key;
}

Status destroy_one(Vault& vault, KeySlot key) {
  return vault.destroy(std::array{key}, kNow, kReason);
}

}  // namespace

/// What every vault keeps to, whatever it is made of.
class EveryVault : public VaultOffice, public testing::WithParamInterface<bool> {
 protected:
  std::unique_ptr<Vault> make() {
    if (GetParam()) return open();
    return std::make_unique<MemoryVault>(random_);
  }
};
INSTANTIATE_TEST_SUITE_P(Kinds, EveryVault, testing::Bool(), [](const auto& of) {
  return of.param ? "sqlite" : "memory";
});

TEST_P(EveryVault, gives_a_staged_key_at_once_and_the_same_afterwards) {
  const auto vault = make();
  EXPECT_EQ(key_of_error(vault->key_of(kFirst)), "vault.key.absent");
  EXPECT_FALSE(vault->contains(kFirst).value());
  const auto key = vault->create(kFirst);
  ASSERT_TRUE(key);
  EXPECT_TRUE(vault->contains(kFirst).value());
  EXPECT_EQ(text_of(vault->key_of(kFirst).value()), text_of(*key));
  ASSERT_TRUE(vault->flush());
  EXPECT_EQ(text_of(vault->key_of(kFirst).value()), text_of(*key));
  EXPECT_EQ(text_of(vault->create(kFirst).value()), text_of(*key));
  EXPECT_NE(text_of(vault->create(kSecond).value()), text_of(*key));
}

TEST_P(EveryVault, gives_a_matter_that_is_opened_its_keys_and_knows_the_newest) {
  const auto vault = make();
  EXPECT_EQ(vault->newest().value(), MatterId{});
  const std::string key = text_of(vault->create_first(kFirst).value());
  EXPECT_EQ(vault->newest().value(), kFirst.matter);
  EXPECT_EQ(text_of(vault->create_first(kFirst).value()), key);
  ASSERT_TRUE(vault->flush());
  EXPECT_EQ(text_of(vault->key_of(kFirst).value()), key);
  EXPECT_EQ(text_of(vault->create(kFirst).value()), key);
  ASSERT_TRUE(destroy_one(*vault, kFirst));
  EXPECT_EQ(vault->newest().value(), kFirst.matter);
}

TEST_P(EveryVault, destroys_one_key_and_keeps_the_others) {
  const auto vault = make();
  ASSERT_TRUE(vault->create(kFirst));
  const auto kept = vault->create(kSecond);
  ASSERT_TRUE(vault->flush());
  ASSERT_TRUE(destroy_one(*vault, kFirst));
  EXPECT_EQ(key_of_error(vault->key_of(kFirst)), "vault.key.erased");
  EXPECT_FALSE(vault->contains(kFirst).value());
  EXPECT_EQ(text_of(vault->key_of(kSecond).value()), text_of(*kept));
}

TEST_P(EveryVault, a_destroyed_slot_never_gets_a_key_again) {
  const auto vault = make();
  ASSERT_TRUE(vault->create(kFirst));
  ASSERT_TRUE(destroy_one(*vault, kFirst));   // staged only
  ASSERT_TRUE(destroy_one(*vault, kSecond));  // never had one
  for (const KeySlot key : {kFirst, kSecond}) {
    const auto again = vault->create(key);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::conflict);
    EXPECT_EQ(again.error().key, "vault.key.erased");
  }
}

TEST_P(EveryVault, destroying_again_changes_nothing) {
  const auto vault = make();
  ASSERT_TRUE(vault->create(kFirst));
  ASSERT_TRUE(vault->destroy(std::array{kFirst, kFirst}, kNow, kReason));
  ASSERT_TRUE(vault->destroy(std::array{kFirst}, kNow + 1, "again"));
  const auto lines = vault->apply_erased_log();
  ASSERT_TRUE(lines);
  EXPECT_EQ(*lines, (std::vector<Erasure>{{kFirst, kNow, std::string(kReason)}}));
}

TEST_P(EveryVault, refuses_a_reason_that_could_hold_more_than_a_name) {
  const auto vault = make();
  ASSERT_TRUE(vault->create(kFirst));
  for (const std::string& reason : {std::string(), std::string("two words"), std::string("李"),
                                    std::string("line\n"), std::string(129, 'a')})
    EXPECT_EQ(key_of_error(vault->destroy(std::array{kFirst}, kNow, reason)), "vault.reason");
  EXPECT_TRUE(vault->contains(kFirst).value());
}

TEST(MemoryVault, has_nothing_to_back_up) {
  security::SecureRandom random;
  MemoryVault vault(random);
  EXPECT_EQ(key_of_error(vault.back_up("nowhere")), "vault.memory");
  EXPECT_EQ(key_of_error(vault.backup_key()), "vault.backup_key.absent");
}

class SqliteVault : public VaultOffice {};

TEST_F(SqliteVault, keys_outlive_the_process_once_flushed) {
  std::string first, second;
  {
    const auto vault = open();
    first = text_of(vault->create(kFirst).value());
    ASSERT_TRUE(vault->flush());
    second = text_of(vault->create(kSecond).value());  // staged, never flushed
  }
  const auto vault = open();
  EXPECT_EQ(text_of(vault->key_of(kFirst).value()), first);
  EXPECT_EQ(key_of_error(vault->key_of(kSecond)), "vault.key.absent");
}

TEST_F(SqliteVault, holds_many_slots_of_many_matters) {
  const auto vault = open();
  std::map<KeySlot, std::string> made;
  for (std::int64_t matter = 1; matter <= 300; ++matter)
    for (const std::uint8_t slot : {0, 1, 255}) {
      const KeySlot key{MatterId{matter * 4'194'304}, slot};
      made[key] = text_of(vault->create(key).value());
      if (made.size() % 64 == 0) {
        ASSERT_TRUE(vault->flush());
      }
    }
  ASSERT_TRUE(vault->flush());
  for (const auto& [key, text] : made) EXPECT_EQ(text_of(vault->key_of(key).value()), text);
}

TEST_F(SqliteVault, files_are_readable_by_the_owner_only) {
  const auto vault = open();
  ASSERT_TRUE(vault->create(kFirst));
  ASSERT_TRUE(vault->flush());
  ASSERT_TRUE(destroy_one(*vault, kSecond));
  ASSERT_TRUE(vault->create({MatterId{8}, 0}));
  ASSERT_TRUE(vault->flush());
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    struct stat facts {};
    ASSERT_EQ(stat(entry.path().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u) << entry.path();
    ++seen;
  }
  EXPECT_GE(seen, 4);  // keys.db, its WAL, office.key, erased.log
}

TEST_F(SqliteVault, an_office_key_that_others_may_read_is_refused) {
  for (const mode_t mode : {0640u, 0604u, 0660u, 0601u}) {
    ASSERT_EQ(chmod(places().office_key.c_str(), mode), 0);
    const auto vault = sqlite::open_vault(places(), random_);
    EXPECT_EQ(key_of_error(vault), "vault.office_key.mode") << std::oct << mode;
  }
  ASSERT_EQ(chmod(places().office_key.c_str(), 0400), 0);
  EXPECT_TRUE(open());
}

TEST_F(SqliteVault, an_office_key_is_never_overwritten_nor_guessed) {
  EXPECT_EQ(key_of_error(create_office_key(places().office_key, random_)), "store.file.exists");
  std::ofstream(places().office_key) << "not a key\n";
  EXPECT_EQ(key_of_error(read_office_key(places().office_key)), "vault.office_key.form");
  std::filesystem::remove(places().office_key);
  EXPECT_EQ(key_of_error(read_office_key(places().office_key)), "vault.office_key.absent");
}

TEST_F(SqliteVault, another_office_key_opens_nothing) {
  ASSERT_TRUE(open());
  std::filesystem::remove(places().office_key);
  ASSERT_TRUE(create_office_key(places().office_key, random_));
  const auto vault = sqlite::open_vault(places(), random_);
  EXPECT_EQ(key_of_error(vault), "vault.office_key.wrong");
}

TEST_F(SqliteVault, a_lost_keys_file_is_not_made_anew_in_silence) {
  auto where = places();
  where.may_create = false;
  EXPECT_EQ(key_of_error(sqlite::open_vault(where, random_)), "vault.keys.absent");
  EXPECT_FALSE(std::filesystem::exists(where.keys));
}

TEST_F(SqliteVault, a_line_stands_in_the_log_before_the_key_goes) {
  const auto vault = open();
  ASSERT_TRUE(vault->create(kFirst));
  ASSERT_TRUE(destroy_one(*vault, kFirst));
  EXPECT_EQ(bytes_of(places().erased_log),
            "7 0 " + format_instant(kNow) + " appeal.erase.contact\n");
}

TEST_F(SqliteVault, nothing_is_destroyed_when_the_log_cannot_be_written) {
  const auto vault = open();
  ASSERT_TRUE(vault->create(kFirst));
  ASSERT_TRUE(vault->flush());
  struct rlimit before {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit none {10, before.rlim_max};  // half a line fits
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
  const auto destroyed = destroy_one(*vault, kFirst);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(destroyed);
  EXPECT_EQ(destroyed.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(vault->contains(kFirst).value());
  EXPECT_EQ(bytes_of(places().erased_log), "");
  ASSERT_TRUE(destroy_one(*vault, kFirst));
  EXPECT_EQ(vault->apply_erased_log()->size(), 1u);
}

TEST_F(SqliteVault, a_crash_between_log_and_key_is_made_good_at_the_next_start) {
  {
    const auto vault = open();
    ASSERT_TRUE(vault->create(kFirst));
    ASSERT_TRUE(vault->flush());
  }
  std::ofstream(places().erased_log, std::ios::app)
      << "7 0 2026-09-22T01:00:00.000Z appeal.erase.contact\n9 1 2026-0";  // torn second line
  const auto vault = open();
  EXPECT_EQ(key_of_error(vault->key_of(kFirst)), "vault.key.erased");
  EXPECT_EQ(vault->apply_erased_log()->size(), 1u);
  ASSERT_TRUE(destroy_one(*vault, kSecond));
  EXPECT_EQ(vault->apply_erased_log()->size(), 2u);
}

TEST_F(SqliteVault, a_log_with_a_strange_line_is_refused) {
  ASSERT_TRUE(open());
  for (const std::string line : {"7 0\n", "x 0 2026-09-22T01:00:00.000Z a\n",
                                 "7 256 2026-09-22T01:00:00.000Z a\n", "7 0 yesterday a\n",
                                 "7 0 2026-09-22T01:00:00.000Z A b\n", "\n"}) {
    std::ofstream(places().erased_log) << line;
    EXPECT_EQ(key_of_error(sqlite::open_vault(places(), random_)), "vault.erased_log.form") << line;
  }
}

TEST_F(SqliteVault, a_log_that_lost_lines_is_refused) {
  {
    const auto vault = open();
    ASSERT_TRUE(destroy_one(*vault, kFirst));
  }
  std::filesystem::remove(places().erased_log);
  const auto vault = sqlite::open_vault(places(), random_);
  ASSERT_FALSE(vault);
  EXPECT_EQ(vault.error().key, "vault.erased_log.short");
}

TEST_F(SqliteVault, a_restored_backup_does_not_bring_back_what_was_erased) {
  const std::string copy = (folder_ / "backup.db").string();
  std::string kept, snapshot_key;
  {
    const auto vault = open();
    ASSERT_TRUE(vault->create(kFirst));
    kept = text_of(vault->create(kSecond).value());
    const auto key = vault->back_up(copy);  // flushes
    ASSERT_TRUE(key) << key.error().key;
    snapshot_key = text_of(*key);
    EXPECT_EQ(key_of_error(vault->back_up(copy)), "store.file.exists");
    EXPECT_EQ(key_of_error(vault->backup_key()), "vault.backup_key.absent");
    ASSERT_TRUE(destroy_one(*vault, kFirst));
  }
  EXPECT_FALSE(std::filesystem::exists(copy + "-wal"));
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "data"))
    std::filesystem::remove(entry.path());
  std::filesystem::copy_file(copy, places().keys);
  const auto vault = open();
  EXPECT_EQ(key_of_error(vault->key_of(kFirst)), "vault.key.erased");
  EXPECT_EQ(text_of(vault->key_of(kSecond).value()), kept);
  EXPECT_EQ(text_of(vault->backup_key().value()), snapshot_key);
  EXPECT_EQ(vault->apply_erased_log().value(),
            (std::vector<Erasure>{{kFirst, kNow, std::string(kReason)}}));
}

TEST_F(SqliteVault, exchanged_rows_do_not_open) {
  {
    const auto vault = open();
    ASSERT_TRUE(vault->create(kFirst));
    ASSERT_TRUE(vault->create(kSecond));
    ASSERT_TRUE(vault->flush());
  }
  {
    auto connection = sqlite::Connection::open(places().keys, false);
    ASSERT_TRUE(connection);
    ASSERT_TRUE(connection->run("update key set wrapped = (select wrapped from key where slot = 1)"
                                " where slot = 0"));
  }
  EXPECT_EQ(key_of_error(open()->key_of(kFirst)), "sealed_box.broken");
}

TEST_F(SqliteVault, readers_and_the_writer_do_not_disturb_one_another) {
  const auto vault = open();
  const std::string first = text_of(vault->create(kFirst).value());
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 2; ++reader)
    readers.emplace_back([&] {
      while (!done) {
        const auto key = vault->key_of(kFirst);
        if (!key || text_of(*key) != first) ++wrong;
      }
    });
  for (std::int64_t matter = 100; matter < 160; ++matter) {
    const KeySlot key{MatterId{matter}, 0};
    EXPECT_TRUE(vault->create(key));
    EXPECT_TRUE(vault->flush());
    if (matter % 20 == 0) {
      EXPECT_TRUE(destroy_one(*vault, key));
    }
  }
  done = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace gewu::store
