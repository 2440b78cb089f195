#include <algorithm>

#include "kernel/matter/definition_check.h"
#include "kernel/matter/definition_graph.h"
#include "kernel/matter/definition_reader.h"

// Language.md 2.10, paragraph 5: states.

namespace gewu::kernel {
namespace {

const Origin& origin_of(const TypeDraft& draft, const StateSpec& state) {
  return draft.source.node->find("states")->find_entry(state.name)->origin;
}

bool is_rest(const StateSpec& state) { return state.is_final || state.resting; }

void check_reopening(const TypeDraft& draft, const ActionSpec& action, Messages& messages) {
  const Type& type = *draft.type;
  const std::vector<ErrorDetail> details = {{"where", inside(type.name, action.name)}};
  const bool leaves_final =
      action.to != nullptr && std::ranges::any_of(action.from, [&](std::size_t state) {
        return type.states[state].is_final;
      });
  if (leaves_final && !action.reopens)
    messages.error("definition.final_exit", action.origin, details);
  if (!action.reopens) return;
  if (!leaves_final) messages.error("definition.reopens_nothing", action.origin, details);
  if (action.most == nullptr) messages.error("definition.reopens_most", action.origin, details);
  if (is_by_post(action.by) && !has_ground(action))
    messages.error("definition.reopens_ground", action.origin, details);
}

}  // namespace

void check_states(const TypeDraft& draft, Messages& messages) {
  const Type& type = *draft.type;
  const StateGraph graph(type);
  const auto reachable = graph.reachable();
  if (reachable.empty())
    messages.error("definition.no_opening", draft.source.node->origin, {{"where", type.name}});
  for (std::size_t i = 0; i < type.states.size(); ++i) {
    const StateSpec& state = type.states[i];
    const std::vector<ErrorDetail> details = {{"where", type.name}, {"name", state.name}};
    if (state.name == "transferred") continue;   // by the built-in reroute
    if (!reachable.contains(i)) {
      messages.error("definition.state_unreachable", origin_of(draft, state), details);
      continue;
    }
    if (is_rest(state)) continue;
    const bool has_exit = std::ranges::any_of(graph.steps(), [&](const StateStep& step) {
      return step.from == i && step.to != i;
    });
    if (!has_exit) {
      messages.error("definition.state_dead_end", origin_of(draft, state), details);
    } else if (!graph.leads_to(i, is_rest)) {
      messages.error("definition.state_no_final", origin_of(draft, state), details);
    }
  }
  for (const ActionSpec& action : type.actions) check_reopening(draft, action, messages);
}

void check_parts(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  for (const ActionSpec& action : draft.type->actions) {
    if (!action.is_auto || action.when == nullptr) continue;
    for (const ExpressionRead& read : action.when->reads()) {
      const bool waits = read.name == "is_final" && read.path.size() == 1 &&
                         read.path.front().starts_with("<") && !read.types.empty();
      const TypeDraft* part = waits ? world.find_draft(read.types.back()) : nullptr;
      if (part == nullptr) continue;
      const StateGraph graph(*part->type);
      for (const std::size_t state : graph.reachable()) {
        if (graph.leads_to(state, [](const StateSpec& spec) { return spec.is_final; })) continue;
        messages.error("definition.part_never_final", action.origin,
                       {{"where", inside(draft.type->name, action.name)},
                        {"name", inside(part->type->name, part->type->states[state].name)}});
      }
    }
  }
}

}  // namespace gewu::kernel
