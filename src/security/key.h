#pragma once

#include <array>

#include "base/random.h"
#include "base/result.h"
#include "security/bytes.h"

namespace gewu::security {

/// What a key seals with (sealed_box.h). SM4 (国密) takes 128 bits that are derived from the 256.
enum class Cipher : std::uint8_t { aes_256_gcm = 1, sm4_gcm = 2 };

/// 256 secret bits. Wiped when it goes, and when it is moved from; a second one is made only by
/// saying so (`clone`), so that every place that holds a secret can be found by reading.
class Key {
 public:
  static constexpr std::size_t kSize = 32;

  static Key generate(Random& random, Cipher cipher = Cipher::aes_256_gcm);
  /// Exactly 32 bytes, else `invalid` `key.size`.
  static Result<Key> from_bytes(ByteView bytes, Cipher cipher = Cipher::aes_256_gcm);

  Key(Key&& other) noexcept;
  Key& operator=(Key&& other) noexcept;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key();

  Key clone() const;
  /// A key for another purpose (HKDF-SHA-256); from it nobody gets back to this one.
  Key derive(std::string_view purpose) const;
  /// Valid while the key lives.
  ByteView bytes() const { return bytes_; }
  /// What new boxes under it are sealed with; a box says by itself how it was sealed. Copies and
  /// derived keys have the same.
  Cipher cipher() const { return cipher_; }

 private:
  Key() = default;
  void wipe() noexcept;

  std::array<std::uint8_t, kSize> bytes_{};
  Cipher cipher_ = Cipher::aes_256_gcm;
};

}  // namespace gewu::security
