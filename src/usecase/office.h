#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/instant.h"
#include "base/random.h"
#include "store/store.h"

namespace gewu::store {
class Blobs;
}
namespace gewu::gateway {
class Pictures;
}

namespace gewu::usecase {

class LogBuffer;          // log_buffer.h

/// A store in memory that begins with a directory: what a scenario runs on. One at a time.
using OpenScenarioStore = std::function<Result<std::unique_ptr<store::Store>>(
    Clock& clock, Random& random, const kernel::DirectoryPtr& preset)>;

/// Everything a use case is handed, and nothing else. cli builds it once.
struct Office {
  store::Store& store;
  Clock& clock;
  Random& random;
  bool is_demo = false;   ///< made by `gewu demo`: served on loopback alone
  /// Where files (附件) lie, and who makes pictures clean. Null in scenarios and in offices that
  /// live in memory: nothing can be uploaded there, and references are taken as they are given.
  store::Blobs* files = nullptr;
  gateway::Pictures* pictures = nullptr;
  bool sends_messages = false;  ///< to people outside (send_messages.h)
  /// Where lines of the logs wait to be written together. Null: each is written at once.
  LogBuffer* logs = nullptr;
  /// Where scenarios run before what they prove is published; for each publishing its own. Null:
  /// nothing is proved here, as in offices of tests.
  std::function<OpenScenarioStore()> scenario_stores;
};

/// The directory (名册) as of the last commit: what doors render with.
inline kernel::DirectoryPtr directory_of(const Office& office) { return office.store.directory(); }

/// Follow-ups that were given up at their depth: health tells them (engine.md 2).
inline Result<std::size_t> count_stopped_steps(Office& office) {
  return office.store.count_stopped_ripples();
}

}  // namespace gewu::usecase
