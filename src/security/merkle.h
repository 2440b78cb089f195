#pragma once

#include <span>
#include <vector>

#include "security/hash.h"

namespace gewu::security {

/// Merkle trees of RFC 6962 section 2.1. Every minute the root over all stream heads and the new
/// events is signed; with a proof anybody checks that an event stands under a root, or that a
/// later root only adds to an earlier one, without the other events.
using MerklePath = std::vector<Sha256>;

/// Hash of a leaf: SHA-256(0x00, bytes).
Sha256 merkle_leaf(ByteView bytes);
/// Hash of an inner node: SHA-256(0x01, left, right).
Sha256 merkle_node(const Sha256& left, const Sha256& right);

/// Over the hashes of the leaves; of no leaves: SHA-256 of nothing.
Sha256 merkle_root(std::span<const Sha256> leaves);

/// Proof that leaf `index` stands in the tree; index < number of leaves.
MerklePath inclusion_path(std::span<const Sha256> leaves, std::size_t index);
bool verify_inclusion(const Sha256& leaf, std::size_t index, std::size_t size,
                      std::span<const Sha256> path, const Sha256& root);

/// Proof that the tree of the first `old_size` leaves was only added to;
/// 1 <= old_size <= number of leaves.
MerklePath consistency_path(std::span<const Sha256> leaves, std::size_t old_size);

struct TreeHead {
  std::size_t size = 0;
  Sha256 root{};
  bool operator==(const TreeHead&) const = default;
};
/// Anything follows the empty tree.
bool verify_consistency(const TreeHead& older, const TreeHead& newer,
                        std::span<const Sha256> path);

}  // namespace gewu::security
