#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gewu {

/// Where a name stands in a list of names that never changes. Names of definitions are looked up in
/// every step of a decision: the hash looks at the ends of a name and never at all of it.
class NameIndex {
 public:
  NameIndex() = default;
  /// Of two that are the same the first is found.
  explicit NameIndex(std::vector<std::string> names) : names_(std::move(names)) {
    std::size_t size = 4;
    while (size < names_.size() * 2) size *= 2;
    slots_.assign(size, kNone);
    for (std::uint32_t index = 0; index < names_.size(); ++index) {
      std::size_t at = hash(names_[index]) & (size - 1);
      while (slots_[at] != kNone && names_[slots_[at]] != names_[index]) at = (at + 1) & (size - 1);
      if (slots_[at] == kNone) slots_[at] = index;
    }
  }

  std::optional<std::size_t> find(std::string_view name) const {
    if (slots_.empty()) return std::nullopt;
    for (std::size_t at = hash(name) & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == kNone) return std::nullopt;
      if (names_[slots_[at]] == name) return slots_[at];
    }
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  template <typename Word>
  static std::uint64_t load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof(word));
    return word;
  }
  static std::size_t hash(std::string_view name) {
    const std::size_t size = name.size();
    const char* text = name.data();
    std::uint64_t head = 0, tail = 0;
    if (size >= 8) {
      head = load<std::uint64_t>(text);
      tail = load<std::uint64_t>(text + size - 8);
    } else if (size >= 4) {
      head = load<std::uint32_t>(text);
      tail = load<std::uint32_t>(text + size - 4);
    } else if (size > 0) {
      head = load<std::uint8_t>(text) << 16 | load<std::uint8_t>(text + size / 2) << 8 |
             load<std::uint8_t>(text + size - 1);
    }
    const std::uint64_t mixed =
        (head ^ size) * 0x9E3779B97F4A7C15U ^ (tail + 0x517CC1B727220A95U) * 0xC2B2AE3D27D4EB4FU;
    return mixed ^ mixed >> 29;
  }

  std::vector<std::string> names_;
  std::vector<std::uint32_t> slots_;  ///< a power of two of them, at least half of them empty
};

}  // namespace gewu
