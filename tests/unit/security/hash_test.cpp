#include "security/hash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "security/chain.h"
#include "unit/security/hex.h"

namespace gewu::security {

TEST(Hash, gives_the_vectors_of_fips_180) {
  EXPECT_EQ(hex_encode(sha256(std::string_view{})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_encode(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_encode(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex_encode(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

RC_GTEST_PROP(Hash, pieces_hash_as_the_whole, (const Bytes& a, const Bytes& b)) {
  Bytes whole = a;
  whole.insert(whole.end(), b.begin(), b.end());
  Sha256Stream stream;
  stream.update(a);
  stream.update(b);
  RC_ASSERT(stream.finish() == sha256(whole));
  RC_ASSERT(sha256({a, b}) == sha256(whole));
  stream.update(b);  // begins anew
  RC_ASSERT(stream.finish() == sha256(b));
}

TEST(Hash, stream_can_move) {
  Sha256Stream first;
  first.update(view_of("ab"));
  Sha256Stream second = std::move(first);
  second.update(view_of("c"));
  EXPECT_EQ(second.finish(), sha256("abc"));
}

struct HmacVector {
  std::string key, message, code;
};

TEST(Hash, gives_the_hmac_vectors_of_rfc_4231) {
  const std::string aa(262, 'a');
  const std::vector<HmacVector> vectors = {
      {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", hex_encode(view_of("Hi There")),
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {hex_encode(view_of("Jefe")), hex_encode(view_of("what do ya want for nothing?")),
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(40, 'a'), std::string(), ""},
      {"0102030405060708090a0b0c0d0e0f10111213141516171819", "",
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {aa, hex_encode(view_of("Test Using Larger Than Block-Size Key - Hash Key First")),
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {aa,
       hex_encode(view_of("This is a test using a larger than block-size key and a larger than "
                          "block-size data. The key needs to be hashed before being used by the "
                          "HMAC algorithm.")),
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
  for (HmacVector vector : vectors) {
    if (vector.code.empty()) {  // case 3: 50 bytes of dd
      for (int i = 0; i < 50; ++i) vector.message += "dd";
      vector.code = "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe";
    } else if (vector.message.empty()) {  // case 4: 50 bytes of cd
      for (int i = 0; i < 50; ++i) vector.message += "cd";
    }
    EXPECT_EQ(hex_encode(hmac_sha256(from_hex(vector.key), from_hex(vector.message))),
              vector.code);
  }
}

TEST(Hash, gives_the_hkdf_vectors_of_rfc_5869) {
  const Bytes key(22, 0x0b);
  Bytes output(42);
  hkdf_sha256(key, from_hex("000102030405060708090a0b0c"), from_hex("f0f1f2f3f4f5f6f7f8f9"),
              output);
  EXPECT_EQ(hex_encode(output),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  hkdf_sha256(key, {}, {}, output);
  EXPECT_EQ(hex_encode(output),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

RC_GTEST_PROP(Bytes, hex_and_base64url_come_back, (const Bytes& bytes)) {
  RC_ASSERT(hex_decode(hex_encode(bytes)) == bytes);
  RC_ASSERT(base64url_decode(base64url_encode(bytes)) == bytes);
}

TEST(Bytes, refuses_what_is_no_hex) {
  EXPECT_EQ(hex_decode("0aFF"), (Bytes{0x0a, 0xff}));
  EXPECT_FALSE(hex_decode("0"));
  EXPECT_FALSE(hex_decode("0g"));
  EXPECT_FALSE(hex_decode(" 0a "));
  EXPECT_FALSE(parse_sha256("00"));
}

TEST(Bytes, one_base64url_text_for_one_value) {
  EXPECT_EQ(base64url_encode(from_hex("fbff")), "-_8");
  EXPECT_FALSE(base64url_decode("-_8="));
  EXPECT_FALSE(base64url_decode("-_9"));  // spare bits set
  EXPECT_FALSE(base64url_decode("+/8"));
  EXPECT_FALSE(base64url_decode("-_8 "));
}

TEST(Bytes, compares_in_constant_time) {
  EXPECT_TRUE(equal_constant_time(view_of("same"), view_of("same")));
  EXPECT_FALSE(equal_constant_time(view_of("same"), view_of("sane")));
  EXPECT_FALSE(equal_constant_time(view_of("same"), view_of("sam")));
}

TEST(Bytes, parts_keep_their_borders) {
  Bytes ab_c, a_bc;
  append_part(ab_c, view_of("ab"));
  append_part(ab_c, view_of("c"));
  append_part(a_bc, view_of("a"));
  append_part(a_bc, view_of("bc"));
  EXPECT_NE(ab_c, a_bc);
  EXPECT_EQ(hex_encode(ab_c), "00000000000000026162000000000000000163");
}

TEST(Chain, is_what_anybody_can_compute) {
  // sha256sum over the label, the hash before and the event, made outside this program.
  const Sha256 start = chain_start("1");
  EXPECT_EQ(hex_encode(start), "e7bdf28ea5fa9a6fa0d7541c7fb57537cda507e185e75b1e41fde03562588c27");
  EXPECT_EQ(hex_encode(chain_next(start, view_of("event"))), "417ac780d46401d2c53a7cbb21c5"
                                                 "9550fbbca298377165869f88b4f11304b2cc");
}

TEST(Chain, streams_begin_apart) { EXPECT_NE(chain_start("1"), chain_start("2")); }

RC_GTEST_PROP(Chain, any_flipped_bit_is_found, (Bytes event, std::uint16_t at)) {
  const Sha256 previous = chain_start("1");
  const Sha256 hash = chain_next(previous, event);
  RC_ASSERT(chain_follows(previous, event, hash));

  Sha256 other = hash;
  other[at % 32] ^= static_cast<std::uint8_t>(1u << (at / 32 % 8));
  RC_ASSERT(!chain_follows(previous, event, other));
  other = previous;
  other[at % 32] ^= static_cast<std::uint8_t>(1u << (at / 32 % 8));
  RC_ASSERT(!chain_follows(other, event, hash));
  RC_PRE(!event.empty());
  event[at % event.size()] ^= static_cast<std::uint8_t>(1u << (at % 8));
  RC_ASSERT(!chain_follows(previous, event, hash));
}

}  // namespace gewu::security
