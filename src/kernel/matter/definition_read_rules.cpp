#include <algorithm>
#include <set>

#include "base/text.h"
#include "kernel/matter/definition_rules.h"

// Pass two of a type: expressions of fields, `belongs`, lamps, `see`, views, and what follows from
// what all of them read.

namespace gewu::kernel {
namespace {

/// Whether a value depends on something that changes without an event of this matter, its parent
/// or the members of its own sets: it is then computed when it is read.
bool is_live(const Expression& value, const TypeShape& self) {
  const ExpressionUses& uses = value.uses();
  if (uses.now || uses.today || uses.directory || uses.clocks) return true;
  const FieldShape* parent = self.parent_field();
  for (const ExpressionRead& read : value.reads()) {
    if (read.path.empty()) continue;
    const std::string& first = read.path.front();
    const bool is_parent = first == "^" || (parent != nullptr && first == parent->name);
    const bool is_set = first.starts_with("<");
    if (!is_parent && !is_set) return true;
    if (read.path.size() > 1) return true;
  }
  return false;
}

/// A value over an own live value moves with it.
void spread_live(Type& type) {
  const auto is_live_field = [&](std::size_t field) { return type.fields[field].live; };
  for (bool grows = true; grows;) {
    grows = false;
    for (FieldSpec& field : type.fields) {
      if (field.live || !field.value) continue;
      field.live = std::ranges::any_of(field.value->own_fields(), is_live_field);
      grows = grows || field.live;
    }
  }
}

}  // namespace

StaticType state_type(const Name& type) {
  return {StaticType::Base::key, "state:" + type, false};
}

ExpressionPtr RuleReader::compile(const Node& written, const StaticType& expected,
                                  const RulePlace& place) {
  std::vector<Error> warnings;
  CheckContext context{.world = world,
                       .self = place.no_self ? nullptr : &draft.shape,
                       .input = place.input,
                       .facts = place.facts,
                       .basis = place.basis,
                       .it = place.it,
                       .it_paths = place.it_paths,
                       .may = place.may,
                       .warnings = &warnings};
  if (place.by_system) context.may.actor = false;
  auto compiled = compile_node(written, context, expected);
  for (const Error& warning : warnings)
    messages.add({Severity::warning, warning.key,
                  written.origin.file ? *written.origin.file : std::string(),
                  written.origin.line, warning.details});
  if (compiled) return *compiled;
  messages.error(compiled.error(), written.origin);
  return nullptr;
}

ExpressionPtr RuleReader::compile_key(const Node& map, std::string_view key,
                                      const StaticType& expected, const RulePlace& place) {
  const Node* written = map.find(key);
  return written == nullptr ? nullptr : compile(*written, expected, place);
}

ExpressionPtr RuleReader::implied(const std::string& text, const StaticType& expected) {
  return compile(Node::scalar(text, true, node.origin), expected);
}

void RuleReader::read_field_rules() {
  const Node* fields = node.find("fields");
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    FieldSpec& field = type.fields[i];
    const Node* written = fields->find(field.name);
    const StaticType& wanted = draft.shape.fields[i].type;
    field.required = compile_key(*written, "required", kYesNo);
    read_bounds(field, *written, wanted, {});
    read_column_rules(field, *written, inside(type.name, field.name), {});
    field.default_value = compile_key(*written, "default", wanted);
    RulePlace place;
    place.may.actor = false;
    field.value = compile_key(*written, "value", wanted, place);
    if (field.value == nullptr) continue;
    field.live = is_live(*field.value, draft.shape);
  }
  spread_live(type);
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    FieldSpec& field = type.fields[i];
    if (field.value == nullptr) continue;
    field.over_sets = !field.live && field.value->reads_own_sets();
    draft.shape.fields[i].live = field.live;
    draft.shape.fields[i].over_sets = field.over_sets;
    if (field.live && field.index)
      messages.error("definition.live_index", field.origin,
                     {{"where", inside(type.name, field.name)}});
  }
}

