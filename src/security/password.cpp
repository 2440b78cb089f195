#include "security/password.h"

#include <sodium.h>

#include <array>

#include "security/secure_random.h"

namespace gewu::security {

namespace {

/// Never null, not even for an empty password.
const char* text_of(std::string_view password) { return password.empty() ? "" : password.data(); }

}  // namespace

Result<std::string> hash_password(std::string_view password, PasswordCost cost) {
  prepare_sodium();
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), text_of(password), password.size(), cost.passes,
                            cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return refuse(ErrorCode::unavailable, "password.memory");
  return std::string(text.data());
}

bool verify_password(const std::string& hash, std::string_view password) {
  prepare_sodium();
  return hash.size() < crypto_pwhash_STRBYTES &&
         crypto_pwhash_str_verify(hash.c_str(), text_of(password), password.size()) == 0;
}

bool needs_rehash(const std::string& hash, PasswordCost cost) {
  return hash.size() >= crypto_pwhash_STRBYTES ||
         crypto_pwhash_str_needs_rehash(hash.c_str(), cost.passes, cost.memory_bytes) != 0;
}

void spend_password_time(std::string_view password, PasswordCost cost) {
  prepare_sodium();
  std::array<unsigned char, 32> nothing{};
  const std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{};
  if (crypto_pwhash(nothing.data(), nothing.size(), text_of(password), password.size(), salt.data(),
                    cost.passes, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return;  // without memory the real check fails at once too: nothing to tell apart
}

}  // namespace gewu::security
