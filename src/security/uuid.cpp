#include "security/uuid.h"

#include <algorithm>

#include "security/bytes.h"

namespace gewu::security {

namespace {

constexpr std::array<std::size_t, 4> kDashes{8, 13, 18, 23};

bool is_dash_place(std::size_t at) { return std::ranges::find(kDashes, at) != kDashes.end(); }

}  // namespace

Uuid random_uuid(Random& random) {
  Uuid uuid;
  random.fill(uuid.bytes);
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x40);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
  return uuid;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string digits;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_dash_place(at)) digits.push_back(text[at]);
    else if (text[at] != '-') return std::nullopt;
  }
  const auto bytes = hex_decode(digits);
  if (!bytes) return std::nullopt;
  Uuid uuid;
  std::ranges::copy(*bytes, uuid.bytes.begin());
  const int version = uuid.bytes[6] >> 4;
  if (version < 1 || version > 8 || (uuid.bytes[8] & 0xC0) != 0x80) return std::nullopt;
  return uuid;
}

std::string format_uuid(const Uuid& uuid) {
  std::string text = hex_encode(uuid.bytes);
  for (const std::size_t at : kDashes) text.insert(at, 1, '-');
  return text;
}

}  // namespace gewu::security
