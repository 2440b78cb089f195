#include "kernel/time/pauses.h"

#include <algorithm>
#include <limits>

#include "base/spans.h"

namespace gewu::kernel {
namespace {


std::vector<Interval> unite(const std::vector<Pause>& pauses, Instant start) {
  std::vector<Interval> sorted, united;
  for (const Pause& pause : pauses) {
    const Interval interval{std::max(pause.from, start), pause.to.value_or(kForever)};
    if (interval.from < interval.to) sorted.push_back(interval);
  }
  std::ranges::sort(sorted, {}, &Interval::from);
  for (const Interval& interval : sorted) {
    if (!united.empty() && interval.from <= united.back().to)
      united.back().to = std::max(united.back().to, interval.to);
    else
      united.push_back(interval);
  }
  return united;
}

/// Cuts a pause where it has taken out `allowed` milliseconds; returns what it took.
std::int64_t cut_minutes(Interval& pause, std::int64_t allowed, Measure measure,
                         const Calendar& calendar) {
  const bool working = measure == Measure::minute_working;
  if (pause.to != kForever) {
    const std::int64_t took = working ? working_ms(calendar, pause.from, pause.to)
                                      : elapsed_ms(pause.from, pause.to);
    if (took <= allowed) return took;
  }
  pause.to = *(working ? add_working(calendar, pause.from, allowed, {})
                       : add_elapsed(pause.from, allowed, {}))
                  .end;
  return allowed;
}

/// The same in days: each counted day after `start_day` whose close lies in the pause. It is over
/// right after the last close that it may take.
std::int64_t cut_days(Interval& pause, std::int64_t allowed, Measure measure, Date start_day,
                      const Calendar& calendar) {
  std::int64_t took = 0;
  // 24:00 of the day before is an instant of the day in which the pause begins.
  Date day{calendar.zone().local_date(pause.from).days - 1};
  for (day = std::max(day, Date{start_day.days + 1});; ++day.days) {
    if (!is_counted_day(calendar, day, measure)) continue;
    const Instant close = close_of_day(calendar, day, measure);
    if (close < pause.from) continue;
    if (close >= pause.to) return took;
    if (++took == allowed) {
      pause.to = std::min(pause.to, close + 1);
      return took;
    }
  }
}

}  // namespace

std::vector<Interval> effective_pauses(const ClockInputs& inputs, Measure measure,
                                       const Calendar& calendar) {
  std::vector<Interval> pauses;
  if (inputs.pauses.empty()) return pauses;
  pauses = unite(inputs.pauses, inputs.start);
  if (!inputs.caps.most && !inputs.caps.total) return pauses;

  const std::int64_t unit = counts_days(measure) ? 1 : kMsPerMinute;
  constexpr auto kUnbounded = std::numeric_limits<std::int64_t>::max();
  const std::int64_t most = inputs.caps.most ? *inputs.caps.most * unit : kUnbounded;
  std::int64_t total = inputs.caps.total ? *inputs.caps.total * unit : most;
  const Date start_day = calendar.zone().local_date(inputs.start);
  for (Interval& pause : pauses) {
    const std::int64_t allowed = std::min(most, total);
    if (allowed == 0) {
      pause.to = pause.from;
      continue;
    }
    total -= counts_days(measure) ? cut_days(pause, allowed, measure, start_day, calendar)
                                  : cut_minutes(pause, allowed, measure, calendar);
  }
  std::erase_if(pauses, [](const Interval& pause) { return pause.to <= pause.from; });
  return pauses;
}

}  // namespace gewu::kernel
