#pragma once

#include "usecase/run_timetables.h"

namespace gewu::usecase {

/// Draws every round that is over and was not drawn yet, of each owner by itself: each ledger under a
/// request of its own, so that a second run draws nothing and one that was broken off goes on. A
/// round waits until its seed is there: the first signed root a minute after its end.
Result<TimetablesRun> run_draws(Office& office, const kernel::TypeFilter& only, DrawSeeds seeds);

}  // namespace gewu::usecase
