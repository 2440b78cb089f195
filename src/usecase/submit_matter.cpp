#include "usecase/submit_matter.h"

#include <fmt/format.h>

#include <ranges>

#include "base/limits.h"
#include "kernel/matter/refused_opening.h"
#include "security/token.h"
#include "usecase/given_values.h"
#include "usecase/keep_file.h"
#include "usecase/kept_refusal.h"
#include "usecase/passing_ids.h"
#include "usecase/prove.h"
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

}  // namespace

Result<OpenRequest> open_request_of(const Submission& submission, const Directory& directory,
                                    Instant now) {
  GEWU_TRY(actor, actor_of(submission.caller, directory, now));
  OpenRequest open;
  open.type = submission.type;
  open.action = submission.action;
  open.actor = std::move(actor);
  open.locality = submission.locality;
  open.arrival.sent = submission.sent;
  GEWU_TRY(values, read_submission(submission, directory, now));
  open.values = std::move(values);
  return open;
}

Result<OpenRequest> settled_request(Office& office, const Submission& submission,
                                    const Directory& directory, Instant now) {
  GEWU_TRY(open, open_request_of(submission, directory, now));
  for (const auto& [name, locality] : directory.localities)
    if (const TypePtr type = locality->find_type(open.type)) {
      GEWU_CHECK(settle_files(office, *type, open.action, open.values));
      break;
    }
  return open;
}

namespace {

/// The event as it would be kept now; nothing when the refusal is none that is kept.
std::optional<Event> refusal_of(Office& office, const Submission& submission, const Error& error) {
  const DirectoryPtr directory = office.store.directory();
  const auto source = office.store.read();
  const Instant now = office.clock.now();
  PassingIds ids;
  const auto open = settled_request(office, submission, *directory, now);
  if (!open) return std::nullopt;
  auto decision = refused_opening_event({*directory, *source, now, ids}, *open, error);
  if (!decision || decision->steps.empty()) return std::nullopt;
  return std::move(decision->steps.front().event);
}

/// An opening that a rule refused to a post is a result of its own, at most one an hour for its
/// post, action, rule and place (engine.md 5).
void keep_refusal(Office& office, const Submission& submission, const Error& error) {
  if (!submission.caller.account.has_value() || !error.key.starts_with(submission.type + "."))
    return;
  const auto refused = refusal_of(office, submission, error);
  if (!refused) return;
  const auto key = next_refusal(
      office,
      fmt::format("{}.{}.{}", refused->actor.post.value, error.key,
                  refused->change.territory.value_or("")),
      refused->at);
  if (!key) return;
  store::CommitRequest request;
  request.request = *key;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    GEWU_TRY(open, settled_request(office, submission, turn.directory, turn.now));
    const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
    GEWU_TRY(decision, refused_opening_event(chamber, open, error));
    if (decision.steps.empty()) return refuse(ErrorCode::conflict, "refusal.known");
    store::Writing writing;
    writing.decision = std::move(decision);
    return writing;
  };
  // The answer is the refusal itself, whether or not it could be kept.
  static_cast<void>(office.store.commit(std::move(request)));
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

/// One submission on its way through the store.
struct Attempt {
  Office& office;
  const Submission& submission;
  security::IssuedToken code;

  Result<store::Writing> decide(const store::Turn& turn) const {
    GEWU_TRY(open, settled_request(office, submission, turn.directory, turn.now));
    const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
    GEWU_TRY(decision, open_matter(chamber, open));
    store::Writing writing;
    const auto& opening = decision.steps.front().event.opening;
    if (opening && opening->has_receipt) writing.receipt = code.stored;
    writing.decision = std::move(decision);
    return writing;
  }

  /// What came of it, after the matter's own follow-ups.
  Result<Submitted> settle(Result<store::Committed> committed) const {
    if (!committed) {
      keep_refusal(office, submission, committed.error());
      return std::unexpected(std::move(committed).error());
    }
    Submitted submitted;
    submitted.repeated = committed->repeated;
    if (committed->events.empty()) return refuse(ErrorCode::conflict, "request.reused");
    const Event& event = committed->events.front();
    if (event.opening && event.opening->has_receipt) {
      submitted.receipt = code.text;
      if (committed->repeated) {
        GEWU_TRY(renewed, renew_receipt(office, event.matter));
        submitted.receipt = std::move(renewed);
      }
    }
    const MatterId id = event.matter;
    if (committed->repeated) {
      GEWU_TRY(line, find_line(office, event.id));
      submitted.line = std::move(line);
    } else {
      submitted.line = std::move(committed->lines.front());
    }
    settle_ripples(office, committed->ripples, id);
    if (committed->repeated || !committed->ripples.empty())
      submitted.matter = office.store.read()->load(id);
    for (const SnapshotPtr& after : committed->after | std::views::reverse)
      if (!submitted.matter && after->id == id) submitted.matter = after;
    submitted.events = std::move(committed->events);
    return submitted;
  }
};

/// The request for the store; it refers to the attempt.
Result<store::CommitRequest> request_of(const Attempt& attempt) {
  store::CommitRequest request;
  GEWU_TRY(key, key_of(attempt.submission.request, attempt.submission.caller));
  request.request = std::move(key);
  request.decide = [&attempt](const store::Turn& turn) { return attempt.decide(turn); };
  return request;
}

}  // namespace

Result<Submitted> submit_matter(Office& office, const Submission& submission) {
  const Attempt attempt{office, submission, security::issue_receipt_code(office.random)};
  GEWU_TRY(request, request_of(attempt));
  return attempt.settle(office.store.commit(std::move(request)));
}

Result<std::vector<Result<Submitted>>> submit_matters(Office& office,
                                                      const std::vector<Submission>& submissions) {
  if (submissions.size() > kLimits.opened_max)
    return refuse(ErrorCode::too_many, "bulk.rows",
                  {{"max", std::to_string(kLimits.opened_max)}});
  std::vector<Attempt> attempts;
  attempts.reserve(submissions.size());  // requests refer to them
  std::vector<store::CommitRequest> requests;
  std::vector<std::optional<Error>> refused(submissions.size());
  for (std::size_t i = 0; i < submissions.size(); ++i) {
    attempts.push_back({office, submissions[i], security::issue_receipt_code(office.random)});
    auto request = request_of(attempts.back());
    if (request) requests.push_back(std::move(*request));
    else refused[i] = request.error();
  }
  auto committed = office.store.commit_all(std::move(requests));
  std::vector<Result<Submitted>> results;
  std::size_t next = 0;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    if (refused[i]) results.push_back(std::unexpected(std::move(*refused[i])));
    else results.push_back(attempts[i].settle(std::move(committed[next++])));
  }
  return results;
}

}  // namespace gewu::usecase
