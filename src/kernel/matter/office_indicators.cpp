#include "kernel/matter/office_indicators.h"

#include <algorithm>
#include <utility>

#include "kernel/matter/definition_reader.h"

namespace gewu::kernel {
namespace {

/// "task" of "task.return"; empty where no type is named.
Name type_in(std::string_view name) { return Name(name.substr(0, std::min(name.find('.'), name.size()))); }
bool names_a_type(const Node* node) {
  return node != nullptr && node->is_scalar() && node->text.find('.') != std::string::npos;
}

/// What is said of the whole holds for its parts too.
void share(const Node& whole, Node& part) {
  for (const char* key : {"by", "book_to", "group_min"})
    if (const NodeEntry* shared = whole.find_entry(key); shared != nullptr && !part.find(key))
      part.put(key, shared->value, shared->origin);
}

class Settling {
 public:
  Settling(Node& node, Messages& messages)
      : types_(*node.find("types")), node_(node), messages_(messages) {}

  void settle() {
    if (const Node* own = node_.find("indicators")) {
      for (const NodeEntry& entry : own->entries) place(entry);
      node_.remove("indicators");
    }
    for (NodeEntry& type : types_.entries) {
      Node* definition = type.value.find("definition");
      Node* indicators = definition == nullptr ? nullptr : definition->find("indicators");
      if (indicators == nullptr || !indicators->is_map()) continue;
      for (NodeEntry& entry : indicators->entries) look(type.key, entry);
    }
    for (const Moved& moved : moved_) put(moved.type, moved.key, moved.node, moved.origin);
  }

 private:
  struct Moved {
    Name type;
    std::string key;
    Node node;
    Origin origin;
  };

  void complain(std::string_view key, const Origin& at, const Name& where, std::string name) {
    messages_.error(key, at, {{"where", where}, {"name", std::move(name)}});
  }

  /// Into the type and those that extend it, which are counted for it too.
  void put(const Name& type, const std::string& key, const Node& node, const Origin& origin) {
    for (NodeEntry& entry : types_.entries) {
      const auto& bases = entry.value.find("bases")->items;
      const bool extends = std::ranges::any_of(
          bases, [&](const Node& base) { return base.text == type; });
      Node* definition = entry.value.find("definition");
      if (definition == nullptr || (entry.key != type && !extends)) continue;
      Node* indicators = definition->find("indicators");
      if (indicators == nullptr) indicators = &definition->put("indicators", Node::map(), origin);
      if (indicators->find(key) == nullptr) indicators->put(key, node, origin);
    }
  }

  /// Whether an action of another type is counted that this place practises.
  bool is_elsewhere(const Name& type, const Node* flow) const {
    return names_a_type(flow) && flow->text.find('#') == std::string::npos &&
           type_in(flow->text) != type && types_.find(type_in(flow->text)) != nullptr;
  }

  /// Counted there from now on; the name by which it is read.
  std::string move(const Name& type, const std::string& name, Node part, const Origin& origin) {
    Node& flow = *part.find("flow");
    const Name there = type_in(flow.text);
    flow.text.erase(0, there.size() + 1);
    moved_.push_back({there, type + "#" + name, std::move(part), origin});
    return there + "." + type + "#" + name;
  }

  void look(const Name& type, NodeEntry& entry) {
    Node& written = entry.value;
    if (!written.is_map()) return;
    if (entry.key.find('#') != std::string::npos)
      return complain("definition.name_form", entry.origin, type + ".indicators", entry.key);
    if (is_elsewhere(type, written.find("flow"))) {
      Node pointer = Node::map(written.origin);
      for (const char* key : {"label", "note", "source"})
        if (const NodeEntry* kept = written.find_entry(key))
          pointer.put(key, kept->value, kept->origin);
      const Origin at = written.find("flow")->origin;
      std::string there = move(type, entry.key, written, entry.origin);
      pointer.put("flow", Node::scalar(std::move(there), false, at), at);
      written = std::move(pointer);
      return;
    }
    if (Node* ratio = written.find("ratio"); ratio != nullptr && ratio->is_list())
      for (std::size_t i = 0; i < ratio->items.size(); ++i) {
        Node& part = ratio->items[i];
        if (!part.is_map() || !is_elsewhere(type, part.find("flow"))) continue;
        share(written, part);
        const Origin at = part.origin;
        std::string there =
            move(type, entry.key + "_" + std::to_string(i), std::move(part), entry.origin);
        part = Node::scalar(std::move(there), false, at);
      }
    look_at_coverage(type, entry);
  }

  void look_at_coverage(const Name& type, NodeEntry& entry) {
    Node& written = entry.value;
    Node* by = written.find("by");
    const Node* match = written.find("match");
    if (written.find("coverage") == nullptr || by == nullptr || match == nullptr) return;
    if (!by->is_map() || !is_elsewhere(type, by->find("flow"))) return;
    Node paths = Node::list(match->origin);
    paths.items.push_back(*match);
    by->put("by", std::move(paths), match->origin);
    const Origin at = by->origin;
    std::string there = move(type, entry.key, std::move(*by), entry.origin);
    *written.find("by") = Node::scalar(std::move(there), false, at);
  }

  /// The type whose records an indicator of a system counts; empty when none is named.
  static Name home_of(const Node& written) {
    const Node* counted = written.find("flow");
    if (counted == nullptr) counted = written.find("change");
    if (const Node* ratio = written.find("ratio");
        ratio != nullptr && ratio->is_list() && !ratio->items.empty())
      counted = &ratio->items.back();
    if (written.find("coverage") != nullptr) counted = written.find("by");
    if (counted != nullptr && counted->is_map()) counted = counted->find("flow");
    return names_a_type(counted) ? type_in(counted->text) : Name();
  }

  void place(const NodeEntry& entry) {
    const std::string where = "indicators";
    check_name_form(entry.key, entry.origin, where, messages_);
    if (!expect_map(entry.value, where, messages_)) return;
    const Name home = home_of(entry.value);
    if (home.empty())
      return complain("definition.system_indicator", entry.origin, where, entry.key);
    const Node* type = types_.find(home);
    if (type == nullptr) return complain("definition.unknown_type", entry.origin, where, home);
    if (type->map_at("definition").map_at("indicators").find(entry.key) != nullptr)
      return complain("definition.name_twice", entry.origin, where, home + "." + entry.key);
    Node written = entry.value;
    const auto at_home = [&](Node* name) {
      if (names_a_type(name) && type_in(name->text) == home) name->text.erase(0, home.size() + 1);
    };
    at_home(written.find("change"));
    if (Node* ratio = written.find("ratio"); ratio != nullptr)
      for (Node& part : ratio->items) at_home(&part);
    put(home, entry.key, written, entry.origin);
  }

  Node& types_;
  Node& node_;
  Messages& messages_;
  std::vector<Moved> moved_;
};

}  // namespace

void settle_indicators(PublishedLocality& locality, Messages& messages) {
  Settling(locality.node, messages).settle();
}

}  // namespace gewu::kernel
