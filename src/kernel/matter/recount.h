#pragma once

#include <string>
#include <vector>

#include "kernel/matter/decide.h"

// What a calendar notice (节假日通知) does to clocks that run (deadlines.md 1, 3): nothing else about
// a calendar moves them.

namespace gewu::kernel {

/// A running clock whose due the calendars of the chamber's directory put elsewhere.
struct MovedClock {
  Name clock;
  Instant was, now;
  /// Its due was still to come and now is past.
  bool turns_overdue = false;
  bool operator==(const MovedClock&) const = default;
};

/// Those of one matter, in the order of its clocks; a paused clock shows no due and is not among
/// them.
std::vector<MovedClock> moved_clocks(const Chamber& chamber, const Snapshot& matter);

/// The event that moves them: each from the inputs it keeps, with its first due still visible. An
/// empty Decision when the calendar changes nothing of the matter's clocks.
Result<Decision> recount_clocks(const Chamber& chamber, MatterId matter, const Actor& actor);

}  // namespace gewu::kernel
