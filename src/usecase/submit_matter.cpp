#include "usecase/submit_matter.h"

#include "security/token.h"
#include "usecase/given_values.h"
#include "usecase/read_me.h"
#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

/// Values are read by the type of the locality that the request means; where it does not say, by
/// the first whose type takes them. Which locality it is, kernel decides by the place.
Result<std::vector<NamedValue>> read_submission(const Submission& submission,
                                                const Directory& directory, Instant now) {
  if (const auto* ready = std::get_if<std::vector<NamedValue>>(&submission.values)) return *ready;
  std::vector<const Locality*> candidates;
  if (auto meant = choose_locality(directory, submission.caller, now, submission.locality))
    candidates.push_back(*meant);
  if (submission.locality.empty())
    for (const auto& [name, locality] : directory.localities)
      if (candidates.empty() || locality.get() != candidates.front())
        candidates.push_back(locality.get());
  std::optional<Error> first;
  for (const Locality* locality : candidates) {
    const TypePtr type = locality->find_type(submission.type);
    if (!type) continue;
    auto values = take_values(submission.values, *type, submission.action, directory);
    if (values) return values;
    if (!first) first = std::move(values).error();
  }
  if (first) return std::unexpected(std::move(*first));
  return std::vector<NamedValue>{};  // an unknown type: kernel says so
}

/// A new code in place of one that may never have arrived.
Result<std::string> renew_receipt(Office& office, MatterId matter) {
  const auto code = security::issue_receipt_code(office.random);
  store::CommitRequest request;
  request.decide = [&](const store::Turn&) -> Result<store::Writing> {
    store::Writing writing;
    writing.receipt_again = {matter, code.stored};
    return writing;
  };
  GEWU_TRY(committed, office.store.commit(std::move(request)));
  static_cast<void>(committed);
  return code.text;
}

}  // namespace

Result<Submitted> submit_matter(Office& office, const Submission& submission) {
  const auto code = security::issue_receipt_code(office.random);
  store::CommitRequest request;
  GEWU_TRY(key, key_of(submission.request, submission.caller));
  request.request = std::move(key);
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    GEWU_TRY(actor, actor_of(submission.caller, turn.directory, turn.now));
    OpenRequest open;
    open.type = submission.type;
    open.action = submission.action;
    open.actor = std::move(actor);
    open.locality = submission.locality;
    open.arrival.sent = submission.sent;
    GEWU_TRY(values, read_submission(submission, turn.directory, turn.now));
    open.values = std::move(values);
    const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
    GEWU_TRY(decision, open_matter(chamber, open));
    store::Writing writing;
    const auto& opening = decision.steps.front().event.opening;
    if (opening && opening->has_receipt) writing.receipt = code.stored;
    writing.decision = std::move(decision);
    return writing;
  };
  GEWU_TRY(committed, office.store.commit(std::move(request)));
  Submitted submitted;
  submitted.repeated = committed.repeated;
  if (committed.events.empty()) return refuse(ErrorCode::conflict, "request.reused");
  const Event& event = committed.events.front();
  if (event.opening && event.opening->has_receipt) {
    submitted.receipt = code.text;
    if (committed.repeated) {
      GEWU_TRY(renewed, renew_receipt(office, event.matter));
      submitted.receipt = std::move(renewed);
    }
  }
  const MatterId id = event.matter;
  settle_ripples(office, committed.ripple_rows, id);
  submitted.matter = office.store.read()->load(id);
  if (!submitted.matter) submitted.matter = committed.after.front();
  submitted.events = std::move(committed.events);
  return submitted;
}

}  // namespace gewu::usecase
