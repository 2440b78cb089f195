#pragma once

#include <cstdint>
#include <optional>

#include "kernel/matter/value.h"

// From added counts to a number, never floating point. In this wing, since a rule may freeze one.

namespace gewu::kernel {

/// What cells of one unit and period add up to.
struct Tally {
  std::int64_t count = 0;
  std::int64_t sum_micros = 0;
  Tally& operator+=(const Tally& other);
  bool operator==(const Tally&) const = default;
};

struct Figure {
  std::optional<Number> value;       ///< nothing: missing (0/0), or withheld
  std::optional<Number> numerator, denominator;  ///< of ratios and means
  bool withheld = false;             ///< a group smaller than `group_min`
  bool operator==(const Figure&) const = default;
};

/// A count or, where the indicator has `sum`, its sum.
Figure count_figure(const Tally& tally, bool is_sum);
/// a / b to six decimals, rounded once, half away from zero; missing when b is zero.
Figure ratio_figure(std::int64_t numerator_micros, std::int64_t denominator_micros);
/// Without its numbers, when it counts fewer than `group_min` (0: never) but not none.
Figure withhold_small(Figure figure, std::int64_t counted, std::int64_t group_min);

}  // namespace gewu::kernel
