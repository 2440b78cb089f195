#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/random.h"
#include "base/result.h"
#include "security/key.h"
#include "store/file.h"

namespace gewu::store {

/// The key of one backup's keys file (备份密钥): KEYS/backups/ID.key. Wherever copies of the backup
/// lie, without this key nobody opens the matters' keys in it: destroying it after
/// `backup_key_days` ends them all, and what was erased in the office is gone from them too.
struct BackupKey {
  std::string id;                ///< begins with the instant in ms
  security::Key key;
};
Result<BackupKey> create_backup_key(const std::string& keys_folder, Instant now, Random& random);
/// `not_found` `restore.keys_expired` when it was destroyed, or never was in this folder.
Result<security::Key> read_backup_key(const std::string& keys_folder, const std::string& id);

/// Destroys keys of backups and retired office keys that are older; how many.
Result<std::size_t> destroy_old_keys(const std::string& keys_folder, Instant now,
                                     std::int64_t days);
/// Retired office keys that are left, the newest first.
Result<std::vector<std::string>> retired_office_keys(const std::string& keys_folder);

/// Who has the office open (KEYS/office.lock): any number, or one alone that changes its keys; who
/// makes a backup of it (KEYS/backup.lock): one at a time. Released when it goes, and by the end of
/// the process.
class OfficeLock {
 public:
  enum class Hold { shared, alone };
  /// `conflict` `office.in_use` when that can't be had now.
  static Result<OfficeLock> take(const std::string& keys_folder, Hold hold);
  /// `conflict` `backup.busy` while another one is being made.
  static Result<OfficeLock> take_backup(const std::string& keys_folder);

 private:
  explicit OfficeLock(File file) : file_(std::move(file)) {}
  File file_;
};

}  // namespace gewu::store
