#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/matter/value.h"
#include "kernel/time/calendar.h"

// A figure (指标) from its pre-added counts: pure arithmetic, never floating point.

namespace gewu::kernel {

/// Days of the locality, half open [from, until).
struct FigurePeriod {
  Date from, until;
  bool operator==(const FigurePeriod&) const = default;
};

/// "2026", "2026-09", "2026-09-22" or "2026-09-01..2026-09-30" (both days included); empty: the
/// month of `today`. `invalid` `figure.period`.
Result<FigurePeriod> parse_period(std::string_view text, Date today);
/// The shortest text that parse_period reads as this.
std::string format_period(const FigurePeriod& period);
/// The day that it is at the locality.
Date today_at(const Calendar& calendar, Instant now);

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
