#pragma once

#include "base/random.h"

namespace gewu::security {

/// The operating system's generator, through libsodium: for keys, nonces, tokens and codes.
/// It cannot run dry; where the system has none, it ends the process rather than answer.
/// Any number of threads may share one.
class SecureRandom : public Random {
 public:
  SecureRandom();
  void fill(std::span<std::uint8_t> bytes) override;
};

/// Prepares libsodium once; whoever calls it in this room goes through here first.
void prepare_sodium();

}  // namespace gewu::security
