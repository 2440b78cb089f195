#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "security/merkle.h"

// The same trees (merkle.h) over a log that is too long to hold: its complete subtrees are asked
// for one by one, or kept while it is read once from the start.

namespace gewu::security {

/// Complete subtrees of a log by level (0: leaves) and position among those of their level: each
/// covers the leaves [position << level, (position + 1) << level).
class MerkleNodes {
 public:
  virtual ~MerkleNodes() = default;
  virtual Result<Sha256> node(int level, std::int64_t position) = 0;
};

/// Root of the first `size` leaves.
Result<Sha256> log_root(MerkleNodes& nodes, std::int64_t size);
/// Proof that leaf `index` stands in the tree of the first `size`; 0 <= index < size.
Result<MerklePath> log_inclusion(MerkleNodes& nodes, std::int64_t index, std::int64_t size);
/// Proof that the tree of `size` only adds to that of `old_size`; 1 <= old_size <= size.
Result<MerklePath> log_consistency(MerkleNodes& nodes, std::int64_t old_size, std::int64_t size);

/// The right edge of a growing tree: whoever reads a log from its start knows the root at every
/// size by holding one hash for each bit of the size.
class MerkleEdge {
 public:
  void append(const Sha256& leaf);
  std::int64_t size() const { return size_; }
  Sha256 root() const;

 private:
  std::int64_t size_ = 0;
  std::vector<Sha256> complete_;         ///< subtrees, the largest first
};

}  // namespace gewu::security
