#include "codec/event_json.h"

#include "codec/matter_json.h"
#include "codec/value_json.h"

namespace gewu::codec {
namespace {

using namespace gewu::kernel;

constexpr std::pair<Event::Kind, const char*> kEventKinds[] = {
    {Event::Kind::action, "action"}, {Event::Kind::step, "step"},
    {Event::Kind::validity, "validity"}, {Event::Kind::erase, "erase"},
    {Event::Kind::calendar, "calendar"}, {Event::Kind::migrate, "migrate"},
    {Event::Kind::refusal, "refusal"}};

void write_recorded(JsonWriter& out, MatterId matter, const std::vector<RecordedValue>& values,
                    const HidePersonal& hide) {
  out.begin_object();
  for (const RecordedValue& recorded : values) {
    out.key(recorded.name);
    if (recorded.personal && !recorded.value.is_missing()) {
      out.begin_object().member("slot", recorded.key_slot);
      if (recorded.sealed) out.member("closed", true);
      out.key("personal").raw(hide(matter, recorded)).end_object();
    } else {
      write_value(out, recorded.value);
    }
  }
  out.end_object();
}

Result<std::vector<RecordedValue>> read_recorded(const Json* json, MatterId matter,
                                                 const OpenPersonal& open) {
  std::vector<RecordedValue> values;
  if (!json) return values;
  const auto* object = json->as_object();
  if (!object) return bad_record("values");
  for (const JsonMember& member : *object) {
    RecordedValue recorded{member.key, {}, false, false, 0};
    if (const Json* hidden = member.value.find("personal")) {
      recorded.personal = true;
      recorded.sealed = member.value.boolean_at("closed").value_or(false);
      recorded.key_slot = static_cast<std::uint8_t>(integer_at(member.value, "slot"));
      GEWU_TRY(value, open(matter, recorded.name, recorded.key_slot, *hidden));
      recorded.value = std::move(value);
    } else {
      GEWU_TRY(value, read_value(member.value));
      recorded.value = std::move(value);
    }
    values.push_back(std::move(recorded));
  }
  return values;
}

void write_change(JsonWriter& out, const MatterChange& change, const HidePersonal& hide) {
  out.begin_object().member("matter", change.matter.value).member("version", change.version);
  if (change.moved) {
    out.key("moved").begin_object().member("from", change.moved->from->text_sha256);
    out.member("text", change.moved->to->text_sha256);
    if (!change.moved->actions.empty()) {
      out.key("actions").begin_object();
      for (const auto& [old, name] : change.moved->actions) out.member(old, name);
      out.end_object();
    }
    out.end_object();
  }
  if (change.state) out.member("state", static_cast<std::int64_t>(*change.state));
  if (!change.fields.empty()) {
    out.key("fields");
    write_recorded(out, change.matter, change.fields, hide);
  }
  if (change.territory) out.member("territory", *change.territory);
  if (change.owner) out.member("owner", unit_text(*change.owner));
  if (change.handler) out.member("handler", unit_text(*change.handler));
  if (change.claimed_by) out.member("claimed_by", change.claimed_by->value);
  if (change.parent) out.member("parent", change.parent->value);
  if (change.transferred_to) out.member("transferred_to", change.transferred_to->value);
  if (change.outcome) out.member("outcome", *change.outcome);
  if (change.closed_at) {
    out.key("closed_at");
    if (*change.closed_at) out.integer((*change.closed_at)->ms);
    else out.null();
  }
  if (!change.clocks.empty()) {
    out.key("clocks").begin_array();
    for (const ClockState& clock : change.clocks) write_clock(out, clock);
    out.end_array();
  }
  if (!change.holds.empty()) {
    out.key("holds").begin_array();
    for (const HoldRecord& hold : change.holds) write_hold(out, hold);
    out.end_array();
  }
  if (!change.erased.empty()) {
    out.key("erased").begin_array();
    for (const Name& field : change.erased) out.string(field);
    out.end_array();
  }
  if (!change.erased_keys.empty()) {
    out.key("erased_keys").begin_array();
    for (const std::uint8_t slot : change.erased_keys) out.integer(slot);
    out.end_array();
  }
  out.end_object();
}

Result<TypeMove> read_move(const Json& json, const FindType& type) {
  TypeMove move;
  move.from = type(json.string_at("from").value_or(""));
  move.to = type(json.string_at("text").value_or(""));
  if (!move.from || !move.to) return bad_record("type");
  if (const auto* actions = json.object_at("actions"))
    for (const JsonMember& renamed : *actions)
      move.actions.emplace_back(renamed.key, renamed.value.as_string().value_or(""));
  return move;
}

Result<MatterChange> read_change(const Json& json, const OpenPersonal& open,
                                 const FindType& type) {
  MatterChange change;
  change.matter = {integer_at(json, "matter")};
  change.version = integer_at(json, "version");
  if (const Json* moved = json.find("moved")) {
    GEWU_TRY(move, read_move(*moved, type));
    change.moved = std::move(move);
  }
  if (const auto state = json.integer_at("state"))
    change.state = static_cast<std::size_t>(*state);
  GEWU_TRY(fields, read_recorded(json.find("fields"), change.matter, open));
  change.fields = std::move(fields);
  if (const auto text = json.string_at("territory")) change.territory = std::string(*text);
  if (const auto text = json.string_at("owner")) {
    GEWU_TRY(unit, parse_unit(*text));
    change.owner = unit;
  }
  if (const auto text = json.string_at("handler")) {
    GEWU_TRY(unit, parse_unit(*text));
    change.handler = unit;
  }
  if (const auto id = json.integer_at("claimed_by")) change.claimed_by = AccountId{*id};
  if (const auto id = json.integer_at("parent")) change.parent = MatterId{*id};
  if (const auto id = json.integer_at("transferred_to")) change.transferred_to = MatterId{*id};
  if (const auto text = json.string_at("outcome")) change.outcome = std::string(*text);
  if (const Json* closed = json.find("closed_at"))
    change.closed_at = closed->is_null() ? std::nullopt : optional_instant_at(json, "closed_at");
  if (const auto* clocks = json.array_at("clocks"))
    for (const Json& item : *clocks) {
      GEWU_TRY(clock, read_clock(item));
      change.clocks.push_back(std::move(clock));
    }
  if (const auto* holds = json.array_at("holds"))
    for (const Json& item : *holds) {
      GEWU_TRY(hold, read_hold(item));
      change.holds.push_back(std::move(hold));
    }
  if (const auto* erased = json.array_at("erased"))
    for (const Json& field : *erased) change.erased.emplace_back(field.as_string().value_or(""));
  if (const auto* keys = json.array_at("erased_keys"))
    for (const Json& slot : *keys)
      change.erased_keys.push_back(static_cast<std::uint8_t>(slot.as_integer().value_or(0)));
  return change;
}

void write_opening(JsonWriter& out, const Opening& opening) {
  out.begin_object().member("type", opening.type->name);
  out.member("text", opening.type->text_sha256).member("state", std::int64_t(opening.state));
  write_instant(out, "opened_at", opening.opened_at);
  if (opening.author_account.has_value()) out.member("author", opening.author_account.value);
  if (opening.has_receipt) out.member("receipt", true);
  out.member("number", opening.number);
  if (opening.transferred_from.has_value())
    out.member("transferred_from", opening.transferred_from.value);
  out.end_object();
}

Result<Opening> read_opening(const Json& json, const FindType& type) {
  Opening opening;
  opening.type = type(json.string_at("text").value_or(""));
  if (!opening.type) return bad_record("type");
  opening.state = static_cast<std::size_t>(integer_at(json, "state"));
  GEWU_TRY(opened_at, instant_at(json, "opened_at"));
  opening.opened_at = opened_at;
  opening.author_account = {integer_at(json, "author")};
  opening.has_receipt = json.boolean_at("receipt").value_or(false);
  opening.number = text_at(json, "number");
  opening.transferred_from = {integer_at(json, "transferred_from")};
  return opening;
}

void write_message(JsonWriter& out, const MessageRecord& message) {
  out.begin_object();
  if (!message.posts.empty()) {
    out.key("posts").begin_array();
    for (const PostId post : message.posts) out.integer(post.value);
    out.end_array();
  }
  if (message.to_author) out.member("to_author", true);
  if (!message.authors.empty()) {
    out.key("authors").begin_array();
    for (const MatterId matter : message.authors) out.integer(matter.value);
    out.end_array();
  }
  if (!message.text.empty()) out.member("text", message.text);
  if (!message.words.empty()) out.member("words", message.words);
  if (!message.audience.empty()) out.member("audience", message.audience);
  if (!message.answer.empty()) out.member("answer", message.answer);
  if (message.not_before) write_instant(out, "not_before", *message.not_before);
  out.end_object();
}

MessageRecord read_message(const Json& json) {
  MessageRecord message;
  if (const auto* posts = json.array_at("posts"))
    for (const Json& post : *posts) message.posts.push_back({post.as_integer().value_or(0)});
  message.to_author = json.boolean_at("to_author").value_or(false);
  if (const auto* authors = json.array_at("authors"))
    for (const Json& matter : *authors)
      message.authors.push_back({matter.as_integer().value_or(0)});
  message.text = text_at(json, "text");
  message.words = text_at(json, "words");
  message.audience = text_at(json, "audience");
  message.answer = text_at(json, "answer");
  message.not_before = optional_instant_at(json, "not_before");
  return message;
}

void write_delta(JsonWriter& out, const Delta& delta) {
  out.begin_object().member("indicator", delta.indicator);
  if (!delta.territory.empty()) out.member("territory", delta.territory);
  if (!delta.organisation.empty()) out.member("organisation", delta.organisation);
  if (!delta.dimensions.empty()) {
    out.key("by").begin_array();
    for (const std::string& dimension : delta.dimensions) out.string(dimension);
    out.end_array();
  }
  out.member("day", delta.day.days).member("count", delta.count);
  if (delta.sum_micros != 0) out.member("sum", delta.sum_micros);
  out.end_object();
}

Delta read_delta(const Json& json) {
  Delta delta;
  delta.indicator = text_at(json, "indicator");
  delta.territory = text_at(json, "territory");
  delta.organisation = text_at(json, "organisation");
  if (const auto* by = json.array_at("by"))
    for (const Json& item : *by) delta.dimensions.emplace_back(item.as_string().value_or(""));
  delta.day = {static_cast<std::int32_t>(integer_at(json, "day"))};
  delta.count = integer_at(json, "count");
  delta.sum_micros = integer_at(json, "sum");
  return delta;
}

void write_entry(JsonWriter& out, const BookEntry& entry) {
  out.begin_object().member("book", entry.book).member("account", entry.account);
  out.member("amount", entry.amount);
  if (!entry.other.empty()) out.member("other", entry.other);
  write_instant(out, "at", entry.at);
  out.end_object();
}

/// What came of it, beside the changes.
void write_consequences(JsonWriter& out, const Event& event) {
  if (!event.opened.empty()) {
    out.key("opened").begin_array();
    for (const MatterId id : event.opened) out.integer(id.value);
    out.end_array();
  }
  if (!event.messages.empty()) {
    out.key("messages").begin_array();
    for (const MessageRecord& message : event.messages) write_message(out, message);
    out.end_array();
  }
  if (!event.refused.empty()) {
    out.key("refused").begin_array();
    for (const RefusedEffect& refused : event.refused)
      out.begin_object().member("effect", refused.effect).member("key", refused.key).end_object();
    out.end_array();
  }
  if (!event.entries.empty()) {
    out.key("entries").begin_array();
    for (const BookEntry& entry : event.entries) write_entry(out, entry);
    out.end_array();
  }
  if (!event.figures.empty()) {
    out.key("figures").begin_array();
    for (const Delta& delta : event.figures) write_delta(out, delta);
    out.end_array();
  }
}

void read_consequences(const Json& json, Event& event) {
  if (const auto* opened = json.array_at("opened"))
    for (const Json& id : *opened) event.opened.push_back({id.as_integer().value_or(0)});
  if (const auto* messages = json.array_at("messages"))
    for (const Json& message : *messages) event.messages.push_back(read_message(message));
  if (const auto* refused = json.array_at("refused"))
    for (const Json& item : *refused)
      event.refused.push_back({text_at(item, "effect"), text_at(item, "key")});
  if (const auto* entries = json.array_at("entries"))
    for (const Json& item : *entries)
      event.entries.push_back({text_at(item, "book"), text_at(item, "account"),
                               integer_at(item, "amount"), text_at(item, "other"),
                               optional_instant_at(item, "at").value_or(Instant{})});
  if (const auto* figures = json.array_at("figures"))
    for (const Json& item : *figures) event.figures.push_back(read_delta(item));
}

}  // namespace

const Limits& journal_limits() {
  static const Limits limits = [] {
    Limits wide;
    wide.body_bytes_max = 64 * 1024 * 1024;
    wide.json_depth_max = 64;
    return wide;
  }();
  return limits;
}

void write_event(std::string& bytes, const Event& event, const HidePersonal& hide) {
  JsonWriter out(bytes);
  out.begin_object().member("id", event.id.value);
  for (const auto& [kind, name] : kEventKinds)
    if (kind == event.kind) out.member("kind", name);
  out.member("action", event.action).key("actor");
  write_actor(out, event.actor);
  write_instant(out, "at", event.at);
  if (event.recorded) write_instant(out, "recorded", *event.recorded);
  if (event.sent) write_instant(out, "sent", *event.sent);
  if (!event.source.empty()) out.member("source", event.source);
  if (event.cause.has_value()) out.member("cause", event.cause.value);
  if (event.depth != 0) out.member("depth", event.depth);
  if (event.opening) {
    out.key("opening");
    write_opening(out, *event.opening);
  }
  if (!event.input.empty()) {
    out.key("input");
    write_recorded(out, event.matter, event.input, hide);
  }
  if (!event.basis.empty()) {
    out.key("basis").begin_array();
    for (const MatterId row : event.basis) out.integer(row.value);
    out.end_array();
  }
  out.key("change");
  write_change(out, event.change, hide);
  if (!event.touched.empty()) {
    out.key("touched").begin_array();
    for (const MatterChange& change : event.touched) write_change(out, change, hide);
    out.end_array();
  }
  write_consequences(out, event);
  out.end_object();
}

Result<Event> read_event(const Json& json, const OpenPersonal& open, const FindType& type) {
  Event event;
  event.id = {integer_at(json, "id")};
  const std::string kind = text_at(json, "kind");
  bool known = false;
  for (const auto& [value, name] : kEventKinds)
    if (kind == name) event.kind = value, known = true;
  const Json* actor = json.find("actor");
  const Json* change = json.find("change");
  if (!known || !actor || !change) return bad_record("event");
  event.action = text_at(json, "action");
  GEWU_TRY(read_by, read_actor(*actor));
  event.actor = std::move(read_by);
  GEWU_TRY(at, instant_at(json, "at"));
  event.at = at;
  event.recorded = optional_instant_at(json, "recorded");
  event.sent = optional_instant_at(json, "sent");
  event.source = text_at(json, "source");
  event.cause = {integer_at(json, "cause")};
  event.depth = static_cast<std::int32_t>(integer_at(json, "depth"));
  GEWU_TRY(main_change, read_change(*change, open, type));
  event.change = std::move(main_change);
  event.matter = event.change.matter;
  if (const Json* opening = json.find("opening")) {
    GEWU_TRY(opened_as, read_opening(*opening, type));
    event.opening = std::move(opened_as);
  }
  GEWU_TRY(input, read_recorded(json.find("input"), event.matter, open));
  event.input = std::move(input);
  if (const auto* basis = json.array_at("basis"))
    for (const Json& row : *basis) event.basis.push_back({row.as_integer().value_or(0)});
  if (const auto* touched = json.array_at("touched"))
    for (const Json& item : *touched) {
      GEWU_TRY(other, read_change(item, open, type));
      event.touched.push_back(std::move(other));
    }
  read_consequences(json, event);
  return event;
}

void write_ripple(std::string& bytes, const Ripple& ripple) {
  JsonWriter out(bytes);
  out.begin_object().member("kind", ripple.kind == Ripple::Kind::take ? "take" : "look");
  out.member("cause", ripple.cause.value).member("name", ripple.name);
  out.member("action", ripple.action).member("target", ripple.target.value);
  out.member("depth", ripple.depth).key("origin");
  write_actor(out, ripple.origin);
  out.member("origin_matter", ripple.origin_matter.value).key("input");
  write_named_values(out, ripple.input);
  out.end_object();
}

Result<Ripple> read_ripple(const Json& json) {
  Ripple ripple;
  ripple.kind = text_at(json, "kind") == "take" ? Ripple::Kind::take : Ripple::Kind::look;
  ripple.cause = {integer_at(json, "cause")};
  ripple.name = text_at(json, "name");
  ripple.action = text_at(json, "action");
  ripple.target = {integer_at(json, "target")};
  ripple.depth = static_cast<std::int32_t>(integer_at(json, "depth"));
  const Json* origin = json.find("origin");
  const Json* input = json.find("input");
  if (!origin || !input) return bad_record("ripple");
  GEWU_TRY(actor, read_actor(*origin));
  ripple.origin = std::move(actor);
  ripple.origin_matter = {integer_at(json, "origin_matter")};
  GEWU_TRY(values, read_named_values(*input));
  ripple.input = std::move(values);
  return ripple;
}

}  // namespace gewu::codec
