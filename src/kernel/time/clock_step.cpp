#include "kernel/time/clock_step.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gewu::kernel {

Result<ClockStep> parse_clock_step(std::string_view text) {
  const auto malformed = [text] {
    return refuse(ErrorCode::invalid, "step.form", {{"text", std::string(text)}});
  };
  if (text.ends_with('%')) {
    const auto percent = parse_integer(text.substr(0, text.size() - 1));
    if (!percent || *percent < 1 || *percent > 100) return malformed();
    return StepFraction{static_cast<int>(*percent)};
  }
  if (!text.starts_with('-') && !text.starts_with('+')) return malformed();
  GEWU_TRY(by, parse_limit(text.substr(1)));
  if (by.unit == LimitUnit::month || by.unit == LimitUnit::year)
    return refuse(ErrorCode::invalid, "step.unit", {{"text", std::string(text)}});
  return StepOffset{by, text[0] == '-'};
}

std::string format_clock_step(const ClockStep& step) {
  if (const auto* fraction = std::get_if<StepFraction>(&step))
    return fmt::format("{}%", fraction->percent);
  const auto& offset = std::get<StepOffset>(step);
  return (offset.is_before ? "-" : "+") + format_limit(offset.by);
}

}  // namespace gewu::kernel
