#include "kernel/matter/heaps.h"

#include <algorithm>

#include "base/text.h"
#include "kernel/matter/book.h"
#include "kernel/matter/expression_tree.h"
#include "kernel/matter/histogram.h"

namespace gewu::kernel {

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

std::optional<std::vector<Counted>> find_parts(const Locality& locality, const Counted& counted) {
  std::vector<Counted> parts;
  for (const Name& part : counted.spec->parts) {
    const bool is_elsewhere = part.find('.') != Name::npos;
    auto found = find_counted(locality, is_elsewhere ? part : counted.type->name + "." + part);
    if (!found) return std::nullopt;
    parts.push_back(std::move(*found));
  }
  return parts;
}

bool is_at_end(const IndicatorSpec& spec) {
  return spec.head == IndicatorHead::stock || spec.at_end;
}

Heaps heap_up(const IndicatorSpec& spec, const std::vector<CountedBy>& cells,
              std::string_view dimension) {
  const auto at = std::ranges::find(spec.by, dimension,
                                    [](const auto& named) { return std::string_view(named.first); });
  const auto index = static_cast<std::size_t>(at - spec.by.begin());
  const bool keeps_values =
      spec.of == FigureOf::median || spec.of == FigureOf::distinct;
  Heaps heaps;
  if (dimension.empty()) heaps[""];
  for (const CountedBy& cell : cells) {
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

std::optional<Figure> figure_in(const Locality& locality, CellQuery query, DossierSource& source) {
  const auto counted = find_counted(locality, query.indicator);
  if (!counted) return std::nullopt;
  const auto read = [&](const Counted& part) {
    query.indicator = part.cells;
    query.at_end = is_at_end(*part.spec);
    return heap_up(*part.spec, source.cells(query), {})[""];
  };
  switch (counted->spec->head) {
    case IndicatorHead::coverage:
    case IndicatorHead::change:
      return std::nullopt;
    case IndicatorHead::ratio: {
      const auto parts = find_parts(locality, *counted);
      if (!parts || parts->size() != 2) return std::nullopt;
      const Heap above = read(parts->front()), below = read(parts->back());
      return ratio_of(*counted->spec, *parts->front().spec, above, *parts->back().spec, below);
    }
    case IndicatorHead::flow: case IndicatorHead::clock: case IndicatorHead::stock:
    case IndicatorHead::book: case IndicatorHead::cites: case IndicatorHead::refusal:
    case IndicatorHead::tally: case IndicatorHead::draw:
      break;
  }
  return figure_of(*counted->spec, read(*counted));
}

bool is_money(const Locality& locality, const Counted& counted) {
  const IndicatorSpec& spec = *counted.spec;
  if (spec.head == IndicatorHead::book) {
    const auto book = locality.books.find(spec.book);
    return book != locality.books.end() && book->second.is_money();
  }
  const bool has_value = spec.of == FigureOf::sum || spec.of == FigureOf::mean ||
                         spec.of == FigureOf::median;
  return has_value && spec.sum != nullptr && spec.sum->type().base == StaticType::Base::money;
}

}  // namespace gewu::kernel
