#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gewu::security {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The bytes of a text, without a copy; the text must outlive the view.
inline ByteView view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Where the bytes begin; never null, since C libraries refuse null even for no bytes.
inline const std::uint8_t* begin_of(ByteView bytes) {
  static constexpr std::uint8_t kNothing = 0;
  return bytes.empty() ? &kNothing : bytes.data();
}

/// Big-endian, eight bytes: how whole numbers enter anything that is hashed or sealed.
void append_u64(Bytes& to, std::uint64_t value);
/// The length (eight bytes), then the bytes: two parts can never be read as two other parts.
void append_part(Bytes& to, ByteView part);

/// Lower case.
std::string hex_encode(ByteView bytes);
/// Upper or lower case, whole bytes, nothing else.
std::optional<Bytes> hex_decode(std::string_view text);

/// RFC 4648 section 5, without padding.
std::string base64url_encode(ByteView bytes);
/// Refuses padding, other characters and non-zero spare bits: one text for one value.
std::optional<Bytes> base64url_decode(std::string_view text);

/// Takes as long for a near miss as for a far one. Lengths are not secret.
bool equal_constant_time(ByteView a, ByteView b);

}  // namespace gewu::security
