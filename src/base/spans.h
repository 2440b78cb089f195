#pragma once

#include <cstdint>

namespace gewu {

/// Spans of time in milliseconds, for sums with `Instant`.
inline constexpr std::int64_t kMsPerMinute = 60'000;
inline constexpr std::int64_t kMsPerHour = 3'600'000;
inline constexpr std::int64_t kMsPerDay = 86'400'000;

}  // namespace gewu
