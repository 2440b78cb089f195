#include "store/backup_keys.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/spans.h"
#include "base/text.h"
#include "security/bytes.h"
#include "store/office_key.h"

namespace gewu::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kRetired = "office.key.retired.";
constexpr std::string_view kSuffix = ".key";

std::string folder_of(const std::string& keys_folder) { return keys_folder + "/backups"; }

/// "1763800000000-9f3a…": nothing else is a name of ours.
std::optional<std::int64_t> instant_of(std::string_view id) {
  return parse_integer(id.substr(0, id.find('-')));
}

/// Overwritten before the name goes; what the disk keeps of old blocks is the disk's
/// (docs/decisions/keys_file.md).
Status destroy_file(const std::string& path) {
  {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return refuse(ErrorCode::unavailable, "file.write", {{"file", path}});
    const std::string zeros(fs::file_size(path), '0');
    const bool is_written =
        ::write(descriptor, zeros.data(), zeros.size()) == static_cast<ssize_t>(zeros.size()) &&
        ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!is_written) return refuse(ErrorCode::unavailable, "file.write", {{"file", path}});
  }
  std::error_code error;
  fs::remove(path, error);
  if (error) return refuse(ErrorCode::unavailable, "file.write", {{"file", path}});
  return sync_folder_of(path);
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace

Result<BackupKey> create_backup_key(const std::string& keys_folder, Instant now, Random& random) {
  const std::string folder = folder_of(keys_folder);
  GEWU_CHECK(make_private_folder(folder));
  std::array<std::uint8_t, 4> tail{};
  random.fill(tail);
  std::string id = std::to_string(now.ms) + "-" + security::hex_encode(tail);
  const std::string path = folder + "/" + id + std::string(kSuffix);
  GEWU_CHECK(create_office_key(path, random));
  GEWU_TRY(key, read_office_key(path));
  return BackupKey{std::move(id), std::move(key)};
}

Result<security::Key> read_backup_key(const std::string& keys_folder, const std::string& id) {
  const std::string path = folder_of(keys_folder) + "/" + id + std::string(kSuffix);
  auto key = read_office_key(path);
  if (!key && key.error().code == ErrorCode::not_found)
    return refuse(ErrorCode::not_found, "restore.keys_expired", {{"file", path}});
  return key;
}

Result<std::size_t> destroy_old_keys(const std::string& keys_folder, Instant now,
                                     std::int64_t days) {
  std::size_t destroyed = 0;
  const auto destroy_if_old = [&](const std::string& path, std::string_view id) -> Status {
    const auto made = instant_of(id);
    if (!made || now.ms - *made <= days * kMsPerDay) return {};
    ++destroyed;
    return destroy_file(path);
  };
  const std::string folder = folder_of(keys_folder);
  for (const std::string& name : names_in(folder))
    if (name.ends_with(kSuffix)) GEWU_CHECK(destroy_if_old(folder + "/" + name, name));
  for (const std::string& name : names_in(keys_folder))
    if (name.starts_with(kRetired))
      GEWU_CHECK(destroy_if_old(keys_folder + "/" + name,
                                std::string_view(name).substr(kRetired.size())));
  return destroyed;
}

Result<std::vector<std::string>> retired_office_keys(const std::string& keys_folder) {
  std::vector<std::string> paths;
  for (const std::string& name : names_in(keys_folder))
    if (name.starts_with(kRetired)) paths.push_back(keys_folder + "/" + name);
  std::ranges::reverse(paths);
  return paths;
}

namespace {

Result<File> lock_file(const std::string& path, int how, const char* key) {
  GEWU_TRY(file, File::open(path, File::Mode::append));
  if (::flock(file.descriptor(), how | LOCK_NB) != 0)
    return refuse(ErrorCode::conflict, key, {{"file", path}});
  return file;
}

}  // namespace

Result<OfficeLock> OfficeLock::take(const std::string& keys_folder, Hold hold) {
  GEWU_TRY(file, lock_file(keys_folder + "/office.lock", hold == Hold::alone ? LOCK_EX : LOCK_SH,
                           "office.in_use"));
  return OfficeLock(std::move(file));
}

Result<OfficeLock> OfficeLock::take_backup(const std::string& keys_folder) {
  GEWU_TRY(file, lock_file(keys_folder + "/backup.lock", LOCK_EX, "backup.busy"));
  return OfficeLock(std::move(file));
}

}  // namespace gewu::store
