#pragma once

#include <vector>

#include "base/spans.h"
#include "usecase/caller.h"

namespace gewu::usecase {

/// Posts through which the caller may ask: the named one, else all that he holds. Inside the room
/// only. `unauthenticated` `session.absent`, `forbidden` `post.not_held` as actor_of, and
/// `forbidden` `post.none` for an account without any.
Result<std::vector<const kernel::Post*>> posts_of(const Caller& caller,
                                                  const kernel::Directory& directory, Instant now);

/// Whether a post may look at everything of a unit: its own unit covers it, or the organisation
/// that it belongs to works on that ground.
bool covers_unit_of(const kernel::Post& post, const kernel::Unit& unit,
                    const kernel::Directory& directory, Instant now);

/// `forbidden` `unit.not_covered` when none of the posts does.
Status check_covered(const std::vector<const kernel::Post*>& posts, const kernel::Unit& unit,
                     const kernel::Directory& directory, Instant now);

/// The day in UTC, as the roster counts.
constexpr Date day_of(Instant now) {
  return {static_cast<std::int32_t>(now.ms / kMsPerDay)};
}

}  // namespace gewu::usecase
