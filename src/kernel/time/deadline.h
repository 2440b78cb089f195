#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/time/calendar.h"
#include "kernel/time/clock_step.h"
#include "kernel/time/counting.h"
#include "kernel/time/interval.h"
#include "kernel/time/limit.h"

namespace gewu::kernel {

/// A due at a day: 24:00 of it, or with `office_close` the close of its last frame, or of the
/// workday before it.
struct DateTarget {
  Date date;
  bool office_close = false;
  bool operator==(const DateTarget&) const = default;
};

/// What a clock runs towards: a limit from its start, an instant, or a date.
using ClockTarget = std::variant<Limit, Instant, DateTarget>;

/// A pause (暂停): [from, to), without `to` while it lasts.
struct Pause {
  Instant from;
  std::optional<Instant> to;
  bool operator==(const Pause&) const = default;
};

/// How much one pause (`most`) and all together (`total`; absent: as `most`) may take out, in
/// minutes for clocks of minutes and hours, in days for clocks of days. Then the clock runs again.
struct PauseCaps {
  std::optional<std::int64_t> most, total;
  bool operator==(const PauseCaps&) const = default;
};

/// Caps of a clock whose limit has this unit. `limit.measure` when a cap is in another measure
/// (1 day_working of a clock in hours).
Result<PauseCaps> make_pause_caps(LimitUnit own, const std::optional<Limit>& most,
                                  const std::optional<Limit>& total);

/// Everything a due was computed from; stored with the clock, so that deciding and replaying do
/// the same. Pauses and extensions stand in the order in which they came; pauses have no effect on
/// instants, dates, months and years.
struct ClockInputs {
  Instant start;                        ///< of the first start, or of the last restart
  /// The earliest due of these counts. More than one only after `recompute`: the due it had may
  /// not be passed, and this keeps later pauses and notices able to move it.
  std::vector<ClockTarget> targets;
  std::string calendar;                 ///< by name; the caller looks it up
  std::vector<Pause> pauses;
  PauseCaps caps;
  std::vector<Limit> extensions;        ///< each counted from the due before it
  bool operator==(const ClockInputs&) const = default;
};

/// A due and how it came about (推算过程); a page shows it and computes nothing.
struct Derivation {
  std::optional<Instant> due;           ///< nothing while a pause lasts that no cap ends
  std::optional<Instant> first_due;     ///< without extensions
  Measure measure = Measure::minute_elapsed;
  bool provisional = false;             ///< counted workdays of a year whose notice is not in
  std::vector<Interval> counted;        ///< minutes: stretches; days: runs from 00:00 to the close
  std::vector<Interval> taken_out;      ///< by pauses: stretches, or whole days left out
  bool operator==(const Derivation&) const = default;
};

/// The due of a clock. Targets and extensions are within bounds (`check_limit`), at least one
/// target is given, `calendar` is the one that the inputs name.
Derivation compute(const ClockInputs& inputs, const Calendar& calendar);

/// What a change of a field that the clock reads does to it (deadlines.md 3.4).
enum class ClockChange { recompute, recompute_free, keep, restart };
std::string_view clock_change_name(ClockChange change);
std::optional<ClockChange> parse_clock_change(std::string_view text);

/// The inputs after such a change; compute them for the new due. `restart` drops extensions and
/// past pauses, a pause that lasts goes on from `now`.
ClockInputs change_inputs(ClockInputs inputs, ClockChange change, const ClockTarget& target,
                          Instant now);
/// A pause begins, unless one lasts.
void begin_pause(ClockInputs& inputs, Instant now);
/// The pause that lasts ends; one of no length is dropped.
void end_pause(ClockInputs& inputs, Instant now);
/// Whether a pause lasts and has not used up what it may take out.
bool is_paused(const ClockInputs& inputs, const Calendar& calendar, Instant now);

/// What is left, in the clock's own measure: minutes rounded up, or days still to be counted.
struct TimeLeft {
  std::int64_t amount = 0;
  Measure measure = Measure::minute_elapsed;
  bool operator==(const TimeLeft&) const = default;
};
/// As if a lasting pause ended now; 0 when overdue. What a paused clock shows instead of a date.
TimeLeft time_left(const ClockInputs& inputs, const Calendar& calendar, Instant now);

/// When a step of the clock falls due; nothing while the clock has no due.
std::optional<Instant> step_instant(const ClockStep& step, Instant start,
                                    const Derivation& derivation, const Calendar& calendar);

}  // namespace gewu::kernel
