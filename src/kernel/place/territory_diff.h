#pragma once

#include <cstddef>
#include <optional>
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
  /// `territory.import.` with `successor` (unknown; the unit stays), `never_stood` (a row tells the
  /// end of a unit that did not stand before), `ended` (it has ended already, otherwise),
  /// `children` (something below it stays); and `territory.dates`: what is listed differs, and
  /// something later is known of it (line 0).
  std::vector<ImportFinding> refused;
  std::size_t unchanged = 0;        ///< rows that say what is known
  /// Units beside listed ones, under the same unit above, of which the table says nothing and
  /// which stay.
  std::size_t unlisted = 0;
};

/// What a newer table changes on a day. What it lists otherwise becomes a new version, what a row
/// with successors tells of ends on that day with everything below it; nothing is deleted. Where
/// the table is the `whole` of a unit (empty: of everything), what stands there down to the deepest
/// level that the table has and is not listed ends too; of another one, silence says nothing: a
/// table of one county's grids says nothing of the next. A unit whose row was refused stays as it
/// is, and so does one whose successor is unknown. Labels in ko and en, a boundary and a centre
/// stay where the table has none.
TerritoryDiff diff_territories(const TerritoryTree& tree, const TerritoryImport& table, Date day,
                               std::optional<std::string_view> whole);

Result<TerritoryTree> apply_changes(TerritoryTree tree, std::span<const TreeChange> changes);

}  // namespace gewu::kernel
