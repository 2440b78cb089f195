#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/backup_shelf.h"
#include "cli/key_care.h"
#include "cli/noted.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/sealed_file.h"
#include "cli/verbs.h"
#include "store/office_key.h"
#include "store/sqlite/rotate_keys.h"
#include "store/sqlite/sqlite_vault.h"
#include "usecase/apply_erasures.h"
#include "usecase/office_state.h"

namespace gewu::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kKeys = "/keys/keys.db";  ///< of backups made before keys had a term

Status back_up(const BackupOptions& options) {
  GEWU_TRY(opened, OpenOffice::open(options.place, OpenOffice::Mode::work));
  GEWU_TRY(made, write_backup(*opened, options.place, options.folder, {}));
  const std::string keys_folder = OfficeFiles(options.place).keys;
  fmt::print("{}{}\n{}{}/{}{} (can be opened for {} days, with {}/backups)\n", options.folder,
             kSealedFile, options.folder, kKeysFolder, made.key, kSealedKeys,
             backup_key_days(opened->office()), keys_folder);
  return noted(opened->office(), "backup", "", usecase::note_backup(opened->office()));
}

/// The keys of a backup, opened to `to`; false when there are none of this form.
Result<bool> open_keys(const std::string& folder, const OfficeFiles& files,
                       const std::string& to) {
  std::vector<std::string> ids;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder + kKeysFolder, error))
    if (const std::string name = entry.path().filename().string(); name.ends_with(kSealedKeys))
      ids.push_back(name.substr(0, name.size() - kSealedKeys.size()));
  if (ids.empty()) return false;
  const std::string id = *std::ranges::max_element(ids);
  GEWU_TRY(key, store::read_backup_key(files.keys, id));
  GEWU_CHECK(open_sealed_file(folder + kKeysFolder + "/" + id + std::string(kSealedKeys), to, key));
  return true;
}

/// A backup of before a rotation is under an office key that was retired since.
Status bring_under_today(const OfficeFiles& files) {
  security::SecureRandom random;
  GEWU_TRY(today, store::read_office_key(files.office_key));
  GEWU_TRY(is_today, store::sqlite::is_made_under(files.keys_file, today));
  if (is_today) return {};
  GEWU_TRY(retired, store::retired_office_keys(files.keys));
  for (const std::string& path : retired) {
    const auto key = store::read_office_key(path);
    if (!key && key.error().key == "vault.office_key.form") continue;  // another may still fit
    if (!key) return std::unexpected(key.error());
    GEWU_TRY(fits, store::sqlite::is_made_under(files.keys_file, *key));
    if (fits) return store::sqlite::rewrap_keys(files.keys_file, *key, today, random);
  }
  return refuse(ErrorCode::forbidden, "vault.office_key.wrong");
}

Status copy_keys(const BackupOptions& options, const OfficeFiles& files) {
  if (!fs::exists(files.office_key))
    return refuse(ErrorCode::not_found, "vault.office_key.absent", {{"file", files.office_key}});
  // Without it, what was erased since the backup would come back.
  if (!fs::exists(files.erased_log))
    return refuse(ErrorCode::not_found, "restore.erased_log", {{"file", files.erased_log}});
  if (fs::exists(files.database))
    return refuse(ErrorCode::conflict, "office.exists", {{"file", files.database}});
  GEWU_CHECK(store::make_private_folder(files.data));
  GEWU_TRY(is_opened, open_keys(options.folder, files, files.keys_file));
  std::error_code error;
  if (!is_opened) fs::copy_file(options.folder + kKeys, files.keys_file, error);
  if (error)
    return refuse(ErrorCode::not_found, "file.absent", {{"file", options.folder + kKeys}});
  fs::permissions(files.keys_file, fs::perms::owner_read | fs::perms::owner_write, error);
  return {};
}

Status open_backup(const BackupOptions& options, const OfficeFiles& files) {
  security::SecureRandom random;
  GEWU_CHECK(bring_under_today(files));
  GEWU_TRY(vault, store::sqlite::open_vault(
                      {files.keys_file, files.office_key, files.erased_log, false}, random));
  GEWU_TRY(key, vault->backup_key());
  const ClearCopy part(files.data + "/restore.part");
  GEWU_CHECK(open_sealed_file(options.folder + kSealedFile, part.database(), key));
  std::error_code error;
  fs::rename(part.database(), files.database, error);
  if (error) return refuse(ErrorCode::unavailable, "file.write", {{"file", files.database}});
  return {};
}

Result<std::size_t> restore(const BackupOptions& options) {
  const OfficeFiles files(options.place);
  GEWU_CHECK(copy_keys(options, files));
  if (auto done = open_backup(options, files); !done) {
    std::error_code error;
    fs::remove(files.keys_file, error);  // so that it can be tried again
    return std::unexpected(done.error());
  }
  GEWU_TRY(opened, OpenOffice::open(options.place, OpenOffice::Mode::upgrade));
  GEWU_TRY(hashes, opened->store().used_files());
  GEWU_CHECK(copy_files(options.folder + kFilesFolder, files.files, hashes));
  GEWU_TRY(erasures, opened->vault().apply_erased_log());
  auto cleared = usecase::apply_erasures(opened->office(), erasures);
  GEWU_CHECK(noted(opened->office(), "restore", "",
                   cleared ? Status() : Status(std::unexpected(cleared.error()))));
  return cleared;
}

}  // namespace

int run_backup(const BackupOptions& options) {
  if (const auto done = back_up(options); !done) return fail(done.error());
  return 0;
}

int run_restore(const BackupOptions& options) {
  const auto cleared = restore(options);
  if (!cleared) return fail(cleared.error());
  fmt::print("restored; {} matters cleared of what was erased since\n", *cleared);
  return 0;
}

}  // namespace gewu::cli
