#pragma once

#include <optional>
#include <string>

#include "base/instant.h"
#include "store/store.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// Under which request a refusal is kept, at most one an hour of each `what` (engine.md 5); none
/// when one was kept within the hour before `at`.
std::optional<store::RequestKey> next_refusal(Office& office, const std::string& what, Instant at);

}  // namespace gewu::usecase
