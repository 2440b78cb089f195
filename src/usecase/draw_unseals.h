#pragma once

#include "security/hash.h"
#include "usecase/act_on_matter.h"

namespace gewu::usecase {

/// Whether an opening of sealed values is drawn for somebody above to look at (查看抽查), of each
/// hundred so many. The seed is the hash of the step's own line in the journal: nobody knows it
/// before the step is taken, everybody can draw again from an export afterwards.
bool is_drawn(const security::Sha256& line, std::int64_t percent);

/// Where it is drawn: a line of the audit log, and a notice to the nearest posts above the one it
/// was opened through whose role is in the list `supervisors`; to whoever audits where there is none.
/// Never to a post of the same account.
Status draw_unseal(Office& office, const ActionTaken& taken);

}  // namespace gewu::usecase
