#pragma once

#include <array>
#include <initializer_list>
#include <memory>
#include <optional>

#include "security/bytes.h"

namespace gewu::security {

using Sha256 = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4) of bytes at hand.
Sha256 sha256(ByteView bytes);
Sha256 sha256(std::string_view text);
/// Of the parts one after another. Parts of varying length need framing: `append_part`.
Sha256 sha256(std::initializer_list<ByteView> parts);

/// SHA-256 of bytes that come in pieces (attachments, exports).
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void update(ByteView bytes);
  /// The hash of all pieces; the stream begins anew.
  Sha256 finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// 64 hexadecimal digits of either case.
std::optional<Sha256> parse_sha256(std::string_view hex);

/// HMAC-SHA-256 (RFC 2104) over the parts one after another; a key of any length.
Sha256 hmac_sha256(ByteView key, ByteView message);
Sha256 hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);

/// HKDF-SHA-256 (RFC 5869), extract then expand; at most 8,160 bytes of output.
void hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::span<std::uint8_t> output);

}  // namespace gewu::security
