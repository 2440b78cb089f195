#include "security/merkle_log.h"

#include <bit>

#include "base/ensure.h"

namespace gewu::security {

namespace {

std::int64_t left_size(std::int64_t n) {
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(n - 1)));
}

/// Root of leaves [start, start + n); start is a multiple of the power of two not below n, as
/// every part of RFC 6962 is.
Result<Sha256> part_root(MerkleNodes& nodes, std::int64_t start, std::int64_t n) {
  if (n == 0) return merkle_root({});
  const auto size = static_cast<std::uint64_t>(n);
  if (std::has_single_bit(size)) {
    const int level = std::countr_zero(size);
    return nodes.node(level, start >> level);
  }
  const std::int64_t left = left_size(n);
  GEWU_TRY(one, part_root(nodes, start, left));
  GEWU_TRY(two, part_root(nodes, start + left, n - left));
  return merkle_node(one, two);
}

Status append_inclusion(MerkleNodes& nodes, MerklePath& path, std::int64_t start, std::int64_t n,
                        std::int64_t index) {
  if (n == 1) return {};
  const std::int64_t left = left_size(n);
  const bool is_left = index < left;
  GEWU_CHECK(is_left ? append_inclusion(nodes, path, start, left, index)
                     : append_inclusion(nodes, path, start + left, n - left, index - left));
  GEWU_TRY(sibling, is_left ? part_root(nodes, start + left, n - left)
                            : part_root(nodes, start, left));
  path.push_back(sibling);
  return {};
}

/// `is_known` while the old tree is a whole part of the new one.
Status append_consistency(MerkleNodes& nodes, MerklePath& path, std::int64_t start, std::int64_t n,
                          std::int64_t old_size, bool is_known) {
  if (old_size == n) {
    if (is_known) return {};
    GEWU_TRY(root, part_root(nodes, start, n));
    path.push_back(root);
    return {};
  }
  const std::int64_t left = left_size(n);
  const bool is_left = old_size <= left;
  GEWU_CHECK(is_left ? append_consistency(nodes, path, start, left, old_size, is_known)
                     : append_consistency(nodes, path, start + left, n - left, old_size - left,
                                          false));
  GEWU_TRY(other, is_left ? part_root(nodes, start + left, n - left)
                          : part_root(nodes, start, left));
  path.push_back(other);
  return {};
}

}  // namespace

Result<Sha256> log_root(MerkleNodes& nodes, std::int64_t size) {
  ensure(size >= 0, "a log has no negative size");
  return part_root(nodes, 0, size);
}

Result<MerklePath> log_inclusion(MerkleNodes& nodes, std::int64_t index, std::int64_t size) {
  ensure(index >= 0 && index < size, "the leaf stands in the tree");
  MerklePath path;
  GEWU_CHECK(append_inclusion(nodes, path, 0, size, index));
  return path;
}

Result<MerklePath> log_consistency(MerkleNodes& nodes, std::int64_t old_size, std::int64_t size) {
  ensure(old_size >= 1 && old_size <= size, "the old tree is part of the new one");
  MerklePath path;
  GEWU_CHECK(append_consistency(nodes, path, 0, size, old_size, true));
  return path;
}

void MerkleEdge::append(const Sha256& leaf) {
  Sha256 hash = leaf;
  // Each bit that carries joins two subtrees of one size.
  for (std::int64_t rest = size_; rest % 2 == 1; rest /= 2) {
    hash = merkle_node(complete_.back(), hash);
    complete_.pop_back();
  }
  complete_.push_back(hash);
  ++size_;
}

Sha256 MerkleEdge::root() const {
  if (complete_.empty()) return merkle_root({});
  Sha256 hash = complete_.back();
  for (auto it = complete_.rbegin() + 1; it != complete_.rend(); ++it)
    hash = merkle_node(*it, hash);
  return hash;
}

}  // namespace gewu::security
