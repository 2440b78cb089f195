#include "kernel/matter/definition_check.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/deny_list.h"
#include "kernel/matter/import_rule.h"

namespace gewu::kernel {
namespace {

void check_list_name(const FieldSpec& field, std::string_view where, const DefinitionWorld& world,
                     Messages& messages) {
  if (!field.list.empty() && field.list != "level" && world.find_list(field.list) == nullptr)
    messages.error("definition.unknown_list", field.origin,
                   {{"where", std::string(where)}, {"name", field.list}});
  if (!field.to.empty() && field.to != "any" && world.find_type(field.to) == nullptr)
    messages.error("definition.unknown_type", field.origin,
                   {{"where", std::string(where)}, {"name", field.to}});
  if (!field.role.empty() && !world.has_role(field.role))
    messages.error("definition.unknown_role", field.origin,
                   {{"where", std::string(where)}, {"name", field.role}});
  for (const FieldSpec& column : field.fields)
    check_list_name(column, inside(where, column.name), world, messages);
}

void check_number(const Type& type, const Node& node, Messages& messages) {
  const Node* written = node.find("number");
  if (written == nullptr) return;
  const std::string& text = written->text;
  bool has_sequence = false;
  bool is_sound = true;
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::size_t end = text.find('}', at);
    const std::string part = end == std::string::npos ? "" : text.substr(at + 1, end - at - 1);
    const bool is_sequence = part.starts_with("seq:") && parse_integer(part.substr(4));
    has_sequence = has_sequence || is_sequence;
    is_sound = is_sound && (is_sequence || part == "year" || part == "type" ||
                            part == "county.code");
  }
  if (!has_sequence || !is_sound)
    messages.error("definition.number_template", written->origin,
                   {{"where", type.name}, {"name", text}});
}

/// Own sets: the field they come by is a link to this type, to one it extends, or to any.
void check_sets(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  const Type& type = *draft.type;
  for (const SetSpec& set : type.sets) {
    const Origin& at = draft.source.node->find("sets")->find_entry(set.name)->origin;
    const std::vector<ErrorDetail> details = {{"where", inside(type.name, set.name)},
                                              {"name", set.type + "." + set.field}};
    const TypeShape* other = world.find_type(set.type);
    if (other == nullptr) {
      messages.error("definition.unknown_type", at, details);
      continue;
    }
    const FieldShape* field = other->find_field(set.field);
    const bool links = field != nullptr && field->type.base == StaticType::Base::link &&
                       (field->type.of == "any" || world.is_kind_of(type.name, field->type.of));
    if (!links) messages.error("definition.set_link", at, details);
  }
}

/// A value may not read another matter's value that is itself stored over sets.
void check_values(const Type& type, const DefinitionWorld& world, Messages& messages) {
  for (const FieldSpec& field : type.fields) {
    if (field.value == nullptr) continue;
    for (const ExpressionRead& read : field.value->reads()) {
      const TypeShape* other =
          read.path.empty() || read.types.empty() ? nullptr : world.find_type(read.types.back());
      const FieldShape* value = other == nullptr ? nullptr : other->find_field(read.name);
      if (value != nullptr && value->over_sets)
        messages.error("definition.value_chain", field.origin,
                       {{"where", inside(type.name, field.name)},
                        {"name", inside(other->name, value->name)}});
    }
  }
}

/// How deep effects that open matters open further ones.
int opening_depth(const DefinitionWorld& world, const Name& type, const Name& action, int depth) {
  if (depth > static_cast<int>(kLimits.open_depth_max)) return depth;
  const TypeDraft* draft = world.find_draft(type);
  const ActionSpec* spec = draft == nullptr ? nullptr : draft->type->find_action(action);
  if (spec == nullptr) return depth;
  int deepest = depth;
  for (const EffectSpec& effect : spec->then)
    if (effect.kind == EffectSpec::Kind::open)
      deepest = std::max(deepest, opening_depth(world, effect.type, effect.action, depth + 1));
  return deepest;
}

template <typename Visit>
void visit_nodes(const Node& node, const Visit& visit) {
  visit(node);
  for (const NodeEntry& entry : node.entries) visit_nodes(entry.value, visit);
  for (const Node& item : node.items) visit_nodes(item, visit);
}

}  // namespace

void check_type(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  check_names(draft, world, messages);
  check_states(draft, messages);
  check_actions(draft, world, messages);
  check_loops(draft, messages);
  check_cost(draft, world, messages);
  check_clocks(draft, world, messages);
  check_parts(draft, world, messages);
  check_holds(draft, messages);
  check_sight(draft, messages);
  check_erasure(draft, world, messages);
  check_figures(draft, world, messages);
  check_imports(draft, world, messages);
  check_product(draft, messages);
}

void check_names(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  const Type& type = *draft.type;
  for (const FieldSpec& field : type.fields)
    check_list_name(field, inside(type.name, field.name), world, messages);
  for (const ActionSpec& action : type.actions)
    for (const FieldSpec& input : action.input)
      check_list_name(input, inside(inside(type.name, action.name), input.name), world, messages);
  check_sets(draft, world, messages);
  check_values(type, world, messages);
  check_number(type, *draft.source.node, messages);
  if (const Node* keepers = draft.source.node->find("keepers"))
    for (const Node& item : keepers->items)
      if (item.text != "system" && !world.has_role(item.text))
        messages.error("definition.unknown_role", item.origin,
                       {{"where", inside(type.name, "keepers")}, {"name", item.text}});
}

