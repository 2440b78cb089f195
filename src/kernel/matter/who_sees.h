#pragma once

#include <string>
#include <vector>

#include "kernel/matter/decide.h"

// "Who can see this?" (谁能看到): the question of see_matter asked backwards.

namespace gewu::kernel {

/// A line that lets somebody into a matter as it stands now.
struct SightLine {
  /// Of `see`; null for the line that every role of the type has: those who take part in it.
  const SeeSpec* see = nullptr;
  /// As written ("officer@by_whom"), or "role".
  std::string audience;
  Audience::Kind kind = Audience::Kind::role;
  Name role;                    ///< of a line for one role; empty for "role", which has several
  std::vector<PostId> posts;    ///< let in by this line and by none before it, by id
};

/// The lines in the order in which see_matter asks them; those that let nobody in now are left out.
/// Whoever sees the whole that a part belongs to may see the part besides: ask for that matter.
Result<std::vector<SightLine>> who_sees(const Chamber& chamber, const SnapshotPtr& matter);

}  // namespace gewu::kernel
