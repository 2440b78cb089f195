#include "fuzz/coverage.h"

#include <cstddef>
#include <cstdint>

// g++ calls __sanitizer_cov_trace_pc at each edge of what is compiled with
// -fsanitize-coverage=trace-pc. This file is not.

extern "C" const char __executable_start;

namespace gewu::fuzz {

namespace {

constexpr std::size_t kPlaces = 1 << 16;
std::uint8_t counts[kPlaces];     // of this run
std::uint8_t known[kPlaces];      // a bit for each class of counts that any run had
std::uint16_t touched[kPlaces];   // which counts are not 0
std::size_t touched_count = 0;
unsigned long seen = 0;

/// 1, 2, 3, 4 to 7, 8 to 15, to 31, to 127 and more: a loop that goes once more is no news.
std::uint8_t class_of(std::uint8_t count) {
  if (count <= 3) return static_cast<std::uint8_t>(1 << (count - 1));
  if (count <= 7) return 8;
  if (count <= 15) return 16;
  if (count <= 31) return 32;
  return count <= 127 ? 64 : 128;
}

}  // namespace

void begin_anew() {
  begin_watching();
  for (std::uint8_t& classes : known) classes = 0;
  seen = 0;
}

void begin_watching() {
  for (std::size_t i = 0; i < touched_count; ++i) counts[touched[i]] = 0;
  touched_count = 0;
}

bool saw_something_new() {
  bool is_new = false;
  for (std::size_t i = 0; i < touched_count; ++i) {
    const std::size_t place = touched[i];
    const std::uint8_t bit = class_of(counts[place]);
    if ((known[place] & bit) != 0) continue;
    if (known[place] == 0) ++seen;
    known[place] |= bit;
    is_new = true;
  }
  return is_new;
}

unsigned long places_seen() { return seen; }

/// Where code lies differs from start to start; how far from its own beginning does not.
void pass(const void* at) {
  const auto distance = static_cast<std::uint64_t>(static_cast<const char*>(at) -
                                                   &__executable_start);
  const std::size_t place = (distance * 0x9E3779B97F4A7C15U) >> 48;
  if (counts[place] == 0) touched[touched_count++] = static_cast<std::uint16_t>(place);
  if (counts[place] != 255) ++counts[place];
}

}  // namespace gewu::fuzz

extern "C" void __sanitizer_cov_trace_pc() {
  gewu::fuzz::pass(__builtin_return_address(0));
}
