#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gewu::codec {

/// What becomes of digits beyond the decimals that a fixed-point number has.
enum class ExcessDigits { refuse, round };

/// Decimal text to fixed point, exactly: "129.614512" with 6 decimals is 129614512. Takes the
/// numbers of JSON ("-0.5", "1.2e3"); `round` rounds half away from zero. Nothing for other text,
/// for excess digits that are not 0 under `refuse`, and for what does not fit in 64 bits.
std::optional<std::int64_t> parse_scaled(std::string_view number, int decimals,
                                         ExcessDigits excess);

/// value / 10^decimals (0 to 18) as the shortest decimal text: 1500000 with 6 is "1.5".
void append_scaled(std::string& out, std::int64_t value, int decimals);

}  // namespace gewu::codec
