#include <algorithm>

#include "kernel/matter/definition_check.h"
#include "kernel/matter/definition_graph.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/expression_tree.h"

// Language.md 2.10, paragraph 6: actions.

namespace gewu::kernel {
namespace {

/// The built-in type whose ledgers the engine writes itself.
constexpr std::string_view kLedgerOfDraws = "draw_round";

bool takes(const std::vector<EffectSpec>& effects, const DefinitionWorld& world, const Name& type,
           const Name& action) {
  return std::ranges::any_of(effects, [&](const EffectSpec& effect) {
    if (effect.action != action) return false;
    if (effect.kind == EffectSpec::Kind::open) return world.is_kind_of(effect.type, type);
    if (effect.kind != EffectSpec::Kind::take || effect.on == nullptr) return false;
    return world.is_kind_of(type, effect.on->type().of) ||
           world.is_kind_of(effect.on->type().of, type);
  });
}

/// Whether some effect of any type takes the action as `system`.
bool is_ever_taken(const DefinitionWorld& world, const Name& type, const Name& action) {
  for (const auto& [name, draft] : world.drafts) {
    for (const ActionSpec& other : draft.type->actions)
      if (takes(other.then, world, type, action)) return true;
    for (const ClockSpec& clock : draft.type->clocks)
      for (const ClockStepSpec& step : clock.steps)
        if (takes(step.then, world, type, action)) return true;
    for (const DrawSpec& draw : draft.type->draws)
      if (type == kLedgerOfDraws || takes({draw.opens}, world, type, action)) return true;
  }
  return false;
}

bool intersects(const std::set<std::size_t>& a, const std::vector<std::size_t>& b) {
  return std::ranges::any_of(b, [&](std::size_t state) { return a.contains(state); });
}

void check_who(const TypeDraft& draft, const ActionSpec& action, const DefinitionWorld& world,
               Messages& messages) {
  const std::vector<ErrorDetail> details = {{"where", inside(draft.type->name, action.name)}};
  if (action.by.empty() && !action.is_auto)
    messages.error("definition.nobody", action.origin, details);
  const bool only_system = !action.by.empty() &&
                           std::ranges::all_of(action.by, [](const Audience& audience) {
                             return audience.kind == Audience::Kind::system;
                           });
  if (only_system && !action.is_auto && !is_ever_taken(world, draft.type->name, action.name))
    messages.warning("definition.system_alone", action.origin, details);
}

bool is_by(const ActionSpec& action, Audience::Kind kind) {
  return !action.by.empty() && std::ranges::all_of(action.by, [&](const Audience& audience) {
    return audience.kind == kind;
  });
}

/// The word `none`: it clears.
bool is_none(const Expression& expression) {
  const ExpressionNode& node = expression.nodes().front();
  return expression.nodes().size() == 1 && node.op == Op::constant &&
         expression.constants()[static_cast<std::size_t>(node.a)].is_missing();
}

bool stores(const ActionSpec& action, std::size_t field, bool clears) {
  const bool asks = std::ranges::find(action.asks, field) != action.asks.end() ||
                    (action.opens && action.asks.empty());
  if (asks) return !clears;
  return std::ranges::any_of(action.set, [&](const SetField& set) {
    return set.field == field && set.value != nullptr && is_none(*set.value) == clears;
  });
}

/// A field that waits for somebody's consent is filled by him alone, and he can take it back.
void check_consent(const TypeDraft& draft, std::size_t index, Messages& messages) {
  const Type& type = *draft.type;
  const FieldSpec& field = type.fields[index];
  const auto who = field.consent == Consent::author ? Audience::Kind::author
                                                    : Audience::Kind::holder;
  const std::string where = inside(type.name, field.name);
  bool removable = false;
  for (const ActionSpec& action : type.actions) {
    const bool is_his = is_by(action, who) || (who == Audience::Kind::author && action.opens &&
                                              !is_by_post(action.by));
    if (stores(action, index, false) && !is_his)
      messages.error("definition.consent_by", action.origin,
                     {{"where", inside(type.name, action.name)}, {"name", field.name}});
    removable = removable || (stores(action, index, true) && is_his);
  }
  if (field.default_value != nullptr || field.value != nullptr || field.required != nullptr)
    messages.error("definition.consent_given", field.origin, {{"where", where}});
  if (!removable)
    messages.error("definition.consent_kept", field.origin, {{"where", where}});
}

/// A contact is given with the matter and stands: whoever is measured by what it answers would put a
/// number of his own in its place (reliability.md 8.1). It can be emptied, and one that waits for
/// consent is its person's alone.
void check_contact(const TypeDraft& draft, std::size_t index, Messages& messages) {
  const FieldSpec& field = draft.type->fields[index];
  if (field.kind != FieldKind::contact || field.consent != Consent::none) return;
  for (const ActionSpec& action : draft.type->actions)
    if (!action.opens && stores(action, index, false))
      messages.error("definition.contact_changed", action.origin,
                     {{"where", inside(draft.type->name, action.name)}, {"name", field.name}});
}

/// What is refused is counted by its ground, so that "not possible" can be held against whoever
/// says it too often (reliability.md 8.1).
void check_refusal(const TypeDraft& draft, const ActionSpec& action, Messages& messages) {
  if (action.is_auto || action.outcome == nullptr || !is_by_post(action.by)) return;
  if (action.outcome->result_keys() == std::vector<Name>{"not_possible"} && !has_ground(action))
    messages.error("definition.refusal_ground", action.origin,
                   {{"where", inside(draft.type->name, action.name)}});
}

void check_order(const TypeDraft& draft, const StateGraph& graph, const ActionSpec& action,
                 Messages& messages) {
  const Type& type = *draft.type;
  const std::string where = inside(type.name, action.name);
  for (const ApartSpec& apart : action.apart) {
    const ActionSpec* other = type.find_action(apart.action);
    if (other == nullptr) continue;
    const bool can_precede = intersects(graph.reached(graph.results(*other)), action.from);
    if (!can_precede)
      messages.error("definition.apart_order", action.origin,
                     {{"where", where}, {"name", apart.action}});
  }
  if (!action.undo) return;
  const ActionSpec* undo = type.find_action(*action.undo);
  const std::vector<ErrorDetail> details = {{"where", where}, {"name", *action.undo}};
  if (undo == nullptr) {
    messages.error("definition.unknown_action", action.origin, details);
  } else if (!intersects(graph.results(action), undo->from) ||
             !intersects(graph.results(*undo), action.from)) {
    messages.error("definition.undo_order", action.origin, details);
  }
}

bool may_answer(const ActionSpec& action) {
  return !action.opens && !action.is_auto && action.tally.empty() &&
         std::ranges::any_of(action.by, [](const Audience& audience) {
           return audience.kind == Audience::Kind::author && audience.at == nullptr;
         });
}

/// The link of a message lets its author take an action of his own, wherever the message finds the matter.
void check_answers(const TypeDraft& draft, const StateGraph& graph, const ActionSpec& action,
                   Messages& messages) {
  const Type& type = *draft.type;
  for (const EffectSpec& effect : action.then) {
    if (effect.answer.empty()) continue;
    const std::vector<ErrorDetail> details = {
        {"where", inside(type.name, action.name + "." + effect.name)}, {"name", effect.answer}};
    const ActionSpec* answer = type.find_action(effect.answer);
    if (answer == nullptr)
      messages.error("definition.unknown_action", effect.origin, details);
    else if (!may_answer(*answer))
      messages.error("definition.answer_author", effect.origin, details);
    else if (!std::ranges::all_of(graph.results(action), [&](std::size_t state) {
               return std::ranges::find(answer->from, state) != answer->from.end();
             }))
      messages.error("definition.answer_state", effect.origin, details);
  }
}

}  // namespace

void check_actions(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  const Type& type = *draft.type;
  const StateGraph graph(type);
  bool handles = false;
  bool judges = false;
  for (const ActionSpec& action : type.actions) {
    check_who(draft, action, world, messages);
    check_order(draft, graph, action, messages);
    check_refusal(draft, action, messages);
    check_answers(draft, graph, action, messages);
    handles = handles || action.stage == Stage::handle;
    judges = judges || action.stage == Stage::verify || action.stage == Stage::follow_up;
  }
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].consent != Consent::none) check_consent(draft, i, messages);
    check_contact(draft, i, messages);
  }
  if (handles && !judges)
    messages.error("definition.handle_unverified", draft.source.node->origin,
                   {{"where", type.name}});
}

void check_loops(const TypeDraft& draft, Messages& messages) {
  const Type& type = *draft.type;
  const StateGraph graph(type);
  for (const ActionSpec& action : type.actions)
    if (action.is_auto && action.to == nullptr && action.most == nullptr)
      messages.error("definition.auto_cycle", action.origin,
                     {{"where", inside(type.name, action.name)}});
  const auto is_auto = [](const StateStep& step) {
    return step.action->is_auto && step.action->most == nullptr;
  };
  if (const StateStep* step = graph.find_circle(is_auto))
    messages.error("definition.auto_cycle", step->action->origin,
                   {{"where", inside(type.name, step->action->name)}});
  const auto is_official = [&](const StateStep& step) {
    const bool rests = type.states[step.from].resting || type.states[step.to].resting;
    const bool by_office = step.action->is_auto || is_by_post(step.action->by) ||
                           is_by_system(step.action->by);
    return step.action->most == nullptr && by_office && !rests;
  };
  if (const StateStep* step = graph.find_circle(is_official))
    messages.error("definition.loop_unbounded", step->action->origin,
                   {{"where", inside(type.name, step->action->name)}});
}

}  // namespace gewu::kernel
