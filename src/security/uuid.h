#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace gewu::security {

/// 128 bits that nobody guesses: ids shown outside, request ids of clients (RFC 9562).
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;
};

/// Version 4: 122 random bits.
Uuid random_uuid(Random& random);
/// 8-4-4-4-12 hexadecimal digits of either case, versions 1 to 8; so not the nil UUID.
std::optional<Uuid> parse_uuid(std::string_view text);
/// Lower case.
std::string format_uuid(const Uuid& uuid);

}  // namespace gewu::security
