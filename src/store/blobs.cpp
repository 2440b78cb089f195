#include "store/blobs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "base/text.h"
#include "security/hash.h"
#include "store/file.h"

namespace gewu::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kForm = "gewu-file-1 ";
constexpr std::string_view kPart = ".part";
constexpr std::size_t kHashDigits = 64;
constexpr std::uintmax_t kFreePartsMin = 10;  ///< of a hundred
constexpr std::size_t kHeadLookedAt = 1024;

security::Bytes copy_of(std::string_view text) {
  const auto view = security::view_of(text);
  return {view.begin(), view.end()};
}

std::string_view text_of(const security::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Keys of their own for each file and part: neither can be put in the place of another.
std::string note_purpose(std::string_view sha256) { return "file.note." + std::string(sha256); }
std::string content_purpose(std::string_view sha256) {
  return "file.content." + std::string(sha256);
}

/// FORM, the length of the sealed note in decimals and a line end, then the sealed note and the
/// sealed content: a note can be read without the rest.
struct Parts {
  std::string_view note, content;
};
std::optional<Parts> split_parts(std::string_view file) {
  if (!file.starts_with(kForm)) return std::nullopt;
  const auto line = file.find('\n');
  if (line == std::string_view::npos) return std::nullopt;
  const auto size = parse_integer(file.substr(kForm.size(), line - kForm.size()));
  const std::string_view rest = file.substr(line + 1);
  if (!size || *size < 0 || static_cast<std::size_t>(*size) > rest.size()) return std::nullopt;
  return Parts{rest.substr(0, static_cast<std::size_t>(*size)),
               rest.substr(static_cast<std::size_t>(*size))};
}

std::unexpected<Error> broken(std::string_view sha256) {
  return refuse(ErrorCode::internal, "upload.broken", {{"sha256", std::string(sha256)}});
}

Result<BlobNote> open_note(Vault& vault, std::string_view sha256, std::string_view sealed) {
  const auto opened = vault.open_own(note_purpose(sha256), security::view_of(sealed));
  if (!opened) return broken(sha256);
  const std::string_view text = text_of(*opened);
  const auto space = text.find(' ');
  const auto bytes = parse_integer(text.substr(0, space));
  if (!bytes || space == std::string_view::npos) return broken(sha256);
  return BlobNote{std::string(text.substr(space + 1)), *bytes};
}

Result<std::string> read_head(const std::string& path) {
  GEWU_TRY(file, File::open(path, File::Mode::read));
  std::string head(kHeadLookedAt, '\0');
  const ssize_t got = ::pread(file.descriptor(), head.data(), head.size(), 0);
  if (got < 0) return refuse(ErrorCode::unavailable, "store.file", {{"file", path}});
  head.resize(static_cast<std::size_t>(got));
  return head;
}

bool make_young(const std::string& path, Instant now) {
  const timespec at{now.ms / 1000, now.ms % 1000 * 1'000'000};
  const timespec both[2] = {at, at};
  return ::utimensat(AT_FDCWD, path.c_str(), both, 0) == 0;
}

std::optional<Instant> changed_at(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return Instant{found.st_mtim.tv_sec * 1000 + found.st_mtim.tv_nsec / 1'000'000};
}

}  // namespace

std::optional<std::string> Blobs::path_of(std::string_view sha256) const {
  const bool is_hash = sha256.size() == kHashDigits && std::ranges::all_of(sha256, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (!is_hash) return std::nullopt;
  return folder_ + "/" + std::string(sha256.substr(0, 2)) + "/" + std::string(sha256);
}

Status Blobs::make_room(std::size_t bytes) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error) fs::permissions(folder_, fs::perms::owner_all, error);
  const fs::space_info space = error ? fs::space_info{} : fs::space(folder_, error);
  if (error) return refuse(ErrorCode::unavailable, "store.file", {{"file", folder_}});
  if (space.available < bytes || space.available - bytes < space.capacity / kFreePartsMin)
    return refuse(ErrorCode::unavailable, "store.full", {{"file", folder_}});
  return {};
}

