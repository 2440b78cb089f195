#include "kernel/matter/list_sight.h"

#include <algorithm>

#include "kernel/matter/access.h"

namespace gewu::kernel {
namespace {

struct Question {
  const Type& type;
  std::size_t state;
  const Actor& post;
  ListOf of;
  std::string_view unit;
  const Directory& directory;
};

/// Whether the post's unit covers each matter of the list, as covers_matter does.
bool covers_all(const Question& question) {
  const Unit& own = question.post.unit;
  if (question.of != ListOf::territory)
    return own.kind == Unit::Kind::organisation && own.code == question.unit;
  if (own.kind == Unit::Kind::territory) return covers(own.code, question.unit);
  if (own.kind != Unit::Kind::organisation) return false;
  const Roster& roster = *question.directory.roster;
  const Organisation* organisation = roster.organisation(own.code);
  if (organisation == nullptr) return false;
  const std::string_view ground = ground_of(*organisation, roster);
  return !ground.empty() && covers(ground, question.unit);
}

/// Whether `role@owner` or `role@handler` lets the post into each matter of such a list.
bool sits_on_all(const Question& question, const Audience& audience) {
  const char* at = nullptr;
  switch (question.of) {
    case ListOf::territory: return false;
    case ListOf::owner: at = "@owner"; break;
    case ListOf::handler: at = "@handler"; break;
  }
  return audience.text == audience.role + at &&
         covers_unit(question.post.unit, question.post.organisation,
                     organisation_unit(std::string(question.unit)), question.directory);
}

ListSight role_sight(const Question& question, const Audience& audience) {
  if (audience.role != question.post.role) return ListSight::none;
  const bool is_all = audience.at ? sits_on_all(question, audience) : covers_all(question);
  return is_all ? ListSight::all : ListSight::some;
}

ListSight most(ListSight a, ListSight b) { return std::min(a, b); }
ListSight least(ListSight a, ListSight b) {
  return a == b ? a : ListSight::some;
}

/// A line of `see`.
ListSight line_sight(const Question& question, const SeeSpec& see) {
  if (!see.in.empty() && std::ranges::find(see.in, question.state) == see.in.end())
    return ListSight::none;
  ListSight sight = ListSight::none;
  switch (see.audience.kind) {
    case Audience::Kind::author:
    case Audience::Kind::system: return ListSight::none;
    case Audience::Kind::holder:
    case Audience::Kind::others: return ListSight::some;
    case Audience::Kind::member:
    case Audience::Kind::everyone: sight = ListSight::all; break;
    case Audience::Kind::role: sight = role_sight(question, see.audience); break;
  }
  return see.when && sight == ListSight::all ? ListSight::some : sight;
}

/// Every role in some `by` of the type sees what it covers.
ListSight action_sight(const Question& question) {
  ListSight sight = ListSight::none;
  for (const ActionSpec& action : question.type.actions)
    for (const Audience& audience : action.by) {
      if (audience.kind == Audience::Kind::holder) sight = most(sight, ListSight::some);
      if (audience.kind != Audience::Kind::role || audience.role != question.post.role) continue;
      sight = most(sight, role_sight(question, audience));
      if (covers_all(question)) return ListSight::all;
    }
  return sight;
}

}  // namespace

ListSight list_sight(const Type& type, std::size_t state, const Actor& post, ListOf of,
                     std::string_view unit, const Directory& directory) {
  const Question question{type, state, post, of, unit, directory};
  ListSight sight = action_sight(question);
  for (const SeeSpec& see : type.see) {
    if (sight == ListSight::all) break;
    sight = most(sight, line_sight(question, see));
  }
  // Whoever sees the whole may see the part.
  const bool is_part = std::ranges::any_of(type.fields, &FieldSpec::parent);
  return is_part ? most(sight, ListSight::some) : sight;
}

ListSight list_sight(std::string_view state, const std::vector<Actor>& posts, ListOf of,
                     std::string_view unit, const Directory& directory) {
  const auto dot = state.find('.');
  std::optional<ListSight> over_all;
  for (const auto& [name, locality] : directory.localities) {
    const TypePtr type = locality->find_type(state.substr(0, dot));
    const auto index = type ? type->find_state(state.substr(dot + 1)) : std::nullopt;
    if (!index) continue;
    ListSight sight = ListSight::none;
    for (const Actor& post : posts)
      sight = most(sight, list_sight(*type, *index, post, of, unit, directory));
    over_all = over_all ? least(*over_all, sight) : sight;
  }
  // A state of an older text only: each matter has to be asked.
  return over_all.value_or(ListSight::some);
}

}  // namespace gewu::kernel
