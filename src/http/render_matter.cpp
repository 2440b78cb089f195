#include <algorithm>

#include "codec/input_json.h"
#include "http/render.h"
#include "kernel/matter/built_in.h"
#include "kernel/matter/loop_bar.h"
#include "kernel/time/deadline.h"
#include "security/masking.h"
#include "usecase/matter_title.h"

namespace gewu::http {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kExcerptCodePoints = 80;

Lamp lamp_of_clock(const ClockState& clock, Instant now) {
  if (clock.status != ClockStatus::running) return Lamp::grey;
  if (clock.red_at && *clock.red_at <= now) return Lamp::red;
  if (clock.yellow_at && *clock.yellow_at <= now) return Lamp::yellow;
  return Lamp::green;
}

std::string excerpt_of(const SeenMatter& seen) {
  const Type& type = *seen.matter->type;
  for (const SeenField& field : seen.fields) {
    if (type.fields[field.field].kind != FieldKind::text) continue;
    const std::string* text = field.value.get<std::string>();
    if (const Row* languages = field.value.get_shared<Row>())
      if (const Value* zh = find_value(languages->cells, "zh")) text = zh->get<std::string>();
    if (!text || text->empty()) continue;
    std::size_t count = 0, at = 0;
    while (at < text->size() && count < kExcerptCodePoints) {
      ++at;
      while (at < text->size() && (static_cast<unsigned char>((*text)[at]) & 0xC0) == 0x80) ++at;
      ++count;
    }
    return text->substr(0, at);
  }
  return {};
}

/// Where it lies on a map: the first place that is seen as it was said, not coarsened or closed.
std::optional<LonLat> point_of(const SeenMatter& seen) {
  for (const SeenField& field : seen.fields) {
    if (field.is_sealed || field.is_coarse) continue;
    const Place* place = field.value.get_shared<Place>();
    if (place && place->point) return place->point;
  }
  return std::nullopt;
}

void write_instant(codec::JsonWriter& out, std::string_view key, Instant instant) {
  out.member(key, format_instant(instant));
}

/// "个人信息保存期限（联系方式）": which of them, where its line names a field.
Label erasure_label(Label label, std::string_view line, const Type& type) {
  const auto field = type.find_field(line);
  if (!field) return label;
  const Label& of = type.fields[*field].label;
  const auto add = [](std::string& text, const std::string& more) {
    if (!text.empty() && !more.empty()) text += "（" + more + "）";
  };
  add(label.zh, of.zh);
  add(label.ko, of.ko);
  add(label.en, of.en);
  return label;
}

/// Label of a clock; the built-in ones have words of `common`.
Label clock_label(const ClockState& clock, const Type& type, const Locality* locality) {
  if (const ClockSpec* spec = type.find_clock(clock.name); spec && !spec->label.zh.empty())
    return spec->label;
  constexpr std::string_view kErasure = "erase";
  const bool is_erasure = clock.name.starts_with("erase.");
  if (locality)
    if (const auto list = locality->lists.find("builtin_clock"); list != locality->lists.end())
      if (const ListRow* row = list->second.find(is_erasure ? kErasure : clock.name))
        return is_erasure ? erasure_label(row->label,
                                          std::string_view(clock.name).substr(kErasure.size() + 1),
                                          type)
                          : row->label;
  return {clock.name, "", ""};
}

/// A clock that only the text before a migration had; the timeline tells of it.
bool is_of_older_text(const ClockState& clock, const Type& type) {
  return clock.status == ClockStatus::voided && is_deadline(clock) && clock.name != "idle" &&
         type.find_clock(clock.name) == nullptr;
}

void write_row_members(codec::JsonWriter& out, const usecase::MatterRow& row,
                       const Directory& directory, Instant) {
  const Snapshot& matter = *row.seen.matter;
  const Type& type = *matter.type;
  const StateSpec& state = type.states[matter.state];
  out.member("id", std::to_string(matter.id.value)).member("number", matter.number);
  out.member("type", type.name);
  write_label(out, "type_label", type.label);
  out.member("title", row.title);
  if (const std::string excerpt = excerpt_of(row.seen); !excerpt.empty())
    out.member("excerpt", excerpt);
  out.member("state", state.name);
  write_label(out, "state_label", state.label);
  out.member("final", state.is_final).member("lamp", lamp_name(row.seen.lamp));
  if (const auto due = matter.next_due()) write_instant(out, "next_due", *due);
  write_instant(out, "opened_at", matter.opened_at);
  write_unit(out, "territory", territory_unit(matter.territory), directory);
  if (const auto point = point_of(row.seen))
    out.key("point").begin_array().scaled(point->lon_e6, 6).scaled(point->lat_e6, 6).end_array();
  write_unit(out, "handler", matter.handler, directory);
  write_unit(out, "owner", matter.owner, directory);
  if (row.claimed_by_me) out.member("claimed_by_me", true);
  if (matter.claimed_by.has_value()) out.member("claimed", true);
  const bool paused = std::any_of(matter.clocks.begin(), matter.clocks.end(), [](const auto& c) {
    return c.status == ClockStatus::paused;
  });
  if (paused) out.member("paused", true);
  out.key("columns").begin_object();
  for (const SeenField& field : row.seen.fields) {
    const FieldSpec& spec = type.fields[field.field];
    if (!spec.index || field.is_sealed) continue;
    out.key(spec.name);
    codec::write_field_value(out, spec, field.value);
  }
  out.end_object();
}

/// A sealed contact that stays closed: enough to recognise it, when it was opened before.
void write_contact_mask(codec::JsonWriter& out, const Value& value) {
  if (const Contact* contact = value.get_shared<Contact>())
    out.member("masked", security::mask_name(contact->name) + " " +
                             security::mask_phone(contact->phone));
}

void write_fields(codec::JsonWriter& out, const usecase::MatterView& view) {
  const Type& type = *view.row.seen.matter->type;
  out.key("fields").begin_array();
  for (const SeenField& field : view.row.seen.fields) {
    const FieldSpec& spec = type.fields[field.field];
    out.begin_object().member("name", spec.name);
    write_label(out, "label", spec.label);
    const bool is_closed = field.is_sealed || field.value.get_shared<Sealed>();
    out.key("value");
    if (is_closed) out.null();
    else codec::write_field_value(out, spec, field.value);
    if (is_closed) {
      out.member("sealed", true);
      write_contact_mask(out, field.value);
    } else if (const std::string shown =
                   usecase::value_words(spec, field.value, type, *view.directory);
               !shown.empty()) {
      out.member("shown", shown);
    }
    if (field.is_coarse) out.member("coarse", true);
    if (field.value.is<Erased>()) out.member("erased", true);
    out.end_object();
  }
  out.end_array();
}

void write_rows(codec::JsonWriter& out, std::string_view key,
                const std::vector<usecase::MatterRow>& rows, const Directory& directory,
                Instant now) {
  out.key(key).begin_array();
  for (const usecase::MatterRow& row : rows) write_row(out, row, directory, now);
  out.end_array();
}

void write_near(codec::JsonWriter& out, const usecase::MatterView& view) {
  if (view.near.empty()) return;
  out.key("near").begin_array();
  for (const usecase::NearMatter& near : view.near) {
    out.begin_object().key("matter");
    write_row(out, near.row, *view.directory, view.as_of);
    if (near.metres) out.member("metres", *near.metres);
    out.member("likeness", near.likeness).key("reasons").begin_array();
    if (near.same_category) out.string("category");
    if (near.is_near()) out.string("near");
    if (near.same_address) out.string("address");
    if (near.is_alike()) out.string("words");
    out.end_array().end_object();
  }
  out.end_array();
}

/// The loop bar: each stage that the type has, with when it was last taken and what it used.
void write_stages(codec::JsonWriter& out, const usecase::MatterView& view) {
  const bool is_late = view.row.seen.lamp == Lamp::red;
  out.key("stages").begin_array();
  std::optional<Instant> before;
  for (const LoopStep& step : loop_bar(*view.row.seen.matter)) {
    const char* status = step.status == LoopStep::Status::done      ? "done"
                         : step.status == LoopStep::Status::waiting ? "waiting"
                         : is_late                                  ? "late"
                                                                    : "now";
    out.begin_object().member("stage", to_text(step.stage)).member("status", status);
    if (step.at) {
      write_instant(out, "at", *step.at);
      if (before && *before <= *step.at)
        out.member("minutes_used", (*step.at - *before) / 60'000);
      before = step.at;
    }
    out.end_object();
  }
  out.end_array();
}

void write_places(codec::JsonWriter& out, const Snapshot& matter, const Directory& directory) {
  out.key("places").begin_array();
  auto above = directory.territory->ancestors(matter.territory);
  std::reverse(above.begin(), above.end());
  for (const Territory* territory : above) write_territory(out, *territory, directory);
  if (const Territory* leaf = directory.territory->find(matter.territory))
    write_territory(out, *leaf, directory);
  out.end_array();
}

void write_by(codec::JsonWriter& out, const usecase::TimelineEntry& entry,
              const usecase::Timeline& timeline) {
  const ActorRecord& actor = entry.event.actor;
  const char* kind = "system";
  switch (actor.kind) {
    case Actor::Kind::post: kind = "post"; break;
    case Actor::Kind::member: kind = "member"; break;
    case Actor::Kind::author: kind = "author"; break;
    case Actor::Kind::everyone: kind = "everyone"; break;
    case Actor::Kind::system: break;
  }
  out.key("by").begin_object().member("kind", kind);
  if (actor.by_link) out.member("by_link", true);
  if (timeline.locality && !actor.role.empty())
    if (const auto role = timeline.locality->roles.find(actor.role);
        role != timeline.locality->roles.end())
      write_label(out, "role_label", role->second.label);
  write_unit(out, "unit", actor.unit, *timeline.directory);
  if (!actor.organisation.empty())
    write_unit(out, "organisation", organisation_unit(actor.organisation), *timeline.directory);
  if (!entry.name.empty()) out.member("name", entry.name);
  out.end_object();
}

/// The spec of an input of an event: of its action, a built-in one, or an asked field.
std::optional<FieldSpec> input_spec(const Type& type, const Name& action, const Name& name) {
  if (const ActionSpec* spec = type.find_action(action)) {
    for (const FieldSpec& input : spec->input)
      if (input.name == name) return input;
  } else {
    for (const FieldSpec& input : built_in_inputs(type, action))
      if (input.name == name) return input;
  }
  if (const auto slot = type.find_field(name)) return type.fields[*slot];
  return std::nullopt;
}

/// How a step stands to the end of its clock: the key of its word in the list `builtin_step`.
std::string_view step_word(const ClockStep& step) {
  if (const auto* part = std::get_if<StepFraction>(&step))
    return part->percent < 100 ? "before" : "due";
  return std::get<StepOffset>(step).is_before ? "before" : "after";
}

/// "办理时限 将到期": a clock with what its step means; the step as written where no word says it.
Label step_label(const Name& clock, const std::string& step, const Type& type,
                 const Locality* locality) {
  ClockState named;
  named.name = clock;
  Label label = clock_label(named, type, locality);
  Label word{step, step, step};
  if (const auto parsed = parse_clock_step(step); parsed && locality)
    if (const auto list = locality->lists.find("builtin_step"); list != locality->lists.end())
      if (const ListRow* row = list->second.find(step_word(*parsed))) word = row->label;
  const auto add = [](std::string& text, const std::string& more) {
    if (!text.empty() && !more.empty()) text += " " + more;
  };
  add(label.zh, word.zh);
  add(label.ko, word.ko);
  add(label.en, word.en);
  return label;
}

void write_input(codec::JsonWriter& out, const usecase::TimelineEntry& entry,
                 const usecase::Timeline& timeline) {
  const Type& type = *entry.type;
  out.key("input").begin_array();
  for (const RecordedValue& recorded : entry.event.input) {
    auto spec = input_spec(type, entry.event.action, recorded.name);
    if (!spec || recorded.sealed || recorded.value.is_missing()) continue;
    if (spec->label.zh.empty() && timeline.locality)
      if (const auto list = timeline.locality->lists.find("builtin_input");
          list != timeline.locality->lists.end())
        if (const ListRow* row = list->second.find(spec->name)) spec->label = row->label;
    out.begin_object().member("name", recorded.name);
    write_label(out, "label", spec->label);
    out.key("value");
    codec::write_field_value(out, *spec, recorded.value);
    const std::string shown =
        usecase::value_words(*spec, recorded.value, type, *timeline.directory);
    if (!shown.empty()) out.member("shown", shown);
    out.end_object();
  }
  out.end_array();
}

/// A value in the words that people read, one a chosen row; empty for what has no short form.
std::vector<Label> words_of(const FieldSpec& field, const Value& value, const Type& type,
                            const Directory& directory) {
  std::vector<Label> words;
  const auto add = [&](const Value& one) {
    if (const std::string* text = one.get<std::string>()) {
      if (!text->empty()) words.push_back({*text, "", ""});
    } else if (const Row* languages = field.languages ? one.get_shared<Row>() : nullptr) {
      const auto in = [&](const char* language) {
        const Value* said = find_value(languages->cells, language);
        const std::string* known = said ? said->get<std::string>() : nullptr;
        return known ? *known : std::string();
      };
      words.push_back({in("zh"), in("ko"), in("en")});
    } else if (const Key* key = one.get<Key>()) {
      const auto list = type.lists.find(field.list);
      const ListRow* row = list == type.lists.end() ? nullptr : list->second.find(key->key);
      words.push_back(row ? row->label : Label{key->key, "", ""});
    } else if (const Unit* unit = one.get<Unit>()) {
      words.push_back(usecase::unit_label(*unit, directory));
    } else if (std::string spoken = usecase::value_words(field, one, type, directory);
               !spoken.empty()) {
      words.push_back({std::move(spoken), "", ""});
    }
  };
  if (const Values* many = value.get_shared<Values>()) for (const Value& one : *many) add(one);
  else add(value);
  return words;
}

}  // namespace

void write_facts(codec::JsonWriter& out, const usecase::MatterRow& row,
                 const Directory& directory) {
  const Type& type = *row.seen.matter->type;
  out.key("facts").begin_array();
  for (const SeenField& seen : row.seen.fields) {
    const FieldSpec& field = type.fields[seen.field];
    if (field.kind == FieldKind::place || seen.is_sealed) continue;
    const auto words = words_of(field, seen.value, type, directory);
    if (words.empty() || (words.size() == 1 && words.front().zh == row.title)) continue;
    out.begin_object().member("name", field.name).member("kind", to_text(field.kind));
    if (field.languages) out.member("languages", true);
    write_label(out, "label", field.label);
    out.key("words").begin_array();
    for (const Label& word : words) {
      out.begin_object().member("zh", word.zh);
      if (!word.ko.empty()) out.member("ko", word.ko);
      if (!word.en.empty()) out.member("en", word.en);
      out.end_object();
    }
    out.end_array().end_object();
  }
  out.end_array();
}

void write_clock(codec::JsonWriter& out, const ClockState& clock, const Type& type,
                 const Locality* locality, const Directory& directory, Instant now) {
  out.begin_object().member("name", clock.name);
  write_label(out, "label", clock_label(clock, type, locality));
  out.member("status", to_text(clock.status));
  write_instant(out, "started", clock.inputs.start);
  if (clock.status != ClockStatus::paused) {
    write_instant(out, "due", clock.due);
    // A due at 24:00 belongs to the day that it ends.
    if (locality && locality->calendar)
      out.member("due_day", format_date(due_time(locality->calendar->zone(), clock.due).day));
  }
  write_instant(out, "first_due", clock.first_due);
  if (clock.ended) write_instant(out, "ended", *clock.ended);
  if (clock.provisional) out.member("provisional", true);
  if (clock.exempt) out.member("exempt", true);
  if (clock.late_arrival) out.member("late_arrival", true);
  if (clock.extended > 0) out.member("extended", clock.extended);
  if (!clock.inputs.targets.empty())
    if (const auto* limit = std::get_if<Limit>(&clock.inputs.targets.front()))
      out.member("limit", format_limit(*limit));
  write_unit(out, "owner", clock.owner, directory);
  out.member("lamp", lamp_name(lamp_of_clock(clock, now)));
  if (locality) {
    const auto calendar = locality->calendars.find(clock.inputs.calendar);
    const Calendar* counted_by = calendar != locality->calendars.end() ? calendar->second.get()
                                                                       : locality->calendar.get();
    if (counted_by && !clock.inputs.targets.empty()) {
      out.key("derivation").begin_array();
      for (const Interval& interval : compute(clock.inputs, *counted_by).counted) {
        out.begin_object();
        write_instant(out, "from", interval.from);
        write_instant(out, "to", interval.to);
        out.end_object();
      }
      out.end_array();
    }
  }
  out.end_object();
}

Label taken_label(const Type& type, std::string_view action, const Locality* locality) {
  if (const ActionSpec* spec = type.find_action(action)) return spec->label;
  const auto step = action.find('@');
  if (step == std::string_view::npos) return built_in_label(action, locality);
  return step_label(Name(action.substr(0, step)), std::string(action.substr(step + 1)), type,
                    locality);
}

void write_row(codec::JsonWriter& out, const usecase::MatterRow& row, const Directory& directory,
               Instant now) {
  out.begin_object();
  write_row_members(out, row, directory, now);
  out.end_object();
}

void write_matter(codec::JsonWriter& out, const usecase::MatterView& view) {
  const Snapshot& matter = *view.row.seen.matter;
  const Directory& directory = *view.directory;
  out.begin_object();
  write_row_members(out, view.row, directory, view.as_of);
  out.member("version", matter.version).member("audience", view.row.seen.audience);
  if (!matter.outcome.empty()) {
    out.member("outcome", matter.outcome);
    if (view.locality)
      if (const auto list = view.locality->lists.find("outcome");
          list != view.locality->lists.end())
        if (const ListRow* row = list->second.find(matter.outcome))
          write_label(out, "outcome_label", row->label);
  }
  if (matter.closed_at) write_instant(out, "closed_at", *matter.closed_at);
  if (view.is_author) out.member("is_author", true);
  write_fields(out, view);
  out.key("clocks").begin_array();
  for (const ClockState& clock : matter.clocks)
    if (!is_of_older_text(clock, *matter.type))
      write_clock(out, clock, *matter.type, view.locality, directory, view.as_of);
  out.end_array().key("actions").begin_array();
  for (const OfferedAction& offered : view.actions)
    write_action_form(out, *matter.type, offered, view.locality);
  out.end_array();
  write_rows(out, "parts", view.parts, directory, view.as_of);
  if (view.parent) {
    out.key("parent");
    write_row(out, *view.parent, directory, view.as_of);
  }
  out.key("links").begin_array();
  for (const usecase::LinkedMatters& link : view.links) {
    out.begin_object().member("name", link.name);
    write_label(out, "label", link.label.zh.empty() ? Label{link.name, "", ""} : link.label);
    write_rows(out, "rows", link.rows, directory, view.as_of);
    out.end_object();
  }
  out.end_array();
  write_places(out, matter, directory);
  write_stages(out, view);
  write_rows(out, "duplicates", view.duplicates, directory, view.as_of);
  write_near(out, view);
  out.end_object();
}

void write_preview(codec::JsonWriter& out, const usecase::Preview& preview) {
  out.begin_object().key("matters").begin_array();
  for (const usecase::ForeseenMatter& foreseen : preview.matters) {
    const Snapshot& matter = *foreseen.matter;
    out.begin_object().member("type", matter.type->name);
    write_label(out, "type_label", matter.type->label);
    write_label(out, "state_label", matter.type->states[matter.state].label);
    write_unit(out, "handler", matter.handler, *preview.directory);
    write_unit(out, "territory", territory_unit(matter.territory), *preview.directory);
    out.key("clocks").begin_array();
    for (const ClockState& clock : matter.clocks)
      if (is_deadline(clock) && clock.status == ClockStatus::running)
        write_clock(out, clock, *matter.type, foreseen.locality, *preview.directory,
                    preview.as_of);
    out.end_array().end_object();
  }
  out.end_array().member("as_of", format_instant(preview.as_of)).end_object();
}

void write_timeline(codec::JsonWriter& out, const usecase::Timeline& timeline, Instant now) {
  out.begin_object().key("events").begin_array();
  for (const usecase::TimelineEntry& entry : timeline.entries) {
    const Type& type = *entry.type;
    const Event& event = entry.event;
    out.begin_object().member("id", std::to_string(event.id.value));
    write_instant(out, "at", event.at);
    out.member("action", event.action);
    write_label(out, "label", taken_label(*entry.type, entry.event.action, timeline.locality));
    if (const ActionSpec* spec = type.find_action(event.action))
      out.member("stage", to_text(spec->stage));
    write_by(out, entry, timeline);
    if (event.change.state && *event.change.state < type.states.size())
      write_label(out, "state_label", type.states[*event.change.state].label);
    out.member("audience", entry.for_author ? "author" : "posts");
    write_input(out, entry, timeline);
    write_rows(out, "basis", entry.basis, *timeline.directory, now);
    if (event.sent) {
      out.member("late_arrival", true);
      write_instant(out, "sent", *event.sent);
    }
    out.key("refused").begin_array();
    for (const RefusedEffect& refused : event.refused)
      out.begin_object().member("effect", refused.effect).member("key", refused.key).end_object();
    out.end_array();
    out.key("clocks").begin_array();
    for (const ClockState& clock : event.change.clocks) {
      // What a migration stopped has its name in the text that was left.
      const bool is_left = event.change.moved && type.find_clock(clock.name) == nullptr;
      write_clock(out, clock, is_left ? *event.change.moved->from : type, timeline.locality,
                  *timeline.directory, now);
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
}

}  // namespace gewu::http
