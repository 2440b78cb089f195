#pragma once

#include <array>
#include <optional>

#include "security/key.h"

namespace gewu::security {

using GcmNonce = std::array<std::uint8_t, 12>;
inline constexpr std::size_t kGcmTagSize = 16;

/// AES-256-GCM (NIST SP 800-38D) with the nonce given: only for `sealed_box` and the published
/// vectors. A nonce used twice under one key breaks both confidentiality and authenticity.
/// Gives the ciphertext and the tag after it.
Bytes aes_gcm_encrypt(const Key& key, const GcmNonce& nonce, ByteView context, ByteView plain);
/// Nothing when key, nonce, context, ciphertext or tag is not what it was.
std::optional<Bytes> aes_gcm_decrypt(const Key& key, const GcmNonce& nonce, ByteView context,
                                     ByteView sealed);

}  // namespace gewu::security
