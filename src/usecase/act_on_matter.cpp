#include "usecase/act_on_matter.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/matter/query.h"
#include "usecase/answer_link.h"
#include "usecase/draw_unseals.h"
#include "usecase/given_values.h"
#include "usecase/keep_file.h"
#include "usecase/kept_refusal.h"
#include "usecase/read_log.h"
#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kUnseal = "unseal";
constexpr const char* kAskContact = "ask_contact";

/// Values whose form is wrong tell a stranger that the matter is there: sight comes first.
Error hide(const Error& error, const Chamber& chamber, const SnapshotPtr& matter,
           const Actor& actor) {
  const auto seen = see_matter(chamber, matter, actor);
  if (seen && *seen) return error;
  return {ErrorCode::not_found, "not_found", {}, {}};
}

/// The request with every file that it names checked against the shelf.
Result<ActRequest> settled_request(Office& office, const MatterAction& action,
                                   const Chamber& chamber) {
  GEWU_TRY(act, act_request_of(action, chamber));
  const SnapshotPtr matter = chamber.source.load(action.matter);
  if (!matter) return refuse(ErrorCode::not_found, "not_found");
  const auto settled = settle_files(office, *matter->type, action.action, act.values);
  if (!settled) return std::unexpected(hide(settled.error(), chamber, matter, act.actor));
  return act;
}

/// A refusal by a rule that a post met is a result of its own (engine.md 5).
void keep_refusal(Office& office, const MatterAction& action, const Error& error) {
  const Instant now = office.clock.now();
  const auto actor = actor_of(action.caller, *office.store.directory(), now);
  if (!actor) return;
  const auto key = next_refusal(
      office, fmt::format("{}.{}.{}", actor->post.value, action.matter.value, action.action), now);
  if (!key) return;
  store::CommitRequest request;
  request.request = *key;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
    GEWU_TRY(act, settled_request(office, action, chamber));
    GEWU_TRY(decision, kept_refusal_event(chamber, act, error));
    // Nothing to keep leaves no request behind either: an error undoes the turn.
    if (decision.steps.empty()) return refuse(ErrorCode::conflict, "refusal.known");
    store::Writing writing;
    writing.decision = std::move(decision);
    return writing;
  };
  // The answer is the refusal itself, whether or not it could be kept.
  if (const auto kept = office.store.commit(std::move(request)))
    settle_ripples(office, kept->ripples, action.matter);
}

/// One action on its way through the store.
struct Attempt {
  Office& office;
  const MatterAction& action;
  ActionTaken taken;
  bool keeps_refusal = false;

  Result<store::Writing> decide(const store::Turn& turn) {
    const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
    // Inside the turn: of two that hold the same link one finds it used.
    if (action.link) {
      const auto link = turn.answer_link(*action.link);
      if (!link || link->matter != action.matter || link->action != action.action)
        return refuse(ErrorCode::not_found, "answer_link.unknown");
      GEWU_CHECK(check_answer_link(*link, turn.now));
    }
    GEWU_TRY(act, settled_request(office, action, chamber));
    auto decision = kernel::act_on_matter(chamber, act);
    if (!decision) {
      const SnapshotPtr matter = turn.source.load(action.matter);
      keeps_refusal = is_kept_refusal(*matter->type, action.action, decision.error());
      return std::unexpected(std::move(decision).error());
    }
    store::Writing writing;
    taken.shows_sealed = decision->shows_sealed;
    writing.decision = std::move(*decision);
    writing.used_link = action.link;
    return writing;
  }

  /// What came of it, after the matter's own follow-ups.
  Result<ActionTaken> settle(Result<store::Committed> committed) {
    if (!committed) {
      if (keeps_refusal) keep_refusal(office, action, committed.error());
      return std::unexpected(std::move(committed).error());
    }
    taken.repeated = committed->repeated;
    settle_ripples(office, committed->ripples, action.matter);
    taken.matter = office.store.read()->load(action.matter);
    if (!taken.matter) return refuse(ErrorCode::unavailable, "store.sqlite");
    taken.events = std::move(committed->events);
    return std::move(taken);
  }
};

/// The request for the store; it refers to the attempt.
Result<store::CommitRequest> request_of(Attempt& attempt) {
  store::CommitRequest request;
  GEWU_TRY(key, key_of(attempt.action.request, attempt.action.caller));
  request.request = std::move(key);
  request.decide = [&attempt](const store::Turn& turn) { return attempt.decide(turn); };
  return request;
}

}  // namespace

