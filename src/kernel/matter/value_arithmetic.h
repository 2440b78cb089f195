#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "kernel/matter/value.h"
#include "kernel/time/calendar.h"

// Numbers of rules: 64-bit integers with 128-bit intermediates, rounded once, half away from zero
// (language.md 2.4). A result that leaves 64 bits is refused, never wrapped.

namespace gewu::kernel {

__extension__ using Wide = __int128;

/// n / d to the nearest whole number, half away from zero; d is not 0.
constexpr Wide divide_rounded(Wide n, Wide d) {
  const bool minus = (n < 0) != (d < 0);
  const Wide size_n = n < 0 ? -n : n, size_d = d < 0 ? -d : d;
  const Wide whole = size_n / size_d, rest = size_n % size_d;
  const Wide rounded = whole + (rest >= size_d - rest ? 1 : 0);
  return minus ? -rounded : rounded;
}

/// Nothing when it leaves 64 bits.
constexpr std::optional<std::int64_t> narrow(Wide wide) {
  if (wide > INT64_MAX || wide < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(wide);
}

enum class Calculation { add, subtract, multiply, divide };

/// number with number; money with money (a ratio of two is a number) or number; date or instant
/// with limit, whose working units follow the calendar (null: missing). Missing with anything, a
/// division by zero and what the checker would not let pass give missing. False: overflow.
bool calculate(Calculation how, const Value& a, const Value& b, const Calendar* calendar,
               Value& result);

/// The same with the refusal `expression.overflow`.
Result<Value> calculate(Calculation how, const Value& a, const Value& b, const Calendar* calendar);

/// To the nearest multiple of `step`, which is of the same kind and positive, else missing.
bool round_to(const Value& value, const Value& step, Value& result);

/// As `==` of rules: false when either is missing or sealed; a link equals the unit of that row.
bool equals(const Value& a, const Value& b);

/// Order of numbers, money, dates, instants and times; nothing for all else, missing included.
std::optional<std::strong_ordering> compare(const Value& a, const Value& b);

/// A text that two scalar values share exactly when they are equal: for indexes, hold keys and
/// sets without duplicates. Nothing for missing and large values.
std::optional<std::string> value_key(const Value& value);

}  // namespace gewu::kernel
