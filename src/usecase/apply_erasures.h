#pragma once

#include <vector>

#include "store/vault.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// After a restore: clears from snapshots what `erased.log` says was erased since the backup, each
/// as an event. How many matters were changed. Repeating it changes nothing.
Result<std::size_t> apply_erasures(Office& office, const std::vector<store::Erasure>& erasures);

}  // namespace gewu::usecase
