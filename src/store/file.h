#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace gewu::store {

/// An open file that closes itself. What must outlast a power cut goes through `write_all` and
/// `sync`, and through `sync_folder_of` where a name is new.
class File {
 public:
  enum class Mode {
    read,        ///< must exist
    append,      ///< made with mode 0600 where absent, then also readable
    create_new,  ///< must not exist; mode 0600
  };
  /// `not_found` `store.file.absent`, `conflict` `store.file.exists`, `unavailable` `store.file`
  /// or `store.full`; details name the file and the system's reason.
  static Result<File> open(const std::string& path, Mode mode);

  File(File&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept;
  ~File();

  int descriptor() const { return descriptor_; }
  const std::string& path() const { return path_; }

  Result<std::string> read_all() const;
  Result<std::size_t> size() const;
  Status write_all(std::string_view bytes);
  Status sync();
  Status truncate(std::size_t size);

 private:
  File(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_ = -1;
};

/// Makes a folder, with those above it, for its owner alone; `key`, `unavailable`, with details
/// `folder` when that can't be.
Status make_private_folder(const std::string& folder, std::string key = "office.folder");

/// Makes the names in the folder of `path` durable.
Status sync_folder_of(const std::string& path);

}  // namespace gewu::store
