#include "kernel/matter/overlay.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gewu::kernel {
namespace {

OverlayPlace place_in_type(std::string_view key) {
  if (key == "states") return OverlayPlace::rows;
  if (key == "actions") return OverlayPlace::actions;
  if (key == "clocks" || key == "duties") return OverlayPlace::clocks;
  return OverlayPlace::plain;
}

OverlayPlace child_place(OverlayPlace place, std::string_view key) {
  switch (place) {
    case OverlayPlace::plain:
    case OverlayPlace::row:
      return key == "label" ? OverlayPlace::whole : OverlayPlace::plain;
    case OverlayPlace::whole:
      return OverlayPlace::whole;
    case OverlayPlace::type:
      return key == "label" ? OverlayPlace::whole : place_in_type(key);
    case OverlayPlace::actions:
      return OverlayPlace::action;
    case OverlayPlace::action:
      if (key == "label") return OverlayPlace::whole;
      if (key == "then") return OverlayPlace::effects;
      return key == "set" ? OverlayPlace::expressions : OverlayPlace::plain;
    case OverlayPlace::effects:
      return OverlayPlace::effect;
    case OverlayPlace::effect:
      return key == "with" ? OverlayPlace::expressions : OverlayPlace::plain;
    case OverlayPlace::clocks:
      return OverlayPlace::clock;
    case OverlayPlace::clock:
      if (key == "label") return OverlayPlace::whole;
      return key == "then" ? OverlayPlace::steps : OverlayPlace::plain;
    case OverlayPlace::steps:
      return OverlayPlace::effects;
    case OverlayPlace::expressions:
      return OverlayPlace::plain;
    case OverlayPlace::rows:
      return OverlayPlace::row;
    case OverlayPlace::lists:
      return OverlayPlace::list;
    case OverlayPlace::list:
      return key == "props" ? OverlayPlace::plain : OverlayPlace::row;
    case OverlayPlace::roles:
      return OverlayPlace::role;
    case OverlayPlace::role:
      return key == "label" || key == "duty" ? OverlayPlace::whole : OverlayPlace::plain;
  }
  return OverlayPlace::plain;
}

/// `none` under this key is a value, not a removal.
bool takes_none(OverlayPlace place, std::string_view key) {
  return place == OverlayPlace::expressions ||
         (place == OverlayPlace::action && key == "outcome");
}

bool switches_off(OverlayPlace place, std::string_view key) {
  return place == OverlayPlace::roles || (place == OverlayPlace::list && key != "props");
}

void switch_off(Node& node, const Origin& origin) {
  node.put("off", Node::scalar("true", false, origin), origin);
}

bool is_words(const Node& node) {
  return node.is_scalar() || (node.is_map() && node.find("zh") && !node.find("label"));
}

}  // namespace

bool is_none(const Node& node) {
  return node.is_scalar() && !node.quoted && node.text == "none";
}

Node normalised(Node node, OverlayPlace place) {
  if (place == OverlayPlace::row && is_words(node) && !is_none(node)) {
    Node row = Node::map(node.origin);
    const Origin origin = node.origin;
    row.put("label", std::move(node), origin);
    return row;
  }
  if (!node.is_map()) return node;
  for (NodeEntry& entry : node.entries)
    entry.value = normalised(std::move(entry.value), child_place(place, entry.key));
  return node;
}

Node merged(const Node& base, const Node& over, OverlayPlace place, Messages& messages) {
  if (place == OverlayPlace::whole || !base.is_map() || !over.is_map()) return over;
  Node result = base;
  for (const NodeEntry& entry : over.entries) {
    Node* old = result.find(entry.key);
    const bool removes = is_none(entry.value) && !takes_none(place, entry.key);
    if (removes && old == nullptr) {
      messages.error("definition.nothing_to_remove", entry.origin, {{"name", entry.key}});
    } else if (removes && switches_off(place, entry.key)) {
      switch_off(*old, entry.origin);
    } else if (removes) {
      result.remove(entry.key);
    } else if (old == nullptr) {
      result.put(entry.key, entry.value, entry.origin);
    } else {
      if (switches_off(place, entry.key)) old->remove("off");
      *old = merged(*old, entry.value, child_place(place, entry.key), messages);
    }
  }
  return result;
}

}  // namespace gewu::kernel
