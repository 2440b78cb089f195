#include "simulation/demo.h"

#include <algorithm>

#include "kernel/matter/query.h"
#include "simulation/driver.h"

namespace gewu::simulation {

using namespace gewu::kernel;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

/// Counts what there is at the end.
Status count_matters(usecase::Office& office, DemoSummary& summary) {
  const DirectoryPtr directory = office.store.directory();
  const auto source = office.store.read();
  OfferIds ids;
  const Chamber chamber{*directory, *source, office.clock.now(), ids};
  return office.store.each_matter([&](const SnapshotPtr& matter) -> Status {
    ++summary.states[matter->type->name + "." + matter->type->states[matter->state].name];
    if (matter->is_final()) return {};
    GEWU_TRY(lamp, lamp_of(chamber, matter));
    ++summary.lamps[std::string(lamp_name(lamp))];
    return {};
  });
}

}  // namespace

Instant beginning_of(const DemoPlan& plan) {
  return plan.until + -plan.behaviour.days * kDayMs;
}

Result<DemoSummary> make_demo(usecase::Office& office, ManualClock& clock, const DemoPlan& plan) {
  Chance chance(plan.seed);
  clock.set(beginning_of(plan));
  DemoSummary summary;
  GEWU_TRY(accounts, seat_everybody(office, plan.behaviour, chance, plan.password_hash));
  summary.accounts = std::move(accounts);
  Driver driver(office, clock, plan, chance, summary);
  GEWU_CHECK(driver.run());
  GEWU_CHECK(count_matters(office, summary));
  return summary;
}

}  // namespace gewu::simulation
