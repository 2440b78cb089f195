#include "usecase/answer_link.h"

#include <algorithm>

#include "security/token.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

std::unexpected<Error> ended(const char* key) { return refuse(ErrorCode::conflict, key); }

/// What a message on a phone need not carry about: who it was, how to reach him, what he sent.
bool is_kept_back(const FieldSpec& field) {
  return field.sealed || field.kind == FieldKind::contact || field.kind == FieldKind::account ||
         field.kind == FieldKind::file;
}

}  // namespace

Status check_answer_link(const store::AnswerLink& link, Instant now) {
  if (link.ended == "used") return ended("answer_link.used");
  if (link.ended == "revoked") return ended("answer_link.revoked");
  if (!link.ended.empty()) return ended("answer_link.left");
  if (link.until <= now) return ended("answer_link.expired");
  return {};
}

Result<FoundLink> find_answer_link(Office& office, std::string_view code) {
  GEWU_TRY(hash, security::read_answer_code(code));
  GEWU_TRY(link, office.store.find_answer_link(hash));
  if (!link) return refuse(ErrorCode::not_found, "answer_link.unknown");
  FoundLink found;
  found.caller.receipt_of = link->matter;
  found.caller.by_link = true;
  found.action = link->action;
  found.code = hash;
  return found;
}

Result<AnswerQuestion> read_answer_question(Office& office, const FoundLink& link) {
  GEWU_TRY(kept, office.store.find_answer_link(link.code));
  if (!kept) return refuse(ErrorCode::not_found, "answer_link.unknown");
  GEWU_CHECK(check_answer_link(*kept, office.clock.now()));
  const MatterId matter = link.caller.receipt_of;
  GEWU_TRY(view, read_matter(office, link.caller, matter));
  std::erase_if(view.actions,
                [&](const OfferedAction& offered) { return offered.action != link.action; });
  if (view.actions.empty()) return ended("answer_link.left");
  const Type& type = *view.row.seen.matter->type;
  std::erase_if(view.row.seen.fields,
                [&](const SeenField& shown) { return is_kept_back(type.fields[shown.field]); });
  view.parts.clear();
  view.parent.reset();
  view.links.clear();
  view.duplicates.clear();
  view.near.clear();
  GEWU_TRY(timeline, read_timeline(office, link.caller, matter));
  return AnswerQuestion{std::move(view), std::move(timeline)};
}

Result<ActionTaken> answer_by_link(Office& office, const FoundLink& link, GivenValues values,
                                   std::optional<RequestStamp> request) {
  MatterAction action;
  action.caller = link.caller;
  action.matter = link.caller.receipt_of;
  action.action = link.action;
  action.values = std::move(values);
  action.request = std::move(request);
  action.link = link.code;
  return act_on_matter(office, action);
}

}  // namespace gewu::usecase
