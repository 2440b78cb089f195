#include <algorithm>

#include "kernel/matter/docket.h"

// Erasure (engine.md 3): which fields are emptied and which keys are destroyed, by an `erase` line
// whose time has come, or all at once by the author's right.

namespace gewu::kernel {

namespace {

void erase_field(Hearing& hearing, std::size_t field) {
  Value& value = hearing.draft->fields[field];
  if (value.is_missing() || value.is<Erased>()) return;
  hearing.event.change.erased.push_back(hearing.type.fields[field].name);
  value = Erased{};
}

void erase_fields_of(Hearing& hearing, std::uint8_t slot) {
  for (std::size_t i = 0; i < hearing.type.fields.size(); ++i) {
    const FieldSpec& field = hearing.type.fields[i];
    if (field.personal && field.key_slot == slot) erase_field(hearing, i);
  }
}

void destroy_key(Hearing& hearing, std::uint8_t slot) {
  hearing.event.change.erased_keys.push_back(slot);
  hearing.draft->erased_any = true;
}

/// What was said in actions whose inputs no line names lies under the rest's key.
bool said_anything(const Snapshot& matter) {
  for (const char* action : {"note", "reroute"})
    if (matter.find_action(action) != nullptr) return true;
  return std::ranges::any_of(matter.type->actions, [&](const ActionSpec& action) {
    return matter.find_action(action.name) != nullptr &&
           std::ranges::any_of(action.input, [](const FieldSpec& input) {
             return input.personal && input.key_slot == 0;
           });
  });
}

const EraseSpec* line_all(const Type& type) {
  const auto all = std::ranges::find(type.erase, "all", &EraseSpec::field);
  return all == type.erase.end() ? nullptr : &*all;
}

}  // namespace

std::uint8_t note_slot(const Type& type) {
  const EraseSpec* all = line_all(type);
  return all == nullptr ? 0 : all->key_slot;
}

bool holds_rest(const Snapshot& matter) {
  for (std::size_t i = 0; i < matter.fields.size(); ++i) {
    const FieldSpec& field = matter.type->fields[i];
    const Value& value = matter.fields[i];
    if (field.personal && field.key_slot == 0 && !value.is_missing() && !value.is<Erased>())
      return true;
  }
  return note_slot(*matter.type) == 0 && said_anything(matter);
}

void erase_line(Hearing& hearing, std::string_view line) {
  if (line == kRest) {
    erase_fields_of(hearing, 0);
    return destroy_key(hearing, 0);
  }
  const auto spec = std::ranges::find(hearing.type.erase, line, &EraseSpec::field);
  if (spec == hearing.type.erase.end()) return;
  erase_fields_of(hearing, spec->key_slot);
  destroy_key(hearing, spec->key_slot);
}

void erase_everything(Hearing& hearing) {
  for (std::size_t i = 0; i < hearing.type.fields.size(); ++i)
    if (hearing.type.fields[i].personal) erase_field(hearing, i);
  destroy_key(hearing, 0);
  for (const EraseSpec& line : hearing.type.erase) destroy_key(hearing, line.key_slot);
  for (ClockState& clock : hearing.draft->clocks) {
    if (!clock.name.starts_with(kErase) || clock.ended) continue;
    clock.status = ClockStatus::met;
    clock.ended = hearing.now();
  }
}

namespace {

/// Opened by an effect, so that nobody gave its words but through the matter itself.
bool is_copy(const Snapshot& part, MatterId whole) {
  return part.parent == whole && !part.has_receipt && !part.author_account.has_value() &&
         part.find_action("erase") == nullptr;
}

Status erase_part(Docket& docket, const SnapshotPtr& part, const Arrival& arrival) {
  Actor system;
  system.kind = Actor::Kind::system;
  GEWU_TRY(hearing, hear(docket, part, system, Event::Kind::erase, "erase.author", arrival));
  hearing->by_person = false;
  hearing->quiet = true;
  GEWU_CHECK(load_matter(docket, part, {}));
  erase_everything(*hearing);
  return conclude(*hearing, {});
}

}  // namespace

Status erase_parts(Docket& docket, const SnapshotPtr& matter, const Arrival& arrival) {
  for (const SetSpec& set : matter->type->sets)
    for (const MatterId id : docket.source.members({set.type, set.field, matter->id}))
      if (const SnapshotPtr part = docket.source.load(id); part && is_copy(*part, matter->id))
        GEWU_CHECK(erase_part(docket, part, arrival));
  return {};
}

}  // namespace gewu::kernel
