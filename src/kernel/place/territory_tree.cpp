#include "kernel/place/territory_tree.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"

namespace gewu::kernel {
namespace {

std::unexpected<Error> refuse_territory(std::string key, std::string_view code) {
  return refuse(ErrorCode::invalid, std::move(key), {{"code", std::string(code)}});
}

Status check_form(const Territory& territory) {
  if (!is_territory_code(territory.code)) return refuse_territory("territory.code", territory.code);
  if (code_depth(territory.code) != level_depth(territory.level))
    return refuse_territory("territory.level", territory.code);
  if (trim(territory.name.zh).empty()) return refuse_territory("territory.name", territory.code);
  if (territory.valid_until && *territory.valid_until <= territory.valid_from)
    return refuse_territory("territory.dates", territory.code);
  return {};
}

/// Whether the version stands on some day on or after `day`.
bool stands_after(const Territory& territory, Date day) {
  return !territory.valid_until || day < *territory.valid_until;
}

/// The versions with the new one in its place: after the last, which it closes, or instead of it.
bool place_version(std::vector<Territory>& versions, Territory territory) {
  if (!versions.empty()) {
    Territory& last = versions.back();
    if (territory.valid_from < last.valid_from) return false;
    if (territory.valid_from == last.valid_from) {
      last = std::move(territory);
      return true;
    }
    if (!last.valid_until) last.valid_until = territory.valid_from;
    if (territory.valid_from < *last.valid_until) return false;
  }
  versions.push_back(std::move(territory));
  return true;
}

}  // namespace

Result<TerritoryTree> TerritoryTree::build(std::vector<Territory> territories) {
  std::ranges::stable_sort(territories, {}, [](const Territory& territory) {
    return std::pair(std::string_view(territory.code), territory.valid_from);
  });
  std::vector<Node> nodes;
  for (Territory& territory : territories) {
    GEWU_CHECK(check_form(territory));
    if (nodes.empty() || nodes.back().code != territory.code) nodes.push_back({territory.code, {}});
    TerritoryCode code = territory.code;
    const bool repeated = !nodes.back().versions.empty() &&
                          nodes.back().versions.back().valid_from == territory.valid_from;
    if (repeated || !place_version(nodes.back().versions, std::move(territory)))
      return refuse_territory("territory.dates", code);
  }
  TerritoryTree tree;
  tree.nodes_ = PersistentMap<Node, CodeOf>::of(std::move(nodes));
  tree.version_ = 1;
  Status parents;
  tree.nodes_.visit_all([&](const Node& node) {
    for (const Territory& territory : node.versions) {
      if (parents) parents = tree.check_parent(territory);
      for (const TerritoryCode& successor : territory.successors)
        if (parents && (successor == node.code || tree.find(successor) == nullptr))
          parents = refuse_territory("territory.successor", node.code);
    }
  });
  GEWU_CHECK(parents);
  return tree;
}

const Territory* TerritoryTree::find(std::string_view code) const {
  const Node* node = nodes_.find(code);
  return node == nullptr ? nullptr : &node->versions.back();
}

const Territory* TerritoryTree::find(std::string_view code, Date day) const {
  for (const Territory& territory : history(code))
    if (is_valid_on(territory, day)) return &territory;
  return nullptr;
}

std::span<const Territory> TerritoryTree::history(std::string_view code) const {
  const Node* node = nodes_.find(code);
  if (node == nullptr) return {};
  return node->versions;
}

template <typename Pick>
std::vector<const Territory*> TerritoryTree::children_if(std::string_view code, Pick pick) const {
  std::vector<const Territory*> found;
  const CodeRange range = code_range(code);
  TerritoryCode from(code);
  from.push_back('0');  // the first text after the code itself
  for (const Node* node = nodes_.next_from(from); node != nullptr && node->code < range.high;
       node = nodes_.next_from(code_range(node->code).high))
    if (const Territory* picked = pick(*node)) found.push_back(picked);
  return found;
}

std::vector<const Territory*> TerritoryTree::children(std::string_view code) const {
  return children_if(code, [](const Node& node) { return &node.versions.back(); });
}

std::vector<const Territory*> TerritoryTree::children(std::string_view code, Date day) const {
  return children_if(code, [&](const Node& node) { return find(node.code, day); });
}

std::vector<const Territory*> TerritoryTree::subtree(std::string_view code, Date day) const {
  std::vector<const Territory*> found;
  const CodeRange range = code_range(code);
  nodes_.visit_from(code, [&](const Node& node) {
    if (!(node.code < range.high)) return false;
    if (const Territory* standing = find(node.code, day)) found.push_back(standing);
    return true;
  });
  return found;
}

std::vector<const Territory*> TerritoryTree::all() const {
  std::vector<const Territory*> found;
  found.reserve(nodes_.size());
  nodes_.visit_all([&](const Node& node) { found.push_back(&node.versions.back()); });
  return found;
}

const Territory* TerritoryTree::up(std::string_view code, Level level) const {
  const Territory* node = find(code);
  while (node != nullptr && node->level != level) {
    const auto above = parent_code(node->code);
    node = above ? find(*above) : nullptr;
  }
  return node;
}

std::vector<const Territory*> TerritoryTree::ancestors(std::string_view code) const {
  std::vector<const Territory*> found;
  for (const TerritoryCode& above : codes_above(code))
    if (const Territory* node = find(above)) found.push_back(node);
  return found;
}

const Territory* TerritoryTree::common(std::span<const TerritoryCode> codes) const {
  if (codes.empty()) return nullptr;
  std::optional<TerritoryCode> shared = codes.front();
  for (const TerritoryCode& code : codes.subspan(1)) {
    shared = common_code(*shared, code);
    if (!shared) return nullptr;
  }
  return find(*shared);
}

bool TerritoryTree::has_ended(std::string_view code, Date day) const {
  const Territory* latest = find(code);
  return latest != nullptr && !stands_after(*latest, day);
}

std::vector<const Territory*> TerritoryTree::standing(std::string_view code, Date day) const {
  std::vector<const Territory*> found;
  std::set<TerritoryCode> seen{TerritoryCode(code)};
  std::vector<TerritoryCode> open{TerritoryCode(code)};
  while (!open.empty()) {
    const TerritoryCode next = std::move(open.back());
    open.pop_back();
    if (const Territory* stands = find(next, day)) {
      found.push_back(stands);
      continue;
    }
    const Territory* latest = find(next);
    if (latest == nullptr || stands_after(*latest, day)) continue;
    for (const TerritoryCode& successor : latest->successors)
      if (seen.insert(successor).second) open.push_back(successor);
  }
  std::ranges::sort(found, {}, &Territory::code);
  return found;
}

Status TerritoryTree::check_parent(const Territory& territory) const {
  const auto above = parent_code(territory.code);
  if (!above) return {};
  if (find(*above, territory.valid_from) == nullptr)
    return refuse_territory("territory.parent", territory.code);
  const Territory* last = find(*above);
  const bool outlives = last->valid_until && stands_after(territory, *last->valid_until);
  if (outlives) return refuse_territory("territory.parent", territory.code);
  return {};
}

Status TerritoryTree::check_end(std::string_view code, Date until,
                                std::span<const TerritoryCode> successors) const {
  for (const Territory* child : children(code))
    if (stands_after(*child, until)) return refuse_territory("territory.children", child->code);
  for (const TerritoryCode& successor : successors)
    if (successor == code || find(successor) == nullptr)
      return refuse_territory("territory.successor", code);
  return {};
}

Result<TerritoryTree> TerritoryTree::with(Territory territory) const {
  GEWU_CHECK(check_form(territory));
  GEWU_CHECK(check_parent(territory));
  if (territory.valid_until)
    GEWU_CHECK(check_end(territory.code, *territory.valid_until, territory.successors));
  const Node* known = nodes_.find(territory.code);
  Node node = known == nullptr ? Node{territory.code, {}} : *known;
  if (!place_version(node.versions, std::move(territory)))
    return refuse_territory("territory.dates", node.code);
  TerritoryTree tree = *this;
  tree.nodes_ = nodes_.with(std::move(node));
  ++tree.version_;
  return tree;
}

Result<TerritoryTree> TerritoryTree::ended(std::string_view code, Date until,
                                           std::vector<TerritoryCode> successors) const {
  const Node* known = nodes_.find(code);
  if (known == nullptr)
    return refuse(ErrorCode::not_found, "territory.not_found", {{"code", std::string(code)}});
  const Territory& last = known->versions.back();
  if (until <= last.valid_from || !stands_after(last, until))
    return refuse_territory("territory.dates", code);
  GEWU_CHECK(check_end(code, until, successors));
  Node node = *known;
  node.versions.back().valid_until = until;
  node.versions.back().successors = std::move(successors);
  TerritoryTree tree = *this;
  tree.nodes_ = nodes_.with(std::move(node));
  ++tree.version_;
  return tree;
}

}  // namespace gewu::kernel
