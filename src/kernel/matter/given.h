#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kernel/matter/decide.h"

namespace gewu::kernel {

/// A matter that stands by fiat, without actions: `given` of a scenario (language.md 2.9).
struct GivenMatter {
  Name type;
  Name locality;                     ///< unless the values place it elsewhere
  Name state;                        ///< empty: an active one of a list row, else the first
  std::vector<NamedValue> values;    ///< of any fields that are not computed
  std::vector<std::pair<Name, Instant>> clocks;  ///< those that run, with their start
};

/// The decision that makes it, without anybody's leave: computed values, holds and stocks are those
/// of any matter. `not_found` for an unknown type or state, `given.clock` for a clock without
/// target.
Result<Decision> give_matter(const Chamber& chamber, const GivenMatter& given);

}  // namespace gewu::kernel
