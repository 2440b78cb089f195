#include "security/merkle.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "unit/security/hex.h"

namespace gewu::security {

namespace {

// The tree that the implementations of certificate transparency (RFC 6962) share as test vector.
const std::vector<std::string_view> kLeaves = {"",
                                               "00",
                                               "10",
                                               "2021",
                                               "3031",
                                               "40414243",
                                               "5051525354555657",
                                               "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string_view> kRoots = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

std::vector<Sha256> leaf_hashes(std::size_t size) {
  std::vector<Sha256> hashes;
  for (std::size_t i = 0; i < size; ++i) hashes.push_back(merkle_leaf(from_hex(kLeaves[i])));
  return hashes;
}

std::vector<Sha256> many_leaves(std::size_t size) {
  std::vector<Sha256> hashes;
  for (std::size_t i = 0; i < size; ++i) hashes.push_back(merkle_leaf(view_of(std::to_string(i))));
  return hashes;
}

std::vector<std::string> shown(const MerklePath& path) {
  std::vector<std::string> hex;
  for (const Sha256& hash : path) hex.push_back(hex_encode(hash));
  return hex;
}

using Hexes = std::vector<std::string>;

}  // namespace

TEST(Merkle, gives_the_published_roots) {
  for (std::size_t size = 0; size <= 8; ++size)
    EXPECT_EQ(hex_encode(merkle_root(leaf_hashes(size))), kRoots[size]) << size;
}

TEST(Merkle, gives_the_published_inclusion_paths) {
  EXPECT_EQ(shown(inclusion_path(leaf_hashes(1), 0)), Hexes{});
  EXPECT_EQ(shown(inclusion_path(leaf_hashes(8), 0)),
            (Hexes{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(shown(inclusion_path(leaf_hashes(8), 5)),
            (Hexes{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                   "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                   "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(shown(inclusion_path(leaf_hashes(3), 2)),
            (Hexes{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}));
  EXPECT_EQ(shown(inclusion_path(leaf_hashes(5), 1)),
            (Hexes{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

TEST(Merkle, gives_the_published_consistency_paths) {
  EXPECT_EQ(shown(consistency_path(leaf_hashes(1), 1)), Hexes{});
  EXPECT_EQ(shown(consistency_path(leaf_hashes(8), 1)),
            (Hexes{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(shown(consistency_path(leaf_hashes(8), 6)),
            (Hexes{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                   "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                   "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(shown(consistency_path(leaf_hashes(5), 2)),
            (Hexes{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

TEST(Merkle, every_leaf_of_every_small_tree_is_proved_and_nothing_else) {
  for (std::size_t size = 1; size <= 20; ++size) {
    const auto leaves = many_leaves(size);
    const Sha256 root = merkle_root(leaves);
    for (std::size_t index = 0; index < size; ++index) {
      MerklePath path = inclusion_path(leaves, index);
      EXPECT_TRUE(verify_inclusion(leaves[index], index, size, path, root));
      EXPECT_FALSE(verify_inclusion(merkle_leaf(view_of("no")), index, size, path, root));
      EXPECT_FALSE(verify_inclusion(leaves[index], size, size, path, root));
      for (std::size_t other = 0; other < size; ++other)
        if (other != index) {
          EXPECT_FALSE(verify_inclusion(leaves[index], other, size, path, root));
        }
      path.push_back(root);  // too long
      EXPECT_FALSE(verify_inclusion(leaves[index], index, size, path, root));
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();  // too short
      EXPECT_FALSE(verify_inclusion(leaves[index], index, size, path, root));
    }
  }
}

TEST(Merkle, every_growth_is_proved_and_no_rewriting) {
  for (std::size_t size = 1; size <= 20; ++size) {
    const auto leaves = many_leaves(size);
    const TreeHead newer{size, merkle_root(leaves)};
    for (std::size_t old_size = 1; old_size <= size; ++old_size) {
      const TreeHead older{old_size, merkle_root(std::span(leaves).first(old_size))};
      MerklePath path = consistency_path(leaves, old_size);
      EXPECT_TRUE(verify_consistency(older, newer, path)) << old_size << " in " << size;

      auto rewritten = leaves;
      rewritten[old_size - 1] = merkle_leaf(view_of("rewritten"));
      const TreeHead forged{size, merkle_root(rewritten)};
      EXPECT_FALSE(verify_consistency(older, forged, path));
      EXPECT_FALSE(verify_consistency(older, forged, consistency_path(rewritten, old_size)));
      path.push_back(newer.root);
      EXPECT_FALSE(verify_consistency(older, newer, path));
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_FALSE(verify_consistency(older, newer, path));
    }
    EXPECT_FALSE(verify_consistency({size + 1, newer.root}, newer, {}));
    EXPECT_TRUE(verify_consistency({0, merkle_root({})}, newer, {}));
  }
}

RC_GTEST_PROP(Merkle, any_flipped_bit_of_a_proof_is_refused, (std::uint16_t seed)) {
  const std::size_t size = 2 + seed % 40;
  const std::size_t index = seed / 7 % size;
  const auto leaves = many_leaves(size);
  const Sha256 root = merkle_root(leaves);
  MerklePath path = inclusion_path(leaves, index);
  path[seed % path.size()][seed % 32] ^= static_cast<std::uint8_t>(1u << (seed % 8));
  RC_ASSERT(!verify_inclusion(leaves[index], index, size, path, root));

  const std::size_t old_size = 1 + index % (size - 1);
  path = consistency_path(leaves, old_size);
  path[seed % path.size()][seed % 32] ^= static_cast<std::uint8_t>(1u << (seed % 8));
  const TreeHead older{old_size, merkle_root(std::span(leaves).first(old_size))};
  RC_ASSERT(!verify_consistency(older, {size, root}, path));
}

}  // namespace gewu::security
