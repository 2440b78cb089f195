#include "usecase/work_ripples.h"

#include <deque>
#include <iterator>

#include "kernel/matter/decide.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::int64_t kReplyWaitsMs = 2'000;

bool is_outer(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::internal;
}

/// Works those that wait and what comes of them while `go_on` says so.
template <typename GoOn>
Result<std::size_t> work_all(Office& office, std::deque<store::PendingRipple> waiting, GoOn go_on) {
  std::size_t settled = 0;
  while (!waiting.empty() && go_on()) {
    const store::PendingRipple pending = std::move(waiting.front());
    waiting.pop_front();
    GEWU_TRY(committed, office.store.commit(ripple_request(pending)));
    if (!committed.events.empty()) ++settled;
    waiting.insert(waiting.end(), std::make_move_iterator(committed.ripples.begin()),
                   std::make_move_iterator(committed.ripples.end()));
  }
  return settled;
}

}  // namespace

Result<std::size_t> work_ripples(Office& office, std::vector<store::PendingRipple> waiting) {
  return work_all(office, {std::make_move_iterator(waiting.begin()),
                           std::make_move_iterator(waiting.end())},
                  [] { return true; });
}

store::CommitRequest ripple_request(const store::PendingRipple& pending,
                                    std::optional<Instant> imported_at,
                                    const std::string& source) {
  store::CommitRequest request;
  request.decide = [pending, imported_at, source](const store::Turn& turn)
      -> Result<store::Writing> {
    store::Writing writing;
    if (!turn.ripple_waits(pending.row)) return writing;  // another one was quicker
    const Chamber chamber{turn.directory, turn.source, imported_at.value_or(turn.now), turn.ids};
    auto decision = follow_up(chamber, pending.ripple);
    if (!decision && !is_outer(decision.error())) {
      auto refusal = refused_effect_event(chamber, pending.ripple, decision.error());
      decision = std::move(refusal);
    }
    if (!decision && decision.error().code == ErrorCode::internal)
      writing.ripple_rows_stopped.emplace_back(pending.row, decision.error().key);
    else if (!decision)
      return std::unexpected(std::move(decision).error());
    else
      writing.ripple_rows_done.push_back(pending.row);
    if (decision && imported_at) mark_imported(*decision, turn.now, source);
    if (decision) writing.decision = std::move(*decision);
    return writing;
  };
  return request;
}

void mark_imported(Decision& decision, Instant recorded, const std::string& source) {
  for (Step& step : decision.steps) {
    step.event.recorded = recorded;
    step.event.source = source;
  }
}

void settle_ripples(Office& office, const std::vector<store::PendingRipple>& ripples,
                    MatterId matter) {
  if (ripples.empty()) return;
  const Instant latest = office.clock.now() + kReplyWaitsMs;
  // Those of the matter itself first: the reply waits for them. What is left, or met a storage
  // that does not answer, stays in the table and is taken by the job.
  std::deque<store::PendingRipple> own, others;
  for (const store::PendingRipple& pending : ripples)
    (pending.ripple.target == matter ? own : others).push_back(pending);
  own.insert(own.end(), std::make_move_iterator(others.begin()),
             std::make_move_iterator(others.end()));
  static_cast<void>(
      work_all(office, std::move(own), [&] { return office.clock.now() <= latest; }));
}

Result<std::size_t> work_old_ripples(Office& office, Instant older_than, std::size_t rows_max) {
  GEWU_TRY(pending, office.store.read_ripples(older_than, rows_max));
  return work_ripples(office, std::move(pending));
}

}  // namespace gewu::usecase
