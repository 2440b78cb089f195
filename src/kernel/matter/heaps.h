#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/directory.h"
#include "kernel/matter/dossier.h"
#include "kernel/matter/tally.h"

// From cells to figures: the one way, for boards, for whoever verifies an export, and for a rule that
// freezes one.

namespace gewu::kernel {

/// What the cells of one figure add up to; `values` where its own value is a dimension of theirs.
struct Heap {
  Tally tally;
  std::map<std::string, std::int64_t> values;
};
/// By the value of one dimension; under the empty text without one.
using Heaps = std::map<std::string, Heap>;

/// An indicator of a place with the cells that it is made of.
struct Counted {
  TypePtr type;
  const IndicatorSpec* spec = nullptr;
  std::string cells;                     ///< "type.name"
};
/// By "type.name"; what another type counts for this one is found there. Nothing when the place has
/// no such indicator.
std::optional<Counted> find_counted(const Locality& locality, std::string_view name);
/// What is above and below the line of a ratio, or what a coverage or change is made of. Nothing when
/// the place lacks one of them.
std::optional<std::vector<Counted>> find_parts(const Locality& locality, const Counted& counted);
/// Whether it says how things stand at a date, not what happened in a period.
bool is_at_end(const IndicatorSpec& spec);

/// Cells by the values of a dimension; an empty name: all as one.
Heaps heap_up(const IndicatorSpec& spec, const std::vector<CountedBy>& cells,
              std::string_view dimension);
/// By what the indicator is `of`; nothing withheld.
Figure plain_figure(const IndicatorSpec& spec, const Heap& heap);
/// Withheld where the group is small.
Figure figure_of(const IndicatorSpec& spec, const Heap& heap);
/// Its value, zero where it is missing.
std::int64_t micros_of(const IndicatorSpec& spec, const Heap& heap);
/// One heap over another, withheld where either says so.
Figure ratio_of(const IndicatorSpec& ratio, const IndicatorSpec& above_spec, const Heap& above,
                const IndicatorSpec& below_spec, const Heap& below);

/// A figure as rules may read it: of counts alone, so no coverage and no change; withheld as
/// everywhere. The query's indicator is its name, `at_end` is found out. Nothing when the place has
/// no such indicator.
std::optional<Figure> figure_in(const Locality& locality, CellQuery query, DossierSource& source);
/// Whether its value is an amount of money.
bool is_money(const Locality& locality, const Counted& counted);

}  // namespace gewu::kernel
