#pragma once

#include <vector>

#include "kernel/matter/who_sees.h"
#include "usecase/find_matters.h"
#include "usecase/list_posts.h"

namespace gewu::usecase {

/// A line that lets people see a matter, with those posts.
struct LineOfSight {
  kernel::SightLine line;
  bool through_parent = false;        ///< the reader sees the whole that this is a part of
  std::vector<HeldPost> posts;        ///< at most a hundred
  std::size_t more = 0;               ///< posts beyond
};

struct Sight {
  kernel::DirectoryPtr directory;
  const kernel::Locality* locality = nullptr;
  kernel::SnapshotPtr matter;
  LineOfSight why;                    ///< what lets the reader in, with the post that he used
  std::vector<LineOfSight> who;       ///< staff: every line that lets somebody in now
  MatterId parent;                    ///< whoever sees this by name or role sees the part too
};

/// Why do I see this, and who else does (为什么能看到、谁能看到)? A matter that the caller may not
/// see is `not_found`. Whoever is no staff learns his own line alone.
Result<Sight> read_sight(Office& office, const Caller& caller, MatterId matter);

}  // namespace gewu::usecase
