#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "kernel/matter/definition_read.h"
#include "kernel/matter/definition_reader.h"

// Fields, inputs, columns of small tables and props of lists (language.md 2.3).

namespace gewu::kernel {
namespace {

bool needs_list(FieldKind kind) { return kind == FieldKind::choice || kind == FieldKind::scores; }

bool is_always_sealed(FieldKind kind) {
  return kind == FieldKind::contact || kind == FieldKind::account;
}

void check_kind_keys(const FieldSpec& field, const Node& node, std::string_view where,
                     Messages& messages) {
  const auto need = [&](bool needed, std::string_view key, bool given) {
    const std::vector<ErrorDetail> details = {{"where", std::string(where)},
                                              {"name", std::string(key)},
                                              {"kind", to_text(field.kind)}};
    if (needed && !given) messages.error("definition.key_missing", node.origin, details);
    if (!needed && given) messages.error("definition.key_not_here", node.origin, details);
  };
  need(needs_list(field.kind), "list", !field.list.empty());
  need(field.kind == FieldKind::link, "to", !field.to.empty());
  need(field.kind == FieldKind::quantity, "unit", !field.unit.empty());
  need(field.kind == FieldKind::rows, "fields", node.find("fields") != nullptr);
  if (field.kind == FieldKind::rows) need(true, "max", node.find("max") != nullptr);
  if (field.kind != FieldKind::post) need(false, "role", !field.role.empty());
  if (field.kind != FieldKind::link) need(false, "parent", field.parent);
  if (field.kind != FieldKind::text) need(false, "languages", field.languages);
  if (field.kind == FieldKind::tally)
    for (const char* key : {"many", "required", "default", "value", "personal", "consent"})
      need(false, key, node.find(key) != nullptr);
}

/// A table may hold tables, these no others: what people fill in on a page has two levels.
bool has_inner_tables(const FieldSpec& table) {
  return std::ranges::any_of(table.fields, [](const FieldSpec& column) {
    return column.kind == FieldKind::rows;
  });
}

void read_columns(FieldSpec& field, const Node& node, std::string_view where, bool needs_label,
                  Messages& messages) {
  const Node* columns = find_map(node, "fields", where, messages);
  if (columns == nullptr) return;
  for (const NodeEntry& entry : columns->entries) {
    check_new_name(entry.key, entry.origin, where, messages);
    FieldSpec column = read_field(entry.key, entry.value, entry.origin,
                                  inside(where, entry.key), needs_label, messages);
    if (column.kind == FieldKind::rows && has_inner_tables(column))
      messages.error("definition.rows_in_rows", entry.origin, {{"where", std::string(where)}});
    field.fields.push_back(std::move(column));
  }
}

/// Whose agreement the field waits for. How it is kept is checked with the actions.
void read_consent(FieldSpec& field, const Node& node, std::string_view where,
                  Messages& messages) {
  const auto word = read_text(node, "consent", where, messages);
  if (!word) return;
  if (*word == "author") field.consent = Consent::author;
  else if (*word == "holder") field.consent = Consent::holder;
  else
    messages.error("definition.unknown_word", node.find("consent")->origin,
                   {{"where", std::string(where)}, {"name", *word}});
}

FieldKind read_kind(const Node& node, const Origin& origin, std::string_view where,
                    Messages& messages) {
  const auto text = read_text(node, "kind", where, messages);
  if (!text) {
    if (node.find("kind") == nullptr)
      messages.error("definition.key_missing", origin,
                     {{"where", std::string(where)}, {"name", "kind"}});
    return FieldKind::text;
  }
  const auto kind = parse_field_kind(*text);
  if (!kind)
    messages.error("definition.unknown_kind", node.find("kind")->origin,
                   {{"where", std::string(where)}, {"name", *text}});
  return kind.value_or(FieldKind::text);
}

StaticType::Base base_of(FieldKind kind) {
  using enum StaticType::Base;
  switch (kind) {
    case FieldKind::text: return text;
    case FieldKind::number: case FieldKind::quantity: case FieldKind::tally: return number;
    case FieldKind::money: return money;
    case FieldKind::date: return date;
    case FieldKind::instant: return instant;
    case FieldKind::time: return time;
    case FieldKind::period: return period;
    case FieldKind::limit: return limit;
    case FieldKind::yes_no: return yes_no;
    case FieldKind::hours: return hours;
    case FieldKind::file: return file;
    case FieldKind::choice: return choice;
    case FieldKind::link: return link;
    case FieldKind::territory: case FieldKind::organisation: return unit;
    case FieldKind::post: return post;
    case FieldKind::place: return place;
    case FieldKind::line: return line;
    case FieldKind::contact: return contact;
    case FieldKind::account: return account;
    case FieldKind::scores: return scores;
    case FieldKind::rows: return row;
    case FieldKind::action: case FieldKind::indicator: return key;
  }
  return missing;
}

}  // namespace

FieldSpec read_field(const Name& name, const Node& node, const Origin& origin,
                     std::string_view where, bool needs_label, Messages& messages) {
  FieldSpec field;
  field.name = name;
  field.origin = origin;
  if (!expect_map(node, where, messages)) return field;
  check_keys(node,
             {"kind", "label", "required", "many", "min", "max", "length_max", "unit", "list",
              "to", "role", "languages", "default", "index", "value", "personal", "sealed",
              "parent", "fields", "rota", "consent", "source"},
             {}, where, messages);
  field.kind = read_kind(node, origin, where, messages);
  field.label = needs_label ? need_label(node, origin, where, messages)
                            : read_label(node, where, messages);
  field.list = read_name(node, "list", where, messages);
  field.to = read_name(node, "to", where, messages);
  field.role = read_name(node, "role", where, messages);
  field.unit = read_text(node, "unit", where, messages).value_or("");
  field.many = read_boolean(node, "many", false, where, messages);
  field.parent = read_boolean(node, "parent", false, where, messages);
  field.index = read_boolean(node, "index", false, where, messages);
  field.languages = read_boolean(node, "languages", false, where, messages);
  field.sealed = read_boolean(node, "sealed", is_always_sealed(field.kind), where, messages);
  field.personal = read_boolean(node, "personal", field.sealed, where, messages);
  if (is_always_sealed(field.kind) && !(field.sealed && field.personal))
    messages.error("definition.always_sealed", origin, {{"where", std::string(where)}});
  field.personal = field.personal || field.sealed;
  if (const auto length = read_integer(node, "length_max", where, messages))
    field.length_max = static_cast<std::size_t>(*length);
  if (field.length_max > kLimits.text_code_points_max)
    messages.error("definition.too_long", node.find("length_max")->origin,
                   {{"where", std::string(where)},
                    {"max", std::to_string(kLimits.text_code_points_max)}});
  read_consent(field, node, where, messages);
  check_kind_keys(field, node, where, messages);
  if (field.kind == FieldKind::rows) read_columns(field, node, where, needs_label, messages);
  return field;
}

StaticType type_of(const FieldSpec& field, std::string_view row_of) {
  StaticType type;
  type.base = base_of(field.kind);
  type.is_set = field.many || field.kind == FieldKind::rows;
  if (needs_list(field.kind)) type.of = field.list;
  if (field.kind == FieldKind::choice && field.list == "level")
    type = {StaticType::Base::key, "level", type.is_set};
  if (field.kind == FieldKind::link) type.of = field.to;
  if (field.kind == FieldKind::rows) type.of = row_of;
  if (field.kind == FieldKind::territory || field.kind == FieldKind::organisation ||
      field.kind == FieldKind::action || field.kind == FieldKind::indicator)
    type.of = to_text(field.kind);
  return type;
}

FieldShape shape_of(const FieldSpec& field, const std::string& owner) {
  FieldShape shape;
  shape.name = field.name;
  const std::string row_of = inside(owner, field.name);
  shape.type = type_of(field, row_of);
  shape.index = field.index;
  shape.personal = field.personal;
  shape.sealed = field.sealed;
  shape.parent = field.parent;
  for (const FieldSpec& column : field.fields) shape.columns.push_back(shape_of(column, row_of));
  return shape;
}

}  // namespace gewu::kernel
