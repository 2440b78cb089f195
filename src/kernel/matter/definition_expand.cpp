#include "kernel/matter/definition_read.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/overlay.h"

// What every type has without saying so, and what `register: true` stands for.

namespace gewu::kernel {
namespace {

Node words(const std::map<Name, List>& lists, const Name& list, std::string_view key,
           const Origin& origin) {
  Node node = Node::map(origin);
  const auto found = lists.find(list);
  const ListRow* row = found == lists.end() ? nullptr : found->second.find(key);
  if (row == nullptr) return node;
  Node label = Node::map(origin);
  label.put("zh", Node::scalar(row->label.zh, true, origin), origin);
  if (!row->label.ko.empty()) label.put("ko", Node::scalar(row->label.ko, true, origin), origin);
  if (!row->label.en.empty()) label.put("en", Node::scalar(row->label.en, true, origin), origin);
  node.put("label", std::move(label), origin);
  return node;
}

class Expander {
 public:
  Expander(const Node& type, const std::map<Name, List>& lists)
      : type_(type), lists_(lists), origin_(type.origin) {}

  Node state(std::string_view name, std::string_view flag) const {
    Node node = words(lists_, "builtin_state", name, origin_);
    node.put(std::string(flag), plain("true"), origin_);
    return node;
  }

  Node register_base() const {
    Node base = Node::map(origin_);
    Node& states = base.put("states", Node::map(origin_), origin_);
    states.put("in_force", state("in_force", "resting"), origin_);
    states.put("retired", state("retired", "final"), origin_);
    Node& actions = base.put("actions", Node::map(origin_), origin_);
    Node create = action("create");
    create.put("opens", plain("in_force"), origin_);
    actions.put("create", std::move(create), origin_);
    Node amend = action("amend");
    amend.put("from", names({"in_force"}), origin_);
    amend.put("asks", names(entered_fields()), origin_);
    actions.put("amend", std::move(amend), origin_);
    Node retire = action("retire");
    retire.put("from", names({"in_force"}), origin_);
    retire.put("to", plain("retired"), origin_);
    actions.put("retire", std::move(retire), origin_);
    return base;
  }

 private:
  Node plain(std::string text) const { return Node::scalar(std::move(text), false, origin_); }

  Node names(const std::vector<std::string>& items) const {
    Node list = Node::list(origin_);
    for (const std::string& item : items) list.items.push_back(plain(item));
    return list;
  }

  Node action(std::string_view name) const {
    Node node = words(lists_, "builtin_action", name, origin_);
    if (const Node* keepers = type_.find("keepers")) node.put("by", *keepers, origin_);
    return node;
  }

  static bool is_tally(const Node& field) {
    const Node* kind = field.find("kind");
    return kind != nullptr && kind->is_scalar() && kind->text == "tally";
  }

  std::vector<std::string> entered_fields() const {
    std::vector<std::string> entered;
    const Node* fields = type_.find("fields");
    if (fields == nullptr || !fields->is_map()) return entered;
    for (const NodeEntry& entry : fields->entries)
      if (entry.value.find("value") == nullptr && !is_tally(entry.value))
        entered.push_back(entry.key);
    return entered;
  }

  const Node& type_;
  const std::map<Name, List>& lists_;
  Origin origin_;
};

}  // namespace

Node expanded(const Node& type, const std::map<Name, List>& lists, Messages& messages) {
  const Expander expander(type, lists);
  Node result = type;
  if (const Node* flag = type.find("register"); flag != nullptr && flag->as_boolean() == true) {
    if (type.find("keepers") == nullptr)
      messages.error("definition.key_missing", flag->origin,
                     {{"where", "register"}, {"name", "keepers"}});
    const Node base = expander.register_base();
    for (const char* part : {"states", "actions"}) {
      const Node* own = type.find(part);
      const OverlayPlace place =
          std::string_view(part) == "states" ? OverlayPlace::rows : OverlayPlace::actions;
      result.put(part, own == nullptr ? *base.find(part)
                                      : merged(*base.find(part), *own, place, messages),
                 type.origin);
    }
  }
  Node* states = result.find("states");
  if (states == nullptr) states = &result.put("states", Node::map(type.origin), type.origin);
  if (states->is_map() && states->find("transferred") == nullptr)
    states->put("transferred", expander.state("transferred", "final"), type.origin);
  return result;
}

}  // namespace gewu::kernel
