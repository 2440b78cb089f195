#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "kernel/matter/definition_rules.h"

// Actions (language.md 2.5): who may take them, from where to where, what they ask and demand.

namespace gewu::kernel {
namespace {

constexpr std::array kActionKeys = {"label",  "source", "stage", "opens", "from",    "to",
                              "reopens", "by",    "apart", "asks",  "input",   "when",
                              "must",   "basis",  "barred_by", "most", "set",  "outcome",
                              "undo",   "auto",   "offline", "tally", "then"};

std::vector<std::size_t> states_of(const Type& type, const Node& map, std::string_view key,
                                   std::string_view where, Messages& messages) {
  std::vector<std::size_t> states;
  for (const WrittenName& written : read_names(map, key, where, messages)) {
    if (const auto state = type.find_state(written.name)) {
      states.push_back(*state);
    } else {
      messages.error("definition.unknown_state", written.origin,
                     {{"where", std::string(where)}, {"name", written.name}});
    }
  }
  std::ranges::sort(states);
  const auto twice = std::ranges::unique(states);
  states.erase(twice.begin(), twice.end());
  return states;
}

std::vector<std::size_t> all_entered(const Type& type, const Node& node) {
  std::vector<std::size_t> asked;
  const Node* fields = node.find("fields");
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const Node* written = fields->find(type.fields[i].name);
    if (type.fields[i].kind == FieldKind::tally) continue;
    if (written == nullptr || written->find("value") == nullptr) asked.push_back(i);
  }
  return asked;
}

void read_asks(ActionSpec& action, const Type& type, const Node& written, const Node& node,
               std::string_view where, Messages& messages) {
  if (written.find("asks") == nullptr) {
    if (action.opens) action.asks = all_entered(type, node);
    return;
  }
  const Node* fields = node.find("fields");
  for (const WrittenName& name : read_names(written, "asks", where, messages)) {
    const auto field = type.find_field(name.name);
    const std::vector<ErrorDetail> details = {{"where", inside(where, "asks")},
                                              {"name", name.name}};
    if (!field) {
      messages.error("definition.unknown_field", name.origin, details);
    } else if (fields->find(name.name)->find("value") != nullptr ||
               type.fields[*field].kind == FieldKind::tally) {
      messages.error("definition.computed_asked", name.origin, details);
    } else {
      action.asks.push_back(*field);
    }
  }
}

void read_inputs(ActionSpec& action, const Node& written, std::string_view where,
                 Messages& messages) {
  const Node* inputs = find_map(written, "input", where, messages);
  if (inputs == nullptr) return;
  for (const NodeEntry& entry : inputs->entries) {
    check_new_name(entry.key, entry.origin, inside(where, "input"), messages);
    if (entry.value.is_map())
      for (const char* key : {"value", "index", "parent"})
        if (const NodeEntry* found = entry.value.find_entry(key))
          messages.error("definition.key_not_here", found->origin,
                         {{"where", inside(where, entry.key)}, {"name", key}});
    action.input.push_back(read_field(entry.key, entry.value, entry.origin,
                                      inside(where, entry.key), true, messages));
  }
}

/// A tally action counts and does nothing else: nobody is remembered, nothing is asked.
void read_tally(ActionSpec& action, const Type& type, const Node& written, std::string_view where,
                Messages& messages) {
  if (written.find("tally") == nullptr) return;
  action.tally = read_name(written, "tally", where, messages);
  const auto field = type.find_field(action.tally);
  if (!field || type.fields[*field].kind != FieldKind::tally)
    messages.error("definition.unknown_field", written.find("tally")->origin,
                   {{"where", std::string(where)}, {"name", action.tally}});
  for (const NodeEntry& entry : written.entries) {
    constexpr std::array kTallyKeys = {"label", "source", "from", "by", "when", "tally"};
    if (std::ranges::find(kTallyKeys, std::string_view(entry.key)) == kTallyKeys.end())
      messages.error("definition.key_not_here", entry.origin,
                     {{"where", std::string(where)}, {"name", entry.key}});
  }
}

/// Who, without where; what is no audience is complained of in pass two.
void read_who(ActionSpec& action, const Node& written) {
  const Node* by = written.find("by");
  if (by == nullptr) return;
  if (by->is_scalar()) action.by.push_back(parse_audience(by->text).audience);
  for (const Node& item : by->items)
    if (item.is_scalar()) action.by.push_back(parse_audience(item.text).audience);
}

ActionSpec read_action_shape(const Type& type, const NodeEntry& entry, const Node& node,
                             Messages& messages) {
  const std::string where = inside(type.name, entry.key);
  const Node& written = entry.value;
  ActionSpec action;
  action.name = entry.key;
  action.origin = entry.origin;
  if (!expect_map(written, where, messages)) return action;
  for (const NodeEntry& key : written.entries) {
    const bool known = std::ranges::any_of(kActionKeys, [&](std::string_view k) {
      return k == key.key;
    });
    if (known) continue;
    messages.error("definition.unknown_key", key.origin, {{"where", where}, {"name", key.key}});
  }
  action.label = need_label(written, entry.origin, where, messages);
  if (const auto stage = read_text(written, "stage", where, messages)) {
    const auto parsed = parse_stage(*stage);
    if (!parsed)
      messages.error("definition.unknown_stage", written.find("stage")->origin,
                     {{"where", where}, {"name", *stage}});
    action.stage = parsed.value_or(Stage::other);
  }
  if (written.find("opens") != nullptr) {
    const auto states = states_of(type, written, "opens", where, messages);
    if (!states.empty()) action.opens = states.front();
    for (const char* key : {"from", "to", "undo", "reopens", "auto"})
      if (const NodeEntry* found = written.find_entry(key))
        messages.error("definition.key_not_here", found->origin,
                       {{"where", where}, {"name", key}});
  } else if (written.find("from") == nullptr) {
    messages.error("definition.key_missing", entry.origin, {{"where", where}, {"name", "from"}});
  }
  action.from = states_of(type, written, "from", where, messages);
  action.reopens = read_boolean(written, "reopens", false, where, messages);
  action.is_auto = read_boolean(written, "auto", false, where, messages);
  if (written.find("undo") != nullptr) action.undo = read_name(written, "undo", where, messages);
  action.offline = read_limit(written, "offline", where, messages);
  read_tally(action, type, written, where, messages);
  read_who(action, written);
  read_asks(action, type, written, node, where, messages);
  read_inputs(action, written, where, messages);
  return action;
}

ApartOf parse_apart(const Node& node, std::string_view where, Messages& messages) {
  if (node.text == "organisation") return ApartOf::organisation;
  if (node.text != "person")
    messages.error("definition.value_kind", node.origin,
                   {{"where", std::string(where)}, {"wanted", "person or organisation"}});
  return ApartOf::person;
}

/// "devolved_power[…]" names the type of its rows.
Name row_type(const Expression& rows) { return rows.type().of; }

class ActionRules {
 public:
  ActionRules(RuleReader& reader, ActionSpec& action, const Node& written)
      : reader_(reader), action_(action), written_(written),
        where_(inside(reader.type.name, action.name)) {
    const ActionShape* shape = reader.draft.shape.find_action(action.name);
    place_.input = shape == nullptr ? nullptr : &shape->input;
    place_.by_system = action.is_auto;
  }

