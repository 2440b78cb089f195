#pragma once

#include "security/bytes.h"

namespace gewu::security {

/// Signatures of JSON Web Tokens (RFC 7518), by the numbers of a JSON Web Key (RFC 7517), big-endian.
/// False for a wrong signature and for numbers that are no key alike. Keys of RSA have at least
/// 2,048 bits.

/// RS256: RSASSA-PKCS1-v1_5 with SHA-256.
bool verify_rs256(ByteView modulus, ByteView exponent, ByteView message, ByteView signature);
/// ES256: ECDSA over P-256 with SHA-256; the signature is r and s, 32 bytes each.
bool verify_es256(ByteView x, ByteView y, ByteView message, ByteView signature);

}  // namespace gewu::security
