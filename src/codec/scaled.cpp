#include "codec/scaled.h"

#include <algorithm>
#include <limits>

#include "base/ensure.h"
#include "base/text.h"

namespace gewu::codec {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// sign 0.digits × 10^point
struct DecimalText {
  bool is_negative = false;
  std::string digits;
  std::int64_t point = 0;
};

std::string_view take_digits(std::string_view& text) {
  const auto length = std::ranges::find_if_not(text, is_digit) - text.begin();
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(length));
  text.remove_prefix(digits.size());
  return digits;
}

std::optional<DecimalText> read_decimal(std::string_view text) {
  DecimalText decimal;
  if (text.starts_with('-')) {
    decimal.is_negative = true;
    text.remove_prefix(1);
  }
  const std::string_view whole = take_digits(text);
  if (whole.empty() || (whole.size() > 1 && whole[0] == '0')) return std::nullopt;
  decimal.digits = whole;
  decimal.point = static_cast<std::int64_t>(whole.size());
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::string_view fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
    decimal.digits += fraction;
  }
  if (text.empty()) return decimal;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(1);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  const auto exponent = parse_integer(text);
  if (!exponent || *exponent < -10'000 || *exponent > 10'000) return std::nullopt;
  decimal.point += *exponent;
  return decimal;
}

}  // namespace

std::optional<std::int64_t> parse_scaled(std::string_view number, int decimals,
                                         ExcessDigits excess) {
  ensure(decimals >= 0 && decimals <= 18, "0 to 18 decimals");
  const auto decimal = read_decimal(number);
  if (!decimal) return std::nullopt;
  const std::int64_t kept = decimal->point + decimals;  // digits left of the cut
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  const std::uint64_t bound = decimal->is_negative ? kMax + 1 : kMax;
  std::uint64_t value = 0;
  const auto size = static_cast<std::int64_t>(decimal->digits.size());
  for (std::int64_t i = 0; i < kept; ++i) {
    const auto digit = i < size ? static_cast<std::uint64_t>(decimal->digits[i] - '0') : 0;
    if (value > (bound - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
    if (value == 0 && i >= size) break;  // 0e9999
  }
  const auto rest = std::string_view(decimal->digits)
                        .substr(static_cast<std::size_t>(std::clamp<std::int64_t>(kept, 0, size)));
  if (rest.find_first_not_of('0') != std::string_view::npos) {
    if (excess == ExcessDigits::refuse) return std::nullopt;
    if (kept >= 0 && rest[0] >= '5') {
      if (value == bound) return std::nullopt;
      ++value;
    }
  }
  return static_cast<std::int64_t>(decimal->is_negative ? 0 - value : value);
}

void append_scaled(std::string& out, std::int64_t value, int decimals) {
  ensure(decimals >= 0 && decimals <= 18, "0 to 18 decimals");
  const auto places = static_cast<std::size_t>(decimals);
  std::uint64_t magnitude = static_cast<std::uint64_t>(value);
  if (value < 0) {
    out += '-';
    magnitude = 0 - magnitude;
  }
  std::string digits = std::to_string(magnitude);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  const std::size_t whole = digits.size() - places;
  out.append(digits, 0, whole);
  const std::size_t last = digits.find_last_not_of('0');
  if (last == std::string::npos || last < whole) return;
  out += '.';
  out.append(digits, whole, last + 1 - whole);
}

}  // namespace gewu::codec
