#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/place/territory_import.h"
#include "kernel/place/territory_tree.h"

namespace gewu::kernel {

/// One dated change of the tree. `merged` ends a unit whose ground went to one other, `split` to
/// several, `ended` to none that the table names.
struct TreeChange {
  enum class Kind { added, renamed, level_changed, redrawn, merged, split, ended };
  Kind kind = Kind::added;
  /// The version as it stands after the change; for an end with `valid_until` and `successors`.
  Territory territory;
  bool operator==(const TreeChange&) const = default;
};

std::string_view change_name(TreeChange::Kind kind);

struct TerritoryDiff {
  std::vector<TreeChange> changes;  ///< in an order in which they can be applied
  std::vector<ImportFinding> refused;    ///< `territory.import.successor`: unknown, unit stays
};

/// What a newer table changes on a day. Compares the units below `scope` (empty: all) down to the
/// deepest level that the table has: what it no longer lists ends on that day, with everything
/// below it; what it lists otherwise becomes a new version; nothing is deleted. A unit whose row
/// was refused stays as it is, and so does one whose successor is unknown. Labels in ko and en, a
/// boundary and a centre stay where the table has none.
TerritoryDiff diff_territories(const TerritoryTree& tree, const TerritoryImport& table, Date day,
                               std::string_view scope);

Result<TerritoryTree> apply_changes(TerritoryTree tree, std::span<const TreeChange> changes);

}  // namespace gewu::kernel
