#include <algorithm>
#include <utility>

#include "kernel/matter/docket.h"

// Step 13: capacity, overlap and uniqueness.

namespace gewu::kernel {

namespace {

/// What identifies the thing that is held; nothing for a value that names nothing.
std::optional<std::string> key_text(const Value& value) {
  if (const auto* link = value.get<Link>()) return "matter:" + std::to_string(link->id.value);
  if (const auto* post = value.get<PostRef>()) return "post:" + std::to_string(post->id.value);
  if (const auto* unit = value.get<Unit>())
    return std::to_string(static_cast<int>(unit->kind)) + ":" + unit->code;
  if (const auto* key = value.get<Key>()) return "key:" + key->key;
  if (const auto* text = value.get<std::string>()) return "text:" + *text;
  if (const auto* date = value.get<Date>()) return format_date(*date);
  if (const auto* number = value.get<Number>()) return std::to_string(number->micros);
  if (const auto* yes = value.get<bool>()) return std::string(*yes ? "true" : "false");
  if (const auto* instant = value.get<Instant>()) return std::to_string(instant->ms);
  if (const auto* time = value.get<TimeOfDay>()) return std::to_string(time->minutes);
  return std::nullopt;
}

/// What a snapshot holds; nothing when it is in another state or names nothing to hold.
Result<std::optional<HoldRecord>> held_by(const HoldSpec& spec, const Snapshot& matter,
                                          Scope scope) {
  if (!is_in(spec.in, matter.state)) return std::nullopt;
  scope.self = &matter;
  GEWU_TRY(applies, is_true(spec.when, scope, true));
  if (!applies) return std::nullopt;
  HoldRecord record;
  record.hold = spec.name;
  for (const ExpressionPtr& of : spec.of) {
    GEWU_TRY(value, evaluate(*of, scope));
    auto text = key_text(value);
    if (!text) return std::nullopt;
    record.keys.push_back(std::move(*text));
  }
  if (spec.during) {
    GEWU_TRY(value, evaluate(*spec.during, scope));
    const auto* period = value.get<Period>();
    if (period == nullptr) return std::nullopt;
    record.during = *period;
  }
  if (spec.take) {
    GEWU_TRY(value, evaluate(*spec.take, scope));
    const auto* number = value.get<Number>();
    if (number == nullptr) return std::nullopt;
    record.take = *number;
  }
  return record;
}

/// The most that is taken at any instant of `record`, itself included.
std::int64_t peak_of(const HoldRecord& record, const std::vector<HoldRecord>& others) {
  const auto taken_at = [&](std::optional<Instant> instant) {
    std::int64_t sum = record.take.micros;
    for (const HoldRecord& other : others)
      if (!instant || !other.during ||
          (other.during->from <= *instant && *instant < other.during->to))
        sum += other.take.micros;
    return sum;
  };
  if (!record.during) return taken_at(std::nullopt);
  std::int64_t peak = taken_at(record.during->from);
  for (const HoldRecord& other : others)
    if (other.during && record.during->from < other.during->from &&
        other.during->from < record.during->to)
      peak = std::max(peak, taken_at(other.during->from));
  return peak;
}

}  // namespace

namespace {

/// What the matter held before this event: by the rule of that time when it was under another text.
Result<std::optional<HoldRecord>> held_before(const Hearing& hearing, const HoldSpec& spec) {
  if (hearing.before == nullptr) return std::nullopt;
  if (hearing.moved_from == nullptr) return held_by(spec, *hearing.before, hearing.scope());
  const auto& old = hearing.moved_from->type->holds;
  const auto same = std::ranges::find(old, spec.name, &HoldSpec::name);
  if (same == old.end()) return std::nullopt;
  return held_by(*same, *hearing.moved_from, hearing.scope());
}

/// Lets go of what only the old text of a moved matter held.
Status release_old_holds(Hearing& hearing) {
  if (hearing.moved_from == nullptr) return {};
  for (const HoldSpec& old : hearing.moved_from->type->holds) {
    if (std::ranges::find(hearing.type.holds, old.name, &HoldSpec::name) !=
        hearing.type.holds.end())
      continue;
    GEWU_TRY(held, held_by(old, *hearing.moved_from, hearing.scope()));
    if (held) hearing.holds_now.push_back({old.name, {}, std::nullopt, Number{0}});
  }
  return {};
}

}  // namespace

Status settle_holds(Hearing& hearing) {
  GEWU_CHECK(release_old_holds(hearing));
  for (const HoldSpec& spec : hearing.type.holds) {
    GEWU_TRY(was, held_before(hearing, spec));
    GEWU_TRY(now, held_by(spec, *hearing.draft, hearing.scope()));
    if (was == now) continue;
    if (!now) {
      hearing.holds_now.push_back({spec.name, {}, std::nullopt, Number{0}});
      continue;
    }
    GEWU_TRY(most, evaluate(*spec.most, hearing.scope()));
    const auto* bound = most.get<Number>();
    const auto others = hearing.docket.source.holds(hearing.type.name, spec.name, now->keys,
                                                    hearing.draft->id);
    if (bound != nullptr && peak_of(*now, others) > bound->micros)
      return refuse(ErrorCode::conflict, hearing.type.name + ".holds." + spec.name);
    hearing.docket.source.hold(hearing.type.name, hearing.draft->id, *now);
    hearing.holds_now.push_back(std::move(*now));
  }
  return {};
}

}  // namespace gewu::kernel
