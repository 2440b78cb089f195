#include "http/rate_limit.h"

#include <algorithm>

namespace gewu::http {
namespace {

constexpr std::int64_t kPartsOfOne = 60'000;
constexpr std::size_t kKeysMax = 50'000;
constexpr std::int64_t kSweepMs = 1'000;

}  // namespace

void RateLimit::fill(Bucket& bucket, Instant now) const {
  const std::int64_t full = minute_max_ * kPartsOfOne;
  // A minute fills it; a clock that was set back brings nothing.
  const std::int64_t passed = std::clamp<std::int64_t>(now - bucket.at, 0, 60'000);
  bucket.parts = std::min(full, bucket.parts + passed * minute_max_);
  bucket.at = now;
}

void RateLimit::forget_full(Instant now) {
  if (swept_ && *swept_ <= now && now - *swept_ < kSweepMs) return;
  swept_ = now;
  std::erase_if(buckets_, [&](const auto& entry) {
    Bucket bucket = entry.second;
    fill(bucket, now);
    return bucket.parts == minute_max_ * kPartsOfOne;
  });
}

std::optional<std::int64_t> RateLimit::take(const std::string& key, Instant now) {
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kKeysMax) forget_full(now);
  // When all addresses of the world come at once, the new ones share one bucket.
  const bool is_crowded = buckets_.size() >= kKeysMax && !buckets_.contains(key);
  const auto [entry, is_new] = buckets_.try_emplace(is_crowded ? std::string() : key);
  Bucket& bucket = entry->second;
  if (is_new) bucket = {minute_max_ * kPartsOfOne, now};
  fill(bucket, now);
  if (bucket.parts >= kPartsOfOne) {
    bucket.parts -= kPartsOfOne;
    return std::nullopt;
  }
  const std::int64_t missing_ms = (kPartsOfOne - bucket.parts + minute_max_ - 1) / minute_max_;
  return (missing_ms + 999) / 1'000;
}

}  // namespace gewu::http
