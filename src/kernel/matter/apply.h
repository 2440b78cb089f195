#pragma once

#include "kernel/matter/matter.h"

namespace gewu::kernel {

/// Turns the results of an event into state. Commit and replay use this same function; it reads
/// nothing but the event and never decides.
/// `before` is null exactly when the event opens the matter. Call it as kernel::apply: std has a
/// template of that name, and a shared_ptr finds it.
SnapshotPtr apply(const SnapshotPtr& before, const Event& event);

/// The same for a matter that the event touched beside its own.
SnapshotPtr apply_touched(const SnapshotPtr& before, const MatterChange& change);

/// The matter under the other text, before anything else of its change: values of fields of the
/// same name and kind are kept, the history takes the new names of actions. The state is the
/// change's to say.
void move_type(Snapshot& snapshot, const TypeMove& move);

/// Counts an action in the history that `times` and `last` read. Decide calls it on its draft at
/// step 11 of the order of evaluation; apply calls it for every event.
void record_taken(Snapshot& snapshot, const Event& event);

}  // namespace gewu::kernel
