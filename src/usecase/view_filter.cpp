#include "usecase/view_filter.h"

#include <algorithm>

#include "kernel/matter/expression_tree.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

const ViewSpec* find_view(const Type& type, std::string_view name) {
  const auto found = std::ranges::find(type.views, name, &ViewSpec::name);
  return found == type.views.end() ? nullptr : &*found;
}

/// What a condition says of the matter's own state, as far as it is one test or several together.
struct StatesSaid {
  std::optional<std::vector<Name>> states;
  bool says_more = false;
};

void read_states(const Expression& where, std::int32_t at, StatesSaid& said) {
  const auto node = [&](std::int32_t i) -> const ExpressionNode& {
    return where.nodes()[static_cast<std::size_t>(i)];
  };
  const ExpressionNode& test = node(at);
  if (test.op == Op::both) {
    read_states(where, test.a, said);
    read_states(where, test.b, said);
    return;
  }
  if (test.op != Op::state_is || node(test.a).op != Op::self) {
    said.says_more = true;
    return;
  }
  std::vector<Name> named;
  for (int i = 0; i < test.argument_count; ++i) {
    const auto argument = static_cast<std::size_t>(test.first_argument + i);
    named.push_back(where.names()[static_cast<std::size_t>(where.arguments()[argument])]);
  }
  if (said.states)
    std::erase_if(named, [&](const Name& one) {
      return std::ranges::find(*said.states, one) == said.states->end();
    });
  said.states = std::move(named);
}

}  // namespace

void ViewFilter::narrow(const Type& type, const Expression& where) {
  StatesSaid said;
  read_states(where, where.root(), said);
  if (said.says_more) told_by_states_ = false;
  // Localities may word a view differently: the list covers the states of all of them.
  for (const StateSpec& state : type.states) {
    const bool is_in = said.states ? std::ranges::find(*said.states, state.name) !=
                                         said.states->end()
                                   : !state.is_final;
    const std::string name = type_ + "." + state.name;
    if (is_in && std::ranges::find(states_, name) == states_.end()) states_.push_back(name);
  }
}

Result<ViewFilter> ViewFilter::find(const ReadRoom& room, Name type, Name view) {
  ViewFilter filter(std::move(type), std::move(view));
  bool is_known = false;
  std::optional<std::string> text;
  for (const auto& [name, locality] : room.directory()->localities) {
    const TypePtr known = locality->find_type(filter.type_);
    const ViewSpec* found = known ? find_view(*known, filter.view_) : nullptr;
    if (found == nullptr) continue;
    is_known = true;
    const std::string words = found->where ? found->where->text() : "";
    if (text && *text != words) filter.told_by_states_ = false;
    text = words;
    if (found->where) filter.narrow(*known, *found->where);
  }
  if (!is_known) return refuse(ErrorCode::invalid, "list.view");
  return filter;
}

Result<bool> ViewFilter::holds(const Snapshot& matter, const ReadRoom& room) const {
  const ViewSpec* view = find_view(*matter.type, view_);
  const Locality* locality = room.locality_of(matter);
  if (matter.type->name != type_ || view == nullptr || locality == nullptr) return false;
  if (!view->where) return true;
  const Dossier nothing;  // a view reads the matter alone (definition_read_views)
  const Scope scope{.directory = *room.directory(),
                    .locality = *locality,
                    .dossier = nothing,
                    .self = &matter,
                    .now = room.now()};
  return holds_true(*view->where, scope);
}

}  // namespace gewu::usecase
