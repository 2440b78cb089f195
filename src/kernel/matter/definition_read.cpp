#include "kernel/matter/definition_read.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/definition_rules.h"
#include "kernel/matter/overlay.h"

namespace gewu::kernel {
namespace {

void check_type_keys(const Node& node, std::string_view where, Messages& messages) {
  check_keys(node,
             {"type", "version", "extends", "label", "source", "register", "keepers", "reference",
              "number", "title", "belongs", "fields", "sets", "states", "actions", "clocks",
              "lamp", "duties", "plan", "draws", "holds", "see", "erase", "imports", "indicators", "views"},
             {}, where, messages);
}

void read_fields(Type& type, const Node& node, Messages& messages) {
  const std::string where = inside(type.name, "fields");
  const Node* fields = find_map(node, "fields", type.name, messages);
  if (fields == nullptr) return;
  for (const NodeEntry& entry : fields->entries) {
    check_new_name(entry.key, entry.origin, where, messages);
    if (is_built_in_field(entry.key))
      messages.error("definition.hides_built_in", entry.origin,
                     {{"where", where}, {"name", entry.key}});
    type.fields.push_back(read_field(entry.key, entry.value, entry.origin,
                                     inside(type.name, entry.key), true, messages));
  }
  const auto parents = std::ranges::count_if(type.fields, &FieldSpec::parent);
  if (parents > 1)
    messages.error("definition.two_parents", fields->origin, {{"where", where}});
}

void read_sets(Type& type, const Node& node, Messages& messages) {
  const Node* sets = find_map(node, "sets", type.name, messages);
  if (sets == nullptr) return;
  const std::string where = inside(type.name, "sets");
  for (const NodeEntry& entry : sets->entries) {
    check_new_name(entry.key, entry.origin, where, messages);
    const auto parts = entry.value.is_scalar() ? split(entry.value.text, '.')
                                               : std::vector<std::string_view>{};
    if (parts.size() != 2 || !is_name(parts[0]) || !is_name(parts[1])) {
      messages.error("definition.set_form", entry.origin, {{"where", where}, {"name", entry.key}});
      continue;
    }
    if (is_built_in_field(entry.key) || std::ranges::any_of(type.fields, [&](const auto& field) {
          return field.name == entry.key;
        }))
      messages.error("definition.hides_built_in", entry.origin,
                     {{"where", where}, {"name", entry.key}});
    type.sets.push_back({entry.key, std::string(parts[0]), std::string(parts[1])});
  }
}

void read_states(Type& type, const Node& node, Messages& messages) {
  const Node* states = find_map(node, "states", type.name, messages);
  if (states == nullptr) return;
  const std::string where = inside(type.name, "states");
  for (const NodeEntry& entry : states->entries) {
    const std::string here = inside(where, entry.key);
    check_name_form(entry.key, entry.origin, where, messages);
    if (!expect_map(entry.value, here, messages)) continue;
    check_keys(entry.value, {"label", "final", "resting", "source"}, {}, here, messages);
    StateSpec state;
    state.name = entry.key;
    state.label = need_label(entry.value, entry.origin, here, messages);
    state.is_final = read_boolean(entry.value, "final", false, here, messages);
    state.resting = read_boolean(entry.value, "resting", false, here, messages);
    type.states.push_back(std::move(state));
  }
}

void read_erase(Type& type, const Node& node, Messages& messages) {
  const Node* erase = find_map(node, "erase", type.name, messages);
  if (erase == nullptr) return;
  const std::string where = inside(type.name, "erase");
  for (const NodeEntry& entry : erase->entries) {
    const std::string here = inside(where, entry.key);
    if (!expect_map(entry.value, here, messages)) continue;
    check_keys(entry.value, {"after", "in", "keep", "purpose"}, {}, here, messages);
    EraseSpec line;
    line.field = entry.key;
    line.after = read_name(entry.value, "after", here, messages);
    if (const auto limit = read_limit(entry.value, "in", here, messages)) line.in = *limit;
    if (line.after.empty() || entry.value.find("in") == nullptr)
      messages.error("definition.key_missing", entry.origin,
                     {{"where", here}, {"name", line.after.empty() ? "after" : "in"}});
    line.purpose = read_name(entry.value, "purpose", here, messages);
    for (WrittenName& kept : read_names(entry.value, "keep", here, messages))
      line.keep.push_back(std::move(kept.name));
    line.key_slot = static_cast<std::uint8_t>(type.erase.size() + 1);
    type.erase.push_back(std::move(line));
  }
}

bool is_outsider(const Audience& audience) {
  switch (audience.kind) {
    case Audience::Kind::author:
    case Audience::Kind::member:
    case Audience::Kind::everyone:
      return true;
    case Audience::Kind::role:
    case Audience::Kind::holder:
    case Audience::Kind::others:
    case Audience::Kind::system:
      return false;
  }
  return false;
}

bool is_personal_when_told(FieldKind kind) {
  return kind == FieldKind::text || kind == FieldKind::place || kind == FieldKind::line ||
         kind == FieldKind::file;
}

/// What residents write is theirs: text, places and files that they are asked for are personal
/// unless the definition says `personal: false`.
void derive_personal(FieldSpec& field, const Node* written) {
  const bool said = written != nullptr && written->find("personal") != nullptr;
  if (!said && is_personal_when_told(field.kind)) field.personal = true;
  for (FieldSpec& column : field.fields) {
    const Node* columns = written == nullptr ? nullptr : written->find("fields");
    derive_personal(column, columns == nullptr ? nullptr : columns->find(column.name));
    field.personal = field.personal || column.personal;
  }
}

void derive_personal(Type& type, const Node& node) {
  const Node* fields = node.find("fields");
  const Node* actions = node.find("actions");
  for (ActionSpec& action : type.actions) {
    if (std::ranges::none_of(action.by, is_outsider)) continue;
    for (const std::size_t asked : action.asks) {
      FieldSpec& field = type.fields[asked];
      derive_personal(field, fields == nullptr ? nullptr : fields->find(field.name));
    }
    const Node* written = actions->find(action.name);
    const Node* inputs = written == nullptr ? nullptr : written->find("input");
    for (FieldSpec& input : action.input)
      derive_personal(input, inputs == nullptr ? nullptr : inputs->find(input.name));
  }
}

/// Each erase line has a key of its own; `all` takes the personal fields that no other line names
/// and that it does not keep.
void derive_key_slots(Type& type) {
  const auto slot_of = [&](const Name& name) -> std::uint8_t {
    std::uint8_t slot = 0;
    for (const EraseSpec& line : type.erase) {
      if (line.field == name) return line.key_slot;
      const bool kept = std::ranges::find(line.keep, name) != line.keep.end();
      if (line.field == "all" && !kept) slot = line.key_slot;
    }
    return slot;
  };
  for (FieldSpec& field : type.fields)
    if (field.personal) field.key_slot = slot_of(field.name);
  for (ActionSpec& action : type.actions)
    for (FieldSpec& input : action.input)
      if (input.personal) input.key_slot = slot_of(input.name);
}

TypeShape shape_of(const Type& type, const TypeSource& source) {
  TypeShape shape;
  shape.name = type.name;
  shape.bases = source.bases;
  for (const FieldSpec& field : type.fields) {
    shape.fields.push_back(shape_of(field, type.name));
    const Node* fields = source.node->find("fields");
    const Node* written = fields == nullptr ? nullptr : fields->find(field.name);
    if (written == nullptr) continue;
    const Node* required = written->find("required");
    shape.fields.back().computed = written->find("value") != nullptr;
    shape.fields.back().has_default =
        written->find("default") != nullptr || (required != nullptr && required->text == "true");
  }
  for (const SetSpec& set : type.sets) shape.sets.push_back({set.name, set.type, set.field});
  for (const StateSpec& state : type.states) shape.states.push_back(state.name);
  for (const ActionSpec& action : type.actions) {
    ActionShape act{action.name, {}};
    for (const FieldSpec& input : action.input)
      act.input.push_back(shape_of(input, inside(type.name, action.name)));
    shape.actions.push_back(std::move(act));
  }
  if (const Node* clocks = source.node->find("clocks"); clocks != nullptr && clocks->is_map())
    for (const NodeEntry& entry : clocks->entries) shape.clocks.push_back(entry.key);
  shape.is_reference = type.reference.has_value();
  shape.is_post = type.name == "post" || std::ranges::find(source.bases, "post") !=
                                             source.bases.end();
  return shape;
}

void read_reference(Type& type, const Node& node, Messages& messages) {
  const Node* written = node.find("reference");
  if (written == nullptr) return;
  const std::string where = inside(type.name, "reference");
  ReferenceSpec reference;
  const auto add_state = [&](const Name& name, const Origin& origin) {
    if (const auto state = type.find_state(name)) {
      reference.active.push_back(*state);
    } else {
      messages.error("definition.unknown_state", origin, {{"where", where}, {"name", name}});
    }
  };
  if (written->as_boolean() == false) return;
  if (written->as_boolean() == true) {
    add_state("in_force", written->origin);
  } else if (expect_map(*written, where, messages)) {
    check_keys(*written, {"active", "from", "until"}, {}, where, messages);
    for (const WrittenName& name : read_names(*written, "active", where, messages))
      add_state(name.name, name.origin);
    for (const char* key : {"from", "until"}) {
      if (written->find(key) == nullptr) continue;
      const Name field = read_name(*written, key, where, messages);
      const auto index = type.find_field(field);
      if (!index || (type.fields[*index].kind != FieldKind::date &&
                     type.fields[*index].kind != FieldKind::instant)) {
        messages.error("definition.reference_date", written->find(key)->origin,
                       {{"where", where}, {"name", field}});
        continue;
      }
      (std::string_view(key) == "from" ? reference.from : reference.until) = field;
    }
  }
  std::ranges::sort(reference.active);
  if (reference.active.empty())
    messages.error("definition.key_missing", written->origin,
                   {{"where", where}, {"name", "active"}});
  type.reference = std::move(reference);
}

}  // namespace

TypeDraft read_shape(const TypeSource& source, Messages& messages) {
  const Node& node = *source.node;
  auto type = std::make_shared<Type>();
  type->name = source.name;
  type->system = source.system;
  if (!source.bases.empty()) type->base = source.bases.front();
  check_name_form(source.name, node.origin, "type", messages);
  check_type_keys(node, source.name, messages);
  type->version = read_integer(node, "version", source.name, messages).value_or(1);
  type->label = need_label(node, node.origin, source.name, messages);
  type->is_register = read_boolean(node, "register", false, source.name, messages);
  type->number = read_text(node, "number", source.name, messages).value_or("{year}-{seq:6}");
  type->title = read_text(node, "title", source.name, messages).value_or("");
  read_fields(*type, node, messages);
  read_sets(*type, node, messages);
  read_states(*type, node, messages);
  type->index_names();
  read_reference(*type, node, messages);
  read_action_shapes(*type, node, messages);
  type->index_names();
  read_erase(*type, node, messages);
  derive_personal(*type, node);
  derive_key_slots(*type);
  TypeDraft draft;
  draft.source = source;
  draft.shape = shape_of(*type, source);
  draft.type = std::move(type);
  return draft;
}

}  // namespace gewu::kernel
