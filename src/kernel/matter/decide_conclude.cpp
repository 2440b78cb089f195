#include <algorithm>
#include <utility>

#include "kernel/matter/docket.h"
#include "kernel/matter/migration.h"

// Steps 11 to 16, and the event: what changed between the matter as it was and the draft. The
// snapshot that a decision returns is the draft; apply makes the same of the event, which tests and
// `gewu check --data` compare (docs/decisions/decide.md).

namespace gewu::kernel {

namespace {

constexpr std::size_t kRecordedUsually = 8;

void record(std::vector<RecordedValue>& values, const FieldSpec& field, const Value& value) {
  if (values.empty()) values.reserve(kRecordedUsually);
  values.emplace_back(field.name, value, field.personal, field.sealed, field.key_slot);
}

template <typename T>
void differ(std::optional<T>& change, const T& before, const T& now) {
  if (!(before == now)) change = now;
}

void keep_first_start(Hearing& hearing) {
  for (ClockState& clock : hearing.draft->clocks) {
    const ClockState* old = hearing.transferred_from->find_clock(clock.name);
    if (old == nullptr || !is_deadline(clock) || clock.name == kIdle) continue;
    clock.inputs.start = old->inputs.start;
    settle_due(hearing, clock);
    clock.first_due = clock.due;
  }
}

void show_draft(Hearing& hearing) {
  move_memberships(hearing);
  hearing.docket.source.put(hearing.draft);
  hearing.docket.dossier.add(hearing.draft);
}

}  // namespace

void record_input(Hearing& hearing) {
  if (hearing.action == nullptr) return;
  for (const NamedValue& given : hearing.input) {
    const auto spec =
        std::ranges::find(hearing.action->input, given.name, &FieldSpec::name);
    if (spec != hearing.action->input.end())
      record(hearing.event.input, *spec, given.value);
  }
}

Snapshot blank_of(const Snapshot& draft) {
  Snapshot empty;
  empty.id = draft.id;
  empty.type = draft.type;
  empty.state = draft.state;
  empty.fields.resize(draft.fields.size());
  return empty;
}

void note_change(MatterChange& change, const Snapshot& before, const Snapshot& now) {
  change.matter = now.id;
  change.version = now.version;
  differ(change.state, before.state, now.state);
  for (std::size_t i = 0; i < now.fields.size(); ++i)
    if (!(before.fields[i] == now.fields[i]) && !now.fields[i].is<Erased>())
      record(change.fields, now.type->fields[i], now.fields[i]);
  differ(change.territory, before.territory, now.territory);
  differ(change.owner, before.owner, now.owner);
  differ(change.handler, before.handler, now.handler);
  differ(change.claimed_by, before.claimed_by, now.claimed_by);
  differ(change.parent, before.parent, now.parent);
  differ(change.transferred_to, before.transferred_to, now.transferred_to);
  differ(change.outcome, before.outcome, now.outcome);
  differ(change.closed_at, before.closed_at, now.closed_at);
  change.clocks.reserve(now.clocks.size());
  for (const ClockState& clock : now.clocks) {
    const ClockState* was = before.find_clock(clock.name);
    if (was == nullptr || !(*was == clock)) change.clocks.push_back(clock);
  }
}

Status conclude(Hearing& hearing, const std::vector<EffectSpec>& effects, bool anew) {
  Docket& docket = hearing.docket;
  Snapshot& draft = *hearing.draft;
  draft.version = hearing.before != nullptr ? hearing.before->version + 1 : 1;
  record_input(hearing);
  record_taken(draft, hearing.event);
  GEWU_CHECK(settle_belongs(hearing, anew));
  GEWU_CHECK(renew_values(hearing));
  GEWU_CHECK(settle_holds(hearing));
  GEWU_CHECK(settle_clocks(hearing));
  if (hearing.transferred_from != nullptr) keep_first_start(hearing);
  show_draft(hearing);
  GEWU_CHECK(remember_turns(hearing));
  GEWU_CHECK(carry_out(hearing, effects));
  GEWU_CHECK(carry_out_for_units(hearing));
  GEWU_CHECK(carry_out_for_drawn(hearing));
  if (hearing.values_stale) {
    const std::vector<Value> was = draft.fields;
    GEWU_CHECK(renew_values(hearing));
    GEWU_CHECK(follow_renewed(hearing, was));
  }

  Event& event = hearing.event;
  if (hearing.before)
    note_change(event.change, *hearing.before, draft);
  else
    note_change(event.change, blank_of(draft), draft);
  if (hearing.moved_from != nullptr) {
    event.change.moved = TypeMove{hearing.moved_from->type, hearing.type_ptr,
                                  hearing.migration->actions};
    event.change.state = draft.state;
  }
  event.change.holds = std::move(hearing.holds_now);
  GEWU_CHECK(renew_touched(hearing));
  GEWU_CHECK(count_figures(hearing));
  GEWU_CHECK(add_looks(hearing));
  Step& step = docket.decision.steps[hearing.step];
  step.event = std::move(event);
  step.after = hearing.draft;
  return {};
}

}  // namespace gewu::kernel
