#include "usecase/canaries.h"

#include <algorithm>
#include <map>

#include "base/spans.h"
#include "kernel/matter/canary.h"
#include "security/token.h"
#include "store/log_book.h"
#include "usecase/administrators.h"
#include "usecase/submit_matter.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kRead = "canary_read";
/// Each is looked for every few seconds; more would not be looked at by anybody.
constexpr std::size_t kCanariesMost = 200;

/// As a resident without account would send it.
Result<OpenRequest> request_of(Office& office, const WantedCanary& wanted,
                               const Directory& directory, Instant now) {
  Submission submission;
  submission.type = wanted.type;
  submission.locality = wanted.locality;
  submission.values = wanted.values;
  return settled_request(office, submission, directory, now);
}

Result<CanaryView> view_of(Office& office, DossierSource& source,
                           const store::Canary& canary) {
  CanaryView view;
  view.id = canary.id;
  view.at = canary.at;
  view.matter = source.load(canary.matter);
  GEWU_TRY(account, office.store.find_account(canary.account));
  if (account) {
    view.login = account->login;
    view.name = account->display_name;
  }
  return view;
}

bool is_open_to_residents(const Type& type) {
  return std::ranges::any_of(type.actions, [](const ActionSpec& action) {
    return action.opens && !action.is_auto &&
           std::ranges::any_of(action.by, [](const Audience& audience) {
             return audience.kind == Audience::Kind::everyone;
           });
  });
}

bool has_contact(const Type& type) {
  return std::ranges::any_of(
      type.fields, [](const FieldSpec& field) { return field.kind == FieldKind::contact; });
}

Instant start_of(const Directory& directory, const store::CanaryRead& read) {
  const Locality* place = directory.find_locality(read.locality);
  return place != nullptr && place->calendar ? place->calendar->zone().to_instant(read.day)
                                             : Instant{read.day.days * kMsPerDay};
}

}  // namespace

Result<CanaryView> plant_canary(Office& office, const SignedInCaller& by,
                                const WantedCanary& wanted) {
  GEWU_CHECK(check_duty(office, by, {Duty::security}));
  GEWU_TRY(known, office.store.log_book().find_canaries());
  if (known.size() >= kCanariesMost)
    return refuse(ErrorCode::too_many, "canary.most", {{"max", std::to_string(kCanariesMost)}});
  // Its author's code is told to nobody. The request has no key: a row of it would name the account.
  const auto code = security::issue_receipt_code(office.random);
  store::CommitRequest request;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    GEWU_TRY(open, request_of(office, wanted, turn.directory, turn.now));
    const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
    GEWU_TRY(decision, open_canary(chamber, open, wanted.state));
    store::Writing writing;
    const auto& opening = decision.steps.front().event.opening;
    if (opening && opening->has_receipt) writing.receipt = code.stored;
    writing.decision = std::move(decision);
    writing.canary_of = by.caller.account;
    return writing;
  };
  GEWU_TRY(committed, office.store.commit(std::move(request)));
  GEWU_TRY(canaries, office.store.log_book().find_canaries());
  const auto planted = std::ranges::find(canaries, committed.events.front().matter,
                                         &store::Canary::matter);
  if (planted == canaries.end()) return refuse(ErrorCode::internal, "internal");
  const auto source = office.store.read();
  return view_of(office, *source, *planted);
}

Result<CanaryList> list_canaries(Office& office, const SignedInCaller& by) {
  GEWU_CHECK(check_duty(office, by, {Duty::security}));
  GEWU_TRY(canaries, office.store.log_book().find_canaries());
  CanaryList list;
  list.directory = directory_of(office);
  const auto source = office.store.read();
  for (auto canary = canaries.rbegin(); canary != canaries.rend(); ++canary) {
    GEWU_TRY(view, view_of(office, *source, *canary));
    list.canaries.push_back(std::move(view));
  }
  return list;
}

Result<std::vector<CanaryChoice>> list_canary_choices(Office& office, const SignedInCaller& by) {
  GEWU_CHECK(check_duty(office, by, {Duty::security}));
  std::map<Name, CanaryChoice> choices;
  for (const auto& [place, locality] : directory_of(office)->localities)
    for (const auto& [name, type] : locality->types) {
      if (!is_open_to_residents(*type) || !has_contact(*type)) continue;
      CanaryChoice choice{type, {}};
      for (std::size_t state = 0; state < type->states.size(); ++state)
        if (may_be_canary(*type, state)) choice.states.push_back(state);
      if (!choice.states.empty()) choices.try_emplace(name, std::move(choice));
    }
  std::vector<CanaryChoice> list;
  for (auto& [name, choice] : choices) list.push_back(std::move(choice));
  return list;
}

Status watch_canaries(Office& office, std::int64_t after) {
  store::LogBook& book = office.store.log_book();
  GEWU_TRY(reads, book.find_canary_reads(after));
  if (reads.empty()) return {};
  const DirectoryPtr directory = directory_of(office);
  const Instant now = office.clock.now();
  const std::vector<PostId> told = audit_posts(*directory, now);
  for (const store::CanaryRead& read : reads) {
    GEWU_TRY(account, office.store.find_account(read.account));
    store::AuditRecord alarm;
    alarm.at = now;
    alarm.event = kRead;
    alarm.account = read.account;
    alarm.source = "server";
    alarm.subject = account ? account->login : std::string();
    // Its number in the security administrator's list: whoever audits learns that it was one, and
    // not which matter it is.
    alarm.key = "canary=" + std::to_string(read.canary);
    GEWU_TRY(raised, book.raise(std::move(alarm), start_of(*directory, read), told,
                                store::AlarmAlike::key));
    static_cast<void>(raised);
  }
  return {};
}

}  // namespace gewu::usecase
