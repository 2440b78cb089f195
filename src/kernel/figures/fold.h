#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "kernel/figures/figure.h"
#include "kernel/matter/matter.h"

// How counts of events become cells (数格): the same for the counters of the office, for whoever
// recounts them, and for whoever has nothing but an export.

namespace gewu::kernel {

/// The units a count stands for: its leaf and every node above, and its organisation ("org:KEY").
std::vector<std::string> figure_units(std::string_view territory, std::string_view organisation);
std::string day_period(Date day);    ///< "d2026-09-22"
std::string month_period(Date day);  ///< "m2026-09"
/// Dimensions as one text, in order.
std::string join_dimensions(const std::vector<std::string>& dimensions);
std::vector<std::string> split_dimensions(std::string_view text);

/// Indicator, unit, period, dimensions.
using CellKey = std::tuple<std::string, std::string, std::string, std::string>;
using CellMap = std::map<CellKey, Tally>;

/// Calls `visit(unit, period)` for every cell that a count stands in.
template <typename Visit>
void visit_cells(std::string_view territory, std::string_view organisation, Date day,
                 const Visit& visit) {
  const std::string in_day = day_period(day), in_month = month_period(day);
  for (const std::string& unit : figure_units(territory, organisation)) {
    visit(unit, in_day);
    visit(unit, in_month);
  }
}

/// Adds one count to every cell that it stands in.
void fold_into(CellMap& cells, const Delta& delta);

/// Cells of one indicator and unit, by their dimensions, over whole days [from, until).
std::map<std::string, Tally> add_up(const CellMap& cells, std::string_view indicator,
                                    std::string_view unit, const FigurePeriod& period);

}  // namespace gewu::kernel
