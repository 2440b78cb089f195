#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/random.h"
#include "security/bytes.h"

namespace gewu::security {

/// One-time codes (动态口令, TOTP: RFC 6238): six digits that change every 30 seconds, by
/// HMAC-SHA-1 as every authenticator app computes them.
inline constexpr std::int64_t kCodeStepMs = 30'000;
inline constexpr std::size_t kCodeDigits = 6;
inline constexpr std::size_t kCodeSecretSize = 20;  ///< RFC 4226, 4: 160 bits

Bytes new_code_secret(Random& random);

/// The step of an instant, counted since 1970.
std::int64_t code_step(Instant at);
/// The code of one step, six digits.
std::string one_time_code(ByteView secret, std::int64_t step);

/// The step whose code was given: this one, the one before or the one after (RFC 6238, 5.2: clocks
/// differ), and later than `last_step`, since a code is taken once. Nothing for any other text;
/// spaces are forgiven. Takes the same time whichever digit is wrong.
std::optional<std::int64_t> match_code(ByteView secret, std::string_view given, Instant now,
                                       std::int64_t last_step);

/// RFC 4648 without padding, as authenticator apps want the secret typed.
std::string base32_encode(ByteView bytes);
/// `otpauth://totp/…`: what a QR code for an authenticator app holds.
std::string code_uri(ByteView secret, std::string_view issuer, std::string_view login);

}  // namespace gewu::security
