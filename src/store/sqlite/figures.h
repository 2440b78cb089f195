#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "kernel/figures/fold.h"
#include "kernel/matter/matter.h"
#include "store/sqlite/reader.h"

// Deltas of a batch, folded into cells (engine.md 8).

namespace gewu::store::sqlite {

/// The deltas of one batch, merged: one row of `delta`.
class DeltaBatch {
 public:
  void add(const kernel::Delta& delta);
  bool empty() const { return counts_.empty(); }
  std::string body() const;

 private:
  // indicator, territory, organisation, dimensions, day
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::int32_t>;
  std::map<Key, std::pair<std::int64_t, std::int64_t>> counts_;
};

/// Folds every row of `delta` into cells inside the running transaction; how many rows.
Result<std::size_t> fold_deltas(Reader& writer);

}  // namespace gewu::store::sqlite
