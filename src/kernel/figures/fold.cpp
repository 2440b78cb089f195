#include "kernel/figures/fold.h"

#include "base/text.h"
#include "kernel/place/territory.h"

namespace gewu::kernel {

std::vector<std::string> figure_units(std::string_view territory, std::string_view organisation) {
  std::vector<std::string> units;
  if (!territory.empty()) {
    units.emplace_back(territory);
    for (TerritoryCode& above : codes_above(territory)) units.push_back(std::move(above));
  }
  if (!organisation.empty()) units.push_back("org:" + std::string(organisation));
  return units;
}

std::string day_period(Date day) { return "d" + format_date(day); }
std::string month_period(Date day) { return "m" + format_date(day).substr(0, 7); }

std::string join_dimensions(const std::vector<std::string>& dimensions) {
  std::string text;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    if (i > 0) text += '\x1f';
    text += dimensions[i];
  }
  return text;
}

std::vector<std::string> split_dimensions(std::string_view text) {
  std::vector<std::string> dimensions;
  if (text.empty()) return dimensions;
  for (const auto part : split(text, '\x1f')) dimensions.emplace_back(part);
  return dimensions;
}

void fold_into(CellMap& cells, const Delta& delta) {
  const std::string dimensions = join_dimensions(delta.dimensions);
  visit_cells(delta.territory, delta.organisation, delta.day,
              [&](const std::string& unit, const std::string& period) {
                cells[{delta.indicator, unit, period, dimensions}] +=
                    {delta.count, delta.sum_micros};
              });
}

std::map<std::string, Tally> add_up(const CellMap& cells, std::string_view indicator,
                                    std::string_view unit, const FigurePeriod& period) {
  std::map<std::string, Tally> totals;
  if (period.until <= period.from) return totals;
  const std::string first = day_period(period.from);
  const std::string last = day_period({period.until.days - 1});
  for (auto it = cells.lower_bound({std::string(indicator), std::string(unit), first, ""});
       it != cells.end(); ++it) {
    const auto& [of, at, day, dimensions] = it->first;
    if (of != indicator || at != unit || day > last) break;
    totals[dimensions] += it->second;
  }
  return totals;
}

}  // namespace gewu::kernel
