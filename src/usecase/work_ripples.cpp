#include "usecase/work_ripples.h"

#include <deque>

#include "kernel/matter/decide.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::int64_t kReplyWaitsMs = 2'000;

bool is_outer(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::internal;
}

/// Works rows and what comes of them while `go_on` says so.
template <typename GoOn>
Result<std::size_t> work_all(Office& office, const std::vector<std::int64_t>& rows, GoOn go_on) {
  std::deque<std::int64_t> waiting(rows.begin(), rows.end());
  std::size_t settled = 0;
  while (!waiting.empty() && go_on()) {
    const std::int64_t row = waiting.front();
    waiting.pop_front();
    GEWU_TRY(pending, office.store.read_ripples({row}, {}, 1));
    if (pending.empty()) continue;
    GEWU_TRY(committed, office.store.commit(ripple_request(pending.front())));
    ++settled;
    waiting.insert(waiting.end(), committed.ripple_rows.begin(), committed.ripple_rows.end());
  }
  return settled;
}

}  // namespace

Result<std::size_t> work_ripples(Office& office, const std::vector<std::int64_t>& rows) {
  return work_all(office, rows, [] { return true; });
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

void settle_ripples(Office& office, const std::vector<std::int64_t>& rows, MatterId matter) {
  if (rows.empty()) return;
  const Instant latest = office.clock.now() + kReplyWaitsMs;
  // Rows of the matter itself first: the reply waits for those. What is left, or met a storage
  // that does not answer, stays in the table and is taken by the job.
  std::vector<std::int64_t> own, others;
  const auto pending = office.store.read_ripples(rows, {}, rows.size());
  if (!pending) return;
  for (const store::PendingRipple& row : *pending)
    (row.ripple.target == matter ? own : others).push_back(row.row);
  own.insert(own.end(), others.begin(), others.end());
  static_cast<void>(work_all(office, own, [&] { return office.clock.now() <= latest; }));
}

Result<std::size_t> work_old_ripples(Office& office, Instant older_than, std::size_t rows_max) {
  GEWU_TRY(pending, office.store.read_ripples({}, older_than, rows_max));
  std::vector<std::int64_t> rows;
  for (const store::PendingRipple& row : pending) rows.push_back(row.row);
  return work_ripples(office, rows);
}

}  // namespace gewu::usecase
