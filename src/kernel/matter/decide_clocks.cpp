#include <algorithm>
#include <utility>

#include "kernel/matter/docket.h"
#include "kernel/matter/migration.h"
#include "kernel/matter/expression_tree.h"
#include "kernel/time/pauses.h"

// Step 14: clocks stop, pause and start (deadlines.md 3). A due is always computed from the
// inputs that the clock keeps, so that replay and a notice of the calendar find the same.

namespace gewu::kernel {

namespace {

bool names(const std::vector<Name>& actions, const Name& action) {
  return std::ranges::find(actions, action) != actions.end();
}

bool is_going(const ClockState& clock) {
  return clock.status == ClockStatus::running || clock.status == ClockStatus::paused;
}

/// The action that this event is for the clocks of the type; empty for steps and built-in ones.
const Name& taken_action(const Hearing& hearing) {
  static const Name none;
  return hearing.action != nullptr ? hearing.action->name : none;
}

/// What the clock runs towards; nothing while a date or limit is missing.
Result<std::optional<ClockTarget>> target_of(const Hearing& hearing, const ClockSpec& spec) {
  Value scratch;
  GEWU_TRY(value, evaluate_in_place(spec.within ? *spec.within : *spec.at, hearing.scope(), scratch));
  if (const auto* limit = value->get<Limit>()) {
    GEWU_CHECK(check_limit(*limit));
    return ClockTarget(*limit);
  }
  if (const auto* date = value->get<Date>())
    return ClockTarget(DateTarget{*date, spec.office_close});
  if (const auto* instant = value->get<Instant>()) return ClockTarget(*instant);
  return std::nullopt;
}

PauseCaps caps_of(const ClockSpec& spec, const ClockTarget& target) {
  const auto* limit = std::get_if<Limit>(&target);
  if (limit == nullptr) return {};
  return make_pause_caps(limit->unit, spec.pause_most, spec.pause_total).value_or(PauseCaps{});
}

void stop(const Hearing& hearing, ClockState& clock, bool by_final) {
  // What arrives late may have been done before the clock began: then it took no time at all.
  const Instant at =
      by_final ? hearing.now() : std::max(hearing.taken_at(), clock.inputs.start);
  const bool was_paused = clock.status == ClockStatus::paused;
  end_pause(clock.inputs, at);
  if (was_paused) settle_due(hearing, clock);
  const bool in_time = at <= clock.due;
  clock.status = !in_time  ? ClockStatus::missed
                 : by_final ? ClockStatus::voided
                            : ClockStatus::met;
  clock.ended = at;
  clock.stopped_by_final = by_final;
  clock.late_arrival = !by_final && hearing.event.sent.has_value();
  std::erase_if(clock.steps, [](const ClockStepState& step) { return step.step == kResume; });
}

void resume(ClockState& clock) {
  clock.status = ClockStatus::running;
  clock.ended.reset();
  clock.stopped_by_final = false;
  clock.late_arrival = false;
}

Status restart(Hearing& hearing, ClockState& clock, const ClockSpec& spec,
               const ClockTarget& target) {
  resume(clock);
  clock.inputs = ClockInputs{};
  clock.inputs.start = hearing.now();
  clock.inputs.targets = {target};
  clock.inputs.calendar = spec.calendar.empty() ? hearing.calendar().name() : spec.calendar;
  clock.inputs.caps = caps_of(spec, target);
  clock.steps.clear();
  clock.extended = 0;
  clock.exempt = false;
  GEWU_TRY(owner, owner_of_clock(hearing, spec));
  clock.owner = std::move(owner);
  settle_due(hearing, clock);
  clock.first_due = clock.due;
  return {};
}

/// A start by an action, a reopening or a date that came in; nothing when the target is missing.
Status start(Hearing& hearing, const ClockSpec& spec, ClockState* known) {
  if (known != nullptr && !is_going(*known) && spec.once) return {};
  if (known != nullptr && spec.again == ClockAgain::keep) {
    if (is_going(*known)) return {};
    resume(*known);
    GEWU_TRY(owner, owner_of_clock(hearing, spec));
    known->owner = std::move(owner);
    settle_due(hearing, *known);
    return {};
  }
  GEWU_TRY(target, target_of(hearing, spec));
  if (!target) {
    if (known != nullptr && is_going(*known)) stop(hearing, *known, true);
    return {};
  }
  if (known != nullptr) return restart(hearing, *known, spec, *target);
  ClockState clock;
  clock.name = spec.name;
  GEWU_CHECK(restart(hearing, clock, spec, *target));
  hearing.draft->clocks.push_back(std::move(clock));
  return {};
}

/// Whether the clock should run but had no date when its action was taken.
bool waits_for_target(const Hearing& hearing, const ClockSpec& spec) {
  std::optional<Instant> started, stopped;
  for (const ActionRecord& record : hearing.draft->actions) {
    if (names(spec.from, record.action)) started = std::max(started, std::optional(record.at));
    if (names(spec.until, record.action)) stopped = std::max(stopped, std::optional(record.at));
  }
  return started && (!stopped || *stopped < *started);
}

bool input_changed(const Hearing& hearing, const ClockSpec& spec, const std::vector<Value>& was) {
  return std::ranges::any_of(spec.reads, [&](std::size_t field) {
    return !(was[field] == hearing.draft->fields[field]);
  });
}

Status follow_change(Hearing& hearing, const ClockSpec& spec, ClockState& clock) {
  GEWU_TRY(target, target_of(hearing, spec));
  if (!target) return {};
  clock.inputs = change_inputs(std::move(clock.inputs), spec.change, *target, hearing.now());
  settle_due(hearing, clock);
  return {};
}

/// An own field that the clock reads was stored.
Status follow_input(Hearing& hearing, const ClockSpec& spec, ClockState* clock) {
  if (clock != nullptr && is_going(*clock)) return follow_change(hearing, spec, *clock);
  if (clock == nullptr && waits_for_target(hearing, spec)) return start(hearing, spec, nullptr);
  return {};
}

void follow_pause(const Hearing& hearing, const ClockSpec& spec, ClockState& clock) {
  if (spec.pause_in.empty() || !is_going(clock)) return;
  const bool inside = is_in(spec.pause_in, hearing.draft->state);
  const bool was_inside =
      hearing.before != nullptr && is_in(spec.pause_in, hearing.before->state);
  if (inside && !was_inside) {
    begin_pause(clock.inputs, hearing.now());
    if (is_paused(clock.inputs, *calendar_of(hearing.locality, clock.inputs.calendar),
                  hearing.now()))
      clock.status = ClockStatus::paused;
    settle_due(hearing, clock);
  } else if (!inside && was_inside) {
    end_pause(clock.inputs, hearing.now());
    clock.status = ClockStatus::running;
    settle_due(hearing, clock);
  }
}

Status settle_clock(Hearing& hearing, const ClockSpec& spec) {
  Snapshot& draft = *hearing.draft;
  const auto find = [&]() -> ClockState* {
    const auto found = std::ranges::find(draft.clocks, spec.name, &ClockState::name);
    return found == draft.clocks.end() ? nullptr : &*found;
  };
  const Name& action = taken_action(hearing);
  const bool starts = !action.empty() && names(spec.from, action);
  const bool stops = !action.empty() && names(spec.until, action);
  const bool reopens =
      hearing.before != nullptr && hearing.before->is_final() && !draft.is_final();
  ClockState* clock = find();
  if (clock != nullptr && is_going(*clock) && (stops || draft.is_final()))
    stop(hearing, *clock, !stops);
  if (draft.is_final()) return {};
  if (starts) {
    GEWU_CHECK(start(hearing, spec, clock));
  } else if (reopens && clock != nullptr && clock->stopped_by_final) {
    GEWU_CHECK(start(hearing, spec, clock));
  } else if (hearing.before != nullptr && input_changed(hearing, spec, hearing.before->fields)) {
    GEWU_CHECK(follow_input(hearing, spec, clock));
  }
  if ((clock = find()) == nullptr) return {};
  if (hearing.passes_clocks && is_going(*clock)) {
    GEWU_TRY(owner, owner_of_clock(hearing, spec));
    clock->owner = std::move(owner);
  }
  follow_pause(hearing, spec, *clock);
  return {};
}

// ---- migrations: the new text's word for each clock, instead of what the event would do

/// A clock that the new text has and this matter never started: its action was taken already, or
/// is to come.
Status begin_moved_clock(Hearing& hearing, const ClockSpec& spec, ClockMove move) {
  if (move == ClockMove::keep || move == ClockMove::stop) return {};
  if (!waits_for_target(hearing, spec)) return {};
  GEWU_CHECK(start(hearing, spec, nullptr));
  const auto made = std::ranges::find(hearing.draft->clocks, spec.name, &ClockState::name);
  if (made == hearing.draft->clocks.end() || move == ClockMove::restart) return {};
  std::optional<Instant> first, last;
  for (const ActionRecord& record : hearing.draft->actions) {
    if (!names(spec.from, record.action)) continue;
    first = first ? std::min(*first, record.at) : record.at;
    last = std::max(last, std::optional(record.at));
  }
  made->inputs.start = spec.again == ClockAgain::keep ? *first : *last;
  settle_due(hearing, *made);
  made->first_due = made->due;
  return {};
}

/// Not as a final state stops it: a reopening does not bring it back.
void stop_moved(const Hearing& hearing, ClockState& clock) {
  stop(hearing, clock, true);
  clock.stopped_by_final = false;
}

ClockChange change_of(ClockMove move) {
  switch (move) {
    case ClockMove::recompute: return ClockChange::recompute;
    case ClockMove::recompute_free: return ClockChange::recompute_free;
    case ClockMove::restart: return ClockChange::restart;
    case ClockMove::keep:
    case ClockMove::stop: break;
  }
  return ClockChange::keep;
}

/// Pauses go by the new text's states from now on.
void follow_moved_pause(const Hearing& hearing, const ClockSpec& spec, ClockState& clock) {
  const bool inside = is_in(spec.pause_in, hearing.draft->state);
  if (inside) begin_pause(clock.inputs, hearing.now());
  else end_pause(clock.inputs, hearing.now());
  const auto calendar = calendar_of(hearing.locality, clock.inputs.calendar);
  clock.status = inside && is_paused(clock.inputs, *calendar, hearing.now())
                     ? ClockStatus::paused
                     : ClockStatus::running;
}

Status move_clock(Hearing& hearing, const ClockSpec& spec, ClockMove move) {
  const auto find = [&] {
    return std::ranges::find(hearing.draft->clocks, spec.name, &ClockState::name);
  };
  auto clock = find();
  if (clock == hearing.draft->clocks.end()) {
    GEWU_CHECK(begin_moved_clock(hearing, spec, move));
    if ((clock = find()) == hearing.draft->clocks.end() || spec.pause_in.empty()) return {};
    follow_moved_pause(hearing, spec, *clock);
    settle_due(hearing, *clock);
    return {};
  }
  if (!is_going(*clock)) return {};
  if (move == ClockMove::stop) {
    stop_moved(hearing, *clock);
    return {};
  }
  if (move != ClockMove::keep) {
    GEWU_TRY(target, target_of(hearing, spec));
    if (!target) {
      stop_moved(hearing, *clock);
      return {};
    }
    clock->inputs = change_inputs(std::move(clock->inputs), change_of(move), *target,
                                  hearing.now());
    clock->inputs.calendar = spec.calendar.empty() ? hearing.calendar().name() : spec.calendar;
    clock->inputs.caps = caps_of(spec, *target);
    if (move == ClockMove::restart) clock->extended = 0;
    GEWU_TRY(owner, owner_of_clock(hearing, spec));
    clock->owner = std::move(owner);
  }
  const std::vector<ClockStepState> old = clock->steps;
  follow_moved_pause(hearing, spec, *clock);
  settle_due(hearing, *clock);
  if (move != ClockMove::keep) return {};
  // A step that is new in the text and lies behind a due that was kept has had its time.
  for (ClockStepState& step : clock->steps)
    if (step.at <= hearing.now() && step.step != kResume &&
        std::ranges::find(old, step.step, &ClockStepState::step) == old.end())
      step.fired = true;
  return {};
}

Status move_clocks(Hearing& hearing) {
  const auto word = [&](const Name& clock) {
    const auto said = hearing.migration->clocks.find(clock);
    return said == hearing.migration->clocks.end() ? ClockMove::keep : said->second;
  };
  for (const ClockSpec& spec : hearing.type.clocks)
    GEWU_CHECK(move_clock(hearing, spec, word(spec.name)));
  for (const ClockSpec& old : hearing.moved_from->type->clocks) {
    if (hearing.type.find_clock(old.name) != nullptr) continue;
    for (ClockState& clock : hearing.draft->clocks)
      if (clock.name == old.name && is_going(clock)) stop_moved(hearing, clock);
  }
  return {};
}

/// Where a clock turns yellow when nothing else is said.
constexpr StepFraction kUsualYellow{80};

bool is_usual_yellow(const ClockStep& step) {
  const auto* fraction = std::get_if<StepFraction>(&step);
  return fraction != nullptr && *fraction == kUsualYellow;
}

void add_step(std::vector<ClockStepState>& steps, const std::vector<ClockStepState>& old,
              const std::string& name, Instant at, Instant now) {
  const auto known = std::ranges::find(old, name, &ClockStepState::step);
  const bool fired = known != old.end() && known->fired && (known->at == at || at <= now);
  steps.emplace_back(name, at, fired);
}

}  // namespace

std::shared_ptr<const Calendar> calendar_of(const Locality& locality, const std::string& name) {
  if (name.empty() || name == locality.calendar->name()) return locality.calendar;
  const auto found = locality.calendars.find(name);
  if (found != locality.calendars.end()) return found->second;
  if (name == kAlways)
    return std::make_shared<const Calendar>(make_always(locality.calendar->zone()));
  return locality.calendar;
}

Result<Unit> owner_of_clock(const Hearing& hearing, const ClockSpec& spec) {
  if (!spec.owner) return hearing.draft->handler;
  Value scratch;
  GEWU_TRY(value, evaluate_in_place(*spec.owner, hearing.scope(), scratch));
  if (const auto* unit = value->get<Unit>()) return *unit;
  if (const auto* link = value->get<Link>()) return row_unit(std::to_string(link->id.value));
  return hearing.draft->handler;
}

void settle_due(const Hearing& hearing, ClockState& clock) {
  const ClockSpec* spec = hearing.type.find_clock(clock.name);
  const auto calendar = calendar_of(hearing.locality, clock.inputs.calendar);
  const Derivation derivation = compute(clock.inputs, *calendar);
  clock.provisional = derivation.provisional;
  const std::vector<ClockStepState> old = std::exchange(clock.steps, {});
  clock.yellow_at.reset();
  clock.red_at.reset();
  if (derivation.due) clock.due = *derivation.due;
  if (clock.status == ClockStatus::paused) {
    const auto pauses = effective_pauses(clock.inputs, derivation.measure, *calendar);
    for (const ClockStepState& step : old)
      if (step.step != kResume) clock.steps.push_back(step);
    if (!pauses.empty() && pauses.back().to != kForever)
      clock.steps.push_back({std::string(kResume), pauses.back().to, false});
    return;
  }
  if (!derivation.due) return;
  const Instant start = clock.inputs.start;
  clock.red_at = derivation.due;
  std::optional<Instant> usual_yellow;
  if (clock.name != kIdle)
    usual_yellow = step_instant(kUsualYellow, start, derivation, *calendar);
  clock.yellow_at = usual_yellow;
  if (spec == nullptr) return;
  clock.steps.reserve(spec->steps.size());
  for (const ClockStepSpec& step : spec->steps) {
    const auto at = is_usual_yellow(step.step) && usual_yellow
                        ? usual_yellow
                        : step_instant(step.step, start, derivation, *calendar);
    if (!at) continue;
    add_step(clock.steps, old, step.text, *at, hearing.now());
    if (step.lamp == Lamp::yellow) clock.yellow_at = std::min(*clock.yellow_at, *at);
    if (step.lamp == Lamp::red) clock.red_at = std::min(*clock.red_at, *at);
  }
}

Status settle_clocks(Hearing& hearing) {
  if (hearing.migration != nullptr) GEWU_CHECK(move_clocks(hearing));
  else
    for (const ClockSpec& spec : hearing.type.clocks) GEWU_CHECK(settle_clock(hearing, spec));
  GEWU_CHECK(settle_validity(hearing));
  GEWU_CHECK(settle_duty(hearing));
  GEWU_CHECK(settle_erasure(hearing));
  return settle_idle(hearing);
}

Status follow_renewed(Hearing& hearing, const std::vector<Value>& was) {
  Snapshot& draft = *hearing.draft;
  if (draft.is_final()) return {};
  for (const ClockSpec& spec : hearing.type.clocks) {
    if (!input_changed(hearing, spec, was)) continue;
    const auto known = std::ranges::find(draft.clocks, spec.name, &ClockState::name);
    GEWU_CHECK(follow_input(hearing, spec, known == draft.clocks.end() ? nullptr : &*known));
  }
  GEWU_CHECK(settle_validity(hearing));
  return settle_idle(hearing);
}

}  // namespace gewu::kernel
