#include "kernel/time/limit.h"

#include <fmt/format.h>

#include <array>

#include "base/limits.h"
#include "base/text.h"

namespace gewu::kernel {
namespace {

constexpr std::array<std::string_view, 7> kUnitNames = {
    "minute", "hour_natural", "hour_working", "day_working", "day_natural", "month", "year"};
constexpr std::array<std::string_view, 4> kMeasureNames = {"minute_elapsed", "minute_working",
                                                           "day_working", "day_natural"};

/// How many of the unit a year holds at most; hours and days alike, working or not, so that the
/// bound is one of time that a count could take in the worst calendar known.
std::int64_t amount_a_year(LimitUnit unit) {
  switch (unit) {
    case LimitUnit::minute: return 366 * 24 * 60;
    case LimitUnit::hour_natural:
    case LimitUnit::hour_working: return 366 * 24;
    case LimitUnit::day_working:
    case LimitUnit::day_natural: return 366;
    case LimitUnit::month: return 12;
    case LimitUnit::year: return 1;
  }
  return 1;
}

template <typename Enum, std::size_t kCount>
std::optional<Enum> find_name(const std::array<std::string_view, kCount>& names,
                              std::string_view text) {
  for (std::size_t i = 0; i < kCount; ++i)
    if (names[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

Measure measure_of(LimitUnit unit) {
  switch (unit) {
    case LimitUnit::hour_working: return Measure::minute_working;
    case LimitUnit::day_working: return Measure::day_working;
    case LimitUnit::day_natural: return Measure::day_natural;
    case LimitUnit::minute:
    case LimitUnit::hour_natural:
    case LimitUnit::month:
    case LimitUnit::year: return Measure::minute_elapsed;
  }
  return Measure::minute_elapsed;
}

std::string_view limit_unit_name(LimitUnit unit) {
  return kUnitNames[static_cast<std::size_t>(unit)];
}

std::optional<LimitUnit> parse_limit_unit(std::string_view text) {
  return find_name<LimitUnit>(kUnitNames, text);
}

std::string_view measure_name(Measure measure) {
  return kMeasureNames[static_cast<std::size_t>(measure)];
}

std::optional<Measure> parse_measure(std::string_view text) {
  return find_name<Measure>(kMeasureNames, text);
}

Result<Limit> parse_limit(std::string_view text) {
  const auto parts = split(text, ' ');
  const auto amount = parts.size() == 2 ? parse_integer(parts[0]) : std::nullopt;
  if (!amount) return refuse(ErrorCode::invalid, "limit.form", {{"text", std::string(text)}});
  const auto unit = parse_limit_unit(parts[1]);
  if (!unit) return refuse(ErrorCode::invalid, "limit.unit", {{"unit", std::string(parts[1])}});
  const Limit limit{*amount, *unit};
  GEWU_CHECK(check_limit(limit));
  return limit;
}

std::string format_limit(const Limit& limit) {
  return fmt::format("{} {}", limit.amount, limit_unit_name(limit.unit));
}

Status check_limit(const Limit& limit) {
  const auto most =
      amount_a_year(limit.unit) * static_cast<std::int64_t>(kLimits.limit_years_max);
  if (limit.amount >= 1 && limit.amount <= most) return {};
  return refuse(ErrorCode::invalid, "limit.range",
                {{"limit", format_limit(limit)}, {"max", std::to_string(most)}});
}

std::optional<std::int64_t> limit_minutes(const Limit& limit) {
  switch (limit.unit) {
    case LimitUnit::minute: return limit.amount;
    case LimitUnit::hour_natural:
    case LimitUnit::hour_working: return limit.amount * 60;
    case LimitUnit::day_working:
    case LimitUnit::day_natural:
    case LimitUnit::month:
    case LimitUnit::year: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace gewu::kernel
