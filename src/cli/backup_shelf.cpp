#include "cli/backup_shelf.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/files.h"
#include "cli/key_care.h"
#include "cli/sealed_file.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "store/office_key.h"

namespace gewu::cli {

namespace fs = std::filesystem;
using usecase::BackupEntry;

namespace {

constexpr const char* kNote = "/backup.json";
constexpr std::size_t kNoteBytesMax = 4096;
constexpr std::size_t kSteps = 5;
constexpr std::size_t kBlockBytes = 1 << 20;

/// Whether two files hold the same bytes.
Result<bool> are_alike(const std::string& one, const std::string& other) {
  std::ifstream a(one, std::ios::binary), b(other, std::ios::binary);
  if (!a) return absent(one);
  if (!b) return absent(other);
  std::vector<char> x(kBlockBytes), y(kBlockBytes);
  for (;;) {
    a.read(x.data(), static_cast<std::streamsize>(x.size()));
    b.read(y.data(), static_cast<std::streamsize>(y.size()));
    if (a.gcount() != b.gcount()) return false;
    if (a.gcount() == 0) return true;
    if (!std::equal(x.begin(), x.begin() + a.gcount(), y.begin())) return false;
  }
}

std::int64_t bytes_below(const std::string& folder) {
  std::int64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    if (at->is_regular_file(error)) bytes += static_cast<std::int64_t>(at->file_size(error));
  return bytes;
}

std::int64_t size_of(const std::string& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? -1 : static_cast<std::int64_t>(size);
}

/// "2026-11-22T13:24:00.000Z" as the name of a folder.
std::string folder_name(Instant at) {
  std::string name;
  for (const char c : format_instant(at)) {
    if (c == '.') break;
    if (c != '-' && c != ':') name += c;
  }
  return name.ends_with('Z') ? name : name + "Z";
}

std::string sealed_keys_of(const std::string& folder, const std::string& key) {
  return folder + kKeysFolder + "/" + key + std::string(kSealedKeys);
}

Status write_note(const std::string& folder, const BackupEntry& made) {
  std::string json;
  codec::JsonWriter out(json);
  out.begin_object().member("at", format_instant(made.at)).member("files", made.files);
  out.member("key", made.key).member("sealed_bytes", size_of(folder + kSealedFile));
  out.member("verified", made.verified).end_object();
  return write_file(folder + kNote, json);
}

Result<BackupEntry> read_note(const std::string& folder, const std::string& keys_folder) {
  GEWU_TRY(text, read_file(folder + kNote, kNoteBytesMax));
  GEWU_TRY(json, codec::parse_json(text));
  BackupEntry entry;
  entry.name = fs::path(folder).filename().string();
  entry.at = parse_instant(json.string_at("at").value_or("")).value_or(Instant{});
  entry.files = json.integer_at("files").value_or(0);
  entry.verified = json.boolean_at("verified").value_or(false);
  entry.whole = size_of(folder + kSealedFile) == json.integer_at("sealed_bytes").value_or(-2);
  entry.key = json.string_at("key").value_or("");
  entry.can_open = fs::exists(sealed_keys_of(folder, entry.key)) &&
                   store::read_backup_key(keys_folder, entry.key).has_value();
  entry.bytes = bytes_below(folder);
  return entry;
}

/// The keys file under a key of its own that ends; keys of older backups that are past their term
/// end now.
Status seal_keys(OpenOffice& opened, const std::string& keys_folder, const std::string& keys_copy,
                 const std::string& folder, BackupEntry& made) {
  GEWU_TRY(key, store::create_backup_key(keys_folder, made.at, opened.office().random));
  made.key = key.id;
  GEWU_CHECK(seal_file(keys_copy, sealed_keys_of(folder, key.id), key.key,
                       opened.office().random));
  GEWU_CHECK(store::destroy_old_keys(keys_folder, made.at, backup_key_days(opened.office())));
  return {};
}

}  // namespace

ClearCopy::ClearCopy(std::string folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::remove_all(folder_, error);
  fs::create_directories(folder_, error);
  fs::permissions(folder_, fs::perms::owner_all, error);
}

ClearCopy::~ClearCopy() {
  std::error_code error;
  fs::remove_all(folder_, error);
}

Status copy_files(const std::string& from, const std::string& to,
                  const std::vector<std::string>& hashes) {
  for (const std::string& sha256 : hashes) {
    const std::string place = "/" + sha256.substr(0, 2) + "/" + sha256;
    if (!fs::exists(from + place)) continue;
    std::error_code error;
    fs::create_directories(fs::path(to + place).parent_path(), error);
    if (!error) fs::copy_file(from + place, to + place, fs::copy_options::skip_existing, error);
    if (error) return refuse(ErrorCode::unavailable, "file.write", {{"file", to + place}});
  }
  return {};
}

Result<BackupEntry> write_backup(OpenOffice& opened, const OfficePlace& place,
                                 const std::string& folder, const usecase::BackupTold& told) {
  std::size_t step = 0;
  const auto tell = [&]() -> Status {
    if (!told || told(step++, kSteps)) return {};
    return refuse(ErrorCode::unavailable, "backup.stopped");
  };
  GEWU_CHECK(tell());
  GEWU_TRY(alone, store::OfficeLock::take_backup(OfficeFiles(place).keys));
  GEWU_CHECK(store::make_private_folder(folder, "backup.folder"));
  GEWU_CHECK(store::make_private_folder(folder + kKeysFolder, "backup.folder"));
  BackupEntry made;
  made.name = fs::path(folder).filename().string();
  made.at = opened.office().clock.now();
  // The keys after the data: every value in the copy has its key, later ones do no harm.
  const ClearCopy copy(OfficeFiles(place).data + "/backup.part");
  GEWU_CHECK(opened.office().store.back_up(copy.folder()));
  GEWU_CHECK(tell());
  // After the data too: a file is on the shelf before anything names it.
  GEWU_TRY(hashes, opened.store().used_files());
  GEWU_CHECK(copy_files(OfficeFiles(place).files, folder + kFilesFolder, hashes));
  made.files = static_cast<std::int64_t>(hashes.size());
  GEWU_CHECK(tell());
  const std::string keys_copy = copy.folder() + "/keys.db";
  GEWU_TRY(key, opened.vault().back_up(keys_copy));
  GEWU_CHECK(seal_file(copy.database(), folder + kSealedFile, key, opened.office().random));
  GEWU_CHECK(tell());
  const std::string again = copy.folder() + "/again.db";
  GEWU_CHECK(open_sealed_file(folder + kSealedFile, again, key));
  GEWU_TRY(alike, are_alike(copy.database(), again));
  if (!alike) return refuse(ErrorCode::internal, "backup.unlike");
  GEWU_CHECK(seal_keys(opened, OfficeFiles(place).keys, keys_copy, folder, made));
  made.verified = made.whole = made.can_open = true;
  GEWU_CHECK(write_note(folder, made));
  made.bytes = bytes_below(folder);
  GEWU_CHECK(tell());
  return made;
}

Result<BackupEntry> BackupShelf::make(const usecase::BackupTold& told) {
  const std::string folder = folder_ + "/" + folder_name(opened_.office().clock.now());
  // Of this very second: still being made, or made just now.
  if (fs::exists(folder)) return refuse(ErrorCode::conflict, "backup.busy", {{"file", folder}});
  auto made = write_backup(opened_, place_, folder, told);
  if (!made) {
    // What was broken off is no backup, and nobody should take it for one.
    std::error_code error;
    fs::remove_all(folder, error);
  }
  return made;
}

Result<std::vector<BackupEntry>> BackupShelf::list() {
  std::vector<BackupEntry> entries;
  std::error_code error;
  for (const auto& folder : fs::directory_iterator(folder_, error))
    if (auto entry = read_note(folder.path().string(), OfficeFiles(place_).keys))
      entries.push_back(std::move(*entry));
  std::ranges::sort(entries, [](const auto& a, const auto& b) { return b.at < a.at; });
  return entries;
}

}  // namespace gewu::cli
