#include "simulation/commit_inbox.h"

#include <mutex>
#include <utility>

namespace gewu::simulation {

struct CommitInbox::Held {
  std::mutex mutex;
  std::vector<MatterId> matters;
};

CommitInbox::CommitInbox(usecase::Office& office) : held_(std::make_shared<Held>()) {
  office.store.on_commit([weak = std::weak_ptr(held_)](const std::vector<store::Change>& changes) {
    const auto held = weak.lock();
    if (!held) return;
    const std::lock_guard lock(held->mutex);
    for (const store::Change& change : changes) held->matters.push_back(change.matter);
  });
}

std::vector<MatterId> CommitInbox::take() {
  const std::lock_guard lock(held_->mutex);
  return std::exchange(held_->matters, {});
}

}  // namespace gewu::simulation