void RuleReader::read_bounds(FieldSpec& field, const Node& written, const StaticType& one,
                             const RulePlace& place) {
  const bool counts = field.many || field.kind == FieldKind::rows;
  const StaticType bound = counts ? kNumber : one;
  field.min = compile_key(written, "min", bound, place);
  field.max = compile_key(written, "max", bound, place);
}

/// What is asked of the columns of a table, and of the tables in it.
void RuleReader::read_column_rules(FieldSpec& table, const Node& written, const std::string& where,
                                   const RulePlace& place) {
  const Node* columns = written.find("fields");
  if (columns == nullptr) return;
  for (FieldSpec& column : table.fields) {
    const Node* spec = columns->find(column.name);
    const std::string here = inside(where, column.name);
    const StaticType type_here = type_of(column, here);
    column.required = compile_key(*spec, "required", kYesNo, place);
    column.default_value = compile_key(*spec, "default", type_here, place);
    read_bounds(column, *spec, type_here, place);
    read_column_rules(column, *spec, here, place);
  }
}

void RuleReader::read_belongs() {
  const Node* belongs = find_map(node, "belongs", type.name, messages);
  const std::string where = inside(type.name, "belongs");
  if (belongs != nullptr)
    check_keys(*belongs, {"territory", "owner", "handler"}, {}, where, messages);
  const Node empty = Node::map(node.origin);
  const Node& written = belongs == nullptr ? empty : *belongs;
  type.territory = compile_key(written, "territory", kUnit);
  type.owner = compile_key(written, "owner", kUnit);
  type.handler = compile_key(written, "handler", kUnit);
  if (written.find("territory") == nullptr) {
    const auto place = std::ranges::find_if(type.fields, [](const FieldSpec& field) {
      return field.kind == FieldKind::place && !field.many;
    });
    const FieldShape* parent = draft.shape.parent_field();
    if (place != type.fields.end()) {
      type.territory = implied("grid_of(" + place->name + ")", kUnit);
    } else if (parent != nullptr) {
      type.territory = implied(parent->name + ".territory", kUnit);
    }
  }
  if (written.find("owner") == nullptr) type.owner = implied("actor.organisation", kUnit);
}

void RuleReader::read_lamp() {
  const Node* lamp = find_map(node, "lamp", type.name, messages);
  if (lamp == nullptr) return;
  check_keys(*lamp, {"red", "yellow"}, {}, inside(type.name, "lamp"), messages);
  RulePlace place;
  place.may.clocks = true;
  place.may.actor = false;
  type.lamp_red = compile_key(*lamp, "red", kYesNo, place);
  type.lamp_yellow = compile_key(*lamp, "yellow", kYesNo, place);
}

void RuleReader::read_see() {
  const Node* see = find_map(node, "see", type.name, messages);
  if (see == nullptr) return;
  const auto is_visible = [&](const Name& name) {
    return type.find_field(name) || type.find_set(name) != nullptr || is_built_in_field(name);
  };
  for (const NodeEntry& entry : see->entries) {
    const std::string where = inside(inside(type.name, "see"), entry.key);
    if (!expect_map(entry.value, where, messages)) continue;
    check_keys(entry.value, {"fields", "in", "when", "coarse", "sealed"}, {}, where, messages);
    Node who = Node::map(entry.origin);
    who.put("by", Node::scalar(entry.key, true, entry.origin), entry.origin);
    SeeSpec line;
    const auto audiences = read_audiences(who, "by", where);
    if (audiences.empty()) continue;
    line.audience = audiences.front();
    const Node* fields = entry.value.find("fields");
    line.all_fields = fields != nullptr && fields->is_scalar() && fields->text == "all";
    const auto read_visible = [&](std::string_view key, std::vector<Name>& into) {
      for (WrittenName& written : read_names(entry.value, key, where, messages)) {
        if (!is_visible(written.name))
          messages.error("definition.unknown_field", written.origin,
                         {{"where", where}, {"name", written.name}});
        into.push_back(std::move(written.name));
      }
    };
    if (!line.all_fields) read_visible("fields", line.fields);
    if (fields == nullptr)
      messages.error("definition.key_missing", entry.origin,
                     {{"where", where}, {"name", "fields"}});
    line.in = read_states(entry.value, "in", where);
    RulePlace place;
    place.may.clocks = true;
    line.when = compile_key(entry.value, "when", kYesNo, place);
    read_visible("coarse", line.coarse);
    line.sealed = read_boolean(entry.value, "sealed", false, where, messages);
    type.see.push_back(std::move(line));
  }
}

