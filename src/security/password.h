#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gewu::security {

/// What one guess costs: OWASP's argon2id with 19 MiB and two passes, one lane; some 21 ms of a
/// core here. The caller bounds how many are hashed at once: a storm of sign-ins must queue.
struct PasswordCost {
  std::size_t memory_bytes = 19 * 1024 * 1024;
  unsigned passes = 2;
};
inline constexpr PasswordCost kPasswordCost{};
/// Only for tests that sign in by the hundred; whoever wants it has to name it.
inline constexpr PasswordCost kPasswordCostOfTests{8 * 1024, 1};

/// argon2id with a fresh salt; the text carries algorithm, cost and salt.
/// `unavailable` `password.memory` when the memory can't be had.
Result<std::string> hash_password(std::string_view password, PasswordCost cost = kPasswordCost);
/// False for any other password and for a text that is no hash.
bool verify_password(const std::string& hash, std::string_view password);
/// Whether a hash was made at another cost (or by something else): hash anew at next sign-in.
bool needs_rehash(const std::string& hash, PasswordCost cost = kPasswordCost);
/// Takes the time of `verify_password`, for names that nobody has: an answer to an unknown name
/// must not come sooner than to a wrong password.
void spend_password_time(std::string_view password, PasswordCost cost = kPasswordCost);

}  // namespace gewu::security
