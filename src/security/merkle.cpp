#include "security/merkle.h"

#include <bit>

#include "base/ensure.h"

namespace gewu::security {

namespace {

constexpr std::uint8_t kLeaf = 0;
constexpr std::uint8_t kNode = 1;

/// The largest power of two below n; n > 1.
std::size_t left_size(std::size_t n) { return std::bit_floor(n - 1); }

void append_inclusion(MerklePath& path, std::span<const Sha256> leaves, std::size_t index) {
  if (leaves.size() == 1) return;
  const std::size_t left = left_size(leaves.size());
  if (index < left) {
    append_inclusion(path, leaves.first(left), index);
    path.push_back(merkle_root(leaves.subspan(left)));
  } else {
    append_inclusion(path, leaves.subspan(left), index - left);
    path.push_back(merkle_root(leaves.first(left)));
  }
}

/// SUBPROOF of RFC 6962 2.1.2; `is_known` while the old tree is a whole subtree of the new one.
void append_consistency(MerklePath& path, std::span<const Sha256> leaves, std::size_t old_size,
                        bool is_known) {
  if (old_size == leaves.size()) {
    if (!is_known) path.push_back(merkle_root(leaves));
    return;
  }
  const std::size_t left = left_size(leaves.size());
  if (old_size <= left) {
    append_consistency(path, leaves.first(left), old_size, is_known);
    path.push_back(merkle_root(leaves.subspan(left)));
  } else {
    append_consistency(path, leaves.subspan(left), old_size - left, false);
    path.push_back(merkle_root(leaves.first(left)));
  }
}

}  // namespace

Sha256 merkle_leaf(ByteView bytes) { return sha256({ByteView{&kLeaf, 1}, bytes}); }

Sha256 merkle_node(const Sha256& left, const Sha256& right) {
  return sha256({ByteView{&kNode, 1}, left, right});
}

Sha256 merkle_root(std::span<const Sha256> leaves) {
  if (leaves.empty()) return sha256(ByteView{});
  if (leaves.size() == 1) return leaves[0];
  const std::size_t left = left_size(leaves.size());
  return merkle_node(merkle_root(leaves.first(left)), merkle_root(leaves.subspan(left)));
}

MerklePath inclusion_path(std::span<const Sha256> leaves, std::size_t index) {
  ensure(index < leaves.size(), "the leaf stands in the tree");
  MerklePath path;
  append_inclusion(path, leaves, index);
  return path;
}

MerklePath consistency_path(std::span<const Sha256> leaves, std::size_t old_size) {
  ensure(old_size >= 1 && old_size <= leaves.size(), "the old tree is part of the new one");
  MerklePath path;
  append_consistency(path, leaves, old_size, true);
  return path;
}

// RFC 9162 2.1.3.2: `at` and `last` climb together from the leaf to the root.
bool verify_inclusion(const Sha256& leaf, std::size_t index, std::size_t size,
                      std::span<const Sha256> path, const Sha256& root) {
  if (index >= size) return false;
  std::size_t at = index;
  std::size_t last = size - 1;
  Sha256 hash = leaf;
  for (const Sha256& sibling : path) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      hash = merkle_node(sibling, hash);
      for (; at % 2 == 0 && at != 0; at >>= 1) last >>= 1;
    } else {
      hash = merkle_node(hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

// RFC 9162 2.1.4.2: both roots are rebuilt from one path.
bool verify_consistency(const TreeHead& older, const TreeHead& newer,
                        std::span<const Sha256> path) {
  if (older.size > newer.size) return false;
  if (older.size == 0) return path.empty() && older.root == merkle_root({});
  if (older.size == newer.size) return path.empty() && older.root == newer.root;
  std::size_t at = older.size - 1;
  std::size_t last = newer.size - 1;
  for (; at % 2 == 1; at >>= 1) last >>= 1;
  Sha256 old_hash = older.root;
  if (at != 0) {  // the old tree is no whole subtree of the new one: the path begins with a part
    if (path.empty()) return false;
    old_hash = path.front();
    path = path.subspan(1);
  }
  Sha256 new_hash = old_hash;
  for (const Sha256& sibling : path) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      old_hash = merkle_node(sibling, old_hash);
      new_hash = merkle_node(sibling, new_hash);
      for (; at % 2 == 0 && at != 0; at >>= 1) last >>= 1;
    } else {
      new_hash = merkle_node(new_hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == older.root && new_hash == newer.root;
}

}  // namespace gewu::security
