#include "gateway/id_token.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>



#include "security/bytes.h"
#include "security/hash.h"

namespace gewu::test {
namespace {

using codec::Json;


constexpr Instant kNow{1'800'000'000'000};

std::string encoded(std::string_view text) {
  return security::base64url_encode(security::view_of(text));
}

std::string number(EVP_PKEY* key, const char* name, std::size_t size = 0) {
  BIGNUM* bignum = nullptr;
  EXPECT_EQ(EVP_PKEY_get_bn_param(key, name, &bignum), 1);
  security::Bytes bytes(size != 0 ? size : static_cast<std::size_t>(BN_num_bytes(bignum)));
  BN_bn2binpad(bignum, bytes.data(), static_cast<int>(bytes.size()));
  BN_free(bignum);
  return security::base64url_encode(bytes);
}

security::Bytes signed_by(EVP_PKEY* key, std::string_view text) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EXPECT_EQ(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key), 1);
  std::size_t size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  EVP_DigestSign(context, nullptr, &size, bytes, text.size());
  security::Bytes signature(size);
  EXPECT_EQ(EVP_DigestSign(context, signature.data(), &size, bytes, text.size()), 1);
  signature.resize(size);
  EVP_MD_CTX_free(context);
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC) return signature;
  const unsigned char* at = signature.data();
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size()));
  security::Bytes plain(64);
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), plain.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), plain.data() + 32, 32);
  ECDSA_SIG_free(pair);
  return plain;
}

class IdToken : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    rsa = EVP_RSA_gen(2048);
    ec = EVP_EC_gen("P-256");
    weak = EVP_RSA_gen(1024);
  }
  static void TearDownTestSuite() {
    for (EVP_PKEY* key : {rsa, ec, weak}) EVP_PKEY_free(key);
  }

  std::string claims(std::string_view more = "") const {
    return R"({"iss":"https://id.example","aud":"gewu","sub":"7","exp":1800000300,)"
           R"("iat":1799999990,"nonce":"n-1","login":"an_officer")" +
           std::string(more) + "}";
  }
  std::string token(const std::string& body, std::string_view head = R"({"alg":"RS256","kid":"r"})",
                    EVP_PKEY* key = nullptr) const {
    const std::string text = encoded(head) + "." + encoded(body);
    return text + "." + security::base64url_encode(signed_by(key != nullptr ? key : rsa, text));
  }
  Json keys() const {
    const std::string text =
        R"({"keys":[{"kty":"RSA","kid":"r","use":"sig","n":")" + number(rsa, OSSL_PKEY_PARAM_RSA_N) +
        R"(","e":")" + number(rsa, OSSL_PKEY_PARAM_RSA_E) +
        R"("},{"kty":"EC","kid":"e","crv":"P-256","x":")" +
        number(ec, OSSL_PKEY_PARAM_EC_PUB_X, 32) + R"(","y":")" +
        number(ec, OSSL_PKEY_PARAM_EC_PUB_Y, 32) + R"("},{"kty":"RSA","kid":"w","n":")" +
        number(weak, OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" + number(weak, OSSL_PKEY_PARAM_RSA_E) +
        R"("}]})";
    return codec::parse_json(text).value_or(Json());
  }
  /// Nothing when it is believed, else what is wrong with it.
  std::string refusal(const std::string& token, const gateway::TokenExpectation& expected = {
                                                    "https://id.example", "gewu", "n-1", kNow}) {
    const auto read = gateway::read_id_token(token, keys(), expected);
    if (read) return "";
    EXPECT_EQ(read.error().key, "sso.answer");
    return read.error().details.empty() ? "?" : read.error().details.front().value;
  }

  static inline EVP_PKEY* rsa = nullptr;
  static inline EVP_PKEY* ec = nullptr;
  static inline EVP_PKEY* weak = nullptr;
};

