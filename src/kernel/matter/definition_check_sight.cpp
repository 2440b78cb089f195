#include <algorithm>
#include <set>

#include "kernel/matter/definition_check.h"
#include "kernel/matter/definition_graph.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/named.h"

// Language.md 2.10, paragraphs 10 and 11: sight and erasure.

namespace gewu::kernel {
namespace {

const Origin& origin_of(const TypeDraft& draft, const SeeSpec& line) {
  return draft.source.node->find("see")->find_entry(line.audience.text)->origin;
}

/// Roles that handle or report in: whom a complaint may be about.
std::set<Name> handling_roles(const Type& type) {
  std::set<Name> roles;
  for (const ActionSpec& action : type.actions)
    if (action.stage == Stage::handle || action.stage == Stage::report_in)
      for (const Audience& audience : action.by)
        if (audience.kind == Audience::Kind::role) roles.insert(audience.role);
  return roles;
}

void check_lines(const TypeDraft& draft, Messages& messages) {
  const Type& type = *draft.type;
  const std::set<Name> handlers = handling_roles(type);
  for (const SeeSpec& line : type.see) {
    const bool is_open = line.audience.kind == Audience::Kind::everyone ||
                         line.audience.kind == Audience::Kind::others ||
                         line.audience.kind == Audience::Kind::member;
    const bool handles =
        line.audience.kind == Audience::Kind::role &&
        (handlers.contains(line.audience.role) || line.audience.text.ends_with("@handler"));
    for (const FieldSpec& field : type.fields) {
      if (!field.sealed) continue;
      const bool named = is_among(line.fields, field.name);
      const bool opened = line.sealed && (named || line.all_fields);
      const std::vector<ErrorDetail> details = {{"where", inside(type.name, line.audience.text)},
                                                {"name", field.name}};
      if (is_open && (named || opened))
        messages.error("definition.public_sealed", origin_of(draft, line), details);
      if (handles && opened)
        messages.error("definition.handler_contact", origin_of(draft, line), details);
    }
  }
}

/// A billboard of what nobody may see would stay empty for ever.
void check_billboards(const TypeDraft& draft, Messages& messages) {
  const Type& type = *draft.type;
  const bool is_open = std::ranges::any_of(type.see, [](const SeeSpec& line) {
    return line.audience.kind == Audience::Kind::everyone;
  });
  for (const ViewSpec& view : type.views)
    if (view.is_public && !is_open)
      messages.error("definition.public_view",
                     draft.source.node->find("views")->find_entry(view.name)->origin,
                     {{"where", inside(inside(type.name, "views"), view.name)}});
}

/// Roles that act see all unsealed fields; sealed ones need a line of `see`.
void check_unseen(const TypeDraft& draft, Messages& messages) {
  const Type& type = *draft.type;
  const bool has_roles = std::ranges::any_of(
      type.actions, [](const ActionSpec& action) { return is_by_post(action.by); });
  for (const FieldSpec& field : type.fields) {
    const bool seen = std::ranges::any_of(type.see, [&](const SeeSpec& line) {
      const bool named = line.all_fields || is_among(line.fields, field.name);
      const bool opens = line.sealed || line.audience.kind == Audience::Kind::author;
      return named && (opens || !field.sealed);
    });
    if (!seen && (field.sealed || !has_roles))
      messages.error("definition.field_unseen", field.origin,
                     {{"where", inside(type.name, field.name)}});
  }
}

void check_title(const TypeDraft& draft, Messages& messages) {
  const Type& type = *draft.type;
  const Node* written = draft.source.node->find("title");
  if (written == nullptr) return;
  const std::string& text = written->text;
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::size_t end = text.find('}', at);
    const Name name = end == std::string::npos ? Name() : text.substr(at + 1, end - at - 1);
    const auto field = type.find_field(name);
    const std::vector<ErrorDetail> details = {{"where", inside(type.name, "title")},
                                              {"name", name}};
    if (!field && !is_built_in_field(name))
      messages.error("definition.unknown_field", written->origin, details);
    if (field && type.fields[*field].personal)
      messages.error("definition.personal_title", written->origin, details);
  }
}

void check_lists_of_persons(const TypeDraft& draft, Messages& messages) {
  const Type& type = *draft.type;
  for (const FieldSpec& field : type.fields)
    if (field.index && field.personal)
      messages.error("definition.personal_index", field.origin,
                     {{"where", inside(type.name, field.name)}});
  const Node* written = draft.source.node->find("views");
  for (const ViewSpec& view : type.views) {
    const Origin& at = written->find_entry(view.name)->origin;
    const auto check = [&](const Name& name) {
      const auto field = type.find_field(name);
      if (field && type.fields[*field].personal)
        messages.error("definition.personal_order", at,
                       {{"where", inside(type.name, view.name)}, {"name", name}});
    };
    check(view.order);
    check(view.by);
    if (view.where != nullptr)
      for (const std::size_t field : view.where->own_fields()) check(type.fields[field].name);
  }
}

const EraseSpec* line_of(const Type& type, const FieldSpec& field) {
  const EraseSpec* found = nullptr;
  for (const EraseSpec& line : type.erase) {
    if (line.field == field.name) return &line;
    if (line.field == "all" && !is_among(line.keep, field.name)) found = &line;
  }
  return found;
}

/// Whether a matter may end without the action ever being taken.
bool may_be_missed(const Type& type, const Name& action) {
  const StateGraph graph(type);
  std::set<std::size_t> starts;
  for (const ActionSpec& opening : type.actions)
    if (opening.opens && opening.name != action) starts.insert(*opening.opens);
  const auto states = graph.reached(
      std::move(starts), [&](const StateStep& step) { return step.action->name != action; });
  return std::ranges::any_of(states,
                             [&](std::size_t state) { return type.states[state].is_final; });
}

void check_erase_line(const TypeDraft& draft, const EraseSpec& line, Messages& messages) {
  const Type& type = *draft.type;
  const Origin& at = draft.source.node->find("erase")->find_entry(line.field)->origin;
  const std::string where = inside(type.name, "erase." + line.field);
  if (line.field != "all") {
    const auto field = type.find_field(line.field);
    if (!field)
      messages.error("definition.unknown_field", at, {{"where", where}, {"name", line.field}});
    if (field && !type.fields[*field].personal)
      messages.error("definition.erase_not_personal", at, {{"where", where}});
  }
  for (const Name& kept : line.keep)
    if (!type.find_field(kept))
      messages.error("definition.unknown_field", at, {{"where", where}, {"name", kept}});
  if (line.after == "closed" || line.after.empty()) return;
  const auto dot = line.after.find('.');
  if (dot == std::string::npos) {
    if (type.find_action(line.after) == nullptr)
      messages.error("definition.unknown_action", at, {{"where", where}, {"name", line.after}});
    else if (may_be_missed(type, line.after))
      messages.error("definition.erase_never", at, {{"where", where}, {"name", line.after}});
    return;
  }
  // Nothing tells a matter of what happens to another that it points to.
  messages.error("definition.erase_elsewhere", at, {{"where", where}, {"name", line.after}});
}

void check_purpose(const TypeDraft& draft, const EraseSpec& line, const DefinitionWorld& world,
                   Messages& messages) {
  if (line.purpose.empty()) return;
  const auto list = world.lists.find("purposes");
  if (list != world.lists.end() && list->second.find(line.purpose) != nullptr) return;
  const Origin& at = draft.source.node->find("erase")->find_entry(line.field)->origin;
  messages.error("definition.unknown_purpose", at,
                 {{"where", inside(draft.type->name, "erase." + line.field)},
                  {"name", line.purpose}});
}

/// Every personal value is kept for something and for so long: its line says it, or the place's
/// default. What is sealed says it itself.
void check_kept_for(const FieldSpec& field, const Type& type, const DefinitionWorld& world,
                    Messages& messages) {
  const std::vector<ErrorDetail> details = {{"where", inside(type.name, field.name)}};
  const EraseSpec* line = line_of(type, field);
  const auto has_default = [&](const char* setting) {
    return !field.sealed && world.settings.contains(setting);
  };
  if (line == nullptr && !has_default("personal_retention"))
    messages.error("definition.erase_missing", field.origin, details);
  const bool says_why = line != nullptr && !line->purpose.empty();
  if (line != nullptr && !says_why && !has_default("personal_purpose"))
    messages.error("definition.purpose_missing", field.origin, details);
}

bool holds_words(const StaticType& type) {
  using enum StaticType::Base;
  switch (type.base) {
    case text: case place: case line: case contact: case account: case file: case row:
      return true;
    case missing: case yes_no: case number: case money: case date: case instant: case time:
    case limit: case period: case choice: case key: case unit: case link: case post: case scores:
    case hours:
      return false;
  }
  return false;
}

}  // namespace

