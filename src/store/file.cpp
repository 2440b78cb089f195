#include "store/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace gewu::store {

namespace {

std::unexpected<Error> refuse_errno(const std::string& path, int number) {
  const std::string reason = std::generic_category().message(number);
  std::vector<ErrorDetail> details{{"file", path}, {"reason", reason}};
  if (number == ENOENT) return refuse(ErrorCode::not_found, "store.file.absent", details);
  if (number == EEXIST) return refuse(ErrorCode::conflict, "store.file.exists", details);
  if (number == ENOSPC || number == EDQUOT)
    return refuse(ErrorCode::unavailable, "store.full", details);
  return refuse(ErrorCode::unavailable, "store.file", details);
}

int flags_of(File::Mode mode) {
  switch (mode) {
    case File::Mode::read: return O_RDONLY;
    case File::Mode::append: return O_RDWR | O_APPEND | O_CREAT;
    case File::Mode::create_new: return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

}  // namespace

Result<File> File::open(const std::string& path, Mode mode) {
  const int descriptor = ::open(path.c_str(), flags_of(mode) | O_CLOEXEC, 0600);
  if (descriptor < 0) return refuse_errno(path, errno);
  return File(path, descriptor);
}

File& File::operator=(File&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::string> File::read_all() const {
  std::string bytes;
  char piece[16 * 1024];
  for (;;) {
    const ssize_t size =
        ::pread(descriptor_, piece, sizeof piece, static_cast<off_t>(bytes.size()));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return refuse_errno(path_, errno);
    if (size == 0) return bytes;
    bytes.append(piece, static_cast<std::size_t>(size));
  }
}

Status File::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(descriptor_, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return refuse_errno(path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return {};
}

Status File::sync() {
  if (::fsync(descriptor_) != 0) return refuse_errno(path_, errno);
  return {};
}

Result<std::size_t> File::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return refuse_errno(path_, errno);
  return static_cast<std::size_t>(status.st_size);
}

Status File::truncate(std::size_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return refuse_errno(path_, errno);
  return {};
}

Status make_private_folder(const std::string& folder, std::string key) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return refuse(ErrorCode::unavailable, std::move(key), {{"folder", folder}});
  return {};
}

Status sync_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  GEWU_TRY(opened, File::open(folder.empty() ? "." : folder.string(), File::Mode::read));
  return opened.sync();
}

}  // namespace gewu::store
