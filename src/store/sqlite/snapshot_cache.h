#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "kernel/matter/matter.h"
#include "store/sqlite/caches.h"

namespace gewu::store::sqlite {

/// Snapshots as they were last committed, for readers beside the writer: whoever has just changed a
/// matter reads it next, and lists begin with the same rows. Never older than the file but for the
/// moment between a commit and its answer, or until the writer sees what another process wrote.
/// Threads share it.
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
    ++generation_;
    before_.erase(id);
    if (snapshot) keep(id, std::move(snapshot));
    else recent_.erase(id);
  }

  /// Rises with every change. Whoever reads the file asks for it before.
  std::uint64_t generation() const {
    const std::lock_guard lock(mutex_);
    return generation_;
  }
  /// What was read from the file; left out when anything has changed since `generation`, since it
  /// may be what was there before.
  void offer(MatterId id, kernel::SnapshotPtr snapshot, std::uint64_t generation) {
    const std::lock_guard lock(mutex_);
    if (generation == generation_) keep(id, std::move(snapshot));
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    ++generation_;
    recent_.clear();
    before_.clear();
  }

 private:
  void keep(MatterId id, kernel::SnapshotPtr snapshot) {
    if (recent_.size() >= kSnapshotsKept / 2) before_ = std::exchange(recent_, {});
    recent_[id] = std::move(snapshot);
  }

  mutable std::mutex mutex_;
  std::uint64_t generation_ = 0;
  std::unordered_map<MatterId, kernel::SnapshotPtr> recent_, before_;
};

}  // namespace gewu::store::sqlite
