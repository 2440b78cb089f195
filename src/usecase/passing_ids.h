#pragma once

#include "base/id.h"

namespace gewu::usecase {

/// Ids of events that are looked at and not kept.
class PassingIds final : public IdSource {
 public:
  std::int64_t next() override { return ++last_; }

 private:
  std::int64_t last_ = 0;
};

}  // namespace gewu::usecase
