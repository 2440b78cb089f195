#pragma once

#include "security/key.h"

namespace gewu::security {

/// A sealed box (密封件): one value, encrypted and authenticated, bound to where it belongs.
/// Bytes: algorithm (1), nonce (12), ciphertext, tag (16). The first byte says how it was sealed
/// (the key's `Cipher`), so that SM4-GCM (国密) stands beside AES-256-GCM in one journal.
///
/// `context` is not stored: whoever opens says it again, e.g. matter id and field. A box moved to
/// another matter or field does not open. Frame its parts with `append_u64` and `append_part`.
///
/// Nonces are random: at most 2^32 boxes under one key (NIST SP 800-38D, 8.3).
/// Bytes that a box is longer than its value.
inline constexpr std::size_t kSealedBoxExtra = 1 + 12 + 16;

/// With the key's cipher. At most 1 GiB at once.
Bytes seal(const Key& key, ByteView context, ByteView plain, Random& random);
/// `internal` `sealed_box.algorithm` for an algorithm that this executable does not know,
/// `internal` `sealed_box.broken` when anything differs from what was sealed: key, context, bytes.
Result<Bytes> open(const Key& key, ByteView context, ByteView box);

/// A key sealed under the office key (本处密钥); always 61 bytes.
Bytes wrap(const Key& key, const Key& office_key, ByteView context, Random& random);
/// Errors as `open`. The key seals with the office key's cipher, whatever it was wrapped with.
Result<Key> unwrap(ByteView wrapped, const Key& office_key, ByteView context);

}  // namespace gewu::security
