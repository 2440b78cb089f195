#pragma once

#include "kernel/matter/decide.h"

// An opening that a rule refused is a result of its own (engine.md 5): that an unlisted task was
// refused is what an entry permit (准入制) is for.

namespace gewu::kernel {

/// The event of an opening refused by `basis`, `barred_by`, `holds` or a named `must`, met by a
/// post: the rule, the row and where it would have counted, no input. It stands under an id that no
/// matter has, so that its only step has no snapshot. An empty Decision when it is none of these;
/// the error when it would be refused for another reason now. At most one an hour for (post,
/// action, place): the caller counts.
Result<Decision> refused_opening_event(const Chamber& chamber, const OpenRequest& request,
                                       const Error& error);

}  // namespace gewu::kernel
