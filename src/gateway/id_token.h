#pragma once

#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "codec/json.h"

namespace gewu::gateway {

/// What a token must say to be believed.
struct TokenExpectation {
  std::string_view issuer, client, nonce;
  Instant now;
};

/// The claims of an ID token (OpenID Connect Core 1.0, 3.1.3.7) that was signed by one of `keys`, a
/// JSON Web Key Set. Only RS256 and ES256 are taken, and never a key of another kind than the token
/// names: "none" and HMAC with a public key are old tricks.
///
/// `unauthenticated` `sso.answer` with `what`: `form`, `algorithm`, `key` (none in the set has that
/// id), `signature`, `issuer`, `audience`, `time`, `nonce`.
Result<codec::Json> read_id_token(std::string_view token, const codec::Json& keys,
                                  const TokenExpectation& expected);

}  // namespace gewu::gateway
