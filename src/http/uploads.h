#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/instant.h"
#include "base/random.h"
#include "base/result.h"
#include "base/spans.h"

namespace gewu::http {

struct UploadLimits {
  std::size_t bytes_max = 64 * 1024 * 1024;         ///< of one upload
  std::size_t all_bytes_max = 256 * 1024 * 1024;    ///< of all of them
  std::size_t of_account_max = 4;                   ///< the oldest goes for a fifth
  std::int64_t kept_ms = kMsPerHour;                 ///< since it was last touched
};

/// What is too large for one request (上传): it comes in pieces that each fit the bound of a body, and
/// is kept in memory for an hour, for its account alone. Any number of threads.
class Uploads {
 public:
  using Bytes = std::shared_ptr<const std::string>;

  explicit Uploads(Random& random, UploadLimits limits = {}) : random_(random), limits_(limits) {}

  /// Its id.
  std::string begin(AccountId account, Instant now);
  /// How many bytes there are now. A piece that came twice is taken once. `not_found`
  /// `upload.unknown`, `conflict` `upload.offset` (`bytes`: how many there are), `too_large`
  /// `upload.size` (`max`), `too_many` `upload.all`.
  Result<std::size_t> add(AccountId account, std::string_view id, std::size_t offset,
                          std::string_view piece, Instant now);
  /// All of it; it stays, for a preview comes before the deed. `not_found` `upload.unknown`.
  Result<Bytes> read(AccountId account, std::string_view id, Instant now);

 private:
  struct Upload {
    std::string id;
    AccountId account;
    Instant touched;
    std::shared_ptr<std::string> bytes;
  };
  void drop_old(Instant now);
  Upload* find(AccountId account, std::string_view id);

  Random& random_;
  const UploadLimits limits_;
  std::mutex mutex_;
  std::list<Upload> uploads_;   ///< in the order they began
};

}  // namespace gewu::http
