#include "security/sealed_box.h"

#include <sodium.h>

#include <algorithm>

#include "security/aes_gcm.h"
#include "security/sm4_gcm.h"

namespace gewu::security {

namespace {

constexpr std::size_t kHeadSize = 1 + sizeof(GcmNonce);
constexpr std::string_view kWrap = "gewu/wrap/1";

/// The algorithm is authenticated with the context: a box can't be passed off as another kind.
Bytes bound_context(Cipher algorithm, ByteView context) {
  Bytes bound{static_cast<std::uint8_t>(algorithm)};
  bound.insert(bound.end(), context.begin(), context.end());
  return bound;
}

/// Keeps a wrapped key from being opened as a value, and a value from being taken for a key.
Bytes wrap_context(ByteView context) {
  Bytes bound;
  append_part(bound, view_of(kWrap));
  bound.insert(bound.end(), context.begin(), context.end());
  return bound;
}

Bytes encrypt(const Key& key, const GcmNonce& nonce, ByteView context, ByteView plain) {
  switch (key.cipher()) {
    case Cipher::aes_256_gcm: return aes_gcm_encrypt(key, nonce, context, plain);
    case Cipher::sm4_gcm: return sm4_gcm_encrypt(sm4_key_of(key), nonce, context, plain);
  }
  return {};
}

std::optional<Bytes> decrypt(Cipher cipher, const Key& key, const GcmNonce& nonce,
                             ByteView context, ByteView sealed) {
  switch (cipher) {
    case Cipher::aes_256_gcm: return aes_gcm_decrypt(key, nonce, context, sealed);
    case Cipher::sm4_gcm: return sm4_gcm_decrypt(sm4_key_of(key), nonce, context, sealed);
  }
  return std::nullopt;
}

}  // namespace

Bytes seal(const Key& key, ByteView context, ByteView plain, Random& random) {
  const Cipher algorithm = key.cipher();
  GcmNonce nonce{};
  random.fill(nonce);
  const Bytes sealed = encrypt(key, nonce, bound_context(algorithm, context), plain);
  Bytes box;
  box.reserve(kHeadSize + sealed.size());
  box.push_back(static_cast<std::uint8_t>(algorithm));
  box.insert(box.end(), nonce.begin(), nonce.end());
  box.insert(box.end(), sealed.begin(), sealed.end());
  return box;
}

Result<Bytes> open(const Key& key, ByteView context, ByteView box) {
  if (box.size() < kSealedBoxExtra) return refuse(ErrorCode::internal, "sealed_box.broken");
  const auto algorithm = static_cast<Cipher>(box[0]);
  if (algorithm != Cipher::aes_256_gcm && algorithm != Cipher::sm4_gcm)
    return refuse(ErrorCode::internal, "sealed_box.algorithm");
  GcmNonce nonce{};
  std::copy_n(box.begin() + 1, nonce.size(), nonce.begin());
  auto plain =
      decrypt(algorithm, key, nonce, bound_context(algorithm, context), box.subspan(kHeadSize));
  if (!plain) return refuse(ErrorCode::internal, "sealed_box.broken");
  return std::move(*plain);
}

Bytes wrap(const Key& key, const Key& office_key, ByteView context, Random& random) {
  return seal(office_key, wrap_context(context), key.bytes(), random);
}

Result<Key> unwrap(ByteView wrapped, const Key& office_key, ByteView context) {
  GEWU_TRY(bytes, open(office_key, wrap_context(context), wrapped));
  auto key = Key::from_bytes(bytes, office_key.cipher());
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

}  // namespace gewu::security
