#include "kernel/matter/matter.h"

#include <algorithm>

namespace gewu::kernel {

ActorRecord record_of(const Actor& actor) {
  ActorRecord record;
  note_actor(record, actor);
  return record;
}

void note_actor(ActorRecord& record, const Actor& actor) {
  record.kind = actor.kind;
  record.post = actor.post;
  record.account = actor.account;
  record.role = actor.role;
  record.unit = actor.unit;
  record.organisation = actor.organisation;
  record.by_link = actor.by_link;
}

const char* to_text(ClockStatus status) {
  switch (status) {
    case ClockStatus::running: return "running";
    case ClockStatus::paused: return "paused";
    case ClockStatus::met: return "met";
    case ClockStatus::missed: return "missed";
    case ClockStatus::voided: return "void";
  }
  return "";
}

const char* to_text(Actor::Kind kind) {
  switch (kind) {
    case Actor::Kind::post: return "post";
    case Actor::Kind::member: return "member";
    case Actor::Kind::author: return "author";
    case Actor::Kind::everyone: return "public";
    case Actor::Kind::system: return "system";
  }
  return "";
}

bool is_deadline(const ClockState& clock) {
  return clock.name != "validity" && !clock.name.starts_with("erase.");
}

const ClockStepState* next_step(const ClockState& clock) {
  if (clock.status != ClockStatus::running && clock.status != ClockStatus::paused) return nullptr;
  const ClockStepState* next = nullptr;
  for (const ClockStepState& step : clock.steps) {
    const bool waits = clock.status == ClockStatus::paused && step.step != "resume";
    if (step.fired || waits) continue;
    if (next == nullptr || step.at < next->at) next = &step;
  }
  return next;
}

bool Snapshot::is_active_row() const {
  if (!type->reference) return false;
  const auto& active = type->reference->active;
  if (std::ranges::find(active, state) == active.end()) return false;
  const ClockState* validity = find_clock("validity");
  if (validity == nullptr || validity->status == ClockStatus::voided) return true;
  if (validity->status != ClockStatus::running) return false;
  return std::ranges::all_of(validity->steps, [](const ClockStepState& step) {
    return step.step != "in_force" || step.fired;
  });
}

const ClockState* Snapshot::find_clock(std::string_view clock) const {
  const auto found = std::ranges::find(clocks, clock, &ClockState::name);
  return found == clocks.end() ? nullptr : &*found;
}

const ActionRecord* Snapshot::find_action(std::string_view action) const {
  const auto found = std::ranges::find(actions, action, &ActionRecord::action);
  return found == actions.end() ? nullptr : &*found;
}

const Value* Snapshot::find_field(std::string_view field) const {
  const auto index = type->find_field(field);
  return index ? &fields[*index] : nullptr;
}

std::optional<Instant> Snapshot::next_due() const {
  std::optional<Instant> earliest;
  for (const ClockState& clock : clocks)
    if (clock.status == ClockStatus::running && is_deadline(clock) &&
        (!earliest || clock.due < *earliest))
      earliest = clock.due;
  return earliest;
}

}  // namespace gewu::kernel
