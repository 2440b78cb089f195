#include "usecase/run_timetables.h"

#include <algorithm>
#include <iterator>

#include "base/limits.h"
#include "security/bytes.h"
#include "security/hash.h"
#include "usecase/run_draws.h"
#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kScope = "timetable";

store::CommitRequest request_for(const PlannedMatter& planned) {
  store::CommitRequest request;
  request.request = store::RequestKey{kScope, planned.key,
                                      security::sha256(security::view_of(planned.key))};
  request.decide = [&planned](const store::Turn& turn) -> Result<store::Writing> {
    const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
    GEWU_TRY(decision, open_planned(chamber, planned));
    // Nothing to open now may be something tomorrow: the request must not be remembered.
    if (decision.steps.empty()) return refuse(ErrorCode::conflict, "timetable.idle");
    store::Writing writing;
    writing.decision = std::move(decision);
    return writing;
  };
  return request;
}

}  // namespace

Result<TimetablesRun> run_timetables(Office& office, const TypeFilter& only, DrawSeeds seeds) {
  const Instant now = office.clock.now();
  const DirectoryPtr directory = office.store.directory();
  const std::unique_ptr<DossierSource> source = office.store.read();
  GEWU_TRY(planned, planned_matters(*directory, *source, now, only));
  TimetablesRun run;
  run.next = next_planned(*directory, now, only);
  std::vector<PlannedMatter> absent;
  for (PlannedMatter& matter : planned) {
    GEWU_TRY(known, office.store.find_request(kScope, matter.key));
    if (!known) absent.push_back(std::move(matter));
  }
  for (std::size_t at = 0; at < absent.size(); at += kLimits.opened_max) {
    const std::size_t end = std::min(absent.size(), at + kLimits.opened_max);
    std::vector<store::CommitRequest> requests;
    for (std::size_t i = at; i < end; ++i) requests.push_back(request_for(absent[i]));
    const auto committed = office.store.commit_all(std::move(requests));
    for (std::size_t i = at; i < end; ++i) {
      const auto& one = committed[i - at];
      if (one) {
        ++run.opened;
        settle_ripples(office, one->ripples, one->events.front().matter);
      } else if (one.error().code == ErrorCode::unavailable) {
        return std::unexpected(one.error());
      } else if (one.error().key != "timetable.idle") {
        run.failed.emplace_back(absent[i].key, one.error());
      }
    }
  }
  GEWU_TRY(draws, run_draws(office, only, seeds));
  run.opened += draws.opened;
  std::ranges::move(draws.failed, std::back_inserter(run.failed));
  if (draws.next && (!run.next || *draws.next < *run.next)) run.next = draws.next;
  return run;
}

}  // namespace gewu::usecase
