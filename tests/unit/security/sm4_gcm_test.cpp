#include "security/sm4_gcm.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "security/sealed_box.h"
#include "security/secure_random.h"
#include "unit/security/hex.h"

namespace gewu::security {

namespace {

// RFC 8998, appendix A.1.
constexpr std::string_view kKey = "0123456789abcdeffedcba9876543210";
constexpr std::string_view kNonce = "00001234567800000000abcd";
constexpr std::string_view kContext = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
constexpr std::string_view kPlain =
    "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
    "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa";
constexpr std::string_view kSealed =
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec";

Sm4Key sm4_key() {
  std::array<std::uint8_t, Sm4Key::kSize> bytes{};
  std::ranges::copy(from_hex(kKey), bytes.begin());
  return Sm4Key(bytes);
}

GcmNonce nonce() {
  GcmNonce bytes{};
  std::ranges::copy(from_hex(kNonce), bytes.begin());
  return bytes;
}

}  // namespace

TEST(Sm4Gcm, gives_the_vector_of_the_standard) {
  const Sm4Key key = sm4_key();
  EXPECT_EQ(hex_encode(sm4_gcm_encrypt(key, nonce(), from_hex(kContext), from_hex(kPlain))),
            kSealed);
  EXPECT_EQ(sm4_gcm_decrypt(key, nonce(), from_hex(kContext), from_hex(kSealed)),
            from_hex(kPlain));
}

TEST(Sm4Gcm, nothing_changed_is_opened) {
  const Sm4Key key = sm4_key();
  const Bytes sealed = from_hex(kSealed), context = from_hex(kContext);
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    Bytes changed = sealed;
    changed[at] ^= 1;
    EXPECT_EQ(sm4_gcm_decrypt(key, nonce(), context, changed), std::nullopt) << at;
  }
  EXPECT_EQ(sm4_gcm_decrypt(key, nonce(), {}, sealed), std::nullopt);
  EXPECT_EQ(sm4_gcm_decrypt(key, nonce(), context, ByteView(sealed).first(15)), std::nullopt);
}

RC_GTEST_PROP(Sm4Gcm, gives_back_whatever_was_sealed, (const Bytes& plain, const Bytes& context)) {
  const Sm4Key key = sm4_key();
  const Bytes sealed = sm4_gcm_encrypt(key, nonce(), context, plain);
  RC_ASSERT(sealed.size() == plain.size() + kGcmTagSize);
  RC_ASSERT(sm4_gcm_decrypt(key, nonce(), context, sealed) == plain);
}

TEST(Sm4Gcm, boxes_of_both_kinds_stand_beside_one_another) {
  SecureRandom random;
  const Bytes secret = from_hex("00112233");
  const Key national = Key::generate(random, Cipher::sm4_gcm);
  const Key same = Key::from_bytes(national.bytes()).value();
  const Bytes ours = seal(national, {}, secret, random), theirs = seal(same, {}, secret, random);
  EXPECT_EQ(ours[0], 2);
  EXPECT_EQ(theirs[0], 1);
  for (const Bytes& box : {ours, theirs}) {
    EXPECT_EQ(open(national, {}, box).value(), secret);
    EXPECT_EQ(open(same, {}, box).value(), secret);
  }
  Bytes relabelled = ours;
  relabelled[0] = 1;
  EXPECT_EQ(open(national, {}, relabelled).error().key, "sealed_box.broken");
}

TEST(Sm4Gcm, what_an_office_key_wraps_or_derives_is_of_its_cipher) {
  SecureRandom random;
  const Key office = Key::generate(random, Cipher::sm4_gcm);
  EXPECT_EQ(office.derive("purpose").cipher(), Cipher::sm4_gcm);
  EXPECT_EQ(office.clone().cipher(), Cipher::sm4_gcm);
  const Key matter = Key::generate(random);
  const Bytes wrapped = wrap(matter, office, {}, random);
  EXPECT_EQ(unwrap(wrapped, office, {}).value().cipher(), Cipher::sm4_gcm);
}

}  // namespace gewu::security
