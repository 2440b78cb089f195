#include "security/key.h"

#include <sodium.h>

#include <algorithm>

#include "security/hash.h"

namespace gewu::security {

Key Key::generate(Random& random, Cipher cipher) {
  Key key;
  key.cipher_ = cipher;
  random.fill(key.bytes_);
  return key;
}

Result<Key> Key::from_bytes(ByteView bytes, Cipher cipher) {
  if (bytes.size() != kSize) return refuse(ErrorCode::invalid, "key.size");
  Key key;
  key.cipher_ = cipher;
  std::ranges::copy(bytes, key.bytes_.begin());
  return key;
}

Key::Key(Key&& other) noexcept : bytes_(other.bytes_), cipher_(other.cipher_) { other.wipe(); }

Key& Key::operator=(Key&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    cipher_ = other.cipher_;
    other.wipe();
  }
  return *this;
}

Key::~Key() { wipe(); }

Key Key::clone() const {
  Key copy;
  copy.bytes_ = bytes_;
  copy.cipher_ = cipher_;
  return copy;
}

Key Key::derive(std::string_view purpose) const {
  Key derived;
  derived.cipher_ = cipher_;
  hkdf_sha256(bytes_, {}, view_of(purpose), derived.bytes_);
  return derived;
}

void Key::wipe() noexcept {
  sodium_memzero(bytes_.data(), bytes_.size());
  sodium_memzero(&cipher_, sizeof(cipher_));
}

}  // namespace gewu::security
