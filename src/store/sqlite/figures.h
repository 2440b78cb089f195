#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

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

/// Dimensions as one text, in order.
std::string join_dimensions(const std::vector<std::string>& dimensions);
std::vector<std::string> split_dimensions(std::string_view text);

/// The units a delta counts for: its leaf and every ancestor, and its organisation.
std::vector<std::string> units_of(std::string_view territory, std::string_view organisation);
std::string day_period(Date day);    ///< "d2026-09-22"
std::string month_period(Date day);  ///< "m2026-09"

/// Folds every row of `delta` into cells inside the running transaction; how many rows.
Result<std::size_t> fold_deltas(Reader& writer);

}  // namespace gewu::store::sqlite