bool reads_personal(const Expression& expression, const Type& type, const ActionSpec* action,
                    const DefinitionWorld& world) {
  for (const std::size_t field : expression.own_fields())
    if (type.fields[field].personal) return true;
  for (const ExpressionNode& node : expression.nodes()) {
    if (node.op != Op::input || action == nullptr || node.c < 0) continue;
    for (const FieldSpec& input : action->input)
      if (input.personal && input.name == expression.names()[static_cast<std::size_t>(node.c)])
        return true;
  }
  for (const ExpressionRead& read : expression.reads()) {
    const TypeDraft* other = read.types.empty() ? nullptr : world.find_draft(read.types.back());
    const auto field = other == nullptr ? std::nullopt : other->type->find_field(read.name);
    if (field && other->type->fields[*field].personal) return true;
  }
  return false;
}

namespace {

void check_copies(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  const Type& type = *draft.type;
  const auto check = [&](const ExpressionPtr& value, const ActionSpec* action,
                         const FieldSpec& into, const Origin& at, const std::string& where) {
    if (value == nullptr || into.personal || !holds_words(value->type())) return;
    if (reads_personal(*value, type, action, world))
      messages.error("definition.personal_copied", at, {{"where", where}, {"name", into.name}});
  };
  const auto check_effects = [&](const std::vector<EffectSpec>& effects, const ActionSpec* action,
                                 const std::string& where) {
    for (const EffectSpec& effect : effects) {
      const TypeDraft* opened = world.find_draft(effect.type);
      if (effect.kind != EffectSpec::Kind::open || opened == nullptr) continue;
      for (const auto& [name, value] : effect.with)
        if (const auto field = opened->type->find_field(name))
          check(value, action, opened->type->fields[*field], effect.origin,
                inside(where, effect.name));
    }
  };
  for (const ActionSpec& action : type.actions) {
    const std::string where = inside(type.name, action.name);
    for (const SetField& set : action.set)
      check(set.value, &action, type.fields[set.field], action.origin, where);
    check_effects(action.then, &action, where);
  }
  for (const ClockSpec& clock : type.clocks)
    for (const ClockStepSpec& step : clock.steps)
      check_effects(step.then, nullptr, inside(type.name, clock.name));
  for (const FieldSpec& field : type.fields)
    check(field.value, nullptr, field, field.origin, inside(type.name, field.name));
}

}  // namespace

void check_sight(const TypeDraft& draft, Messages& messages) {
  check_lines(draft, messages);
  check_billboards(draft, messages);
  check_unseen(draft, messages);
  check_title(draft, messages);
  check_lists_of_persons(draft, messages);
}

void check_erasure(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  const Type& type = *draft.type;
  for (const EraseSpec& line : type.erase) {
    check_erase_line(draft, line, messages);
    check_purpose(draft, line, world, messages);
  }
  for (const FieldSpec& field : type.fields)
    if (field.personal) check_kept_for(field, type, world, messages);
  check_copies(draft, world, messages);
}

}  // namespace gewu::kernel