bool is_measured_by(Office& office, MatterId matter, std::string_view action) {
  const SnapshotPtr snapshot = office.store.read()->load(matter);
  const ActionSpec* spec = snapshot ? snapshot->type->find_action(action) : nullptr;
  if (spec == nullptr) return false;
  switch (spec->stage) {
    case Stage::verify:
    case Stage::follow_up:
    case Stage::rate:
    case Stage::close: return true;
    case Stage::collect:
    case Stage::receive:
    case Stage::dispatch:
    case Stage::report_in:
    case Stage::handle:
    case Stage::other: return spec->reopens;
  }
  return false;
}

Result<ActRequest> act_request_of(const MatterAction& action, const Chamber& chamber) {
  ActRequest act;
  act.matter = action.matter;
  act.action = action.action;
  act.version = action.version;
  act.arrival.sent = action.sent;
  GEWU_TRY(actor, actor_of(action.caller, chamber.directory, chamber.now));
  act.actor = std::move(actor);
  const SnapshotPtr matter = chamber.source.load(action.matter);
  if (!matter) return refuse(ErrorCode::not_found, "not_found");
  auto values = take_values(action.values, *matter->type, action.action, chamber.directory);
  if (!values) return std::unexpected(hide(values.error(), chamber, matter, act.actor));
  act.values = std::move(*values);
  return act;
}

namespace {

/// The step that opens sealed values: at most so many a day, and each is in the log of reads.
Result<ActionTaken> unseal(Office& office, const MatterAction& action) {
  GEWU_TRY(ticket, UnsealTicket::take(office, action.caller, action.matter));
  Attempt attempt{office, action, {}, false};
  auto request = request_of(attempt);
  auto taken = request ? attempt.settle(office.store.commit(std::move(*request)))
                       : Result<ActionTaken>(std::unexpected(request.error()));
  if (!taken || taken->repeated) GEWU_CHECK(ticket.give_back());
  if (!taken) return taken;
  const ReadRoom room(office);
  GEWU_TRY(actor, actor_of(action.caller, *room.directory(), room.now()));
  GEWU_TRY(row, room.row(taken->matter, actor));
  if (row)
    GEWU_CHECK(note_seen(office, room, action.caller, row->seen, store::ReadKind::unseal));
  if (!taken->repeated) GEWU_CHECK(draw_unseal(office, *taken));
  return taken;
}

}  // namespace

Result<ActionTaken> act_on_matter(Office& office, const MatterAction& action) {
  if (action.action == kUnseal && action.caller.account.has_value())
    return unseal(office, action);
  // Nobody would ever get the link that is asked for.
  if (action.action == kAskContact && !office.sends_messages)
    return refuse(ErrorCode::conflict, "contact.no_messages");
  Attempt attempt{office, action, {}, false};
  GEWU_TRY(request, request_of(attempt));
  return attempt.settle(office.store.commit(std::move(request)));
}

Result<std::vector<Result<ActionTaken>>> act_on_matters(
    Office& office, const std::vector<MatterAction>& actions) {
  if (actions.size() > kActionsAtOnceMax)
    return refuse(ErrorCode::too_many, "bulk.rows",
                  {{"max", std::to_string(kActionsAtOnceMax)}});
  std::vector<Attempt> attempts;
  attempts.reserve(actions.size());  // requests refer to them
  for (const MatterAction& action : actions) attempts.push_back({office, action, {}, false});
  std::vector<store::CommitRequest> requests;
  std::vector<std::optional<Error>> refused(actions.size());
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    // One at a time, each with its reason.
    if (actions[i].action == kUnseal) {
      refused[i] = Error{ErrorCode::invalid, "bulk.unseal", {}, {}};
      continue;
    }
    auto request = request_of(attempts[i]);
    if (request) requests.push_back(std::move(*request));
    else refused[i] = request.error();
  }
  auto committed = office.store.commit_all(std::move(requests));
  std::vector<Result<ActionTaken>> results;
  std::size_t next = 0;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    if (refused[i]) results.push_back(std::unexpected(std::move(*refused[i])));
    else results.push_back(attempts[i].settle(std::move(committed[next++])));
  }
  return results;
}

}  // namespace gewu::usecase
