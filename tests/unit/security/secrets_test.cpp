#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <ctime>
#include <limits>

#include "security/commitment.h"
#include "security/password.h"
#include "security/signature.h"
#include "unit/security/hex.h"
#include "unit/security/seeded_key.h"

namespace gewu::security {

namespace {

}  // namespace

RC_GTEST_PROP(Commitment, binds_value_context_and_key, (const Bytes& value, const Bytes& context)) {
  const Key key = seeded_key(1);
  const CommitmentSalt salt(key);
  const Sha256 commitment = commit_value(salt, context, value);
  RC_ASSERT(verify_commitment(salt, context, value, commitment));
  Bytes more = value;
  more.push_back(0);
  RC_ASSERT(!verify_commitment(salt, context, more, commitment));
  more = context;
  more.push_back(0);
  RC_ASSERT(!verify_commitment(salt, more, value, commitment));
  RC_ASSERT(!verify_commitment(CommitmentSalt(seeded_key(2)), context, value, commitment));
}

TEST(Commitment, the_border_of_context_and_value_counts) {
  const CommitmentSalt salt(seeded_key(1));
  EXPECT_NE(commit_value(salt, view_of("ab"), view_of("c")),
            commit_value(salt, view_of("a"), view_of("bc")));
}

TEST(Commitment, is_an_hmac_under_a_derived_salt) {
  // Made outside this program from the description in commitment.h.
  const Key key = std::move(Key::from_bytes(Bytes(32, 0x11)).value());
  EXPECT_EQ(hex_encode(commit_value(CommitmentSalt(key), view_of("field"), view_of("value"))),
            "df93d3684c61943f16d8c6dc11b4fccd2b1b1855d5e3cff6659b347e82206eb7");
}

TEST(Signature, gives_the_vectors_of_rfc_8032) {
  const Key empty_seed = std::move(Key::from_bytes(
      from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")).value());
  EXPECT_EQ(hex_encode(public_key_of(empty_seed)),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(hex_encode(sign(empty_seed, {})),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
            "39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  const Key seed = std::move(Key::from_bytes(
      from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")).value());
  EXPECT_EQ(hex_encode(sign(seed, from_hex("72"))),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
            "3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

RC_GTEST_PROP(Signature, any_flipped_bit_is_refused, (Bytes message, std::uint16_t at)) {
  const Key seed = seeded_key(3);
  const PublicKey open = public_key_of(seed);
  Signature signature = sign(seed, message);
  RC_ASSERT(verify_signature(open, message, signature));
  RC_ASSERT(!verify_signature(public_key_of(seeded_key(4)), message, signature));
  signature[at % 64] ^= static_cast<std::uint8_t>(1u << (at / 64 % 8));
  RC_ASSERT(!verify_signature(open, message, signature));
  signature[at % 64] ^= static_cast<std::uint8_t>(1u << (at / 64 % 8));
  message.push_back(0);
  RC_ASSERT(!verify_signature(open, message, signature));
}

TEST(Password, is_verified_by_its_hash) {
  const auto hash = hash_password("长白山下 wild ginseng", kPasswordCostOfTests);
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << *hash;
  EXPECT_TRUE(verify_password(*hash, "长白山下 wild ginseng"));
  EXPECT_FALSE(verify_password(*hash, "长白山下 wild ginsenG"));
  EXPECT_FALSE(verify_password(*hash, ""));
  EXPECT_NE(*hash, *hash_password("长白山下 wild ginseng", kPasswordCostOfTests));
}

TEST(Password, costs_what_the_checklist_says) {
  const auto hash = hash_password("password");
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *hash;
  EXPECT_TRUE(verify_password(*hash, "password"));
  EXPECT_FALSE(needs_rehash(*hash));
}

TEST(Password, an_old_cost_wants_a_new_hash) {
  const auto hash = hash_password("password", kPasswordCostOfTests);
  ASSERT_TRUE(hash);
  EXPECT_TRUE(needs_rehash(*hash));
  EXPECT_FALSE(needs_rehash(*hash, kPasswordCostOfTests));
  EXPECT_TRUE(needs_rehash("plain text"));
  EXPECT_TRUE(needs_rehash(""));
  EXPECT_TRUE(needs_rehash(std::string(200, '$')));
}

TEST(Password, what_is_no_hash_verifies_nothing) {
  EXPECT_FALSE(verify_password("", ""));
  EXPECT_FALSE(verify_password("plain text", "plain text"));
  EXPECT_FALSE(verify_password(std::string(200, '$'), "x"));
  EXPECT_FALSE(verify_password("$argon2id$v=19$m=8,t=1,p=1$", "x"));
}

TEST(Password, an_unknown_name_takes_as_long_as_a_wrong_password) {
  const std::string hash = hash_password("password").value();
  const auto cpu_time_of = [](auto work) {
    std::clock_t least = std::numeric_limits<std::clock_t>::max();
    for (int round = 0; round < 3; ++round) {
      const std::clock_t start = std::clock();
      work();
      least = std::min(least, std::clock() - start);
    }
    return static_cast<double>(least);
  };
  const double known = cpu_time_of([&] { EXPECT_FALSE(verify_password(hash, "wrong")); });
  const double unknown = cpu_time_of([] { spend_password_time("wrong"); });
  EXPECT_GT(unknown, known / 3);
  EXPECT_LT(unknown, known * 3);
}

TEST(Password, refuses_a_cost_that_no_machine_has) {
  const auto hash = hash_password("password", {std::size_t{1} << 50, 1});
  ASSERT_FALSE(hash);
  EXPECT_EQ(hash.error().key, "password.memory");
  EXPECT_EQ(hash.error().code, ErrorCode::unavailable);
}

}  // namespace gewu::security
