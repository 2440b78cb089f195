#include "cli/open_office.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/scenario_stores.h"
#include "gateway/picture_process.h"
#include "store/office_key.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/sqlite_vault.h"
#include "usecase/publish_definitions.h"

namespace gewu::cli {

namespace fs = std::filesystem;
namespace sqlite = store::sqlite;

namespace {

/// The folder without what is written behind its name; one that has none by its whole path.
std::string folder_named(const std::string& folder) {
  fs::path path = fs::path(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::error_code error;
  if (path.empty() || path == "." || path.filename() == "..")
    path = fs::weakly_canonical(fs::absolute(folder, error), error);
  return path.empty() ? folder : path.string();
}

}  // namespace

OfficeFiles::OfficeFiles(const OfficePlace& place)
    : data(folder_named(place.data)),
      keys(place.keys.empty() ? data + ".keys" : folder_named(place.keys)),
      database(data + "/office.db"),
      keys_file(data + "/keys.db"),
      office_key(keys + "/office.key"),
      erased_log(keys + "/erased.log"),
      files(data + "/files") {}

security::Cipher cipher_of(const std::string& word) {
  return word == "sm4" ? security::Cipher::sm4_gcm : security::Cipher::aes_256_gcm;
}

Status OpenOffice::check_there(const OfficePlace& place, Mode mode) {
  const OfficeFiles files(place);
  const bool exists = fs::exists(files.database);
  if (mode == Mode::make && exists)
    return refuse(ErrorCode::conflict, "office.exists", {{"file", files.database}});
  if (mode != Mode::make && !exists)
    return refuse(ErrorCode::not_found, "office.absent", {{"file", files.database}});
  // What another office erased would be taken for matters of this one.
  std::error_code absent;
  if (mode == Mode::make && fs::file_size(files.erased_log, absent) > 0 && !absent)
    return refuse(ErrorCode::conflict, "office.keys_left", {{"folder", files.keys}});
  return {};
}

namespace {

/// Before a new executable changes an older file: the file as it was stays beside it.
Status keep_older(const OfficeFiles& files) {
  GEWU_TRY(version, sqlite::read_schema_version(files.database));
  if (version == 0 || version >= sqlite::schema_version()) return {};
  const std::string copy = fmt::format("{}.v{}", files.database, version);
  std::error_code error;
  fs::copy_file(files.database, copy, fs::copy_options::overwrite_existing, error);
  if (!error) fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write, error);
  if (error) return refuse(ErrorCode::unavailable, "store.backup", {{"file", copy}});
  return {};
}

}  // namespace

Result<std::unique_ptr<OpenOffice>> OpenOffice::open(const OfficePlace& place, Mode mode,
                                                      std::unique_ptr<Clock> clock) {
  const OfficeFiles files(place);
  const bool is_demo_in_the_making = mode == Mode::make && clock;
  GEWU_CHECK(check_there(place, mode));
  std::unique_ptr<OpenOffice> opened(new OpenOffice());
  opened->clock_ = clock ? std::move(clock) : std::make_unique<SystemClock>();
  if (mode == Mode::make) {
    GEWU_CHECK(store::make_private_folder(files.data));
    GEWU_CHECK(store::make_private_folder(files.keys));
    if (!fs::exists(files.office_key))
      GEWU_CHECK(store::create_office_key(files.office_key, opened->random_,
                                          cipher_of(place.cipher)));
  }
  // Without the folder of keys there is nothing to hold: the vault says so.
  if (fs::exists(files.keys)) {
    GEWU_TRY(lock, store::OfficeLock::take(files.keys, store::OfficeLock::Hold::shared));
    opened->lock_.emplace(std::move(lock));
  }
  if (mode == Mode::upgrade) GEWU_CHECK(keep_older(files));
  GEWU_TRY(vault, sqlite::open_vault({files.keys_file, files.office_key, files.erased_log,
                                      mode == Mode::make, is_demo_in_the_making},
                                     opened->random_));
  opened->vault_ = std::move(vault);
  sqlite::OpenOptions options;
  options.path = files.database;
  options.clock = opened->clock_.get();
  options.random = &opened->random_;
  options.vault = opened->vault_.get();
  options.apply_directory = usecase::apply_directory_events;
  options.may_migrate = mode != Mode::work;
  options.disposable = is_demo_in_the_making;
  GEWU_TRY(store, sqlite::open_store(std::move(options)));
  opened->store_ = std::move(store);
  opened->files_ = std::make_unique<store::Blobs>(files.files, *opened->vault_);
  opened->pictures_ = gateway::open_picture_process();
  GEWU_TRY(demo, opened->store_->read_office("is_demo"));
  opened->office_ = std::make_unique<usecase::Office>(
      usecase::Office{*opened->store_, *opened->clock_, opened->random_, demo == "true",
                      opened->files_.get(), opened->pictures_.get()});
  opened->office_->scenario_stores = open_scenario_stores;
  return opened;
}

}  // namespace gewu::cli
