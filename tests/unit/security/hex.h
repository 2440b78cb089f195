#pragma once

#include "security/hash.h"

namespace gewu::security {

/// Bytes of a published vector; throws on a slip of the test's own.
inline Bytes from_hex(std::string_view text) { return hex_decode(text).value(); }
inline Sha256 hash_from_hex(std::string_view text) { return parse_sha256(text).value(); }

}  // namespace gewu::security
