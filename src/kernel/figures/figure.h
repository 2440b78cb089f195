#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/matter/tally.h"
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

}  // namespace gewu::kernel