  void read() {
    action_.by = reader_.read_audiences(written_, "by", where_);
    action_.apart = reader_.read_apart(written_, where_);
    read_input_rules();
    read_when();
    read_basis();
    action_.barred_by = compile_rows("barred_by");
    place_.may.cited = true;
    read_must();
    if (const Node* most = written_.find("most"))
      action_.most = reader_.compile(*most, kNumber, place_);
    place_.may.figure = true;
    read_set();
    place_.may.figure = false;
    read_to();
    action_.outcome = reader_.compile_key(
        written_, "outcome", {StaticType::Base::choice, "outcome", false}, place_);
    if (const Node* then = find_map(written_, "then", where_, reader_.messages))
      action_.then = reader_.read_effects(*then, inside(where_, "then"), place_);
  }

 private:
  void read_input_rules() {
    const Node* inputs = written_.find("input");
    for (FieldSpec& input : action_.input) {
      const Node* spec = inputs->find(input.name);
      const StaticType type = type_of(input, inside(where_, input.name));
      input.required = reader_.compile_key(*spec, "required", kYesNo, place_);
      reader_.read_bounds(input, *spec, type, place_);
      reader_.read_column_rules(input, *spec, inside(where_, input.name), place_);
      input.default_value = reader_.compile_key(*spec, "default", type, place_);
    }
  }

  void read_when() {
    RulePlace place = place_;
    place.input = nullptr;   // evaluated before anything is asked
    if (action_.is_auto) place.may.now = place.may.today = false;
    place.may.cited = !action_.is_auto;
    action_.when = reader_.compile_key(written_, "when", kYesNo, place);
    if (action_.is_auto && written_.find("when") == nullptr)
      reader_.messages.error("definition.key_missing", action_.origin,
                             {{"where", where_}, {"name", "when"}});
  }

  ExpressionPtr compile_rows(std::string_view key) {
    const Node* written = written_.find(key);
    return written == nullptr ? nullptr : compile_rows(*written);
  }

  ExpressionPtr compile_rows(const Node& written) {
    ExpressionPtr rows = reader_.compile(written, kAnyType, place_);
    if (rows == nullptr) return nullptr;
    const TypeShape* shape = reader_.world.find_type(row_type(*rows));
    const bool is_rows = rows->type().base == StaticType::Base::link && rows->type().is_set &&
                         shape != nullptr && shape->is_reference;
    if (is_rows) return rows;
    reader_.messages.error("definition.basis_rows", written.origin, {{"where", where_}});
    return nullptr;
  }

