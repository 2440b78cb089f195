#pragma once

#include <cstdint>

#include "base/instant.h"

namespace gewu::kernel {

/// Time from `from` up to but without `to`: [from, to).
struct Interval {
  Instant from, to;
  constexpr bool contains(Instant instant) const { return from <= instant && instant < to; }
  bool operator==(const Interval&) const = default;
};

/// The end of what has no end yet. Far from overflow when an instant is taken from it.
inline constexpr Instant kForever{std::int64_t{1} << 62};

}  // namespace gewu::kernel
