#include "security/web_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace gewu::security {

namespace {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* made) const {
    Free(made);
  }
};
using Bignum = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using PublicKeyOf = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;

constexpr std::size_t kPartSize = 32;
constexpr std::size_t kPartBytesMax = 1024;  ///< 8,192 bits
constexpr int kRsaBitsMin = 2'048;

Bignum number_of(ByteView bytes) {
  return Bignum(BN_bin2bn(begin_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

PublicKeyOf make_key(const char* kind, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  PublicKeyOf made(key);
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return check && EVP_PKEY_public_check(check.get()) == 1 ? std::move(made) : nullptr;
}

bool verify(EVP_PKEY* key, ByteView message, ByteView signature) {
  const DigestContext context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), begin_of(signature), signature.size(), begin_of(message),
                          message.size()) == 1;
}

}  // namespace

bool verify_rs256(ByteView modulus, ByteView exponent, ByteView message, ByteView signature) {
  if (modulus.size() > kPartBytesMax || exponent.size() > kPartBytesMax) return false;
  const Bignum n = number_of(modulus), e = number_of(exponent);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || BN_num_bits(n.get()) < kRsaBitsMin ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return false;
  const PublicKeyOf key = make_key("RSA", builder.get());
  return key && verify(key.get(), message, signature);
}

bool verify_es256(ByteView x, ByteView y, ByteView message, ByteView signature) {
  if (x.size() != kPartSize || y.size() != kPartSize || signature.size() != 2 * kPartSize)
    return false;
  Bytes point{0x04};  // uncompressed
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1)
    return false;
  const PublicKeyOf key = make_key("EC", builder.get());
  if (!key) return false;
  // OpenSSL takes the two numbers in DER.
  const EcSignature pair(ECDSA_SIG_new());
  Bignum r = number_of(signature.first(kPartSize)), s = number_of(signature.last(kPartSize));
  if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return false;
  r.release();
  s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return false;
  const Bytes encoded(der, der + size);
  OPENSSL_free(der);
  return verify(key.get(), message, encoded);
}

}  // namespace gewu::security
