#include "kernel/matter/publish_check.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace gewu::kernel {
namespace {

/// What a matter does not pin: words, origins, sight, views, timetables.
bool is_todays(std::string_view key, const Node& value) {
  if (key == "label") return value.is_scalar() || value.find("kind") == nullptr;
  return key == "source" || key == "note";
}

bool is_message(const Node& effect) { return effect.is_map() && effect.find("tell") != nullptr; }

Node stripped(const Node& node) {
  Node result = node;
  std::erase_if(result.entries, [](const NodeEntry& entry) {
    return is_todays(entry.key, entry.value) || is_message(entry.value);
  });
  for (NodeEntry& entry : result.entries) entry.value = stripped(entry.value);
  for (Node& item : result.items) item = stripped(item);
  // An empty `then` says no more than none.
  std::erase_if(result.entries, [](const NodeEntry& entry) {
    return entry.value.is_map() && entry.value.entries.empty();
  });
  return result;
}

Node pinned_definition(const Node& definition) {
  Node result = definition;
  for (const char* key : {"version", "see", "views", "duties", "plan"}) result.remove(key);
  for (NodeEntry& part : result.entries)
    if (part.key == "erase")
      for (NodeEntry& line : part.value.entries) line.value.remove("purpose");
  return stripped(result);
}

void collect_lists(const Node& node, std::set<std::string>& names) {
  if (const Node* list = node.find("list"); list != nullptr && list->is_scalar())
    names.insert(list->text);
  for (const NodeEntry& entry : node.entries) collect_lists(entry.value, names);
  for (const Node& item : node.items) collect_lists(item, names);
}

/// Props of rows, only of those that `also` has too when it is given.
Node pinned_rows(const Node& list, const Node* also) {
  Node rows = Node::map();
  for (const NodeEntry& row : list.entries) {
    if (also != nullptr && also->find(row.key) == nullptr) continue;
    Node props = stripped(row.value);
    props.remove("off");
    if (!props.entries.empty()) rows.put(row.key, std::move(props));
  }
  return rows;
}

Node pinned_lists(const std::set<std::string>& names, const Node& lists, const Node* others) {
  Node result = Node::map();
  for (const std::string& name : names) {
    const Node* list = lists.find(name);
    if (list == nullptr || !list->is_map()) continue;
    result.put(name, pinned_rows(*list, others == nullptr ? nullptr : others->find(name)));
  }
  return result;
}

std::string text_of(const Node& definition, const Node& lists, const Node* others) {
  std::set<std::string> names;
  collect_lists(definition, names);
  Node whole = Node::map();
  whole.put("definition", pinned_definition(definition));
  whole.put("lists", pinned_lists(names, lists, others));
  return canonical_text(whole);
}

std::int64_t version_of(const Node& definition) {
  const Node* version = definition.find("version");
  return version == nullptr ? 1 : version->as_integer().value_or(1);
}

}  // namespace

Node pinned_node(const Node& part) { return stripped(part); }

std::string pinned_part(const Type& type) {
  const auto node = node_from_canonical(type.text);
  if (!node || node->find("definition") == nullptr) return {};
  static const Node no_lists = Node::map();
  const Node* lists = node->find("lists");
  return text_of(*node->find("definition"), lists == nullptr ? no_lists : *lists, nullptr);
}

Messages check_publication(const PublishedLocality& before, const PublishedLocality& after) {
  Messages messages;
  const Node* old_types = before.node.find("types");
  const Node* new_types = after.node.find("types");
  const Node* old_lists = before.node.find("lists");
  const Node* new_lists = after.node.find("lists");
  if (!old_types || !new_types || !old_lists || !new_lists) return messages;
  for (const NodeEntry& entry : new_types->entries) {
    const Node* old_type = old_types->find(entry.key);
    const Node* definition = entry.value.find("definition");
    const Node* old_definition = old_type == nullptr ? nullptr : old_type->find("definition");
    if (definition == nullptr || old_definition == nullptr) continue;
    const std::int64_t was = version_of(*old_definition);
    const std::int64_t is = version_of(*definition);
    const std::vector<ErrorDetail> details = {{"name", entry.key}, {"version", std::to_string(is)}};
    const NodeEntry* at = definition->find_entry("version");
    const Origin& origin = at == nullptr ? definition->origin : at->origin;
    if (is < was) {
      messages.error("definition.version_back", origin, details);
    } else if (is == was && text_of(*old_definition, *old_lists, new_lists) !=
                                text_of(*definition, *new_lists, old_lists)) {
      messages.error("definition.version_same", origin, details);
    }
  }
  return messages;
}

}  // namespace gewu::kernel
