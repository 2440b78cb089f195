#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/figures/figure.h"
#include "kernel/matter/directory.h"
#include "store/store.h"

// From cells to figures: the one way, for boards and for whoever verifies an export.

namespace gewu::usecase {

/// What the cells of one figure add up to; `values` where its own value is a dimension of theirs.
struct Heap {
  kernel::Tally tally;
  std::map<std::string, std::int64_t> values;
};
/// By the value of one dimension; under the empty text without one.
using Heaps = std::map<std::string, Heap>;

/// An indicator of a place with the cells that it is made of.
struct Counted {
  kernel::TypePtr type;
  const kernel::IndicatorSpec* spec = nullptr;
  std::string cells;                     ///< "type.name"
};
/// By "type.name"; what another type counts for this one is found there. Nothing when the place has
/// no such indicator.
std::optional<Counted> find_counted(const kernel::Locality& locality, std::string_view name);

/// Cells by the values of a dimension; an empty name: all as one.
Heaps heap_up(const kernel::IndicatorSpec& spec, const std::vector<store::Cell>& cells,
              std::string_view dimension);
/// By what the indicator is `of`; nothing withheld.
kernel::Figure plain_figure(const kernel::IndicatorSpec& spec, const Heap& heap);
/// Withheld where the group is small.
kernel::Figure figure_of(const kernel::IndicatorSpec& spec, const Heap& heap);
/// Its value, zero where it is missing.
std::int64_t micros_of(const kernel::IndicatorSpec& spec, const Heap& heap);
/// One heap over another, withheld where either says so.
kernel::Figure ratio_of(const kernel::IndicatorSpec& ratio, const kernel::IndicatorSpec& above_spec,
                        const Heap& above, const kernel::IndicatorSpec& below_spec,
                        const Heap& below);

}  // namespace gewu::usecase
