#pragma once

#include <map>

#include "kernel/matter/directory.h"
#include "kernel/people/roster.h"
#include "kernel/place/territory_tree.h"
#include "usecase/change_directory.h"
#include "usecase/import_table.h"

namespace gewu::usecase {

/// What a table of a place changes, row by row checked against what is known. The same for an
/// office's import and for the directory of scenarios.
struct TableChanges {
  std::vector<DirectoryChange> changes;
  std::vector<RefusedRow> refused, noted;
  std::size_t unchanged = 0;
  std::size_t ended = 0, unlisted = 0;                   ///< of territories (import_table.h)
  std::size_t silent = 0;                                ///< changes of which no row tells: ends
  std::map<kernel::TerritoryCode, std::int64_t> lines;   ///< of a table of territory, by code
};

Result<TableChanges> territory_changes(std::string_view csv, const TableRules& rules,
                                       const kernel::TerritoryTree& known);
/// `roster` takes up the good rows.
Result<TableChanges> organisation_changes(std::string_view csv, const TableRules& rules,
                                          kernel::Roster& roster);
/// A role that no locality has is noted (`post.role.unused`), once there are any: posts may be there
/// before the definitions that give them something to do.
Result<TableChanges> post_changes(std::string_view csv, kernel::Roster& roster,
                                  const kernel::Directory& directory);

}  // namespace gewu::usecase
