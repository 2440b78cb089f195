#include "kernel/matter/histogram.h"

#include <algorithm>
#include <limits>

namespace gewu::kernel {

namespace {

/// Least value of each bucket above 0: 1 to 100 one by one, then each a hundredth more.
const std::vector<std::int64_t>& edges() {
  static const std::vector<std::int64_t> made = [] {
    std::vector<std::int64_t> all;
    for (std::int64_t edge = 1; edge < std::numeric_limits<std::int64_t>::max() / 2;
         edge += std::max<std::int64_t>(1, edge / 100))
      all.push_back(edge);
    return all;
  }();
  return made;
}

}  // namespace

std::int32_t bucket_of(std::int64_t value) {
  if (value == 0) return 0;
  const bool is_negative = value < 0;
  // The opposite of the least number is none: it shares the last bucket.
  const std::int64_t size =
      is_negative ? (value == std::numeric_limits<std::int64_t>::min()
                         ? std::numeric_limits<std::int64_t>::max()
                         : -value)
                  : value;
  const auto above = std::ranges::upper_bound(edges(), size);
  const auto bucket = static_cast<std::int32_t>(above - edges().begin());
  return is_negative ? -bucket : bucket;
}

std::int64_t value_of_bucket(std::int32_t bucket) {
  if (bucket == 0) return 0;
  const auto at = static_cast<std::size_t>(bucket < 0 ? -bucket : bucket) - 1;
  const std::int64_t value = edges()[std::min(at, edges().size() - 1)];
  return bucket < 0 ? -value : value;
}

std::int64_t median_of(std::vector<Bucket> buckets) {
  std::ranges::sort(buckets, {}, &Bucket::bucket);
  std::int64_t all = 0;
  for (const Bucket& bucket : buckets) all += bucket.count;
  std::int64_t below = 0;
  for (const Bucket& bucket : buckets) {
    below += bucket.count;
    if (2 * below >= all && bucket.count > 0) return value_of_bucket(bucket.bucket);
  }
  return buckets.empty() ? 0 : value_of_bucket(buckets.back().bucket);
}

}  // namespace gewu::kernel
