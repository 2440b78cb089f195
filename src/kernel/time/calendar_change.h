#pragma once

#include <vector>

#include "kernel/time/calendar.h"

namespace gewu::kernel {

/// Days of [from, to] that were dated, unlike their weekday, and that another text of the calendar
/// gives other hours: days may be added to a calendar, never silently edited (deadlines.md 1).
std::vector<Date> edited_days(const Calendar& before, const Calendar& after, Date from, Date to);

}  // namespace gewu::kernel
