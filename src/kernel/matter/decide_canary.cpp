#include <algorithm>
#include <utility>

#include "kernel/matter/canary.h"
#include "kernel/matter/docket.h"

// Opening a canary: whatever counts, tells or goes on is left out of its event.

namespace gewu::kernel {

namespace {

/// Nobody holds the code of a made-up author.
bool is_authors_alone(const ActionSpec& action) {
  return !action.is_auto && std::ranges::all_of(action.by, [](const Audience& audience) {
    return audience.kind == Audience::Kind::author;
  });
}

/// The outcome that an action gives which ends there; empty: none gives one by itself.
Name outcome_of(const Hearing& hearing, std::size_t state) {
  const Type& type = hearing.type;
  for (const ActionSpec& action : type.actions) {
    if (!action.to || !action.outcome) continue;
    const auto to = evaluate(*action.to, hearing.scope());
    const Key* key = to ? to->get<Key>() : nullptr;
    if (key == nullptr || type.find_state(key->key) != state) continue;
    const auto outcome = evaluate(*action.outcome, hearing.scope());
    if (const Key* named = outcome ? outcome->get<Key>() : nullptr) return named->key;
  }
  return {};
}

bool has_contact(const Snapshot& draft) {
  for (std::size_t i = 0; i < draft.fields.size(); ++i)
    if (draft.type->fields[i].kind == FieldKind::contact && !draft.fields[i].is_missing())
      return true;
  return false;
}

/// What points to another matter stands in its sets, and may count there.
bool has_links(const Snapshot& draft) {
  return draft.parent.has_value() ||
         std::ranges::any_of(draft.fields,
                             [](const Value& value) { return !links_in(value).empty(); });
}

/// Whether somebody without a post sees it, signed in or not.
Result<bool> is_shown_to_residents(Hearing& hearing) {
  for (const Actor::Kind kind : {Actor::Kind::everyone, Actor::Kind::member}) {
    Actor resident;
    resident.kind = kind;
    GEWU_TRY(seen, is_seen(hearing.docket, hearing.draft, resident));
    if (seen) return true;
  }
  return false;
}

}  // namespace

Result<std::size_t> canary_state(const Type& type, const Name& state) {
  const auto found = type.find_state(state);
  if (!found || !type.states[*found].is_final) return refuse(ErrorCode::invalid, "canary.state");
  if (!may_be_canary(type, *found)) return refuse(ErrorCode::invalid, "canary.goes_on");
  return *found;
}

bool may_be_canary(const Type& type, std::size_t state) {
  return type.states[state].is_final &&
         std::ranges::none_of(type.actions, [&](const ActionSpec& action) {
           return is_in(action.from, state) && !is_authors_alone(action);
         });
}

void close_canary(Hearing& hearing, std::size_t state) {
  Snapshot& draft = *hearing.draft;
  draft.outcome = outcome_of(hearing, state);
  draft.state = state;
  draft.closed_at = hearing.now();
}

Status conclude_canary(Hearing& hearing) {
  Snapshot& draft = *hearing.draft;
  if (has_links(draft)) return refuse(ErrorCode::invalid, "canary.link");
  if (!has_contact(draft)) return refuse(ErrorCode::invalid, "canary.contact");
  draft.version = 1;
  record_input(hearing);
  record_taken(draft, hearing.event);
  GEWU_CHECK(settle_belongs(hearing, false));
  GEWU_CHECK(renew_values(hearing));
  GEWU_CHECK(settle_erasure(hearing));
  hearing.docket.dossier.add(hearing.draft);
  GEWU_TRY(is_public, is_shown_to_residents(hearing));
  if (is_public) return refuse(ErrorCode::invalid, "canary.public");
  note_change(hearing.event.change, blank_of(draft), draft);
  hearing.docket.decision.steps[hearing.step] = Step{std::move(hearing.event), hearing.draft};
  return {};
}

}  // namespace gewu::kernel
