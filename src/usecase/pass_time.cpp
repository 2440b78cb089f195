#include "usecase/pass_time.h"

#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

/// More steps than this at once for one matter are a fault of its definition.
constexpr std::size_t kStepsMax = 1'000;

}  // namespace

Result<std::size_t> pass_time(Office& office, MatterId matter) {
  std::size_t events = 0;
  for (std::size_t step = 0; step < kStepsMax; ++step) {
    store::CommitRequest request;
    request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
      const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
      GEWU_TRY(decision, kernel::pass_time(chamber, matter));
      store::Writing writing;
      writing.decision = std::move(decision);
      return writing;
    };
    GEWU_TRY(committed, office.store.commit(std::move(request)));
    if (committed.events.empty()) return events;
    events += committed.events.size();
    settle_ripples(office, committed.ripples, matter);
  }
  return refuse(ErrorCode::internal, "time.endless", {{"matter", std::to_string(matter.value)}});
}

Result<TimePassed> pass_all_time(Office& office, std::size_t matters_max) {
  TimePassed passed;
  GEWU_TRY(due, office.store.find_due(office.clock.now(), matters_max + 1));
  passed.more = due.size() > matters_max;
  if (passed.more) due.pop_back();
  for (const MatterId matter : due) {
    const auto events = pass_time(office, matter);
    if (events) {
      passed.events += *events;
    } else if (events.error().code == ErrorCode::unavailable) {
      return std::unexpected(events.error());
    } else {
      passed.failed.emplace_back(matter, events.error());
    }
  }
  return passed;
}

}  // namespace gewu::usecase
