#include "kernel/matter/definition_reader.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace gewu::kernel {
namespace {

constexpr std::array<std::string_view, 10> kFixedNames = {
    "this", "input", "actor", "parent", "basis", "today", "now", "setting", "list", "it"};

constexpr std::array<std::string_view, 19> kBuiltInFields = {
    "id",        "number", "title",   "type",       "version",        "state",    "outcome",
    "opened_at", "closed_at", "author", "territory", "owner",         "handler",  "claimed_by",
    "parent",    "transferred_to", "next_due", "lamp", "is_final"};

constexpr std::array<std::string_view, 8> kBuiltInActions = {
    "note",   "claim", "release",     "reroute",
    "unseal", "erase", "ask_contact", "change_contact"};

constexpr std::array<std::string_view, 7> kBuiltInRefusals = {"by",   "from",  "when",     "apart",
                                                              "most", "basis", "barred_by"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void complain_of_value(const Node& node, std::string_view where, std::string_view wanted,
                       Messages& messages) {
  messages.error("definition.value_kind", node.origin,
                 {{"where", std::string(where)}, {"wanted", std::string(wanted)}});
}

bool is_dotted_name(std::string_view text) {
  const auto parts = split(text, '.');
  return !parts.empty() && std::ranges::all_of(parts, [](auto part) { return is_name(part); });
}

}  // namespace

std::string inside(std::string_view where, std::string_view key) {
  std::string result(where);
  if (!result.empty()) result += '.';
  result += key;
  return result;
}

void check_keys(const Node& map, std::initializer_list<std::string_view> known,
                std::initializer_list<std::string_view> later, std::string_view where,
                Messages& messages) {
  for (const NodeEntry& entry : map.entries) {
    if (std::ranges::find(known, entry.key) != known.end()) continue;
    const bool is_later = std::ranges::find(later, entry.key) != later.end();
    messages.error(is_later ? "definition.later" : "definition.unknown_key", entry.origin,
                   {{"where", std::string(where)}, {"name", entry.key}});
  }
}

bool expect_map(const Node& node, std::string_view where, Messages& messages) {
  if (node.is_map()) return true;
  complain_of_value(node, where, "map", messages);
  return false;
}

const Node* find_map(const Node& map, std::string_view key, std::string_view where,
                     Messages& messages) {
  const Node* node = map.find(key);
  if (node == nullptr || !expect_map(*node, inside(where, key), messages)) return nullptr;
  return node;
}

bool read_boolean(const Node& map, std::string_view key, bool otherwise, std::string_view where,
                  Messages& messages) {
  const Node* node = map.find(key);
  if (node == nullptr) return otherwise;
  const auto value = node->as_boolean();
  if (!value) complain_of_value(*node, inside(where, key), "true or false", messages);
  return value.value_or(otherwise);
}

std::optional<std::int64_t> read_integer(const Node& map, std::string_view key,
                                         std::string_view where, Messages& messages) {
  const Node* node = map.find(key);
  if (node == nullptr) return std::nullopt;
  const auto value = node->as_integer();
  if (!value || *value < 0) {
    complain_of_value(*node, inside(where, key), "whole number", messages);
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> read_text(const Node& map, std::string_view key, std::string_view where,
                                     Messages& messages) {
  const Node* node = map.find(key);
  if (node == nullptr) return std::nullopt;
  const auto text = node->as_text();
  if (!text) {
    complain_of_value(*node, inside(where, key), "text", messages);
    return std::nullopt;
  }
  return std::string(*text);
}

Name read_name(const Node& map, std::string_view key, std::string_view where, Messages& messages) {
  const auto text = read_text(map, key, where, messages);
  if (!text) return {};
  if (!is_dotted_name(*text)) {
    complain_of_value(*map.find(key), inside(where, key), "name", messages);
    return {};
  }
  return *text;
}

std::vector<WrittenName> read_names(const Node& map, std::string_view key, std::string_view where,
                                    Messages& messages) {
  std::vector<WrittenName> names;
  const Node* node = map.find(key);
  if (node == nullptr) return names;
  const auto add = [&](const Node& item) {
    if (item.is_scalar() && is_dotted_name(item.text)) {
      names.push_back({item.text, item.origin});
    } else {
      complain_of_value(item, inside(where, key), "name", messages);
    }
  };
  if (node->is_list()) {
    for (const Node& item : node->items) add(item);
  } else {
    add(*node);
  }
  return names;
}

std::optional<Limit> read_limit(const Node& map, std::string_view key, std::string_view where,
                                Messages& messages) {
  const auto text = read_text(map, key, where, messages);
  if (!text) return std::nullopt;
  const Result<Limit> limit = parse_limit(*text);
  if (!limit) {
    messages.error(limit.error(), map.find(key)->origin);
    return std::nullopt;
  }
  return *limit;
}

Label label_of(const Node& node, std::string_view where, Messages& messages) {
  if (node.is_scalar()) return {node.text, {}, {}};
  if (!expect_map(node, where, messages)) return {};
  check_keys(node, {"zh", "ko", "en"}, {}, where, messages);
  Label label;
  label.zh = read_text(node, "zh", where, messages).value_or("");
  label.ko = read_text(node, "ko", where, messages).value_or("");
  label.en = read_text(node, "en", where, messages).value_or("");
  return label;
}

Label read_label(const Node& map, std::string_view where, Messages& messages) {
  const Node* node = map.find("label");
  return node == nullptr ? Label{} : label_of(*node, inside(where, "label"), messages);
}

Label need_label(const Node& map, const Origin& origin, std::string_view where,
                 Messages& messages) {
  Label label = read_label(map, where, messages);
  if (label.zh.empty())
    messages.error("definition.label_missing", origin, {{"where", std::string(where)}});
  return label;
}

void check_name_form(std::string_view name, const Origin& origin, std::string_view where,
                     Messages& messages) {
  if (!is_name(name))
    messages.error("definition.name_form", origin,
                   {{"where", std::string(where)}, {"name", std::string(name)}});
}

void check_new_name(std::string_view name, const Origin& origin, std::string_view where,
                    Messages& messages) {
  check_name_form(name, origin, where, messages);
  const std::vector<ErrorDetail> details = {{"where", std::string(where)},
                                            {"name", std::string(name)}};
  if (is_fixed_name(name) || name == "none" || name == "true" || name == "false")
    messages.error("definition.hides_built_in", origin, details);
}

bool is_fixed_name(std::string_view name) { return contains(kFixedNames, name); }
bool is_built_in_field(std::string_view name) { return contains(kBuiltInFields, name); }
std::vector<std::string_view> built_in_fields() {
  return {kBuiltInFields.begin(), kBuiltInFields.end()};
}
bool is_built_in_action(std::string_view name) { return contains(kBuiltInActions, name); }
bool is_built_in_refusal(std::string_view name) { return contains(kBuiltInRefusals, name); }

}  // namespace gewu::kernel
