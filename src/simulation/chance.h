#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"

namespace gewu::simulation {

/// Draws of one seed (机缘): the same seed gives the same town.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  /// A whole number, both ends included.
  std::int64_t between(std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(
                      random_.below(static_cast<std::uint64_t>(to - from) + 1));
  }
  bool percent(std::int64_t percent) { return between(0, 99) < percent; }

  /// One of a list that is not empty.
  template <typename Element>
  const Element& of(const std::vector<Element>& list) {
    return list[random_.below(list.size())];
  }

  /// The place of a weight in the list; nothing weighs anything: the end.
  std::size_t weighted(const std::vector<std::int64_t>& weights) {
    std::int64_t total = 0;
    for (const std::int64_t weight : weights) total += weight;
    if (total <= 0) return weights.size();
    std::int64_t drawn = between(1, total);
    std::size_t i = 0;
    while (drawn > weights[i]) drawn -= weights[i++];
    return i;
  }

  template <typename Element>
  void shuffle(std::vector<Element>& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random_.below(i)]);
  }

 private:
  SeededRandom random_;
};

}  // namespace gewu::simulation
