#include "kernel/matter/definition_graph.h"

#include <algorithm>

#include "kernel/matter/expression_tree.h"

namespace gewu::kernel {

StateGraph::StateGraph(const Type& type) : type_(type) {
  for (const ActionSpec& action : type.actions) {
    if (action.to == nullptr) continue;
    for (const std::size_t to : results(action))
      for (const std::size_t from : action.from) steps_.push_back({from, to, &action});
  }
}

std::set<std::size_t> StateGraph::results(const ActionSpec& action) const {
  if (action.opens) return {*action.opens};
  if (action.to == nullptr) return {action.from.begin(), action.from.end()};
  std::set<std::size_t> states;
  for (const Name& key : action.to->result_keys())
    if (const auto state = type_.find_state(key)) states.insert(*state);
  if (action.to->result_is_open())
    for (std::size_t i = 0; i < type_.states.size(); ++i) states.insert(i);
  return states;
}

std::set<std::size_t> StateGraph::reached(std::set<std::size_t> starts, const Taken& taken) const {
  for (bool grows = true; grows;) {
    grows = false;
    for (const StateStep& step : steps_)
      if (starts.contains(step.from) && taken(step) && starts.insert(step.to).second) grows = true;
  }
  return starts;
}

std::set<std::size_t> StateGraph::reached(std::set<std::size_t> starts) const {
  return reached(std::move(starts), [](const StateStep&) { return true; });
}

std::set<std::size_t> StateGraph::reachable() const {
  std::set<std::size_t> starts;
  for (const ActionSpec& action : type_.actions)
    if (action.opens) starts.insert(*action.opens);
  return reached(std::move(starts));
}

bool StateGraph::leads_to(std::size_t state,
                          const std::function<bool(const StateSpec&)>& goal) const {
  const auto states = reached({state});
  return std::ranges::any_of(states, [&](std::size_t i) { return goal(type_.states[i]); });
}

const StateStep* StateGraph::find_circle(const Taken& taken) const {
  for (const StateStep& step : steps_)
    if (taken(step) && reached({step.to}, taken).contains(step.from)) return &step;
  return nullptr;
}

bool is_by_post(const std::vector<Audience>& by) {
  return std::ranges::any_of(by, [](const Audience& audience) {
    return audience.kind == Audience::Kind::role || audience.kind == Audience::Kind::holder;
  });
}

bool is_by_system(const std::vector<Audience>& by) {
  return std::ranges::any_of(
      by, [](const Audience& audience) { return audience.kind == Audience::Kind::system; });
}

bool has_ground(const ActionSpec& action) {
  return std::ranges::any_of(action.input, [](const FieldSpec& input) {
    return input.name == "ground" && input.kind == FieldKind::choice && input.required != nullptr;
  });
}

}  // namespace gewu::kernel
