#pragma once

#include <cstdint>
#include <vector>

namespace gewu::kernel {

/// Values by steps of one percent, so that a median can be added up: whole numbers only. The bucket
/// of 0 is 0; of a negative value that of its opposite, negative.
std::int32_t bucket_of(std::int64_t value);
/// The least value of a bucket (for negative ones the greatest).
std::int64_t value_of_bucket(std::int32_t bucket);

struct Bucket {
  std::int32_t bucket = 0;
  std::int64_t count = 0;
};
/// The value in the middle, to one percent; of an even number the lower one. The buckets in any
/// order; their counts add up to more than none.
std::int64_t median_of(std::vector<Bucket> buckets);

}  // namespace gewu::kernel
