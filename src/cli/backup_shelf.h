#pragma once

#include <string>
#include <string_view>

#include "cli/open_office.h"
#include "usecase/backups.h"

// A backup is FOLDER/office.sealed, encrypted under a key of its own, and FOLDER/keys/ID.sealed, the
// keys file with that key in it. What opens that lies in KEYS/backups/ID.key, outside both, and is
// destroyed after backup_key_days: then no copy of the backup opens any more. FOLDER/files holds what
// was uploaded, as it lies on the shelf: sealed with the office's own key.

namespace gewu::cli {

inline constexpr const char* kSealedFile = "/office.sealed";
inline constexpr const char* kKeysFolder = "/keys";
inline constexpr std::string_view kSealedKeys = ".sealed";
inline constexpr const char* kFilesFolder = "/files";

/// A copy in clear, for as long as it is sealed or opened.
class ClearCopy {
 public:
  explicit ClearCopy(std::string folder);
  ~ClearCopy();
  ClearCopy(const ClearCopy&) = delete;
  ClearCopy& operator=(const ClearCopy&) = delete;
  const std::string& folder() const { return folder_; }
  std::string database() const { return folder_ + "/office.db"; }

 private:
  std::string folder_;
};

/// Copies the files of these hashes from shelf to shelf; one that is gone is told by `check --data`.
Status copy_files(const std::string& from, const std::string& to,
                  const std::vector<std::string>& hashes);
/// Makes it into this folder, and unseals it once to see that it can be. `conflict` `backup.busy`,
/// `unavailable` `backup.folder`, `internal` `backup.unlike` when what came out is not what went in.
Result<usecase::BackupEntry> write_backup(OpenOffice& opened, const OfficePlace& place,
                                          const std::string& folder,
                                          const usecase::BackupTold& told);

/// Backups below one folder, each in its own.
class BackupShelf : public usecase::Backups {
 public:
  BackupShelf(OpenOffice& opened, OfficePlace place, std::string folder)
      : opened_(opened), place_(std::move(place)), folder_(std::move(folder)) {}

  Result<usecase::BackupEntry> make(const usecase::BackupTold& told) override;
  Result<std::vector<usecase::BackupEntry>> list() override;

 private:
  OpenOffice& opened_;
  const OfficePlace place_;
  const std::string folder_;
};

}  // namespace gewu::cli
