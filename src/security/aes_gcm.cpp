#include "security/aes_gcm.h"

#include <openssl/evp.h>

#include <memory>

#include "base/ensure.h"

namespace gewu::security {

namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }  // wipes
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

constexpr std::size_t kPlainMax = std::size_t{1} << 30;  // EVP counts in int

const EVP_CIPHER* cipher_algorithm() {
  static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  ensure(cipher != nullptr, "AES-256-GCM is there");
  return cipher;
}

/// One of a thread: the cipher is set up once, each use brings its key and wipes the one before.
CipherContext new_cipher(bool encrypts) {
  CipherContext context(EVP_CIPHER_CTX_new());
  ensure(context != nullptr, "cipher context");
  ensure(EVP_CipherInit_ex2(context.get(), cipher_algorithm(), nullptr, nullptr, encrypts ? 1 : 0,
                            nullptr) == 1,
         "cipher is set up");
  return context;
}

}  // namespace

Bytes aes_gcm_encrypt(const Key& key, const GcmNonce& nonce, ByteView context, ByteView plain) {
  ensure(plain.size() <= kPlainMax && context.size() <= kPlainMax, "at most 1 GiB at once");
  thread_local const CipherContext cipher = new_cipher(true);
  Bytes sealed(plain.size() + kGcmTagSize);
  int size = 0;
  ensure(EVP_EncryptInit_ex2(cipher.get(), nullptr, key.bytes().data(), nonce.data(), nullptr) == 1,
         "encryption begins");
  if (!context.empty())
    ensure(EVP_EncryptUpdate(cipher.get(), nullptr, &size, context.data(),
                             static_cast<int>(context.size())) == 1,
           "context enters");
  if (!plain.empty())
    ensure(EVP_EncryptUpdate(cipher.get(), sealed.data(), &size, plain.data(),
                             static_cast<int>(plain.size())) == 1,
           "plain text enters");
  std::uint8_t* const tag = sealed.data() + plain.size();
  ensure(EVP_EncryptFinal_ex(cipher.get(), tag, &size) == 1 && size == 0, "encryption ends");
  ensure(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kGcmTagSize, tag) == 1, "tag");
  return sealed;
}

std::optional<Bytes> aes_gcm_decrypt(const Key& key, const GcmNonce& nonce, ByteView context,
                                     ByteView sealed) {
  if (sealed.size() < kGcmTagSize || sealed.size() > kPlainMax || context.size() > kPlainMax)
    return std::nullopt;
  const ByteView hidden = sealed.first(sealed.size() - kGcmTagSize);
  std::array<std::uint8_t, kGcmTagSize> tag{};
  std::copy(sealed.end() - kGcmTagSize, sealed.end(), tag.begin());

  thread_local const CipherContext cipher = new_cipher(false);
  Bytes plain(hidden.size());
  std::array<std::uint8_t, 16> rest{};
  int size = 0;
  ensure(EVP_DecryptInit_ex2(cipher.get(), nullptr, key.bytes().data(), nonce.data(), nullptr) == 1,
         "decryption begins");
  if (!context.empty() && EVP_DecryptUpdate(cipher.get(), nullptr, &size, context.data(),
                                            static_cast<int>(context.size())) != 1)
    return std::nullopt;
  if (!hidden.empty() && EVP_DecryptUpdate(cipher.get(), plain.data(), &size, hidden.data(),
                                           static_cast<int>(hidden.size())) != 1)
    return std::nullopt;
  if (EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kGcmTagSize, tag.data()) != 1 ||
      EVP_DecryptFinal_ex(cipher.get(), rest.data(), &size) != 1)
    return std::nullopt;
  return plain;
}

}  // namespace gewu::security
