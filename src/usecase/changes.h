#pragma once

#include <functional>
#include <vector>

#include "usecase/caller.h"

namespace gewu::usecase {

/// What changed with a commit, for open pages: see store::Change.
using Change = store::Change;

/// `listener` is told after each commit, on the writer's thread; it must be quick. It stays as long
/// as the store.
inline void follow_changes(Office& office,
                           std::function<void(const std::vector<Change>&)> listener) {
  office.store.on_commit(std::move(listener));
}

/// Which of these matters the caller may see now, in their order: a page is told of no other, since
/// even its number would say that it is there. One that cannot be judged is not seen.
std::vector<bool> may_see(Office& office, const Caller& caller,
                          const std::vector<MatterId>& matters);

}  // namespace gewu::usecase
