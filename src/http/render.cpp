#include "http/render.h"

#include <set>

#include "codec/input_json.h"
#include "kernel/matter/built_in.h"
#include "kernel/matter/expression_tree.h"
#include "usecase/matter_title.h"

namespace gewu::http {

using namespace gewu::kernel;

namespace {

/// A bound that needs no matter to be known: `required: true`, `max: 6`.
const Value* static_bound(const ExpressionPtr& expression) {
  if (!expression || !expression->is_constant() || expression->constants().empty()) return nullptr;
  return &expression->constants().front();
}

void write_bound(codec::JsonWriter& out, std::string_view key, const ExpressionPtr& expression) {
  const Value* value = static_bound(expression);
  if (!value) return;
  if (const Number* number = value->get<Number>()) {
    std::string text;
    codec::JsonWriter(text).scaled(number->micros, 6);
    out.member(key, text);
  } else if (const Date* date = value->get<Date>()) {
    out.member(key, format_date(*date));
  }
}

const List* find_list(const Type& type, const Locality* locality, const Name& name) {
  if (const auto found = type.lists.find(name); found != type.lists.end()) return &found->second;
  if (!locality) return nullptr;
  const auto found = locality->lists.find(name);
  return found == locality->lists.end() ? nullptr : &found->second;
}

void collect_lists(const std::vector<FieldSpec>& fields, std::set<Name>& names) {
  for (const FieldSpec& field : fields) {
    if (!field.list.empty()) names.insert(field.list);
    collect_lists(field.fields, names);
  }
}

Label word(const Locality* locality, std::string_view list, std::string_view key) {
  if (locality) {
    const auto found = locality->lists.find(std::string(list));
    if (found != locality->lists.end())
      if (const ListRow* row = found->second.find(key)) return row->label;
  }
  return {std::string(key), "", ""};
}

}  // namespace

void write_label(codec::JsonWriter& out, std::string_view key, const Label& label) {
  out.key(key).begin_object().member("zh", label.zh);
  if (!label.ko.empty()) out.member("ko", label.ko);
  if (!label.en.empty()) out.member("en", label.en);
  out.end_object();
}

void write_unit(codec::JsonWriter& out, std::string_view key, const Unit& unit,
                const Directory& directory) {
  const char* kind = nullptr;
  switch (unit.kind) {
    case Unit::Kind::none: return;
    case Unit::Kind::territory: kind = "territory"; break;
    case Unit::Kind::organisation: kind = "organisation"; break;
    case Unit::Kind::row: kind = "row"; break;
  }
  out.key(key).begin_object().member("kind", kind).member("code", unit.code);
  write_label(out, "label", usecase::unit_label(unit, directory));
  out.end_object();
}

void write_territory(codec::JsonWriter& out, const Territory& territory,
                     const Directory& directory, std::optional<std::int64_t> open) {
  out.begin_object().member("code", territory.code).member("level", level_name(territory.level));
  if (const Locality* locality = directory.locality_of(territory.code))
    if (const auto label = locality->levels.find(territory.level); label != locality->levels.end())
      write_label(out, "level_label", label->second);
  write_label(out, "label", territory.name);
  if (territory.drawn) out.member("drawn", true);
  out.member("children",
             static_cast<std::int64_t>(directory.territory->children(territory.code).size()));
  if (territory.centre) {
    out.key("centre").begin_array().scaled(territory.centre->lon_e6, 6);
    out.scaled(territory.centre->lat_e6, 6).end_array();
  }
  if (open) out.member("open", *open);
  out.end_object();
}

void write_organisation(codec::JsonWriter& out, const Organisation& organisation) {
  out.begin_object().member("key", organisation.key);
  write_label(out, "label", organisation.label);
  out.member("kind", organisation.kind);
  if (organisation.parent) out.member("parent", *organisation.parent);
  if (organisation.territory) out.member("territory", *organisation.territory);
  if (organisation.in_charge_of) out.member("in_charge_of", *organisation.in_charge_of);
  if (!organisation.phone.empty()) out.member("phone", organisation.phone);
  out.end_object();
}

void write_post_members(codec::JsonWriter& out, const usecase::MyPost& mine,
                        const Directory& directory) {
  out.member("id", std::to_string(mine.post->id.value)).member("role", mine.post->role);
  write_label(out, "label", usecase::role_label(mine));
  write_unit(out, "unit", mine.post->unit, directory);
  if (mine.organisation)
    write_unit(out, "organisation", organisation_unit(mine.organisation->key), directory);
  if (mine.locality) out.member("locality", mine.locality->name);
}

void write_held_post(codec::JsonWriter& out, const usecase::HeldPost& post,
                     const Directory& directory) {
  out.begin_object();
  write_post_members(out, post.post, directory);
  out.key("holders").begin_array();
  for (const usecase::HeldPost::Person& person : post.people) {
    out.begin_object().member("name", person.name);
    if (person.deputy) out.member("deputy", true);
    out.end_object();
  }
  out.end_array().end_object();
}

namespace {

/// `demanded`: whatever the field itself says.
void write_spec(codec::JsonWriter& out, const FieldSpec& field, bool demanded) {
  out.begin_object().member("name", field.name);
  write_label(out, "label", field.label);
  out.member("kind", to_text(field.kind));
  const Value* required = static_bound(field.required);
  const bool* is_required = required ? required->get<bool>() : nullptr;
  if (demanded || (is_required && *is_required)) out.member("required", true);
  if (field.many) out.member("many", true);
  if (field.languages) out.member("languages", true);
  write_bound(out, "min", field.min);
  write_bound(out, "max", field.max);
  if (field.kind == FieldKind::text)
    out.member("length_max", static_cast<std::int64_t>(field.length_max));
  if (!field.unit.empty()) out.member("unit", field.unit);
  if (!field.list.empty()) out.member("list", field.list);
  if (!field.to.empty()) out.member("to", field.to);
  if (!field.role.empty()) out.member("role", field.role);
  if (field.parent) out.member("parent", true);
  if (field.personal) out.member("personal", true);
  if (field.sealed) out.member("sealed", true);
  if (field.value) out.member("computed", true);
  if (const Value* value = static_bound(field.default_value)) {
    out.key("default");
    codec::write_field_value(out, field, *value);
  }
  if (!field.fields.empty()) {
    out.key("fields").begin_array();
    for (const FieldSpec& inner : field.fields) write_field_spec(out, inner);
    out.end_array();
  }
  out.end_object();
}

void write_built_in_input(codec::JsonWriter& out, FieldSpec field, std::string_view action,
                          const Locality* locality) {
  if (field.label.zh.empty()) field.label = word(locality, "builtin_input", field.name);
  write_spec(out, field, is_demanded(action, field.name));
}

}  // namespace

void write_field_spec(codec::JsonWriter& out, const FieldSpec& field) {
  write_spec(out, field, false);
}

void write_list(codec::JsonWriter& out, const List& list) {
  out.begin_object().member("name", list.name);
  write_label(out, "label", list.label);
  out.key("rows").begin_array();
  for (const ListRow& row : list.rows) {
    out.begin_object().member("key", row.key);
    write_label(out, "label", row.label);
    if (row.off) out.member("off", true);
    out.end_object();
  }
  out.end_array().end_object();
}

Label built_in_label(std::string_view name, const Locality* locality) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return word(locality, "builtin_action", name);
  return word(locality, "builtin_action", name.substr(dot + 1));
}

