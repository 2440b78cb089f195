#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gewu::kernel {

/// Units of a limit: minutes and hour_natural (紧急工作时) are elapsed time, hour_working (工作时)
/// and day_working (工作日) follow a calendar, day_natural (自然日), month and year end at 24:00.
enum class LimitUnit { minute, hour_natural, hour_working, day_working, day_natural, month, year };

/// A limit (时限): how long something may take. A lawful one has 1 <= amount and is no longer than
/// kLimits.limit_years_max; `check_limit` says so wherever one is read or computed.
struct Limit {
  std::int64_t amount = 0;
  LimitUnit unit = LimitUnit::minute;
  bool operator==(const Limit&) const = default;
};

/// How time is counted. It decides what a pause takes out and what a fraction is a fraction of.
enum class Measure { minute_elapsed, minute_working, day_working, day_natural };

/// minute, hour_natural, month and year are elapsed minutes.
Measure measure_of(LimitUnit unit);
constexpr bool counts_days(Measure measure) {
  return measure == Measure::day_working || measure == Measure::day_natural;
}
constexpr bool counts_working(Measure measure) {
  return measure == Measure::minute_working || measure == Measure::day_working;
}

std::string_view limit_unit_name(LimitUnit unit);
std::optional<LimitUnit> parse_limit_unit(std::string_view text);
std::string_view measure_name(Measure measure);
std::optional<Measure> parse_measure(std::string_view text);

/// "5 day_working". Errors: `limit.form`, `limit.unit`, `limit.range`.
Result<Limit> parse_limit(std::string_view text);
std::string format_limit(const Limit& limit);
/// `limit.range` when the amount is not positive or longer than kLimits.limit_years_max.
Status check_limit(const Limit& limit);

/// The limit in minutes; nothing for days, months and years.
std::optional<std::int64_t> limit_minutes(const Limit& limit);

}  // namespace gewu::kernel
