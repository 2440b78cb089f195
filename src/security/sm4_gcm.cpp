#include "security/sm4_gcm.h"

#include <gcrypt.h>
#include <sodium.h>

#include <algorithm>

#include "base/ensure.h"

namespace gewu::security {

namespace {

/// The library is set up once, before its first use; it asks for no secure memory, since keys are
/// wiped by their owners.
void set_up() {
  static const bool ready = [] {
    ensure(gcry_check_version(GCRYPT_VERSION) != nullptr, "libgcrypt is not older than its header");
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    return true;
  }();
  static_cast<void>(ready);
}

class Gcm {
 public:
  Gcm(const Sm4Key& key, const GcmNonce& nonce, ByteView context) {
    set_up();
    ensure(gcry_cipher_open(&handle_, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_GCM, 0) == 0, "SM4-GCM");
    ensure(gcry_cipher_setkey(handle_, key.bytes().data(), key.bytes().size()) == 0, "key");
    ensure(gcry_cipher_setiv(handle_, nonce.data(), nonce.size()) == 0, "nonce");
    if (!context.empty())
      ensure(gcry_cipher_authenticate(handle_, context.data(), context.size()) == 0, "context");
    ensure(gcry_cipher_final(handle_) == 0, "one piece");
  }
  Gcm(const Gcm&) = delete;
  Gcm& operator=(const Gcm&) = delete;
  ~Gcm() { gcry_cipher_close(handle_); }  // wipes
  gcry_cipher_hd_t handle() const { return handle_; }

 private:
  gcry_cipher_hd_t handle_ = nullptr;
};

}  // namespace

Sm4Key::~Sm4Key() { sodium_memzero(bytes_.data(), bytes_.size()); }

Sm4Key sm4_key_of(const Key& key) {
  const Key derived = key.derive("gewu/sm4/1");
  std::array<std::uint8_t, Sm4Key::kSize> bytes{};
  std::copy_n(derived.bytes().begin(), bytes.size(), bytes.begin());
  struct Wipe {
    std::array<std::uint8_t, Sm4Key::kSize>& bytes;
    ~Wipe() { sodium_memzero(bytes.data(), bytes.size()); }
  } wipe{bytes};
  return Sm4Key(bytes);
}

Bytes sm4_gcm_encrypt(const Sm4Key& key, const GcmNonce& nonce, ByteView context, ByteView plain) {
  const Gcm cipher(key, nonce, context);
  Bytes sealed(plain.size() + kGcmTagSize);
  // An empty piece closes the tag too.
  ensure(gcry_cipher_encrypt(cipher.handle(), sealed.data(), plain.size(), plain.data(),
                             plain.size()) == 0,
         "encryption");
  ensure(gcry_cipher_gettag(cipher.handle(), sealed.data() + plain.size(), kGcmTagSize) == 0,
         "tag");
  return sealed;
}

std::optional<Bytes> sm4_gcm_decrypt(const Sm4Key& key, const GcmNonce& nonce, ByteView context,
                                     ByteView sealed) {
  if (sealed.size() < kGcmTagSize) return std::nullopt;
  const ByteView hidden = sealed.first(sealed.size() - kGcmTagSize);
  const ByteView tag = sealed.last(kGcmTagSize);
  const Gcm cipher(key, nonce, context);
  Bytes plain(hidden.size());
  ensure(gcry_cipher_decrypt(cipher.handle(), plain.data(), plain.size(), hidden.data(),
                             hidden.size()) == 0,
         "decryption");
  if (gcry_cipher_checktag(cipher.handle(), tag.data(), tag.size()) != 0) {
    sodium_memzero(plain.data(), plain.size());
    return std::nullopt;
  }
  return plain;
}

}  // namespace gewu::security
