#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "kernel/matter/value.h"

// Looking up what has a name in a short list, kept in the order it was written in.

namespace gewu::kernel {

/// The first of that name; null when there is none.
template <typename Named>
const Named* find_named(const std::vector<Named>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Named::name);
  return found == all.end() ? nullptr : &*found;
}

inline bool is_among(const std::vector<Name>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace gewu::kernel
