#include <algorithm>

#include "base/limits.h"
#include "kernel/matter/definition_check.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/read_plan.h"

// Language.md 2.10, paragraph 4: what a decision loads, and whom an event wakes. A set is taken to
// have kSetSizeExpected members (docs/decisions/cost.md).

namespace gewu::kernel {
namespace {

/// How many matters one event may wake to look at one `auto` of theirs (language.md 2.11, 3).
constexpr std::size_t kWokenMax = 500;

FindType finder(const DefinitionWorld& world) {
  return [&world](std::string_view name) -> const Type* {
    const TypeDraft* draft = world.find_draft(name);
    return draft == nullptr ? nullptr : draft->type.get();
  };
}

std::size_t rows_of(const Type& type, const Expression& expression, const FindType& find_type) {
  ReadPlan plan;
  add_reads(plan, expression, find_type);
  return estimate_rows(type, plan, find_type, kSetSizeExpected);
}

/// A matter's dossier is loaded by the plan of its whole type: the expression that reads most is
/// the one to change.
void check_dossier(const Type& type, const FindType& find_type, Messages& messages) {
  const std::size_t rows =
      estimate_rows(type, plan_reads(type, find_type), find_type, kSetSizeExpected);
  if (rows <= kLimits.dossier_rows_max) return;
  const Expression* largest = nullptr;
  std::size_t most = 0;
  visit_expressions(type, [&](const Expression& expression) {
    const std::size_t own = rows_of(type, expression, find_type);
    if (own <= most) return;
    most = own;
    largest = &expression;
  });
  if (largest == nullptr) return;
  messages.error("definition.dossier", largest->origin(),
                 {{"where", type.name},
                  {"rows", std::to_string(rows)},
                  {"max", std::to_string(kLimits.dossier_rows_max)}});
}

bool is_many(const Type* type, const Name& link) {
  if (type == nullptr) return false;
  const auto field = type->find_field(link);
  return field && type->fields[*field].many;
}

/// How many matters the way back from one that changed may reach.
std::size_t woken_by(const Dependence& dependence, const FindType& find_type) {
  std::size_t woken = 1;
  Name at = dependence.on_type;
  for (const std::string& step : dependence.back) {
    if (step.starts_with('<')) {
      woken *= kSetSizeExpected;
      at = step.substr(1, step.find('.') - 1);
    } else if (is_many(find_type(at), step)) {
      woken *= kSetSizeExpected;
    }
  }
  return woken;
}

/// Ways along which events wake an `auto` (wakers.cpp): a link to it, a link of it, and from one
/// part to the next by their parent.
bool is_woken_along(const Type& type, const ReadPath& back) {
  if (back.size() == 1) return true;
  const auto parent = std::ranges::find(type.fields, true, &FieldSpec::parent);
  return back.size() == 2 && parent != type.fields.end() && !back.front().starts_with('<') &&
         back.back() == "<" + type.name + "." + parent->name;
}

/// Whether a field is computed when it is read and moves by the hour alone.
bool moves_by_time(const Type* type, const Name& name, const FindType& find_type, int depth = 0) {
  constexpr int kDepthMax = 4;  // of live fields through live fields, as in the machine
  const auto field = type != nullptr ? type->find_field(name) : std::nullopt;
  if (!field || depth > kDepthMax) return false;
  const FieldSpec& spec = type->fields[*field];
  if (!spec.live || !spec.value) return false;
  const ExpressionUses& uses = spec.value->uses();
  if (uses.now || uses.today || uses.clocks) return true;
  for (const std::size_t own : spec.value->own_fields())
    if (moves_by_time(type, type->fields[own].name, find_type, depth + 1)) return true;
  return std::ranges::any_of(spec.value->reads(), [&](const ExpressionRead& read) {
    return !read.types.empty() &&
           moves_by_time(find_type(read.types.back()), read.name, find_type, depth + 1);
  });
}

/// Nothing wakes an `auto` when the hour alone makes its rule true.
void check_hours(const Type& type, const ActionSpec& action, const FindType& find_type,
                 Messages& messages) {
  const auto complain = [&](const Name& name) {
    messages.error("definition.auto_live", action.when->origin(),
                   {{"where", inside(type.name, action.name)}, {"name", name}});
  };
  for (const std::size_t own : action.when->own_fields())
    if (moves_by_time(&type, type.fields[own].name, find_type)) complain(type.fields[own].name);
  for (const ExpressionRead& read : action.when->reads())
    if (!read.types.empty() && moves_by_time(find_type(read.types.back()), read.name, find_type))
      complain(inside(read.types.back(), read.name));
}

void check_waking(const Type& type, const FindType& find_type, Messages& messages) {
  for (const ActionSpec& action : type.actions) {
    if (!action.is_auto || action.when == nullptr) continue;
    const std::string where = inside(type.name, action.name);
    check_hours(type, action, find_type, messages);
    for (const Dependence& dependence : dependences_of(type, *action.when, find_type)) {
      const std::string name = inside(dependence.on_type, dependence.on_name);
      if (!is_woken_along(type, dependence.back))
        messages.error("definition.auto_reach", action.when->origin(),
                       {{"where", where}, {"name", name}});
      else if (woken_by(dependence, find_type) > kWokenMax)
        messages.error("definition.auto_fan_out", action.when->origin(),
                       {{"where", where}, {"name", name}, {"max", std::to_string(kWokenMax)}});
    }
  }
}

}  // namespace

void check_cost(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  const FindType find_type = finder(world);
  check_dossier(*draft.type, find_type, messages);
  check_waking(*draft.type, find_type, messages);
}

}  // namespace gewu::kernel