namespace {

template <typename Visit>
void visit_effects(const std::vector<EffectSpec>& effects, const Visit& visit) {
  for (const EffectSpec& effect : effects) {
    visit(effect.when);
    visit(effect.each);
    visit(effect.on);
    visit(effect.words);
    for (const auto* account : {&effect.from, &effect.to})
      for (const ExpressionPtr& part : *account) visit(part);
    visit(effect.amount);
    for (const auto& [name, value] : effect.with) visit(value);
    for (const Audience& audience : effect.audience) visit(audience.at);
  }
}

template <typename Visit>
void visit_field(const FieldSpec& field, const Visit& visit) {
  visit(field.required);
  visit(field.min);
  visit(field.max);
  visit(field.default_value);
  visit(field.value);
  if (field.rota != nullptr) {
    visit(field.rota->among);
    visit(field.rota->per);
  }
  for (const FieldSpec& column : field.fields) visit_field(column, visit);
}

template <typename Visit>
void visit_action(const ActionSpec& action, const Visit& visit) {
  visit(action.to);
  visit(action.when);
  visit(action.barred_by);
  visit(action.most);
  visit(action.outcome);
  if (action.basis) visit(action.basis->rows);
  for (const MustSpec& must : action.must) visit(must.condition);
  for (const SetField& set : action.set) visit(set.value);
  for (const FieldSpec& input : action.input) visit_field(input, visit);
  for (const Audience& audience : action.by) visit(audience.at);
  visit_effects(action.then, visit);
}

}  // namespace

void RuleReader::pin_lists() {
  std::set<Name> names;
  const auto of_field = [&](const FieldSpec& field) {
    if (!field.list.empty() && field.list != "level") names.insert(field.list);
    for (const FieldSpec& column : field.fields)
      if (!column.list.empty() && column.list != "level") names.insert(column.list);
  };
  const auto of_expression = [&](const ExpressionPtr& expression) {
    if (expression == nullptr) return;
    names.insert(expression->lists().begin(), expression->lists().end());
  };
  for (const FieldSpec& field : type.fields) {
    of_field(field);
    visit_field(field, of_expression);
  }
  for (const ActionSpec& action : type.actions) {
    for (const FieldSpec& input : action.input) of_field(input);
    visit_action(action, of_expression);
    if (action.outcome != nullptr) names.insert("outcome");
  }
  for (const ClockSpec& clock : type.clocks) {
    of_expression(clock.within);
    of_expression(clock.at);
    of_expression(clock.owner);
    of_expression(clock.extend_up_to);
    for (const ClockStepSpec& step : clock.steps) visit_effects(step.then, of_expression);
    if (!clock.extend_by.empty() || !clock.exempt_by.empty()) names.insert("grounds");
  }
  for (const DutySpec& duty : type.duties)
    for (const ClockStepSpec& step : duty.steps) visit_effects(step.then, of_expression);
  for (const DrawSpec& draw : type.draws) visit_effects({draw.opens}, of_expression);
  for (const auto* belongs : {&type.territory, &type.owner, &type.handler}) of_expression(*belongs);
  for (const Name& name : names) {
    const auto found = world.lists.find(name);
    if (found != world.lists.end()) type.lists.emplace(name, found->second);
  }
}

void read_values(TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  RuleReader(draft, world, messages).read_field_rules();
}

void read_rules(TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  RuleReader reader(draft, world, messages);
  reader.read_belongs();
  reader.read_action_rules();
  reader.read_clocks();
  reader.read_lamp();
  reader.read_holds();
  reader.read_see();
  reader.read_indicators();
  reader.read_duties();
  reader.read_plans();
  reader.read_draws();
  reader.read_rotas();
  reader.read_views();
  reader.pin_lists();
}

}  // namespace gewu::kernel
