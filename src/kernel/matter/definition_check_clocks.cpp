#include <algorithm>
#include <set>

#include "kernel/matter/definition_check.h"
#include "kernel/matter/definition_graph.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/named.h"

// Language.md 2.10, paragraphs 7 and 9: clocks and holds.

namespace gewu::kernel {
namespace {

/// States a matter may be in while the clock runs or is paused.
std::set<std::size_t> running_in(const Type& type, const StateGraph& graph,
                                 const ClockSpec& clock) {
  std::set<std::size_t> starts;
  for (const Name& name : clock.from)
    if (const ActionSpec* action = type.find_action(name)) starts.merge(graph.results(*action));
  std::erase_if(starts, [&](std::size_t state) { return type.states[state].is_final; });
  return graph.reached(std::move(starts), [&](const StateStep& step) {
    return !is_among(clock.until, step.action->name) && !type.states[step.to].is_final;
  });
}

void check_stop(const TypeDraft& draft, const ClockSpec& clock,
                const std::set<std::size_t>& running, Messages& messages) {
  const bool stops = std::ranges::any_of(clock.until, [&](const Name& name) {
    const ActionSpec* action = draft.type->find_action(name);
    return action != nullptr && std::ranges::any_of(action->from, [&](std::size_t state) {
             return running.contains(state);
           });
  });
  const bool known = std::ranges::all_of(
      clock.until, [&](const Name& name) { return draft.type->find_action(name) != nullptr; });
  if (!stops && known && !clock.until.empty())
    messages.error("definition.clock_no_stop", clock.origin,
                   {{"where", inside(draft.type->name, clock.name)}});
}

std::string text_of(const ExpressionPtr& expression) {
  return expression == nullptr ? std::string() : expression->text();
}

void check_twice(const Type& type, Messages& messages) {
  for (std::size_t i = 0; i < type.clocks.size(); ++i)
    for (std::size_t j = i + 1; j < type.clocks.size(); ++j) {
      const ClockSpec& a = type.clocks[i];
      const ClockSpec& b = type.clocks[j];
      if (a.from == b.from && a.until == b.until && text_of(a.owner) == text_of(b.owner))
        messages.error("definition.clock_twice", b.origin,
                       {{"where", inside(type.name, b.name)}, {"name", a.name}});
    }
}

void collect_units(const Values& values, std::set<LimitUnit>& units) {
  for (const Value& value : values)
    if (const auto* limit = value.get<Limit>()) units.insert(limit->unit);
}

/// Units that the limit of a clock may have, as far as the definition says.
std::set<LimitUnit> units_of(const ClockSpec& clock, const DefinitionWorld* world,
                             const Type& type) {
  std::set<LimitUnit> units;
  if (clock.within == nullptr) return units;
  collect_units(clock.within->constants(), units);
  for (const Name& name : clock.within->lists()) {
    const auto list = type.lists.find(name);
    if (list == type.lists.end()) continue;
    for (const ListRow& row : list->second.rows)
      for (const NamedValue& prop : row.props) collect_units({prop.value}, units);
  }
  if (world != nullptr)
    for (const Name& name : clock.within->settings()) {
      const auto value = world->setting_values.find(name);
      if (value != world->setting_values.end()) collect_units({value->second}, units);
    }
  return units;
}

void check_pause(const TypeDraft& draft, const ClockSpec& clock, const StateGraph& graph,
                 const DefinitionWorld& world, Messages& messages) {
  if (clock.pause_in.empty()) return;
  const Type& type = *draft.type;
  const std::string where = inside(type.name, clock.name);
  auto units = units_of(clock, &world, type);
  std::set<Measure> measures;
  for (const LimitUnit unit : units) measures.insert(measure_of(unit));
  const bool can_pause = clock.at == nullptr && measures.size() <= 1 &&
                         !units.contains(LimitUnit::month) && !units.contains(LimitUnit::year);
  if (!can_pause) messages.error("definition.pause_unit", clock.origin, {{"where", where}});
  for (const ActionSpec& action : type.actions) {
    if (!is_by_post(action.by) || (action.to == nullptr && !action.opens)) continue;
    const auto results = graph.results(action);
    const bool pauses = std::ranges::any_of(
        clock.pause_in, [&](std::size_t state) { return results.contains(state); });
    if (!pauses) continue;
    // Whoever is measured by a clock would stop it himself (reliability.md 8.1).
    const std::vector<ErrorDetail> details = {{"where", inside(type.name, action.name)},
                                              {"name", clock.name}};
    if (!has_ground(action)) messages.error("definition.pause_ground", action.origin, details);
    if (action.apart.empty()) messages.error("definition.pause_apart", action.origin, details);
  }
}

void check_change(const TypeDraft& draft, const ClockSpec& clock, Messages& messages) {
  const Type& type = *draft.type;
  if (clock.change == ClockChange::recompute_free) {
    for (const ActionSpec& action : type.actions) {
      const auto stores = [&](std::size_t field) {
        return std::ranges::find(action.asks, field) != action.asks.end() ||
               std::ranges::any_of(action.set, [&](const SetField& set) {
                 return set.field == field;
               });
      };
      const bool guarded = action.basis || !action.apart.empty() || action.opens;
      if (!guarded && std::ranges::any_of(clock.reads, stores))
        messages.error("definition.free_change", action.origin,
                       {{"where", inside(type.name, action.name)}, {"name", clock.name}});
    }
  }
  if (clock.at == nullptr) return;
  for (const std::size_t field : clock.reads) {
    const FieldSpec& spec = type.fields[field];
    const bool is_there = spec.default_value != nullptr ||
                          (spec.required != nullptr && spec.required->is_constant());
    if (!is_there && spec.value == nullptr)
      messages.warning("definition.clock_starts_late", clock.origin,
                       {{"where", inside(type.name, clock.name)}, {"name", spec.name}});
  }
}

}  // namespace

void check_clocks(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  const Type& type = *draft.type;
  const StateGraph graph(type);
  std::set<std::size_t> watched;
  for (const ClockSpec& clock : type.clocks) {
    const auto running = running_in(type, graph, clock);
    check_stop(draft, clock, running, messages);
    check_pause(draft, clock, graph, world, messages);
    check_change(draft, clock, messages);
    watched.insert(running.begin(), running.end());
  }
  check_twice(type, messages);
  for (const std::size_t state : graph.reachable()) {
    const StateSpec& spec = type.states[state];
    if (spec.is_final || spec.resting || watched.contains(state)) continue;
    messages.warning("definition.idle_only",
                     draft.source.node->find("states")->find_entry(spec.name)->origin,
                     {{"where", type.name}, {"name", spec.name}});
  }
}

void check_holds(const TypeDraft& draft, Messages& messages) {
  const Type& type = *draft.type;
  const StateGraph graph(type);
  const Node* written = draft.source.node->find("holds");
  for (const HoldSpec& hold : type.holds) {
    const Origin& at = written->find_entry(hold.name)->origin;
    const std::string where = inside(type.name, "holds." + hold.name);
    for (const std::size_t state : hold.in) {
      const bool frees = std::ranges::any_of(graph.steps(), [&](const StateStep& step) {
        return step.from == state && step.to != state;
      });
      if (!frees && !type.states[state].resting)
        messages.error("definition.hold_never_free", at,
                       {{"where", where}, {"name", type.states[state].name}});
    }
    const auto check_fields = [&](const ExpressionPtr& expression) {
      if (expression == nullptr) return;
      for (const std::size_t field : expression->own_fields()) {
        const std::vector<ErrorDetail> details = {{"where", where},
                                                  {"name", type.fields[field].name}};
        // A member's event renews a value over sets and asks no hold.
        if (type.fields[field].live || type.fields[field].over_sets)
          messages.error("definition.hold_live", at, details);
        if (type.fields[field].personal) messages.error("definition.hold_personal", at, details);
      }
    };
    for (const ExpressionPtr& of : hold.of) check_fields(of);
    check_fields(hold.during);
    check_fields(hold.take);
  }
}

}  // namespace gewu::kernel
