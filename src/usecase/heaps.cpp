#include "usecase/heaps.h"

#include <algorithm>

#include "base/text.h"
#include "kernel/matter/histogram.h"

namespace gewu::usecase {

using namespace gewu::kernel;

std::optional<Counted> find_counted(const Locality& locality, std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const TypePtr type = locality.find_type(name.substr(0, dot));
  if (!type) return std::nullopt;
  const auto found =
      std::ranges::find(type->indicators, name.substr(dot + 1), &IndicatorSpec::name);
  if (found == type->indicators.end()) return std::nullopt;
  const bool is_elsewhere = found->head == IndicatorHead::flow && !found->parts.empty();
  if (is_elsewhere) return find_counted(locality, found->parts.front());
  return Counted{type, &*found, std::string(name)};
}

Heaps heap_up(const IndicatorSpec& spec, const std::vector<store::Cell>& cells,
              std::string_view dimension) {
  const auto at = std::ranges::find(spec.by, dimension,
                                    [](const auto& named) { return std::string_view(named.first); });
  const auto index = static_cast<std::size_t>(at - spec.by.begin());
  const bool keeps_values =
      spec.of == FigureOf::median || spec.of == FigureOf::distinct;
  Heaps heaps;
  if (dimension.empty()) heaps[""];
  for (const store::Cell& cell : cells) {
    const bool has = !dimension.empty() && index < cell.dimensions.size();
    Heap& heap = heaps[has ? cell.dimensions[index] : std::string()];
    heap.tally += {cell.count, cell.sum_micros};
    if (keeps_values && !cell.dimensions.empty())
      heap.values[cell.dimensions.back()] += cell.count;
  }
  return heaps;
}

Figure plain_figure(const IndicatorSpec& spec, const Heap& heap) {
  const auto number = [](std::int64_t n) {
    return Figure{Number{n * kMicros}, std::nullopt, std::nullopt, false};
  };
  switch (spec.of) {
    case FigureOf::count: return count_figure(heap.tally, false);
    case FigureOf::sum: return count_figure(heap.tally, true);
    case FigureOf::mean: return ratio_figure(heap.tally.sum_micros, heap.tally.count * kMicros);
    case FigureOf::distinct:
      return number(std::ranges::count_if(heap.values,
                                          [](const auto& value) { return value.second > 0; }));
    case FigureOf::median: break;
  }
  std::vector<Bucket> buckets;
  for (const auto& [bucket, count] : heap.values)
    if (count > 0)
      buckets.push_back({static_cast<std::int32_t>(parse_integer(bucket).value_or(0)), count});
  if (buckets.empty()) return {};
  return {Number{median_of(std::move(buckets))}, std::nullopt, std::nullopt, false};
}

Figure figure_of(const IndicatorSpec& spec, const Heap& heap) {
  return withhold_small(plain_figure(spec, heap), heap.tally.count, spec.group_min);
}

std::int64_t micros_of(const IndicatorSpec& spec, const Heap& heap) {
  const Figure figure = plain_figure(spec, heap);
  return figure.value ? figure.value->micros : 0;
}

Figure ratio_of(const IndicatorSpec& ratio, const IndicatorSpec& above_spec, const Heap& above,
                const IndicatorSpec& below_spec, const Heap& below) {
  const Figure figure = ratio_figure(micros_of(above_spec, above), micros_of(below_spec, below));
  return withhold_small(figure, below.tally.count,
                        std::max(ratio.group_min, below_spec.group_min));
}

}  // namespace gewu::usecase
