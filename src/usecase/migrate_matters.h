#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "kernel/matter/migration.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// What a migration would do, found out on what is stored and without writing anything.
struct MigrationPreview {
  struct Move {
    kernel::Name type;
    std::int64_t from = 0, to = 0;   ///< versions
    kernel::Name old_state, state;
    auto operator<=>(const Move&) const = default;
  };
  /// A clock that would show something else the moment it moved: red yellow green, or its status
  /// when it does not run; "none" for one that was never started.
  struct Turn {
    kernel::Name type, clock;
    std::string before, after;
    auto operator<=>(const Turn&) const = default;
  };
  std::map<Move, std::size_t> moves;
  std::map<Turn, std::size_t> turns;
  std::vector<std::pair<MatterId, Error>> refused;
  /// Open matters under an older version of a type that no file moves: they go on under it.
  std::map<std::pair<kernel::Name, std::int64_t>, std::size_t> stays;
};
/// `after` is the directory as it would be once the definitions are published.
Result<MigrationPreview> preview_migrations(Office& office, const kernel::Directory& after);

/// Checks the migrations of a locality against every text that the office has stored under it or
/// that open matters are pinned to; `today` and `published` as they are to be published.
Status check_migrations(Office& office, const kernel::Locality& today,
                        const kernel::PublishedLocality& published, kernel::Messages& messages);

struct MigrationRun {
  std::size_t moved = 0;
  std::vector<std::pair<MatterId, Error>> failed;  ///< they go on under their old text
  bool more = false;                               ///< there is more to move
  bool left_to_another = false;                    ///< another process is at it
};
/// Moves open matters as the published migrations say, `matters_max` of them at most. Each is one
/// event of its own; one that was moved is not moved again, so that a run that was killed goes on
/// where it was, by a repeated publishing or by the server. `who` is at it: a process that has said
/// so in the last half minute is not joined by another.
Result<MigrationRun> migrate_matters(Office& office, const std::string& who,
                                     std::size_t matters_max);
/// Says that `who` is about to migrate, so that a server leaves it to him.
Status announce_migration(Office& office, const std::string& who);

}  // namespace gewu::usecase
