#include "security/signature.h"

#include <sodium.h>

#include "security/secure_random.h"

namespace gewu::security {

namespace {

/// libsodium's form of the secret key: seed and public key. Wiped when it goes.
struct KeyPair {
  explicit KeyPair(const Key& seed) {
    prepare_sodium();
    crypto_sign_seed_keypair(open.data(), secret.data(), seed.bytes().data());
  }
  ~KeyPair() { sodium_memzero(secret.data(), secret.size()); }
  KeyPair(const KeyPair&) = delete;
  KeyPair& operator=(const KeyPair&) = delete;

  PublicKey open{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
};

}  // namespace

PublicKey public_key_of(const Key& seed) { return KeyPair(seed).open; }

Signature sign(const Key& seed, ByteView message) {
  const KeyPair pair(seed);
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, begin_of(message), message.size(),
                       pair.secret.data());
  return signature;
}

bool verify_signature(const PublicKey& key, ByteView message, const Signature& signature) {
  prepare_sodium();
  return crypto_sign_verify_detached(signature.data(), begin_of(message), message.size(),
                                     key.data()) == 0;
}

}  // namespace gewu::security
