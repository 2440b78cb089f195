#include <algorithm>
#include <utility>
#include <variant>

#include "kernel/matter/docket.h"
#include "kernel/matter/rounds.h"

// What time does to a matter: the earliest step of its clocks, one event a call.

namespace gewu::kernel {

namespace {

/// Minutes and natural hours: messages of such a clock do not wait for the office to open.
bool runs_in_short_units(const ClockState& clock) {
  if (clock.inputs.targets.empty()) return false;
  const auto* limit = std::get_if<Limit>(&clock.inputs.targets.back());
  return limit != nullptr &&
         (limit->unit == LimitUnit::minute || limit->unit == LimitUnit::hour_natural);
}


struct Due {
  std::size_t clock = 0;
  std::size_t step = 0;
  Instant at;
};

std::optional<Due> earliest(const Snapshot& matter) {
  std::optional<Due> first;
  for (std::size_t i = 0; i < matter.clocks.size(); ++i) {
    const ClockState& clock = matter.clocks[i];
    const ClockStepState* step = next_step(clock);
    if (step == nullptr || (first && first->at <= step->at)) continue;
    first = Due{i, static_cast<std::size_t>(step - clock.steps.data()), step->at};
  }
  return first;
}

Event::Kind kind_of(std::string_view clock) {
  if (clock == kValidity) return Event::Kind::validity;
  return clock.starts_with(kErase) ? Event::Kind::erase : Event::Kind::step;
}

/// A notice to the posts that sit on the matter's owner (engine.md 6).
void tell_owner(Hearing& hearing) {
  MessageRecord message;
  message.text = "idle";
  message.audience = "owner";
  for (const auto& [name, role] : hearing.locality.roles)
    for (const Post* post :
         hearing.docket.directory().roster->posts_on(name, hearing.draft->owner))
      message.posts.push_back(post->id);
  std::ranges::sort(message.posts);
  add_message(hearing, std::move(message));
}

const ClockStepSpec* step_spec(const Hearing& hearing, const ClockState& clock,
                               const std::string& step) {
  const ClockSpec* spec = hearing.type.find_clock(clock.name);
  if (spec == nullptr) return nullptr;
  const auto found = std::ranges::find(spec->steps, step, &ClockStepSpec::text);
  return found == spec->steps.end() ? nullptr : &*found;
}

Status fire(Hearing& hearing, const Due& due) {
  ClockState& clock = hearing.draft->clocks[due.clock];
  const std::string step = clock.steps[due.step].step;
  clock.steps[due.step].fired = true;
  static const std::vector<EffectSpec> kNone;
  const std::vector<EffectSpec>* effects = &kNone;
  if (step == kResume) {
    clock.status = ClockStatus::running;
    settle_due(hearing, clock);
  } else if (clock.name == kValidity) {
    if (step == kExpired) {
      clock.status = ClockStatus::met;
      clock.ended = hearing.now();
    }
  } else if (clock.name.starts_with(kErase)) {
    clock.status = ClockStatus::met;
    clock.ended = hearing.now();
    erase_line(hearing, std::string_view(clock.name).substr(kErase.size()));
  } else if (clock.name == kIdle) {
    tell_owner(hearing);
  } else if (clock.name == kDuty && hearing.type.name == kRoundType) {
    GEWU_CHECK(fire_duty(hearing, clock, step));
  } else {
    const ClockSpec* spec = hearing.type.find_clock(clock.name);
    hearing.windows_always =
        spec != nullptr && (spec->message_windows_always ||
                            (spec->message_windows_by_unit && runs_in_short_units(clock)));
    if (const ClockStepSpec* found = step_spec(hearing, clock, step)) effects = &found->then;
  }
  return conclude(hearing, *effects);
}

}  // namespace

std::optional<Instant> next_wake(const Snapshot& snapshot) {
  const auto due = earliest(snapshot);
  return due ? std::optional(due->at) : std::nullopt;
}

Result<Decision> pass_time(const Chamber& chamber, MatterId id) {
  const SnapshotPtr matter = chamber.source.load(id);
  if (!matter) return refuse(ErrorCode::not_found, "not_found");
  const auto due = earliest(*matter);
  if (!due || chamber.now < due->at) return Decision{};
  Docket docket(chamber);
  const ClockState& clock = matter->clocks[due->clock];
  const Name action = clock.name == kValidity
                          ? clock.steps[due->step].step
                          : clock.name + "@" + clock.steps[due->step].step;
  Actor system;
  system.kind = Actor::Kind::system;
  GEWU_TRY(hearing, hear(docket, matter, system, kind_of(clock.name), action, {}));
  hearing->by_person = false;
  GEWU_CHECK(load_matter(docket, matter, {}));
  GEWU_CHECK(fire(*hearing, *due));
  hearing.reset();
  return std::move(docket.decision);
}

}  // namespace gewu::kernel
