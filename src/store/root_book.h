#pragma once

#include "security/merkle_log.h"
#include "security/signature.h"
#include "store/store.h"

// Roots of the journal: what is kept so that anybody can prove what it held, and when.

namespace gewu::store {

/// How far a stream has come.
struct StreamHead {
  std::string name;
  std::int64_t size = 0;         ///< lines
  security::Sha256 hash{};       ///< of the last one
};

/// A root as it is kept: the bytes that were signed, and the signature.
struct StoredRoot {
  std::int64_t number = 0;       ///< 1, 2, 3 without a gap
  Instant at;
  std::string body;
  security::Signature signature{};
};

/// Leaves of a stream's tree are merkle_leaf over the hash of each line, in the order of the
/// stream, so that a leaf stands for all that came before it too.
class RootBook : public security::MerkleNodes {
 public:
  virtual Result<StreamHead> head() = 0;
  /// Keeps the complete subtrees that the last lines made, of at most so many lines; whether more
  /// are waiting.
  virtual Result<bool> grow_tree(std::int64_t lines_max) = 0;
  /// `conflict` `root.order` when its number is not the next one.
  virtual Status add_root(const StoredRoot& root) = 0;
  virtual Result<std::optional<StoredRoot>> latest_root() = 0;
  /// From a number on, in order.
  virtual Result<std::vector<StoredRoot>> read_roots(std::int64_t from, std::size_t rows_max) = 0;
  /// The last one before an instant.
  virtual Result<std::optional<StoredRoot>> root_before(Instant end) = 0;
  /// The lowest numbered of those that are dated then or later.
  virtual Result<std::optional<StoredRoot>> root_since(Instant begin) = 0;
  /// The line that holds an event.
  virtual Result<std::optional<JournalLine>> find_line(EventId event) = 0;
  /// Lines of a matter's own events, in order.
  virtual Result<std::vector<JournalLine>> lines_of(MatterId matter, std::size_t rows_max) = 0;
};

}  // namespace gewu::store
