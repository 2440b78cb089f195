#include "kernel/matter/import_rule.h"

#include <algorithm>

#include "kernel/matter/definition_reader.h"
#include "kernel/matter/deny_list.h"

namespace gewu::kernel {
namespace {

constexpr std::string_view kKeep = "keep";

/// Kinds that the cell of a table can hold.
bool fits_a_cell(const FieldSpec& field) {
  switch (field.kind) {
    case FieldKind::text: return !field.languages && !field.many;
    case FieldKind::number: case FieldKind::money: case FieldKind::date: case FieldKind::instant:
    case FieldKind::time: case FieldKind::period: case FieldKind::limit: case FieldKind::yes_no:
    case FieldKind::quantity: case FieldKind::choice: case FieldKind::territory:
    case FieldKind::organisation: case FieldKind::post: case FieldKind::place:
      return !field.many;
    case FieldKind::hours: case FieldKind::file: case FieldKind::link: case FieldKind::line:
    case FieldKind::contact: case FieldKind::account: case FieldKind::scores:
    case FieldKind::rows: case FieldKind::tally: case FieldKind::action:
    case FieldKind::indicator:
      return false;
  }
  return false;
}

std::vector<std::pair<Name, std::string>> read_pairs(const Node& written, std::string_view key,
                                                     const std::string& where,
                                                     Messages& messages) {
  std::vector<std::pair<Name, std::string>> pairs;
  const Node* map = find_map(written, key, where, messages);
  if (map == nullptr) return pairs;
  for (const NodeEntry& entry : map->entries) {
    const auto text = read_text(*map, entry.key, inside(where, key), messages);
    if (text) pairs.emplace_back(entry.key, *text);
  }
  return pairs;
}

Name read_step(const Node& written, std::string_view key, const std::string& where,
               Messages& messages) {
  if (written.find(key) == nullptr) {
    messages.error("definition.key_missing", written.origin,
                   {{"where", where}, {"name", std::string(key)}});
    return {};
  }
  const Name name = read_name(written, key, where, messages);
  return name == kKeep ? Name() : name;
}

class ImportCheck {
 public:
  ImportCheck(const TypeDraft& draft, const DefinitionWorld& world, const ImportRule& rule,
              Messages& messages)
      : type_(*draft.type), world_(world), rule_(rule), messages_(messages),
        where_(inside(inside(type_.name, "imports"), rule.name)),
        at_(draft.source.node->find("imports")->find_entry(rule.name)->origin) {}

  void check() {
    for (const Name& role : rule_.by)
      if (!world_.has_role(role)) complain("definition.unknown_role", role);
    if (!type_.reference) complain("definition.import_rows", type_.name);
    if (rule_.by.empty()) complain("definition.key_missing", "by");
    if (rule_.match.empty()) complain("definition.key_missing", "match");
    for (const auto& [field, column] : rule_.take) {
      check_field(field);
      if (denied_kind(column)) complain("definition.denied", column);
    }
    for (const auto& [field, value] : rule_.fixed) check_field(field);
    for (const Name& field : rule_.match) {
      const auto found = type_.find_field(field);
      if (!is_given(field)) complain("definition.import_match", field);
      else if (found && !type_.fields[*found].index) complain("definition.import_match", field);
    }
    check_steps();
  }

 private:
  void complain(std::string_view key, std::string_view name) {
    messages_.error(key, at_, {{"where", where_}, {"name", std::string(name)}});
  }

  bool is_given(const Name& field) const {
    const auto names = [&](const auto& pair) { return pair.first == field; };
    return std::ranges::any_of(rule_.take, names) || std::ranges::any_of(rule_.fixed, names);
  }

  void check_field(const Name& name) {
    const auto field = type_.find_field(name);
    if (!field) return complain("definition.unknown_field", name);
    if (type_.fields[*field].value != nullptr || !fits_a_cell(type_.fields[*field]))
      complain("definition.import_field", name);
  }

  void check_steps() {
    if (!rule_.fresh.empty()) {
      const ActionSpec* action = type_.find_action(rule_.fresh);
      if (action == nullptr || !action->opens) complain("definition.unknown_action", rule_.fresh);
      else check_asked(*action, true);
    }
    if (!rule_.changed.empty()) {
      const ActionSpec* action = type_.find_action(rule_.changed);
      if (action == nullptr || action->opens) complain("definition.unknown_action", rule_.changed);
      else check_asked(*action, false);
    }
    if (rule_.missing.empty()) return;
    const ActionSpec* action = type_.find_action(rule_.missing);
    if (action == nullptr || action->opens) complain("definition.unknown_action", rule_.missing);
  }

  /// What is taken must be asked by the action, or it would be refused row by row.
  void check_asked(const ActionSpec& action, bool opens) {
    const auto asked = [&](const Name& name) {
      const auto field = type_.find_field(name);
      return !field || std::ranges::find(action.asks, *field) != action.asks.end();
    };
    for (const auto& [field, column] : rule_.take) {
      const bool is_match = std::ranges::find(rule_.match, field) != rule_.match.end();
      if (!asked(field) && (opens || !is_match)) complain("definition.import_asked", field);
    }
    if (!opens) return;
    for (const auto& [field, value] : rule_.fixed)
      if (!asked(field)) complain("definition.import_asked", field);
  }

  const Type& type_;
  const DefinitionWorld& world_;
  const ImportRule& rule_;
  Messages& messages_;
  std::string where_;
  Origin at_;
};

}  // namespace

std::vector<ImportRule> read_imports(const Node& definition, std::string_view type,
                                     Messages& messages) {
  std::vector<ImportRule> rules;
  const Node* imports = find_map(definition, "imports", type, messages);
  if (imports == nullptr) return rules;
  for (const NodeEntry& entry : imports->entries) {
    const std::string where = inside(inside(type, "imports"), entry.key);
    check_name_form(entry.key, entry.origin, where, messages);
    if (!expect_map(entry.value, where, messages)) continue;
    const Node& written = entry.value;
    check_keys(written,
               {"label", "source", "by", "match", "take", "fixed", "new", "changed", "missing",
                "review"},
               {}, where, messages);
    ImportRule rule;
    rule.name = entry.key;
    rule.label = read_label(written, where, messages);
    for (WrittenName& role : read_names(written, "by", where, messages))
      rule.by.push_back(std::move(role.name));
    for (WrittenName& field : read_names(written, "match", where, messages))
      rule.match.push_back(std::move(field.name));
    rule.take = read_pairs(written, "take", where, messages);
    rule.fixed = read_pairs(written, "fixed", where, messages);
    rule.fresh = read_step(written, "new", where, messages);
    rule.changed = read_step(written, "changed", where, messages);
    rule.missing = read_step(written, "missing", where, messages);
    rule.review = read_boolean(written, "review", false, where, messages);
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::vector<ImportRule> imports_of(const Type& type) {
  const auto text = node_from_canonical(type.text);
  const Node* definition = text ? text->find("definition") : nullptr;
  if (definition == nullptr) return {};
  Messages unread;  // it was checked when it was published
  return read_imports(*definition, type.name, unread);
}

void check_imports(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  for (const ImportRule& rule : read_imports(*draft.source.node, draft.type->name, messages))
    ImportCheck(draft, world, rule, messages).check();
}

}  // namespace gewu::kernel
