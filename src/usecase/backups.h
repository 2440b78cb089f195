#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "usecase/session.h"

// Backups that the server makes where whoever runs it said (`gewu serve --backups FOLDER`). Restoring
// belongs to the command line: it takes the office key, and no server that runs.

namespace gewu::usecase {

struct BackupEntry {
  std::string name;              ///< "20261122T132400Z"
  Instant at;
  std::int64_t bytes = 0;        ///< of all that lies there
  std::int64_t files = 0;        ///< uploads in it
  bool verified = false;         ///< unsealed after it was made, it was what had been sealed
  bool whole = false;            ///< the sealed file is there, as large as it was
  std::string key;               ///< id of what opens it, which ends after some days
  bool can_open = false;         ///< that key is still kept
};

/// How many steps of how many are done; false: stop.
using BackupTold = std::function<bool(std::size_t, std::size_t)>;

/// Where backups lie; cli has the adapter, which `gewu backup` uses too.
class Backups {
 public:
  virtual ~Backups() = default;
  /// `unavailable` `backup.folder`, `conflict` `backup.busy` while another one is made, and what
  /// store, vault and files refuse.
  virtual Result<BackupEntry> make(const BackupTold& told) = 0;
  /// The newest first. One that was broken off is not in it.
  virtual Result<std::vector<BackupEntry>> list() = 0;
};

/// For the system administrator. `not_found` `backup.not_set_up` without a folder.
Result<BackupEntry> make_backup(Office& office, const SignedInCaller& by, Backups* backups,
                                const BackupTold& told);
/// Nothing where no folder is set up. For the system and security administrators.
Result<std::vector<BackupEntry>> list_backups(Office& office, const SignedInCaller& by,
                                              Backups* backups);

}  // namespace gewu::usecase
