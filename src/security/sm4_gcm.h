#pragma once

#include <array>
#include <optional>

#include "security/aes_gcm.h"

namespace gewu::security {

/// 128 secret bits, wiped when they go.
class Sm4Key {
 public:
  static constexpr std::size_t kSize = 16;

  explicit Sm4Key(const std::array<std::uint8_t, kSize>& bytes) : bytes_(bytes) {}
  Sm4Key(const Sm4Key&) = delete;
  Sm4Key& operator=(const Sm4Key&) = delete;
  ~Sm4Key();
  ByteView bytes() const { return bytes_; }

 private:
  std::array<std::uint8_t, kSize> bytes_;
};

/// The half of a derived key that SM4 takes; AES under the same 256 bits has nothing in common with
/// it.
Sm4Key sm4_key_of(const Key& key);

/// SM4-GCM (国密, GB/T 32907; RFC 8998) with the nonce given: only for `sealed_box` and the
/// published vectors. As `aes_gcm_encrypt`.
Bytes sm4_gcm_encrypt(const Sm4Key& key, const GcmNonce& nonce, ByteView context, ByteView plain);
/// Nothing when key, nonce, context, ciphertext or tag is not what it was.
std::optional<Bytes> sm4_gcm_decrypt(const Sm4Key& key, const GcmNonce& nonce, ByteView context,
                                     ByteView sealed);

}  // namespace gewu::security
