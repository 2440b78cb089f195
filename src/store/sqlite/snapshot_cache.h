#pragma once

#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "kernel/matter/matter.h"
#include "store/sqlite/caches.h"

namespace gewu::store::sqlite {

/// Snapshots as they were last committed, for readers beside the writer: whoever has just changed a
/// matter reads it next. Only what was committed enters, so that it is never older than the file
/// but for the moment between a commit and its answer. Threads share it.
class SnapshotCache {
 public:
  /// Null: not known here.
  kernel::SnapshotPtr find(MatterId id) const {
    const std::lock_guard lock(mutex_);
    if (const auto found = recent_.find(id); found != recent_.end()) return found->second;
    const auto found = before_.find(id);
    return found == before_.end() ? nullptr : found->second;
  }

  /// Null: it changed, and what it is now is to be read from the file.
  void put(MatterId id, kernel::SnapshotPtr snapshot) {
    const std::lock_guard lock(mutex_);
    before_.erase(id);
    if (!snapshot) {
      recent_.erase(id);
      return;
    }
    if (recent_.size() >= kSnapshotsKept / 2) before_ = std::exchange(recent_, {});
    recent_[id] = std::move(snapshot);
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    recent_.clear();
    before_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<MatterId, kernel::SnapshotPtr> recent_, before_;
};

}  // namespace gewu::store::sqlite
