#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/verbs.h"
#include "gateway/pictures.h"
#include "security/secure_random.h"
#include "store/backup_keys.h"
#include "store/blobs.h"
#include "store/vault.h"
#include "usecase/office.h"

namespace gewu::cli {

/// An office that is open: its parts in the order in which they lean on one another.
class OpenOffice {
 public:
  enum class Mode {
    make,      ///< `init`: there must be none yet
    work,      ///< an older file is refused
    upgrade,   ///< `serve`: an older file is backed up first, then brought up to date
  };
  /// `not_found` `office.absent`, `conflict` `office.exists`, and what store and vault refuse.
  /// `clock`: another than the system's, for a demonstration that lives through past weeks; while
  /// one is made, no commit waits for the disk.
  static Result<std::unique_ptr<OpenOffice>> open(const OfficePlace& place, Mode mode,
                                                  std::unique_ptr<Clock> clock = nullptr);

  /// Whether there is one where there must be, and none where one is to be made.
  static Status check_there(const OfficePlace& place, Mode mode);

  usecase::Office& office() { return *office_; }
  store::Store& store() { return *store_; }
  store::Vault& vault() { return *vault_; }

 private:
  OpenOffice() = default;

  std::optional<store::OfficeLock> lock_;
  std::unique_ptr<Clock> clock_;
  security::SecureRandom random_;
  std::unique_ptr<store::Vault> vault_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Blobs> files_;
  std::unique_ptr<gateway::Pictures> pictures_;
  std::unique_ptr<usecase::Office> office_;
};

/// What `--cipher` says.
security::Cipher cipher_of(const std::string& word);

/// Paths of an office's parts. However the folder is written (`office/`, `.`), its keys lie beside
/// it and never in it.
struct OfficeFiles {
  explicit OfficeFiles(const OfficePlace& place);
  std::string data, keys;                       ///< folders
  std::string database, keys_file, office_key, erased_log;
  std::string files;                            ///< folder of what was uploaded
};

}  // namespace gewu::cli
