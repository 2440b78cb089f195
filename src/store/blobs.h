#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "store/vault.h"

namespace gewu::store {

/// What the shelf says of a file without opening it.
struct BlobNote {
  std::string media_type;
  std::int64_t bytes = 0;
  bool operator==(const BlobNote&) const = default;
};
struct Blob {
  BlobNote note;
  std::string content;
};

/// The shelf of files (附件库): FOLDER/ab/SHA256, named by the hash of what is inside, sealed with
/// the office's own key, so that a copied disk shows no photo. The same content lies there once.
/// Any thread may ask.
class Blobs {
 public:
  Blobs(std::string folder, Vault& vault) : folder_(std::move(folder)), vault_(vault) {}

  /// Durable when it returns; its hash. What is there already only becomes young again.
  /// `unavailable` `store.full` when less than a tenth of the disk would be left.
  Result<std::string> put(std::string_view content, std::string_view media_type, Instant now);
  /// What a file is, and makes it young, so that whoever is about to name it finds it still there.
  /// Nothing when there is none of that hash, or the hash is none.
  Result<std::optional<BlobNote>> claim(std::string_view sha256, Instant now);
  /// `not_found` `upload.absent`; `internal` `upload.broken` when it is not what its name says.
  Result<Blob> read(std::string_view sha256);

  /// Removes what is older than this and not in the sorted list; how many.
  Result<std::size_t> sweep(const std::vector<std::string>& used, Instant older_than);

  const std::string& folder() const { return folder_; }

 private:
  std::optional<std::string> path_of(std::string_view sha256) const;
  Status make_room(std::size_t bytes) const;
  Status write_new(const std::string& path, std::string_view sealed);

  const std::string folder_;
  Vault& vault_;
  std::mutex mutex_;      ///< between making young and sweeping
  std::uint64_t parts_ = 0;
};

}  // namespace gewu::store
