#include "security/secure_random.h"

#include <sodium.h>

#include "base/ensure.h"

namespace gewu::security {

void prepare_sodium() {
  static const int prepared = sodium_init();  // 0 first time, 1 when already done, -1 failure
  ensure(prepared >= 0, "libsodium starts");
}

SecureRandom::SecureRandom() { prepare_sodium(); }

void SecureRandom::fill(std::span<std::uint8_t> bytes) {
  randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace gewu::security
