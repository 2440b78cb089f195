#include "kernel/matter/definition_world.h"

namespace gewu::kernel {
namespace {

template <typename Value>
const Value* look_up(const std::map<Name, Value>& map, std::string_view key) {
  const auto found = map.find(std::string(key));
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

void DefinitionWorld::index_lists() {
  list_shapes_.clear();
  for (const auto& [name, list] : lists) list_shapes_.emplace(name, shape_of(list));
}

const TypeDraft* DefinitionWorld::find_draft(std::string_view type) const {
  return look_up(drafts, type);
}
const TypeShape* DefinitionWorld::find_type(std::string_view type) const {
  const TypeDraft* draft = find_draft(type);
  return draft == nullptr ? nullptr : &draft->shape;
}
std::vector<const TypeShape*> DefinitionWorld::all_types() const {
  std::vector<const TypeShape*> shapes;
  for (const auto& [name, draft] : drafts) shapes.push_back(&draft.shape);
  return shapes;
}
const ListShape* DefinitionWorld::find_list(std::string_view list) const {
  return look_up(list_shapes_, list);
}
std::optional<StaticType> DefinitionWorld::find_setting(std::string_view setting) const {
  const StaticType* type = look_up(settings, setting);
  return type == nullptr ? std::nullopt : std::optional(*type);
}
bool DefinitionWorld::has_role(std::string_view role) const {
  return roles.contains(std::string(role));
}
bool DefinitionWorld::has_book(std::string_view book) const { return find_book(book) != nullptr; }
const Book* DefinitionWorld::find_book(std::string_view book) const {
  return look_up(books, book);
}
bool DefinitionWorld::has_indicator(std::string_view indicator) const {
  return indicators.contains(std::string(indicator));
}
bool DefinitionWorld::has_organisation(std::string_view key) const {
  return !organisations || organisations->contains(std::string(key));
}

}  // namespace gewu::kernel