Status Blobs::write_new(const std::string& path, std::string_view sealed) {
  std::string part;
  {
    const std::lock_guard lock(mutex_);
    part = path + "." + std::to_string(::getpid()) + "." + std::to_string(++parts_) +
           std::string(kPart);
  }
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const auto write = [&]() -> Status {
    GEWU_TRY(file, File::open(part, File::Mode::create_new));
    GEWU_CHECK(file.write_all(sealed));
    GEWU_CHECK(file.sync());
    if (std::rename(part.c_str(), path.c_str()) != 0)
      return refuse(ErrorCode::unavailable, "store.file", {{"file", path}});
    GEWU_CHECK(sync_folder_of(path));
    return sync_folder_of(fs::path(path).parent_path().string());
  };
  const Status written = write();
  if (!written) ::unlink(part.c_str());
  return written;
}

Result<std::string> Blobs::put(std::string_view content, std::string_view media_type,
                               Instant now) {
  const std::string sha256 = security::hex_encode(security::sha256(content));
  GEWU_TRY(known, claim(sha256, now));
  if (known) return sha256;
  GEWU_CHECK(make_room(content.size()));
  const std::string note = std::to_string(content.size()) + " " + std::string(media_type);
  const auto sealed_note = vault_.seal_own(note_purpose(sha256), copy_of(note));
  const auto sealed = vault_.seal_own(content_purpose(sha256), security::view_of(content));
  std::string file = std::string(kForm) + std::to_string(sealed_note.size()) + "\n";
  file += text_of(sealed_note);
  file += text_of(sealed);
  const std::string path = *path_of(sha256);
  GEWU_CHECK(write_new(path, file));
  make_young(path, now);
  return sha256;
}

Result<std::optional<BlobNote>> Blobs::claim(std::string_view sha256, Instant now) {
  const auto path = path_of(sha256);
  if (!path) return std::optional<BlobNote>();
  {
    const std::lock_guard lock(mutex_);
    if (!make_young(*path, now)) {
      if (errno == ENOENT || errno == ENOTDIR) return std::optional<BlobNote>();
      return refuse(ErrorCode::unavailable, "store.file", {{"file", *path}});
    }
  }
  GEWU_TRY(head, read_head(*path));
  const auto parts = split_parts(head);
  if (!parts) return broken(sha256);
  GEWU_TRY(note, open_note(vault_, sha256, parts->note));
  return std::optional(std::move(note));
}

Result<Blob> Blobs::read(std::string_view sha256) {
  const auto path = path_of(sha256);
  if (!path || !fs::exists(*path)) return refuse(ErrorCode::not_found, "upload.absent");
  GEWU_TRY(file, File::open(*path, File::Mode::read));
  GEWU_TRY(bytes, file.read_all());
  const auto parts = split_parts(bytes);
  if (!parts) return broken(sha256);
  GEWU_TRY(note, open_note(vault_, sha256, parts->note));
  const auto opened =
      vault_.open_own(content_purpose(sha256), security::view_of(parts->content));
  if (!opened || security::hex_encode(security::sha256(*opened)) != sha256)
    return broken(sha256);
  return Blob{std::move(note), std::string(text_of(*opened))};
}

Result<std::size_t> Blobs::sweep(const std::vector<std::string>& used, Instant older_than) {
  std::size_t removed = 0;
  if (!fs::exists(folder_)) return removed;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder_, error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_regular_file()) continue;
    const std::string name = at->path().filename().string();
    const bool is_file = path_of(name).has_value();
    if (!is_file && !name.ends_with(kPart)) continue;
    if (is_file && std::ranges::binary_search(used, name)) continue;
    const std::lock_guard lock(mutex_);
    const auto changed = changed_at(at->path());
    if (!changed || older_than <= *changed) continue;
    if (::unlink(at->path().c_str()) == 0) ++removed;
  }
  if (error) return refuse(ErrorCode::unavailable, "store.file", {{"file", folder_}});
  return removed;
}

}  // namespace gewu::store
