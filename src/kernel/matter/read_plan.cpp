#include "kernel/matter/read_plan.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/limits.h"
#include "kernel/matter/definition.h"
#include "kernel/matter/expression_tree.h"

namespace gewu::kernel {
namespace {

using Step = ReadPlan::Step;

/// Live fields read through live fields: no definition needs more, a circle ends here.
constexpr int kLiveDepthMax = 4;

/// "<task.about" into "task" and "about".
std::pair<Name, Name> split_set(std::string_view step) {
  const auto dot = step.find('.');
  return {Name(step.substr(1, dot - 1)), Name(step.substr(dot + 1))};
}

Step step_of(const std::string& written, const Name& type) {
  if (written == "^") return {Step::Kind::parent, type, {}, {}};
  if (written.starts_with('<')) {
    auto [member, field] = split_set(written);
    return {Step::Kind::members, std::move(member), std::move(field), {}};
  }
  return {Step::Kind::link, type, written, {}};
}

/// The step in the list that loads the same, added when there is none.
Step& put(std::vector<Step>& steps, Step step) {
  for (Step& known : steps)
    if (known.kind == step.kind && known.type == step.type && known.field == step.field)
      return known;
  steps.push_back(std::move(step));
  return steps.back();
}

std::vector<Step>& end_of(ReadPlan& plan, const ReadPath& path, const std::vector<Name>& types) {
  std::vector<Step>* steps = &plan.steps;
  std::size_t i = 0;
  if (!path.empty() && path[0].starts_with('@')) {
    steps = &plan.input;
    i = 1;
  }
  for (; i < path.size(); ++i) steps = &put(*steps, step_of(path[i], types[i])).then;
  return *steps;
}

const FieldSpec* live_field(const FindType& find_type, const ExpressionRead& read) {
  if (!find_type || read.types.empty() || read.name.empty()) return nullptr;
  const Type* type = find_type(read.types.back());
  if (type == nullptr) return nullptr;
  const auto found = std::ranges::find(type->fields, read.name, &FieldSpec::name);
  return found != type->fields.end() && found->live && found->value ? &*found : nullptr;
}

/// Reads of an expression that stands on the matter at the end of `base`.
void add_below(ReadPlan& plan, const ReadPath& base, const std::vector<Name>& base_types,
               const Expression& expression, const FindType& find_type, int depth) {
  for (const ExpressionRead& read : expression.reads()) {
    ReadPath path = base;
    std::vector<Name> types = base_types;
    path.insert(path.end(), read.path.begin(), read.path.end());
    types.insert(types.end(), read.types.begin(), read.types.end());
    end_of(plan, path, types);
    const FieldSpec* live = live_field(find_type, read);
    if (live != nullptr && depth < kLiveDepthMax)
      add_below(plan, path, types, *live->value, find_type, depth + 1);
  }
}

class ExpressionVisitor {
 public:
  explicit ExpressionVisitor(const std::function<void(const Expression&)>& visit) : visit_(visit) {}

  void take(const ExpressionPtr& expression) {
    if (expression && seen_.insert(expression.get()).second) visit_(*expression);
  }
  void take(const std::vector<ExpressionPtr>& all) {
    for (const ExpressionPtr& one : all) take(one);
  }
  void take(const std::vector<Audience>& audiences) {
    for (const Audience& audience : audiences) take(audience.at);
  }
  void take(const std::vector<FieldSpec>& fields) {
    for (const FieldSpec& field : fields) {
      take(field.required);
      take(field.min);
      take(field.max);
      take(field.default_value);
      take(field.value);
      if (field.rota != nullptr) {
        take(field.rota->among);
        take(field.rota->per);
      }
      take(field.fields);
    }
  }
  void take(const std::vector<EffectSpec>& effects) {
    for (const EffectSpec& effect : effects) {
      take(effect.when);
      take(effect.each);
      for (const auto& [name, value] : effect.with) take(value);
      take(effect.on);
      take(effect.from);
      take(effect.to);
      take(effect.amount);
      take(effect.audience);
      take(effect.words);
    }
  }
  void take(const ActionSpec& action) {
    take(action.to);
    take(action.by);
    take(action.input);
    take(action.when);
    for (const MustSpec& must : action.must) take(must.condition);
    if (action.basis) take(action.basis->rows);
    take(action.barred_by);
    take(action.most);
    for (const SetField& set : action.set) take(set.value);
    take(action.outcome);
    take(action.then);
  }
  void take(const ClockSpec& clock) {
    take(clock.within);
    take(clock.at);
    take(clock.owner);
    take(clock.extend_by);
    take(clock.extend_up_to);
    take(clock.exempt_by);
    for (const ClockStepSpec& step : clock.steps) take(step.then);
  }

