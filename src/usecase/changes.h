#pragma once

#include "usecase/office.h"

namespace gewu::usecase {

/// What changed with a commit, for open pages: see store::Change.
using Change = store::Change;

/// `listener` is told after each commit, on the writer's thread; it must be quick.
inline void follow_changes(Office& office,
                           std::function<void(const std::vector<Change>&)> listener) {
  office.store.on_commit(std::move(listener));
}

}  // namespace gewu::usecase
