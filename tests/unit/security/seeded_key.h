#pragma once

#include "base/random.h"
#include "security/key.h"

namespace gewu::security {

/// The same key for the same seed.
inline Key seeded_key(std::uint64_t seed) {
  SeededRandom random(seed);
  return Key::generate(random);
}

}  // namespace gewu::security
