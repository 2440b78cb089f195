#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/directory.h"
#include "kernel/matter/matter.h"
#include "store/store.h"

// Which work lists a matter stands in, and which a question has to merge.

namespace gewu::store::sqlite {

/// The due time of a matter whose clocks all rest: after everything else.
inline constexpr std::int64_t kNoDue = std::numeric_limits<std::int64_t>::max();
/// Segments of a grid's code: what lies deeper is listed at its grid.
inline constexpr int kGridDepth = 6;

struct WorkEntry {
  std::string unit, state;
  std::int64_t due = kNoDue;
  std::optional<std::int64_t> yellow_at, red_at;
  bool claimed = false;
  bool operator==(const WorkEntry&) const = default;
};

/// Rows of an open matter: its grid, community and subdistrict (or whatever higher node it counts
/// at), its owner and its handler. None once it is final.
std::vector<WorkEntry> work_entries(const kernel::Snapshot& snapshot);

/// The lists that a question about a unit merges: its own and, above the subdistrict, those of
/// every node below it down to the subdistricts.
std::vector<std::string> units_to_merge(const WorkQuery& query,
                                        const kernel::Directory& directory);

/// A unit as the tables name it: "222401", "owner:KEY", "handler:KEY".
std::string list_unit(WorkQuery::Of of, const std::string& unit);

/// The states asked for, or every one that is not final of the types asked for, or of all.
std::vector<std::string> states_to_merge(const WorkQuery& query,
                                         const kernel::Directory& directory);

/// Targets of every link field, as "type.field" and target; under the base's name too.
std::set<std::pair<std::string, std::int64_t>> links_of(const kernel::Snapshot& snapshot);

/// Keyset cursor.
struct WorkCursor {
  std::int64_t due = 0, id = 0;
};
std::string format_cursor(WorkCursor cursor);
std::optional<WorkCursor> parse_cursor(std::string_view text);

}  // namespace gewu::store::sqlite
