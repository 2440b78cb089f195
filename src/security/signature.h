#pragma once

#include <array>

#include "security/key.h"

namespace gewu::security {

using Signature = std::array<std::uint8_t, 64>;
using PublicKey = std::array<std::uint8_t, 32>;

/// Ed25519 (RFC 8032): the roots of the journal are signed with it, and anybody who holds the
/// public key verifies them without the server. A secret key is its 32 byte seed.
PublicKey public_key_of(const Key& seed);
Signature sign(const Key& seed, ByteView message);
bool verify_signature(const PublicKey& key, ByteView message, const Signature& signature);

}  // namespace gewu::security
