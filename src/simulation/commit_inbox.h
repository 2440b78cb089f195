#pragma once

#include <memory>
#include <vector>

#include "usecase/office.h"

namespace gewu::simulation {

/// Matters that commits changed, in their order, for a driver to look at. Filled on the writer's
/// thread; a store keeps its listeners, so ours falls silent when the inbox is gone.
class CommitInbox {
 public:
  explicit CommitInbox(usecase::Office& office);
  /// What came in since it was last asked, repeats included.
  std::vector<MatterId> take();

 private:
  struct Held;
  std::shared_ptr<Held> held_;
};

}  // namespace gewu::simulation
