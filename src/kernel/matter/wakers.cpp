#include <algorithm>
#include <utility>

#include "kernel/matter/directory.h"
#include "kernel/matter/expression_tree.h"

namespace gewu::kernel {

namespace {

void add_wakers(const Type& type, const ActionSpec& action, const ExpressionRead& read,
                Wakers& wakers) {
  if (read.path.empty() || read.types.empty()) return;
  const std::string& first = read.path.front();
  const auto parent = std::ranges::find(type.fields, true, &FieldSpec::parent);
  const auto set_of = [](const std::string& step) {
    const auto dot = step.find('.');
    return std::pair{step.substr(1, dot - 1), step.substr(dot + 1)};
  };
  const auto add = [&](const Name& changed, Waker waker) {
    auto& known = wakers[changed];
    if (std::ranges::find(known, waker) == known.end()) known.push_back(std::move(waker));
  };
  if (first.starts_with('<')) {
    const auto [member, link] = set_of(first);
    add(member, {Waker::Way::set, type.name, link, {}, action.name});
    return;
  }
  const Name link = first == "^" ? (parent != type.fields.end() ? parent->name : Name()) : first;
  if (link.empty()) return;
  add(read.types.front(), {Waker::Way::link, type.name, link, {}, action.name});
  if (read.path.size() > 1 && read.path[1].starts_with('<') && parent != type.fields.end() &&
      parent->name == link) {
    const auto [member, member_link] = set_of(read.path[1]);
    add(member, {Waker::Way::sibling, type.name, member_link, link, action.name});
  }
}

}  // namespace

PartLinks find_parts(const std::map<Name, TypePtr>& types) {
  PartLinks parts;
  for (const auto& [name, type] : types)
    for (const FieldSpec& field : type->fields)
      if (field.parent) parts[field.to].push_back({name, field.name});
  return parts;
}

Wakers find_wakers(const std::map<Name, TypePtr>& types) {
  Wakers wakers;
  for (const auto& [name, type] : types)
    for (const ActionSpec& action : type->actions)
      if (action.is_auto && action.when)
        for (const ExpressionRead& read : action.when->reads())
          add_wakers(*type, action, read, wakers);
  return wakers;
}

}  // namespace gewu::kernel