TEST_F(IdToken, is_believed_when_all_is_right) {
  EXPECT_EQ(refusal(token(claims())), "");
  EXPECT_EQ(refusal(token(claims(), R"({"alg":"RS256"})")), "");
  EXPECT_EQ(refusal(token(claims(), R"({"alg":"ES256","kid":"e"})", ec)), "");
  const auto read = gateway::read_id_token(token(claims()), keys(),
                                           {"https://id.example", "gewu", "n-1", kNow});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->string_at("login"), "an_officer");
}

TEST_F(IdToken, every_changed_byte_is_found) {
  const std::string good = token(claims());
  for (std::size_t i = 0; i < good.size(); i += 7) {
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    if (changed != good) EXPECT_NE(refusal(changed), "") << i;
  }
  for (std::size_t size = 0; size < good.size(); size += 13)
    EXPECT_NE(refusal(good.substr(0, size)), "") << size;
}

TEST_F(IdToken, only_the_two_algorithms_and_their_own_keys) {
  const std::string text = encoded(R"({"alg":"none"})") + "." + encoded(claims());
  EXPECT_EQ(refusal(text + "."), "algorithm");
  // The public key as a secret that both sides know.
  const std::string hmac = encoded(R"({"alg":"HS256","kid":"r"})") + "." + encoded(claims());
  const std::string secret = number(rsa, OSSL_PKEY_PARAM_RSA_N);
  EXPECT_EQ(refusal(hmac + "." + security::base64url_encode(security::hmac_sha256(
                                     security::view_of(secret), security::view_of(hmac)))),
            "algorithm");
  EXPECT_EQ(refusal(token(claims(), R"({"alg":"RS256","kid":"e"})")), "key");
  EXPECT_EQ(refusal(token(claims(), R"({"alg":"ES256","kid":"r"})", ec)), "key");
  EXPECT_EQ(refusal(token(claims(), R"({"alg":"RS256","kid":"gone"})")), "key");
  EXPECT_EQ(refusal(token(claims(), R"({"alg":"RS256","kid":"w"})", weak)), "signature");
  EXPECT_EQ(refusal(token(claims(), R"({"alg":"RS256","crit":["x"]})")), "form");
}

TEST_F(IdToken, is_of_this_issuer_for_this_office_now_and_for_this_browser) {
  EXPECT_EQ(refusal(token(claims()), {"https://else.example", "gewu", "n-1", kNow}), "issuer");
  EXPECT_EQ(refusal(token(claims()), {"https://id.example", "other", "n-1", kNow}), "audience");
  EXPECT_EQ(refusal(token(claims()), {"https://id.example", "gewu", "n-2", kNow}), "nonce");
  EXPECT_EQ(refusal(token(claims()), {"https://id.example", "gewu", "", kNow}), "nonce");
  const auto at = [](std::int64_t seconds) { return Instant{kNow.ms + seconds * 1'000}; };
  EXPECT_EQ(refusal(token(claims()), {"https://id.example", "gewu", "n-1", at(359)}), "");
  EXPECT_EQ(refusal(token(claims()), {"https://id.example", "gewu", "n-1", at(360)}), "time");
  EXPECT_EQ(refusal(token(claims()), {"https://id.example", "gewu", "n-1", at(-70)}), "");
  EXPECT_EQ(refusal(token(claims()), {"https://id.example", "gewu", "n-1", at(-71)}), "time");
}

TEST_F(IdToken, several_audiences_name_the_party) {
  const auto with = [&](const std::string& audience, const std::string& more) {
    std::string text = claims(more);
    return token(text.replace(text.find(R"("gewu")"), 6, audience));
  };
  EXPECT_EQ(refusal(with(R"(["gewu"])", "")), "");
  EXPECT_EQ(refusal(with(R"(["gewu","other"])", "")), "audience");
  EXPECT_EQ(refusal(with(R"(["gewu","other"])", R"(,"azp":"gewu")")), "");
  EXPECT_EQ(refusal(with(R"(["gewu","other"])", R"(,"azp":"other")")), "audience");
  EXPECT_EQ(refusal(with(R"([])", "")), "audience");
  EXPECT_EQ(refusal(with(R"(7)", "")), "audience");
}

}  // namespace
}  // namespace gewu::test
