#include "codec/event_json.h"
#include "codec/matter_json.h"
#include "codec/value_json.h"

namespace gewu::codec {

using namespace gewu::kernel;

void write_snapshot(std::string& bytes, const Snapshot& snapshot, const HidePersonal& hide) {
  JsonWriter out(bytes);
  out.begin_object().member("id", snapshot.id.value);
  out.member("text", snapshot.type->text_sha256).member("version", snapshot.version);
  out.member("state", std::int64_t(snapshot.state)).member("number", snapshot.number);
  write_instant(out, "opened_at", snapshot.opened_at);
  if (snapshot.closed_at) write_instant(out, "closed_at", *snapshot.closed_at);
  if (!snapshot.outcome.empty()) out.member("outcome", snapshot.outcome);
  if (snapshot.author_account.has_value()) out.member("author", snapshot.author_account.value);
  if (snapshot.has_receipt) out.member("receipt", true);
  out.member("territory", snapshot.territory).member("owner", unit_text(snapshot.owner));
  out.member("handler", unit_text(snapshot.handler));
  if (snapshot.claimed_by.has_value()) out.member("claimed_by", snapshot.claimed_by.value);
  if (snapshot.parent.has_value()) out.member("parent", snapshot.parent.value);
  if (snapshot.transferred_to.has_value())
    out.member("transferred_to", snapshot.transferred_to.value);
  if (snapshot.erased_any) out.member("erased_any", true);
  out.key("fields").begin_object();
  for (std::size_t i = 0; i < snapshot.fields.size(); ++i) {
    const FieldSpec& spec = snapshot.type->fields[i];
    const Value& value = snapshot.fields[i];
    if (value.is<Missing>()) continue;
    out.key(spec.name);
    // A sealed value that came in clear is encrypted; one that the dossier held stays as it is.
    if (spec.sealed && !value.is_missing() && !value.get_shared<Sealed>())
      out.raw(hide(snapshot.id, {spec.name, value, true, true, spec.key_slot}));
    else
      write_value(out, value);
  }
  out.end_object().key("clocks").begin_array();
  for (const ClockState& clock : snapshot.clocks) write_clock(out, clock);
  out.end_array().key("actions").begin_array();
  for (const ActionRecord& record : snapshot.actions) {
    out.begin_object().member("action", record.action).member("times", record.times);
    write_instant(out, "at", record.at);
    out.key("actor");
    write_actor(out, record.actor);
    if (!record.input.empty()) {
      out.key("input");
      write_named_values(out, record.input);
    }
    out.end_object();
  }
  out.end_array().end_object();
}

Result<Snapshot> read_snapshot(const Json& json, const FindType& type) {
  Snapshot snapshot;
  snapshot.id = {integer_at(json, "id")};
  snapshot.type = type(json.string_at("text").value_or(""));
  if (!snapshot.type) return bad_record("type");
  snapshot.version = integer_at(json, "version");
  snapshot.state = static_cast<std::size_t>(integer_at(json, "state"));
  if (snapshot.state >= snapshot.type->states.size()) return bad_record("state");
  snapshot.number = text_at(json, "number");
  GEWU_TRY(opened_at, instant_at(json, "opened_at"));
  snapshot.opened_at = opened_at;
  snapshot.closed_at = optional_instant_at(json, "closed_at");
  snapshot.outcome = text_at(json, "outcome");
  snapshot.author_account = {integer_at(json, "author")};
  snapshot.has_receipt = json.boolean_at("receipt").value_or(false);
  snapshot.territory = text_at(json, "territory");
  GEWU_TRY(owner, parse_unit(json.string_at("owner").value_or("")));
  GEWU_TRY(handler, parse_unit(json.string_at("handler").value_or("")));
  snapshot.owner = owner;
  snapshot.handler = handler;
  snapshot.claimed_by = {integer_at(json, "claimed_by")};
  snapshot.parent = {integer_at(json, "parent")};
  snapshot.transferred_to = {integer_at(json, "transferred_to")};
  snapshot.erased_any = json.boolean_at("erased_any").value_or(false);
  snapshot.fields.resize(snapshot.type->fields.size());
  if (const auto* fields = json.object_at("fields"))
    for (const JsonMember& member : *fields) {
      const auto slot = snapshot.type->find_field(member.key);
      if (!slot) return bad_record("field");
      GEWU_TRY(value, read_value(member.value));
      snapshot.fields[*slot] = std::move(value);
    }
  if (const auto* clocks = json.array_at("clocks"))
    for (const Json& item : *clocks) {
      GEWU_TRY(clock, read_clock(item));
      snapshot.clocks.push_back(std::move(clock));
    }
  if (const auto* actions = json.array_at("actions"))
    for (const Json& item : *actions) {
      const Json* actor = item.find("actor");
      if (!actor) return bad_record("action");
      GEWU_TRY(by, read_actor(*actor));
      GEWU_TRY(at, instant_at(item, "at"));
      ActionRecord record{text_at(item, "action"),
                          static_cast<std::int32_t>(integer_at(item, "times")), at, by, {}};
      if (const Json* input = item.find("input")) {
        GEWU_TRY(values, read_named_values(*input));
        record.input = std::move(values);
      }
      snapshot.actions.push_back(std::move(record));
    }
  return snapshot;
}

}  // namespace gewu::codec
