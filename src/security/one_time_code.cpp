#include "security/one_time_code.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/ensure.h"

namespace gewu::security {

namespace {

constexpr std::uint32_t kCodeModulus = 1'000'000;
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::array<std::uint8_t, 20> hmac_sha1(ByteView key, ByteView message) {
  std::array<std::uint8_t, 20> code{};
  unsigned int size = 0;
  const auto* done = HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), message.data(),
                          message.size(), code.data(), &size);
  ensure(done != nullptr && size == code.size(), "one-time code is computed");
  return code;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char symbol : text) {
    const auto byte = static_cast<unsigned char>(symbol);
    const bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                          (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '.' ||
                          byte == '_' || byte == '~';
    if (is_plain) {
      encoded.push_back(symbol);
    } else {
      encoded.push_back('%');
      encoded.push_back(kHex[byte >> 4]);
      encoded.push_back(kHex[byte & 15]);
    }
  }
  return encoded;
}

}  // namespace

Bytes new_code_secret(Random& random) {
  Bytes secret(kCodeSecretSize);
  random.fill(secret);
  return secret;
}

std::int64_t code_step(Instant at) { return at.ms / kCodeStepMs; }

std::string one_time_code(ByteView secret, std::int64_t step) {
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  const auto hash = hmac_sha1(secret, counter);
  const std::size_t at = hash.back() & 15u;  // dynamic truncation: RFC 4226, 5.3
  std::uint32_t number = hash[at] & 0x7Fu;
  for (std::size_t i = 1; i < 4; ++i) number = number << 8 | hash[at + i];
  const std::string digits = std::to_string(number % kCodeModulus);
  return std::string(kCodeDigits - digits.size(), '0') + digits;
}

std::optional<std::int64_t> match_code(ByteView secret, std::string_view given, Instant now,
                                       std::int64_t last_step) {
  std::string typed;
  std::ranges::copy_if(given, std::back_inserter(typed), [](char symbol) { return symbol != ' '; });
  const std::int64_t today = code_step(now);
  std::optional<std::int64_t> matched;
  for (std::int64_t step = today - 1; step <= today + 1; ++step) {
    const std::string code = one_time_code(secret, step);
    if (equal_constant_time(view_of(code), view_of(typed)) && step > last_step && !matched)
      matched = step;
  }
  return matched;
}

std::string base32_encode(ByteView bytes) {
  std::string text;
  unsigned kept = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    kept = kept << 8 | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text.push_back(kBase32[kept >> (bits - 5) & 31u]);
    kept &= (1u << bits) - 1;
  }
  if (bits > 0) text.push_back(kBase32[kept << (5 - bits) & 31u]);
  return text;
}

std::string code_uri(ByteView secret, std::string_view issuer, std::string_view login) {
  const std::string name = percent_encode(issuer);
  return "otpauth://totp/" + name + ":" + percent_encode(login) + "?secret=" +
         base32_encode(secret) + "&issuer=" + name;
}

}  // namespace gewu::security
