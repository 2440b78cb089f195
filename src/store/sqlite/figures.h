#pragma once

#include <map>
#include <string>
#include <string_view>
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

/// Whether what is counted on this ground and for this organisation is of the query's unit.
bool is_of_unit(const kernel::CellQuery& query, std::string_view territory,
                std::string_view organisation);

/// Folds every row of `delta` into cells inside the running transaction; how many rows.
Result<std::size_t> fold_deltas(Reader& writer);

}  // namespace gewu::store::sqlite
