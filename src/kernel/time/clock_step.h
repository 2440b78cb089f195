#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "kernel/time/limit.h"

namespace gewu::kernel {

/// A share of the counted time between start and due, rounded up to the minute: 1 to 100.
struct StepFraction {
  int percent = 100;
  bool operator==(const StepFraction&) const = default;
};

/// Before or after the due, in minutes, hours or days.
struct StepOffset {
  Limit by;
  bool is_before = false;
  bool operator==(const StepOffset&) const = default;
};

/// A step of a clock, where colours and effects act; fires once a due version.
using ClockStep = std::variant<StepFraction, StepOffset>;

/// "80%", "-1 hour_working", "+1 day_working". Errors: `step.form`, `step.unit` (month, year), and
/// those of `parse_limit`.
Result<ClockStep> parse_clock_step(std::string_view text);
std::string format_clock_step(const ClockStep& step);

}  // namespace gewu::kernel
