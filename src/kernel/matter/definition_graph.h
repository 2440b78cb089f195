#pragma once

#include <functional>
#include <set>
#include <vector>

#include "kernel/matter/definition.h"

namespace gewu::kernel {

/// One way from a state to another by an action.
struct StateStep {
  std::size_t from = 0, to = 0;
  const ActionSpec* action = nullptr;
};

/// What the actions of a type can do to the state of a matter.
class StateGraph {
 public:
  using Taken = std::function<bool(const StateStep&)>;

  explicit StateGraph(const Type& type);

  const std::vector<StateStep>& steps() const { return steps_; }
  /// States an action may leave the matter in: those of `to`, the opened one, or those it stays in.
  std::set<std::size_t> results(const ActionSpec& action) const;
  /// States reached from `starts` over steps that are `taken`; the starts included.
  std::set<std::size_t> reached(std::set<std::size_t> starts, const Taken& taken) const;
  std::set<std::size_t> reached(std::set<std::size_t> starts) const;
  /// From every opening.
  std::set<std::size_t> reachable() const;
  /// Whether some state in `goals` can be reached from `state`.
  bool leads_to(std::size_t state, const std::function<bool(const StateSpec&)>& goal) const;
  /// A step of some circle over taken steps; null when there is none.
  const StateStep* find_circle(const Taken& taken) const;

 private:
  const Type& type_;
  std::vector<StateStep> steps_;
};

/// Whether a post, not an outsider or the engine, may take it.
bool is_by_post(const std::vector<Audience>& by);
bool is_by_system(const std::vector<Audience>& by);
/// A required input `ground` of kind choice.
bool has_ground(const ActionSpec& action);

}  // namespace gewu::kernel
