#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/instant.h"

namespace gewu::http {

/// So many requests a minute for each key: a bucket that holds a minute's worth and fills evenly,
/// so that a burst is allowed and a flood is not. Any number of threads may ask.
class RateLimit {
 public:
  explicit RateLimit(std::size_t minute_max) : minute_max_(static_cast<std::int64_t>(minute_max)) {}

  /// Takes one; seconds until there is one when there is none.
  std::optional<std::int64_t> take(const std::string& key, Instant now);

 private:
  struct Bucket {
    std::int64_t parts = 0;  ///< 60,000 a request: a millisecond brings `minute_max_` of them
    Instant at;
  };
  void fill(Bucket& bucket, Instant now) const;
  void forget_full(Instant now);  ///< at most once a second: it looks at all of them

  const std::int64_t minute_max_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
  std::optional<Instant> swept_;
};

}  // namespace gewu::http