 private:
  const std::function<void(const Expression&)>& visit_;
  std::set<const Expression*> seen_;
};

std::size_t rows_below(const std::vector<Step>& steps, const Type* owner,
                       const FindType& find_type, std::size_t set_size) {
  std::size_t rows = 0;
  for (const Step& step : steps) {
    const Type* target = find_type ? find_type(step.type) : nullptr;
    std::size_t width = step.kind == Step::Kind::members ? set_size : 1;
    if (step.kind == Step::Kind::link && owner != nullptr) {
      const auto field = std::ranges::find(owner->fields, step.field, &FieldSpec::name);
      if (field != owner->fields.end() && field->many) width = set_size;
    }
    rows += width * (1 + rows_below(step.then, target, find_type, set_size));
    // Enough to refuse; deeper plans would leave the range of the number.
    if (rows > kLimits.dossier_rows_max * 1'000) return rows;
  }
  return rows;
}

/// The name of the link that makes a type a part; nothing when it is none.
std::optional<Name> parent_link(const Type* type) {
  if (type == nullptr) return std::nullopt;
  const auto found = std::ranges::find(type->fields, true, &FieldSpec::parent);
  if (found == type->fields.end()) return std::nullopt;
  return found->name;
}

}  // namespace

void add_reads(ReadPlan& plan, const Expression& expression, const FindType& find_type) {
  add_below(plan, {}, {}, expression, find_type, 0);
}

void visit_expressions(const Type& type, const std::function<void(const Expression&)>& visit) {
  ExpressionVisitor visitor(visit);
  visitor.take(type.territory);
  visitor.take(type.owner);
  visitor.take(type.handler);
  visitor.take(type.fields);
  for (const ActionSpec& action : type.actions) visitor.take(action);
  for (const ClockSpec& clock : type.clocks) visitor.take(clock);
  visitor.take(type.lamp_red);
  visitor.take(type.lamp_yellow);
  for (const HoldSpec& hold : type.holds) {
    visitor.take(hold.of);
    visitor.take(hold.during);
    visitor.take(hold.take);
    visitor.take(hold.most);
    visitor.take(hold.when);
  }
  for (const SeeSpec& see : type.see) {
    visitor.take(see.audience.at);
    visitor.take(see.when);
  }
  for (const IndicatorSpec& indicator : type.indicators) {
    visitor.take(indicator.where);
    visitor.take(indicator.sum);
    for (const auto& [name, value] : indicator.by) visitor.take(value);
    visitor.take(indicator.book_to);
  }
  for (const ViewSpec& view : type.views) visitor.take(view.where);
}

ReadPlan plan_reads(const Type& type, const FindType& find_type) {
  ReadPlan plan;
  visit_expressions(type, [&](const Expression& expression) {
    add_reads(plan, expression, find_type);
  });
  return plan;
}

std::size_t estimate_rows(const Type& type, const ReadPlan& plan, const FindType& find_type,
                          std::size_t set_size) {
  return 1 + rows_below(plan.steps, &type, find_type, set_size) +
         rows_below(plan.input, nullptr, find_type, set_size);
}

std::vector<Dependence> dependences_of(const Type& type, const Expression& expression,
                                       const FindType& find_type) {
  std::vector<Dependence> all;
  for (const ExpressionRead& read : expression.reads()) {
    if (read.path.empty() || read.path[0].starts_with('@')) continue;
    Dependence found{read.types.back(), read.name, {}};
    bool has_way = true;
    for (std::size_t i = read.path.size(); i-- > 0 && has_way;) {
      const Name& from = i == 0 ? type.name : read.types[i - 1];
      const std::string& step = read.path[i];
      if (step.starts_with('<')) {
        found.back.push_back(split_set(step).second);
      } else if (step == "^") {
        const auto link = parent_link(i == 0 ? &type : find_type ? find_type(from) : nullptr);
        has_way = link.has_value();
        if (link) found.back.push_back("<" + from + "." + *link);
      } else if (step == "transferred_to") {
        has_way = false;  // what became of a transferred matter wakes nothing in the old one
      } else {
        found.back.push_back("<" + from + "." + step);
      }
    }
    if (has_way && std::ranges::find(all, found) == all.end()) all.push_back(std::move(found));
  }
  return all;
}

}  // namespace gewu::kernel