void check_list(const List& list, const DefinitionWorld& world, Messages& messages) {
  for (const FieldSpec& prop : list.props)
    check_list_name(prop, inside(inside("lists", list.name), prop.name), world, messages);
}

void check_setting(const Setting& setting, const Node& written, Messages& messages) {
  const auto is_less = [](const Value& a, const Value& b) {
    if (const auto *x = a.get<Number>(), *y = b.get<Number>(); x != nullptr && y != nullptr)
      return *x < *y;
    if (const auto *x = a.get<Money>(), *y = b.get<Money>(); x != nullptr && y != nullptr)
      return *x < *y;
    if (const auto *x = a.get<Limit>(), *y = b.get<Limit>(); x != nullptr && y != nullptr)
      return x->unit == y->unit && x->amount < y->amount;
    return false;
  };
  if (is_less(setting.value, setting.min) || is_less(setting.max, setting.value)) {
    const Node* value = written.find("value");
    messages.error("definition.setting_bounds", value == nullptr ? written.origin : value->origin,
                   {{"name", setting.name}});
  }
}

void check_office(const DefinitionWorld& world, Messages& messages) {
  for (const auto& [name, draft] : world.drafts) {
    for (const ActionSpec& action : draft.type->actions) {
      const int depth = opening_depth(world, name, action.name, 0);
      if (depth > static_cast<int>(kLimits.open_depth_max))
        messages.error("definition.effect_depth", action.origin,
                       {{"where", inside(name, action.name)}});
    }
  }
}

namespace {

/// Settings that the engine itself reads.
constexpr std::array<std::string_view, 5> kEngineSettings = {
    "idle_time", "late_arrival", "backup_key_days", "personal_purpose", "personal_retention"};

/// Roles and settings that the texts of types name.
std::set<std::string> named_in(const Node& types) {
  std::set<std::string> named;
  const auto take = [&](const std::string& text) {
    named.insert(text.substr(0, text.find('@')));
    constexpr std::string_view kPrefix = "setting.";
    for (auto at = text.find(kPrefix); at != std::string::npos; at = text.find(kPrefix, at + 1)) {
      const std::size_t begin = at + kPrefix.size();
      const std::size_t end =
          text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_", begin);
      named.insert(text.substr(at, end == std::string::npos ? end : end - at));
    }
  };
  visit_nodes(types, [&](const Node& node) {
    if (node.is_scalar()) take(node.text);
    for (const NodeEntry& entry : node.entries) take(entry.key);
  });
  return named;
}

}  // namespace

void check_unused(const Node& systems, Messages& messages) {
  const Node* types = systems.find("types");
  if (types == nullptr) return;
  const std::set<std::string> named = named_in(*types);
  const auto check = [&](const char* part, const std::string& prefix, std::string_view key) {
    const Node* written = systems.find(part);
    if (written == nullptr) return;
    for (const NodeEntry& entry : written->entries) {
      if (std::ranges::find(kEngineSettings, entry.key) != kEngineSettings.end()) continue;
      if (!named.contains(prefix + entry.key))
        messages.warning(key, entry.origin, {{"name", entry.key}});
    }
  };
  check("roles", "", "definition.role_unused");
  check("settings", "setting.", "definition.setting_unused");
}

namespace {

/// White space out, and in brackets anything without a Chinese letter: pinyin of a document.
std::string without_pinyin(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool opens = text[at] == '(' || text.substr(at).starts_with("（");
    if (opens) {
      const bool is_wide = text[at] != '(';
      const std::size_t end = text.find(is_wide ? "）" : ")", at);
      if (end != std::string_view::npos) {
        const std::string_view between =
            text.substr(at + (is_wide ? 3 : 1), end - at - (is_wide ? 3 : 1));
        const bool has_chinese = std::ranges::any_of(between, [](char byte) {
          return static_cast<unsigned char>(byte) >= 0xE4;
        });
        if (!has_chinese) {
          at = end + (is_wide ? 2 : 0);
          continue;
        }
      }
    }
    if (text.substr(at).starts_with("\xE3\x80\x80")) {   // ideographic space
      at += 2;
      continue;
    }
    const char byte = text[at];
    if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') continue;
    result += byte;
  }
  return result;
}

}  // namespace

void check_sources(const std::vector<DefinitionFile>& files, const CompileOptions& options,
                   CompileResult& result) {
  std::map<std::string, std::string> plain;
  if (options.documents)
    for (const auto& [file, text] : *options.documents) plain.emplace(file, without_pinyin(text));
  const auto check = [&](const Node& node) {
    const Node* source = node.find("source");
    if (source == nullptr || !source->is_map()) return;
    const Node* file = source->find("file");
    const Node* text = source->find("text");
    if (file == nullptr || text == nullptr) {
      result.messages.error("definition.key_missing", source->origin,
                            {{"where", "source"}, {"name", file == nullptr ? "file" : "text"}});
      return;
    }
    if (!options.documents) {
      ++result.sources_unchecked;
      return;
    }
    ++result.sources_checked;
    const auto document = plain.find(file->text);
    if (document == plain.end()) {
      result.messages.error("definition.source_unknown", file->origin, {{"name", file->text}});
    } else if (document->second.find(without_pinyin(text->text)) == std::string::npos) {
      result.messages.error("definition.source_missing", text->origin, {{"name", text->text}});
    }
  };
  for (const DefinitionFile& file : files) visit_nodes(file.root, check);
  if (result.sources_unchecked > 0)
    result.messages.warning("definition.source_unchecked", {},
                            {{"count", std::to_string(result.sources_unchecked)}});
}

}  // namespace gewu::kernel
