#pragma once

#include <vector>

#include "kernel/time/deadline.h"

namespace gewu::kernel {

/// What the pauses of a clock in this measure really take out: united, from the start on, each cut
/// where its cap is reached. In order and disjoint; the last may end at kForever.
std::vector<Interval> effective_pauses(const ClockInputs& inputs, Measure measure,
                                       const Calendar& calendar);

}  // namespace gewu::kernel
