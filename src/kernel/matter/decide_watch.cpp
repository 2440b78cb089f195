#include <algorithm>
#include <utility>

#include "kernel/matter/docket.h"

// The built-in clocks: `validity` of reference rows, the waits for erasures, and `idle`, so that
// no open matter is unwatched (engine.md 5, 6; language.md 2.2 `erase`).

namespace gewu::kernel {

namespace {

bool is_going(const ClockState& clock) {
  return clock.status == ClockStatus::running || clock.status == ClockStatus::paused;
}

ClockState* find_clock(Snapshot& draft, std::string_view name) {
  const auto found = std::ranges::find(draft.clocks, name, &ClockState::name);
  return found == draft.clocks.end() ? nullptr : &*found;
}

ClockState& make_clock(Snapshot& draft, std::string name) {
  if (ClockState* known = find_clock(draft, name)) {
    *known = ClockState{.name = std::move(name)};
    return *known;
  }
  draft.clocks.push_back({.name = std::move(name)});
  return draft.clocks.back();
}

void end(ClockState& clock, ClockStatus status, Instant now) {
  clock.status = status;
  clock.ended = now;
}

/// When a date field begins or ends; nothing while it is empty.
std::optional<Instant> edge_of(const Hearing& hearing, const std::optional<Name>& field,
                               bool is_end) {
  if (!field) return std::nullopt;
  const Value* value = hearing.draft->find_field(*field);
  if (value == nullptr) return std::nullopt;
  if (const auto* instant = value->get<Instant>()) return *instant;
  const auto* date = value->get<Date>();
  if (date == nullptr) return std::nullopt;
  return is_end ? hearing.calendar().end_of_day(*date)
                : hearing.calendar().zone().to_instant(*date, 0);
}

bool edges_changed(const Hearing& hearing) {
  if (hearing.before == nullptr) return true;
  for (const auto* name : {&hearing.type.reference->from, &hearing.type.reference->until}) {
    if (!*name) continue;
    const auto field = hearing.type.find_field(**name);
    if (field && !(hearing.before->fields[*field] == hearing.draft->fields[*field])) return true;
  }
  return false;
}

bool is_in_active_state(const Type& type, const Snapshot& matter) {
  return std::ranges::find(type.reference->active, matter.state) != type.reference->active.end();
}

std::optional<Instant> wait_begins(const Snapshot& draft, const EraseSpec& spec) {
  if (spec.after == "closed")
    return draft.is_final() ? draft.closed_at : std::optional<Instant>();
  const ActionRecord* record = draft.find_action(spec.after);
  return record != nullptr ? std::optional(record->at) : std::nullopt;
}

Limit idle_time(const Locality& locality) {
  const Setting* setting = locality.find_setting("idle_time");
  const Limit* limit = setting != nullptr ? setting->value.get<Limit>() : nullptr;
  return limit != nullptr ? *limit : Limit{5, LimitUnit::day_working};
}

}  // namespace

namespace {

/// Whether a migration brings other dates, or other states in which the row is active.
bool is_reference_new(const Hearing& hearing) {
  if (hearing.moved_from == nullptr) return false;
  const auto& was = hearing.moved_from->type->reference;
  const auto& now = hearing.type.reference;
  return !was || !now || was->from != now->from || was->until != now->until ||
         !is_in_active_state(*hearing.moved_from->type, *hearing.moved_from);
}

}  // namespace

Status settle_validity(Hearing& hearing) {
  const auto& reference = hearing.type.reference;
  Snapshot& draft = *hearing.draft;
  ClockState* known = find_clock(draft, kValidity);
  if (!reference || (!reference->from && !reference->until)) {
    if (hearing.moved_from != nullptr && known != nullptr && is_going(*known))
      end(*known, ClockStatus::voided, hearing.now());
    return {};
  }
  if (!is_in_active_state(hearing.type, draft)) {
    if (known != nullptr && is_going(*known)) end(*known, ClockStatus::voided, hearing.now());
    return {};
  }
  const bool entered =
      hearing.before == nullptr || !is_in_active_state(hearing.type, *hearing.before);
  if (!entered && !edges_changed(hearing) && !is_reference_new(hearing)) return {};
  const auto from = edge_of(hearing, reference->from, false);
  const auto until = edge_of(hearing, reference->until, true);
  const bool is_pending = from && hearing.now() < *from;
  if (!is_pending && !until) {
    if (known != nullptr && is_going(*known)) end(*known, ClockStatus::voided, hearing.now());
    return {};
  }
  ClockState& clock = make_clock(draft, std::string(kValidity));
  clock.inputs.start = hearing.now();
  clock.owner = draft.owner;
  clock.due = until ? *until : *from;
  clock.first_due = clock.due;
  clock.inputs.targets = {ClockTarget(clock.due)};
  clock.inputs.calendar = hearing.calendar().name();
  if (is_pending) clock.steps.push_back({std::string(kInForce), *from, false});
  if (until) clock.steps.push_back({std::string(kExpired), *until, false});
  return {};
}

namespace {

/// How long is kept what no line names: the place's default.
Limit retention_of_rest(const Locality& locality) {
  const Setting* setting = locality.find_setting("personal_retention");
  const Limit* limit = setting != nullptr ? setting->value.get<Limit>() : nullptr;
  return limit != nullptr ? *limit : Limit{5, LimitUnit::year};
}

ClockState* find_wait(Snapshot& draft, std::string_view line) {
  const auto found = std::ranges::find_if(draft.clocks, [&](const ClockState& clock) {
    const std::string_view name = clock.name;
    return name.starts_with(kErase) && name.substr(kErase.size()) == line;
  });
  return found == draft.clocks.end() ? nullptr : &*found;
}

/// Starts, leaves or ends the wait of one line. `begins`: nothing while it has not come so far; `in`
/// gives how long it lasts.
template <typename GetLimit>
void settle_wait(Hearing& hearing, std::string_view line, const std::optional<Instant>& begins,
                 GetLimit&& in) {
  Snapshot& draft = *hearing.draft;
  ClockState* known = find_wait(draft, line);
  if (!begins) {
    if (known != nullptr && is_going(*known)) end(*known, ClockStatus::voided, hearing.now());
    return;
  }
  if (known != nullptr && known->inputs.start == *begins && known->status != ClockStatus::voided)
    return;
  ClockState& clock = make_clock(draft, std::string(kErase).append(line));
  clock.inputs.start = *begins;
  clock.inputs.targets = {ClockTarget(in())};
  clock.inputs.calendar = hearing.calendar().name();
  clock.owner = draft.owner;
  clock.due = compute(clock.inputs, hearing.calendar()).due.value_or(*begins);
  clock.first_due = clock.due;
  clock.steps.push_back({"erase", clock.due, false});
}

/// Waits of lines that a new text no longer has; those of a changed line begin anew.
void end_old_erasures(Hearing& hearing) {
  if (hearing.moved_from == nullptr) return;
  for (ClockState& clock : hearing.draft->clocks) {
    if (!clock.name.starts_with(kErase) || !is_going(clock)) continue;
    if (std::string_view(clock.name).substr(kErase.size()) == kRest) continue;
    const auto line = std::ranges::find(hearing.type.erase, clock.name.substr(kErase.size()),
                                        &EraseSpec::field);
    if (line == hearing.type.erase.end() ||
        clock.inputs.targets != std::vector<ClockTarget>{ClockTarget(line->in)})
      end(clock, ClockStatus::voided, hearing.now());
  }
}

}  // namespace

Status settle_erasure(Hearing& hearing) {
  end_old_erasures(hearing);
  const Snapshot& draft = *hearing.draft;
  for (const EraseSpec& spec : hearing.type.erase)
    settle_wait(hearing, spec.field, wait_begins(draft, spec), [&] { return spec.in; });
  settle_wait(hearing, kRest,
              draft.is_final() && holds_rest(draft) ? draft.closed_at : std::nullopt,
              [&] { return retention_of_rest(hearing.locality); });
  return {};
}

Status settle_idle(Hearing& hearing) {
  Snapshot& draft = *hearing.draft;
  ClockState* idle = find_clock(draft, kIdle);
  const bool rests = draft.is_final() || hearing.type.states[draft.state].resting;
  const bool is_watched = std::ranges::any_of(draft.clocks, [](const ClockState& clock) {
    return is_deadline(clock) && clock.name != kIdle && is_going(clock);
  });
  if (rests || is_watched) {
    if (idle != nullptr && is_going(*idle)) {
      const bool in_time = hearing.now() <= idle->due;
      end(*idle, !in_time ? ClockStatus::missed : rests ? ClockStatus::voided : ClockStatus::met,
          hearing.now());
    }
    return {};
  }
  if (hearing.quiet || (idle != nullptr && is_going(*idle))) return {};
  ClockState& clock = make_clock(draft, std::string(kIdle));
  clock.inputs.start = hearing.now();
  clock.inputs.targets = {ClockTarget(idle_time(hearing.locality))};
  clock.inputs.calendar = hearing.calendar().name();
  clock.owner = draft.owner;
  settle_due(hearing, clock);
  clock.first_due = clock.due;
  clock.steps.push_back({"100%", clock.due, false});
  return {};
}

}  // namespace gewu::kernel
