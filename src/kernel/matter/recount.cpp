#include "kernel/matter/recount.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "kernel/matter/docket.h"

namespace gewu::kernel {

namespace {

constexpr std::string_view kWhole = "100%";

bool goes_on(const ClockState& clock) {
  return clock.status == ClockStatus::running || clock.status == ClockStatus::paused;
}

/// Clocks whose due is counted by a calendar from inputs; `validity`, waits and rounds are dates.
bool is_counted(const Type& type, const ClockState& clock) {
  return goes_on(clock) && (clock.name == kIdle || type.find_clock(clock.name) != nullptr);
}

void recount(const Hearing& hearing, ClockState& clock) {
  const std::vector<ClockStepState> old = clock.steps;
  settle_due(hearing, clock);
  if (clock.name != kIdle) return;
  const bool fired = !old.empty() && old.front().fired;
  clock.steps.push_back({std::string(kWhole), clock.due, fired});
}

}  // namespace

std::vector<MovedClock> moved_clocks(const Chamber& chamber, const Snapshot& matter) {
  std::vector<MovedClock> moved;
  const Locality* locality = locality_for(chamber.directory, matter);
  if (locality == nullptr) return moved;
  for (const ClockState& clock : matter.clocks) {
    if (clock.status != ClockStatus::running || !is_counted(*matter.type, clock)) continue;
    const auto due = compute(clock.inputs, *calendar_of(*locality, clock.inputs.calendar)).due;
    if (!due || *due == clock.due) continue;
    moved.push_back({.clock = clock.name,
                     .was = clock.due,
                     .now = *due,
                     .turns_overdue = chamber.now < clock.due && *due <= chamber.now});
  }
  return moved;
}

Result<Decision> recount_clocks(const Chamber& chamber, MatterId id, const Actor& actor) {
  const SnapshotPtr matter = chamber.source.load(id);
  if (!matter || matter->is_final()) return Decision{};
  Docket docket(chamber);
  GEWU_TRY(hearing, hear(docket, matter, actor, Event::Kind::calendar, "calendar", {}));
  for (ClockState& clock : hearing->draft->clocks)
    if (is_counted(*matter->type, clock)) recount(*hearing, clock);
  if (hearing->draft->clocks == matter->clocks) return Decision{};
  hearing->by_person = false;
  hearing->quiet = true;
  GEWU_CHECK(load_matter(docket, matter, {}));
  GEWU_CHECK(conclude(*hearing, {}));
  hearing.reset();
  return std::move(docket.decision);
}

}  // namespace gewu::kernel
