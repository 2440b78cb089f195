#include "codec/matter_json.h"

#include "codec/clock_inputs_json.h"
#include "codec/value_json.h"

namespace gewu::codec {

using namespace gewu::kernel;

std::unexpected<Error> bad_record(std::string_view what) {
  return refuse(ErrorCode::invalid, "journal.record", {{"what", std::string(what)}});
}

Result<Instant> instant_at(const Json& json, std::string_view key) {
  if (const auto instant = optional_instant_at(json, key)) return *instant;
  return bad_record(key);
}

std::optional<Instant> optional_instant_at(const Json& json, std::string_view key) {
  const auto ms = json.integer_at(key);
  if (!ms) return std::nullopt;
  return Instant{*ms};
}

std::int64_t integer_at(const Json& json, std::string_view key) {
  return json.integer_at(key).value_or(0);
}

void write_instant(JsonWriter& out, std::string_view key, Instant instant) {
  out.member(key, instant.ms);
}

namespace {

constexpr std::pair<Actor::Kind, const char*> kActorKinds[] = {
    {Actor::Kind::post, "post"},         {Actor::Kind::member, "member"},
    {Actor::Kind::author, "author"},
    {Actor::Kind::everyone, "everyone"}, {Actor::Kind::system, "system"}};

constexpr ClockStatus kClockStatuses[] = {ClockStatus::running, ClockStatus::paused,
                                          ClockStatus::met, ClockStatus::missed,
                                          ClockStatus::voided};

}  // namespace

void write_actor(JsonWriter& out, const ActorRecord& actor) {
  out.begin_object();
  for (const auto& [kind, name] : kActorKinds)
    if (kind == actor.kind) out.member("kind", name);
  if (actor.post.has_value()) out.member("post", actor.post.value);
  if (actor.account.has_value()) out.member("account", actor.account.value);
  if (!actor.role.empty()) out.member("role", actor.role);
  if (actor.unit.kind != Unit::Kind::none) out.member("unit", unit_text(actor.unit));
  if (!actor.organisation.empty()) out.member("organisation", actor.organisation);
  if (actor.by_link) out.member("link", true);
  out.end_object();
}

Result<ActorRecord> read_actor(const Json& json) {
  ActorRecord actor;
  const std::string kind = text_at(json, "kind");
  bool known = false;
  for (const auto& [value, name] : kActorKinds)
    if (kind == name) actor.kind = value, known = true;
  if (!known) return bad_record("actor");
  actor.post = {integer_at(json, "post")};
  actor.account = {integer_at(json, "account")};
  actor.role = text_at(json, "role");
  GEWU_TRY(unit, parse_unit(json.string_at("unit").value_or("")));
  actor.unit = unit;
  actor.organisation = text_at(json, "organisation");
  actor.by_link = json.boolean_at("link").value_or(false);
  return actor;
}

void write_clock(JsonWriter& out, const ClockState& clock) {
  out.begin_object().member("name", clock.name).member("status", to_text(clock.status));
  out.key("inputs");
  write_clock_inputs(out, clock.inputs);
  write_instant(out, "due", clock.due);
  write_instant(out, "first_due", clock.first_due);
  if (clock.provisional) out.member("provisional", true);
  if (clock.ended) write_instant(out, "ended", *clock.ended);
  out.member("owner", unit_text(clock.owner));
  if (clock.yellow_at) write_instant(out, "yellow_at", *clock.yellow_at);
  if (clock.red_at) write_instant(out, "red_at", *clock.red_at);
  if (!clock.steps.empty()) {
    out.key("steps").begin_array();
    for (const ClockStepState& step : clock.steps) {
      out.begin_object().member("step", step.step);
      write_instant(out, "at", step.at);
      if (step.fired) out.member("fired", true);
      out.end_object();
    }
    out.end_array();
  }
  if (clock.extended != 0) out.member("extended", clock.extended);
  if (clock.exempt) out.member("exempt", true);
  if (clock.late_arrival) out.member("late_arrival", true);
  if (clock.stopped_by_final) out.member("stopped_by_final", true);
  out.end_object();
}

Result<ClockState> read_clock(const Json& json) {
  ClockState clock;
  clock.name = text_at(json, "name");
  const std::string status = text_at(json, "status");
  bool known = false;
  for (const ClockStatus value : kClockStatuses)
    if (status == to_text(value)) clock.status = value, known = true;
  const Json* inputs = json.find("inputs");
  if (!known || !inputs) return bad_record("clock");
  GEWU_TRY(read_inputs, read_clock_inputs(*inputs));
  clock.inputs = std::move(read_inputs);
  GEWU_TRY(due, instant_at(json, "due"));
  GEWU_TRY(first_due, instant_at(json, "first_due"));
  clock.due = due;
  clock.first_due = first_due;
  clock.provisional = json.boolean_at("provisional").value_or(false);
  clock.ended = optional_instant_at(json, "ended");
  GEWU_TRY(owner, parse_unit(json.string_at("owner").value_or("")));
  clock.owner = owner;
  clock.yellow_at = optional_instant_at(json, "yellow_at");
  clock.red_at = optional_instant_at(json, "red_at");
  if (const auto* steps = json.array_at("steps"))
    for (const Json& step : *steps) {
      GEWU_TRY(at, instant_at(step, "at"));
      clock.steps.push_back(
          {text_at(step, "step"), at, step.boolean_at("fired").value_or(false)});
    }
  clock.extended = static_cast<std::int32_t>(integer_at(json, "extended"));
  clock.exempt = json.boolean_at("exempt").value_or(false);
  clock.late_arrival = json.boolean_at("late_arrival").value_or(false);
  clock.stopped_by_final = json.boolean_at("stopped_by_final").value_or(false);
  return clock;
}

void write_hold(JsonWriter& out, const HoldRecord& hold) {
  out.begin_object().member("hold", hold.hold).key("keys").begin_array();
  for (const std::string& key : hold.keys) out.string(key);
  out.end_array();
  if (hold.during) {
    write_instant(out, "from", hold.during->from);
    write_instant(out, "to", hold.during->to);
  }
  out.member("take", hold.take.micros).end_object();
}

Result<HoldRecord> read_hold(const Json& json) {
  HoldRecord hold;
  hold.hold = text_at(json, "hold");
  if (const auto* keys = json.array_at("keys"))
    for (const Json& key : *keys) hold.keys.emplace_back(key.as_string().value_or(""));
  const auto from = optional_instant_at(json, "from"), to = optional_instant_at(json, "to");
  if (from && to) hold.during = Period{*from, *to};
  hold.take = {integer_at(json, "take")};
  return hold;
}

void write_named_values(JsonWriter& out, const std::vector<NamedValue>& values) {
  out.begin_object();
  for (const NamedValue& named : values) {
    out.key(named.name);
    write_value(out, named.value);
  }
  out.end_object();
}

Result<std::vector<NamedValue>> read_named_values(const Json& json) {
  std::vector<NamedValue> values;
  const auto* object = json.as_object();
  if (!object) return bad_record("values");
  for (const JsonMember& member : *object) {
    GEWU_TRY(value, read_value(member.value));
    values.push_back({member.key, std::move(value)});
  }
  return values;
}

}  // namespace gewu::codec
