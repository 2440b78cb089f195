#pragma once

#include <string>
#include <vector>

#include "usecase/office.h"

namespace gewu::usecase {

/// Carries out pending follow-ups (engine.md 2) and those that come of them, breadth first. A
/// refused `do` is recorded on its source. Rows that fail for want of something outside stay.
/// Errors only of storage. How many did something.
Result<std::size_t> work_ripples(Office& office, std::vector<store::PendingRipple> waiting);

/// The commit that carries one pending row out, or records its refusal; the row goes with it. Of an
/// import: it acts at `imported_at` and its events carry the file as source.
store::CommitRequest ripple_request(const store::PendingRipple& pending,
                                    std::optional<Instant> imported_at = std::nullopt,
                                    const std::string& source = {});

/// Marks the events of a decision as imported: recorded now, from that file.
void mark_imported(kernel::Decision& decision, Instant recorded, const std::string& source);

/// After a commit: works its follow-ups and what comes of them until none is left for `matter`, or two
/// seconds have passed; whatever is left, the job takes. Never fails: the commit stands.
void settle_ripples(Office& office, const std::vector<store::PendingRipple>& ripples,
                    MatterId matter);

/// Rows that have waited since before an instant: left over by a crash or by the two seconds.
Result<std::size_t> work_old_ripples(Office& office, Instant older_than, std::size_t rows_max);

}  // namespace gewu::usecase