  void read_basis() {
    const Node* written = written_.find("basis");
    if (written == nullptr) return;
    BasisSpec basis;
    const Node* row = written;
    if (written->is_map()) {
      check_keys(*written, {"row", "for"}, {}, inside(where_, "basis"), reader_.messages);
      row = written->find("row");
      for (const WrittenName& role : read_names(*written, "for", where_, reader_.messages)) {
        if (!reader_.world.has_role(role.name))
          reader_.messages.error("definition.unknown_role", role.origin,
                                 {{"where", where_}, {"name", role.name}});
        basis.roles.push_back(role.name);
      }
    }
    if (row == nullptr) {
      reader_.messages.error("definition.key_missing", written->origin,
                             {{"where", inside(where_, "basis")}, {"name", "row"}});
      return;
    }
    basis.rows = compile_rows(*row);
    if (basis.rows == nullptr) return;
    place_.basis = row_type(*basis.rows);
    action_.basis = std::move(basis);
  }

  void read_must() {
    const Node* musts = find_map(written_, "must", where_, reader_.messages);
    if (musts == nullptr) return;
    for (const NodeEntry& entry : musts->entries) {
      const std::string here = inside(inside(where_, "must"), entry.key);
      check_name_form(entry.key, entry.origin, here, reader_.messages);
      if (is_built_in_refusal(entry.key))
        reader_.messages.error("definition.hides_built_in", entry.origin,
                               {{"where", here}, {"name", entry.key}});
      MustSpec must;
      must.name = entry.key;
      const Node* that = entry.value.is_map() ? entry.value.find("that") : nullptr;
      if (that != nullptr) {
        check_keys(entry.value, {"that", "label", "source"}, {}, here, reader_.messages);
        must.label = need_label(entry.value, entry.origin, here, reader_.messages);
      } else {
        reader_.messages.error("definition.label_missing", entry.origin, {{"where", here}});
        that = &entry.value;
      }
      must.condition = reader_.compile(*that, kYesNo, place_);
      action_.must.push_back(std::move(must));
    }
  }

  void read_set() {
    const Node* sets = find_map(written_, "set", where_, reader_.messages);
    if (sets == nullptr) return;
    for (const NodeEntry& entry : sets->entries) {
      const std::vector<ErrorDetail> details = {{"where", inside(where_, "set")},
                                                {"name", entry.key}};
      const auto field = reader_.type.find_field(entry.key);
      if (!field) {
        reader_.messages.error("definition.unknown_field", entry.origin, details);
        continue;
      }
      if (reader_.draft.shape.fields[*field].computed ||
          reader_.type.fields[*field].kind == FieldKind::tally)
        reader_.messages.error("definition.computed_asked", entry.origin, details);
      const StaticType wanted = reader_.draft.shape.fields[*field].type;
      action_.set.push_back({*field, reader_.compile(entry.value, wanted, place_)});
    }
  }

  void read_to() {
    const Node* written = written_.find("to");
    if (written == nullptr) return;
    action_.to = reader_.compile(
        *written, state_type(reader_.type.name), place_);
  }

  RuleReader& reader_;
  ActionSpec& action_;
  const Node& written_;
  std::string where_;
  RulePlace place_;
};

}  // namespace

WrittenAudience parse_audience(std::string_view text) {
  WrittenAudience result;
  result.audience.text = std::string(text);
  const auto at = text.find('@');
  const std::string_view who = text.substr(0, at);
  if (at != std::string_view::npos) result.at = std::string(text.substr(at + 1));
  using Kind = Audience::Kind;
  Audience& audience = result.audience;
  if (who == "author") audience.kind = Kind::author;
  else if (who == "holder") audience.kind = Kind::holder;
  else if (who == "member") audience.kind = Kind::member;
  else if (who == "public") audience.kind = Kind::everyone;
  else if (who == "others") audience.kind = Kind::others;
  else if (who == "system") audience.kind = Kind::system;
  else audience.role = std::string(who);
  return result;
}

void read_action_shapes(Type& type, const Node& node, Messages& messages) {
  const Node* actions = find_map(node, "actions", type.name, messages);
  if (actions == nullptr) return;
  for (const NodeEntry& entry : actions->entries) {
    check_name_form(entry.key, entry.origin, inside(type.name, "actions"), messages);
    if (is_built_in_action(entry.key))
      messages.error("definition.hides_built_in", entry.origin,
                     {{"where", inside(type.name, "actions")}, {"name", entry.key}});
    type.actions.push_back(read_action_shape(type, entry, node, messages));
  }
}

std::vector<ApartSpec> RuleReader::read_apart(const Node& map, std::string_view where) {
  std::vector<ApartSpec> apart;
  const Node* written = find_map(map, "apart", where, messages);
  if (written == nullptr) return apart;
  for (const NodeEntry& entry : written->entries) {
    if (type.find_action(entry.key) == nullptr)
      messages.error("definition.unknown_action", entry.origin,
                     {{"where", inside(where, "apart")}, {"name", entry.key}});
    apart.push_back({entry.key, parse_apart(entry.value, inside(where, "apart"), messages)});
  }
  return apart;
}

void RuleReader::read_action_rules() {
  const Node* actions = node.find("actions");
  for (ActionSpec& action : type.actions) {
    const Node* written = actions->find(action.name);
    if (written != nullptr && written->is_map()) ActionRules(*this, action, *written).read();
  }
}

}  // namespace gewu::kernel
