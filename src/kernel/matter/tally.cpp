#include "kernel/matter/tally.h"

#include "kernel/matter/value_arithmetic.h"

namespace gewu::kernel {

Tally& Tally::operator+=(const Tally& other) {
  count += other.count;
  sum_micros += other.sum_micros;
  return *this;
}

Figure count_figure(const Tally& tally, bool is_sum) {
  Figure figure;
  if (is_sum) {
    figure.value = Number{tally.sum_micros};
    return figure;
  }
  if (const auto micros = narrow(Wide{tally.count} * kMicros)) figure.value = Number{*micros};
  return figure;
}

Figure ratio_figure(std::int64_t numerator_micros, std::int64_t denominator_micros) {
  Figure figure;
  figure.numerator = Number{numerator_micros};
  figure.denominator = Number{denominator_micros};
  if (denominator_micros == 0) return figure;
  if (const auto micros =
          narrow(divide_rounded(Wide{numerator_micros} * kMicros, denominator_micros)))
    figure.value = Number{*micros};
  return figure;
}

Figure withhold_small(Figure figure, std::int64_t counted, std::int64_t group_min) {
  if (counted == 0 || counted >= group_min) return figure;
  return {std::nullopt, std::nullopt, std::nullopt, true};
}

}  // namespace gewu::kernel
