#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "simulation/behaviour.h"
#include "simulation/people.h"
#include "usecase/office.h"

namespace gewu::simulation {

struct DemoPlan {
  Behaviour behaviour;
  std::uint64_t seed = 1;
  bool small = false;
  Instant until;               ///< now; the town begins `behaviour.days` before it
  std::string password_hash;   ///< of the one password that all accounts share
};

struct DemoSummary {
  std::vector<DemoAccount> accounts;
  std::map<std::string, std::size_t> states;    ///< "type.state" -> matters
  std::map<std::string, std::size_t> lamps;     ///< colour -> open matters
  std::map<std::string, std::size_t> actions;   ///< "type.action" -> taken by somebody
  std::map<std::string, std::size_t> refusals;  ///< key -> met
  /// Matters that time could not pass for, or follow-ups that stopped: a fault, never expected.
  std::vector<Error> faults;
  /// Of a year: of every matter's id, state, version and units; one seed, one digest.
  std::uint64_t digest = 0;
};

/// When the town of a plan begins: the clock must stand there while tables are imported.
Instant beginning_of(const DemoPlan& plan);

/// Lets a made-up town live from its beginning up to `plan.until` (演示): people open matters, take
/// what is offered to them, and clocks run. Everything goes through the use cases. `clock` is the
/// office's own and stands at `plan.until` afterwards. One seed, one town, ids apart.
/// `not_found` `demo.locality` when the office does not know the behaviour's locality.
Result<DemoSummary> make_demo(usecase::Office& office, ManualClock& clock, const DemoPlan& plan);

}  // namespace gewu::simulation
