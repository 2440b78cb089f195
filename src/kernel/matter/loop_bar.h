#pragma once

#include <optional>
#include <vector>

#include "kernel/matter/matter.h"

namespace gewu::kernel {

/// One stage of the loop as a matter went through it.
struct LoopStep {
  enum class Status { done, now, waiting };
  Stage stage = Stage::other;
  Status status = Status::waiting;
  std::optional<Instant> at;            ///< last taken; only of what is done
};

/// Each stage that the matter's type has, in the order of the loop; at most one is now, none when
/// the matter is final.
///
/// A matter stands after the furthest stage of its history but for an end that was undone, unless it
/// came back (reopened, returned, to be supplemented): only earlier stages lead on from its state, and
/// one of them to where it has been already. A stage that is merely made up for (a plan agreed once all have reported in) brings
/// nothing back. An action that leaves the state as it is (a call that reached nobody) ends its stage
/// where no other action of that stage is to lead on.
std::vector<LoopStep> loop_bar(const Snapshot& matter);

}  // namespace gewu::kernel
