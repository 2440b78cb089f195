#include "cli/office_folder.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "store/office_key.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/sqlite_vault.h"
#include "usecase/publish_definitions.h"

namespace gewu::cli {

namespace fs = std::filesystem;

std::string OfficePlaces::secrets() const {
  std::string path = folder;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path + ".keys";
}

Result<OpenOffice> open_office(const OfficePlaces& places, OpenHow how) {
  const bool exists = fs::exists(places.office_db());
  if (!exists && !how.may_create)
    return refuse(ErrorCode::not_found, "office.absent", {{"folder", places.folder}});
  OpenOffice open;
  open.random = std::make_unique<security::SecureRandom>();
  open.clock = how.clock ? std::move(how.clock) : std::make_unique<SystemClock>();
  if (!exists) {
    std::error_code error;
    fs::create_directories(places.folder, error);
    fs::create_directories(places.secrets(), error);
    if (error) return refuse(ErrorCode::unavailable, "office.folder", {{"folder", places.folder}});
    fs::permissions(places.secrets(), fs::perms::owner_all, error);
    if (!fs::exists(places.office_key()))
      GEWU_CHECK(store::create_office_key(places.office_key(), *open.random));
  }
  store::sqlite::VaultPlaces vault_places;
  vault_places.keys = places.keys_db();
  vault_places.office_key = places.office_key();
  vault_places.erased_log = places.erased_log();
  vault_places.may_create = !exists;
  GEWU_TRY(vault, store::sqlite::open_vault(vault_places, *open.random));
  open.vault = std::move(vault);
  store::sqlite::OpenOptions options;
  options.path = places.office_db();
  options.clock = open.clock.get();
  options.random = open.random.get();
  options.vault = open.vault.get();
  options.apply_directory = usecase::apply_directory_events;
  options.may_migrate = how.may_migrate;
  GEWU_TRY(opened, store::sqlite::open_store(std::move(options)));
  open.store = std::move(opened);
  open.office = std::make_unique<usecase::Office>(
      usecase::Office{*open.store, *open.clock, *open.random});
  GEWU_TRY(demo, open.store->read_office("is_demo"));
  open.office->is_demo = demo == "true";
  return open;
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return refuse(ErrorCode::not_found, "file.absent", {{"file", path}});
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void print_error(const Error& error) {
  std::string line = error.key;
  for (const ErrorDetail& detail : error.details)
    line += fmt::format("  {}={}", detail.name, detail.value);
  fmt::print(stderr, "{}\n", line);
  for (const Error& other : error.others) print_error(other);
}

}  // namespace gewu::cli