void write_action_form(codec::JsonWriter& out, const Type& type, const OfferedAction& offered,
                       const Locality* locality) {
  out.begin_object().member("action", offered.action);
  std::vector<FieldSpec> inputs;
  if (offered.spec) {
    write_label(out, "label", offered.spec->label);
    out.member("stage", to_text(offered.spec->stage)).key("fields").begin_array();
    for (const std::size_t slot : offered.spec->asks) {
      write_field_spec(out, type.fields[slot]);
      inputs.push_back(type.fields[slot]);
    }
    for (const FieldSpec& input : offered.spec->input) {
      write_field_spec(out, input);
      inputs.push_back(input);
    }
    out.end_array();
    if (offered.spec->undo) out.member("undo", *offered.spec->undo);
  } else {
    inputs = built_in_inputs(type, offered.action);
    write_label(out, "label", built_in_label(offered.action, locality));
    out.member("stage", to_text(Stage::other)).key("fields").begin_array();
    for (const FieldSpec& input : inputs) write_built_in_input(out, input, offered.action, locality);
    out.end_array().member("built_in", true);
    if (const auto dot = offered.action.find('.'); dot != std::string::npos)
      out.member("clock", offered.action.substr(0, dot));
  }
  std::set<Name> lists;
  collect_lists(inputs, lists);
  out.key("lists").begin_array();
  for (const Name& name : lists)
    if (const List* list = find_list(type, locality, name)) write_list(out, *list);
  out.end_array();
  if (!offered.possible) out.member("possible", false).member("barred_by", offered.barred_key);
  out.end_object();
}

}  // namespace gewu::http
