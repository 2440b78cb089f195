#pragma once

#include <string_view>
#include <vector>

#include "kernel/matter/directory.h"
#include "kernel/matter/matter.h"

// What a list's total may count: what of a list a post sees without asking each matter.

namespace gewu::kernel {

enum class ListSight {
  all,   ///< every matter of the list in that state
  some,  ///< it depends on the matter
  none,  ///< not one, but for those that he wrote himself
};

/// Which list: all matters on the ground of `unit`, or all that it owns or handles.
enum class ListOf { territory, owner, handler };

/// How much of a list of one state a post sees. `post` is an actor made whole (with_post). The
/// same law as see_matter, asked of the definition alone: what it calls `all` see_matter grants for
/// each, what it calls `none` it refuses for each.
ListSight list_sight(const Type& type, std::size_t state, const Actor& post, ListOf of,
                     std::string_view unit, const Directory& directory);

/// The same over every locality that practises the type ("type.state"): the least of them.
ListSight list_sight(std::string_view state, const std::vector<Actor>& posts, ListOf of,
                     std::string_view unit, const Directory& directory);

}  // namespace gewu::kernel
