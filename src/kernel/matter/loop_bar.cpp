#include "kernel/matter/loop_bar.h"

#include <algorithm>
#include <set>

#include "kernel/matter/definition_graph.h"

namespace gewu::kernel {

namespace {

std::vector<LoopStep> steps_of(const Type& type) {
  std::set<Stage> stages;
  for (const ActionSpec& action : type.actions)
    if (action.stage != Stage::other) stages.insert(action.stage);
  std::vector<LoopStep> steps;
  for (const Stage stage : stages) steps.push_back({.stage = stage, .at = {}});
  return steps;
}

/// That number of steps: the stage is none of the loop.
std::size_t index_of(const std::vector<LoopStep>& steps, Stage stage) {
  return static_cast<std::size_t>(std::ranges::find(steps, stage, &LoopStep::stage) - steps.begin());
}

bool leads_on(const ActionSpec& action, std::size_t state) {
  return action.to && std::ranges::find(action.from, state) != action.from.end();
}

/// Whether the action, taken once, ends its stage for a matter in this state.
bool ends_stage(const Type& type, const ActionSpec& action, std::size_t state) {
  return action.to || action.opens || std::ranges::none_of(type.actions, [&](const ActionSpec& other) {
           return other.stage == action.stage && leads_on(other, state);
         });
}

std::size_t step_now(const Snapshot& matter, const std::vector<LoopStep>& steps,
                     std::size_t reached) {
  const Type& type = *matter.type;
  const StateGraph graph(type);
  std::set<std::size_t> been;
  for (const ActionRecord& record : matter.actions)
    if (const ActionSpec* action = type.find_action(record.action))
      been.merge(graph.results(*action));
  std::optional<std::size_t> again;
  for (const ActionSpec& action : type.actions) {
    if (!leads_on(action, matter.state) || action.stage >= Stage::close) continue;
    const std::size_t at = index_of(steps, action.stage);
    if (at >= reached) return reached;
    if (std::ranges::any_of(graph.results(action), [&](std::size_t to) { return been.contains(to); }))
      again = std::max(again.value_or(at), at);
  }
  return again.value_or(reached);
}

}  // namespace

std::vector<LoopStep> loop_bar(const Snapshot& matter) {
  const Type& type = *matter.type;
  std::vector<LoopStep> steps = steps_of(type);
  std::size_t reached = 0;
  for (const ActionRecord& record : matter.actions) {
    const ActionSpec* action = type.find_action(record.action);
    const std::size_t at = action ? index_of(steps, action->stage) : steps.size();
    if (at == steps.size()) continue;
    steps[at].at = std::max(steps[at].at.value_or(record.at), record.at);
    if (matter.is_final() ||
        (action->stage != Stage::close && ends_stage(type, *action, matter.state)))
      reached = std::max(reached, at + 1);
  }
  const std::size_t now = matter.is_final() ? steps.size() : step_now(matter, steps, reached);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i < std::min(reached, now)) {
      steps[i].status = LoopStep::Status::done;
      continue;
    }
    if (i == now) steps[i].status = LoopStep::Status::now;
    steps[i].at.reset();  // what is to be done again is not told as done
  }
  return steps;
}

}  // namespace gewu::kernel
