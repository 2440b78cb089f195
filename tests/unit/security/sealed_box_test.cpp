#include "security/sealed_box.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "security/aes_gcm.h"
#include "security/secure_random.h"
#include "unit/security/hex.h"
#include "unit/security/seeded_key.h"

namespace gewu::security {

namespace {

Key key_from_hex(std::string_view hex) { return std::move(Key::from_bytes(from_hex(hex)).value()); }

struct GcmVector {
  std::string_view key, nonce, context, plain, sealed;
};

// Test cases 13 to 16 of the GCM specification submitted to NIST (McGrew, Viega).
constexpr std::string_view kZeros =
    "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view kFeff =
    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
const std::vector<GcmVector> kVectors = {
    {kZeros, "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {kZeros, "000000000000000000000000", "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {kFeff, "cafebabefacedbaddecaf888", "",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
     "b094dac5d93471bdec1a502270e3cc6c"},
    {kFeff, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
     "76fc6ece0f4e1768cddf8853bb2d551b"}};

}  // namespace

TEST(AesGcm, gives_the_vectors_of_the_specification) {
  for (const GcmVector& vector : kVectors) {
    const Key key = key_from_hex(vector.key);
    GcmNonce nonce{};
    std::ranges::copy(from_hex(vector.nonce), nonce.begin());
    const Bytes context = from_hex(vector.context);
    const Bytes plain = from_hex(vector.plain);
    const Bytes sealed = aes_gcm_encrypt(key, nonce, context, plain);
    EXPECT_EQ(hex_encode(sealed), vector.sealed);
    EXPECT_EQ(aes_gcm_decrypt(key, nonce, context, sealed), plain);
  }
}

RC_GTEST_PROP(SealedBox, what_is_sealed_comes_back, (const Bytes& plain, const Bytes& context)) {
  SecureRandom random;
  const Key key = Key::generate(random);
  const Bytes box = seal(key, context, plain, random);
  RC_ASSERT(box.size() == plain.size() + kSealedBoxExtra);
  const auto opened = open(key, context, box);
  RC_ASSERT(opened.has_value());
  RC_ASSERT(*opened == plain);
}

TEST(SealedBox, any_flipped_bit_is_refused) {
  SeededRandom random(1);
  const Key key = Key::generate(random);
  const Bytes context = from_hex("0102");
  const Bytes box = seal(key, context, view_of("13812341234"), random);
  for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
    Bytes broken = box;
    broken[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    const auto opened = open(key, context, broken);
    ASSERT_FALSE(opened) << "bit " << bit;
    EXPECT_EQ(opened.error().key, bit < 8 ? "sealed_box.algorithm" : "sealed_box.broken");
  }
  for (std::size_t size = 0; size < box.size(); ++size)
    EXPECT_FALSE(open(key, context, ByteView(box).first(size)));
}

TEST(SealedBox, opens_only_where_it_belongs) {
  SeededRandom random(2);
  const Key key = Key::generate(random);
  const Bytes box = seal(key, view_of("matter 1 phone"), view_of("value"), random);
  EXPECT_EQ(open(key, view_of("matter 2 phone"), box).error().key, "sealed_box.broken");
  EXPECT_EQ(open(key, {}, box).error().key, "sealed_box.broken");
  EXPECT_EQ(open(seeded_key(9), view_of("matter 1 phone"), box).error().key, "sealed_box.broken");
}

TEST(SealedBox, one_value_sealed_twice_looks_different) {
  SecureRandom random;
  const Key key = Key::generate(random);
  EXPECT_NE(seal(key, {}, view_of("value"), random), seal(key, {}, view_of("value"), random));
}

TEST(SealedBox, a_wrapped_key_comes_back) {
  SeededRandom random(3);
  const Key office = Key::generate(random);
  const Key key = Key::generate(random);
  const Bytes wrapped = wrap(key, office, view_of("7/1"), random);
  EXPECT_EQ(wrapped.size(), 61u);
  const auto back = unwrap(wrapped, office, view_of("7/1"));
  ASSERT_TRUE(back);
  EXPECT_TRUE(equal_constant_time(back->bytes(), key.bytes()));
  EXPECT_FALSE(unwrap(wrapped, office, view_of("7/2")));
  EXPECT_FALSE(unwrap(wrapped, seeded_key(4), view_of("7/1")));
}

TEST(SealedBox, a_value_is_never_taken_for_a_key) {
  SeededRandom random(5);
  const Key office = Key::generate(random);
  const Bytes value(32, 7);
  EXPECT_FALSE(unwrap(seal(office, view_of("7/1"), value, random), office, view_of("7/1")));
  EXPECT_FALSE(open(office, view_of("7/1"), wrap(seeded_key(6), office, view_of("7/1"), random)));
}

TEST(Key, wipes_what_it_leaves) {
  static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>);
  Key key = seeded_key(7);
  const Key clone = key.clone();
  const Key moved = std::move(key);
  EXPECT_TRUE(equal_constant_time(moved.bytes(), clone.bytes()));
  EXPECT_TRUE(std::ranges::all_of(key.bytes(), [](auto byte) { return byte == 0; }));

  alignas(Key) std::array<std::uint8_t, sizeof(Key)> memory{};
  // Volatile: the compiler may not assume that nobody looks at an object after its end.
  const volatile std::uint8_t* const seen = memory.data();
  const auto is_zero = [&] {
    return std::all_of(seen, seen + sizeof(Key), [](std::uint8_t byte) { return byte == 0; });
  };
  Key* const placed = new (memory.data()) Key(moved.clone());
  EXPECT_FALSE(is_zero());
  placed->~Key();
  EXPECT_TRUE(is_zero());
}

TEST(Key, takes_exactly_32_bytes) {
  EXPECT_EQ(Key::from_bytes(Bytes(31)).error().key, "key.size");
  EXPECT_EQ(Key::from_bytes(Bytes(33)).error().key, "key.size");
}

TEST(Key, purposes_have_keys_of_their_own) {
  const Key key = seeded_key(8);
  EXPECT_FALSE(equal_constant_time(key.derive("a").bytes(), key.derive("b").bytes()));
  EXPECT_FALSE(equal_constant_time(key.derive("a").bytes(), key.bytes()));
  EXPECT_TRUE(equal_constant_time(key.derive("a").bytes(), key.derive("a").bytes()));
}

TEST(SecureRandom, does_not_repeat) {
  SecureRandom random;
  EXPECT_NE(random.next_u64(), random.next_u64());
  Bytes bytes(64);
  random.fill(bytes);
  EXPECT_NE(bytes, Bytes(64));
}

}  // namespace gewu::security
