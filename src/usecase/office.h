#pragma once

#include <string>

#include "base/instant.h"
#include "base/random.h"
#include "store/store.h"

namespace gewu::usecase {

/// Everything a use case is handed, and nothing else. cli builds it once.
struct Office {
  store::Store& store;
  Clock& clock;
  Random& random;
  bool is_demo = false;   ///< made by `gewu demo`: served on loopback alone
};

}  // namespace gewu::usecase
