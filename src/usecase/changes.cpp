#include "usecase/changes.h"

#include "usecase/read_room.h"

namespace gewu::usecase {

std::vector<bool> may_see(Office& office, const Caller& caller,
                          const std::vector<MatterId>& matters) {
  std::vector<bool> seen(matters.size(), false);
  const ReadRoom room(office);
  const auto actor = actor_of(caller, *room.directory(), room.now());
  if (!actor) return seen;
  for (std::size_t i = 0; i < matters.size(); ++i) {
    const kernel::SnapshotPtr matter = room.source().load(matters[i]);
    if (!matter) continue;
    const auto found = kernel::see_matter(room.chamber(), matter, *actor);
    seen[i] = found && found->has_value();
  }
  return seen;
}

}  // namespace gewu::usecase
