#include "simulation/demo.h"

#include <algorithm>

#include "base/spans.h"
#include "kernel/matter/query.h"
#include "simulation/driver.h"
#include "simulation/glance.h"

namespace gewu::simulation {

using namespace gewu::kernel;

namespace {

/// Counts what there is at the end.
Status count_lamps(usecase::Office& office, DemoSummary& summary) {
  const DirectoryPtr directory = office.store.directory();
  const auto source = office.store.read();
  OfferIds ids;
  const Chamber chamber{*directory, *source, office.clock.now(), ids};
  return office.store.each_matter([&](const SnapshotPtr& matter) -> Status {
    ++summary.states[state_of(*matter)];
    if (matter->is_final()) return {};
    GEWU_TRY(lamp, lamp_of(chamber, matter));
    ++summary.lamps[std::string(lamp_name(lamp))];
    return {};
  });
}

}  // namespace

Instant beginning_of(const DemoPlan& plan) {
  return plan.until + -plan.behaviour.days * kMsPerDay;
}

Result<DemoSummary> make_demo(usecase::Office& office, ManualClock& clock, const DemoPlan& plan) {
  Chance chance(plan.seed);
  clock.set(beginning_of(plan));
  DemoSummary summary;
  GEWU_TRY(accounts, seat_everybody(office, plan.behaviour, chance, plan.password_hash));
  summary.accounts = std::move(accounts);
  Driver driver(office, clock, plan, chance, summary);
  GEWU_CHECK(driver.run());
  GEWU_CHECK(count_lamps(office, summary));
  return summary;
}

}  // namespace gewu::simulation
