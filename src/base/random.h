#pragma once

#include <atomic>
#include <cstdint>
#include <span>

namespace gewu {

/// The only source of chance. A real one (security/secure_random) for keys and codes;
/// SeededRandom for simulation and tests: one seed, one run.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;

  std::uint64_t next_u64();
  /// 0 <= result < bound, evenly; bound > 0.
  std::uint64_t below(std::uint64_t bound);
};

/// Threads may share it; the order in which they draw is theirs.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::atomic<std::uint64_t> state_;
};

}  // namespace gewu
