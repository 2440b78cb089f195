#include <algorithm>

#include "kernel/matter/definition_rules.h"

// Duties, plans and rotas (language.md 2.6, 2.3): what comes round by the calendar.

namespace gewu::kernel {
namespace {

constexpr std::string_view kRoundType = "duty_round";

/// What comes round is said of units: places, organisations, posts, rows.
bool is_unit_set(const StaticType& type) {
  return type.is_set &&
         (type.base == StaticType::Base::unit || type.base == StaticType::Base::post ||
          type.base == StaticType::Base::link);
}

class CalendarRules {
 protected:
  CalendarRules(RuleReader& reader, const NodeEntry& entry, const char* part)
      : reader_(reader), written_(entry.value), origin_(entry.origin), name_(entry.key),
        where_(inside(inside(reader.type.name, part), entry.key)) {
    place_.no_self = true;
    place_.by_system = true;
    place_.may.actor = false;
  }

  void complain(std::string_view key, const Origin& origin, std::string_view name) {
    reader_.messages.error(key, origin, {{"where", where_}, {"name", std::string(name)}});
  }

  void need(std::initializer_list<const char*> keys) {
    for (const char* key : keys)
      if (written_.find(key) == nullptr) complain("definition.key_missing", origin_, key);
  }

  /// The units; what follows may say `it`.
  ExpressionPtr read_units(const char* key) {
    RulePlace place = place_;
    place.may.whole_register = true;
    ExpressionPtr units = reader_.compile_key(written_, key, kAnyType, place);
    if (units == nullptr) return nullptr;
    if (!is_unit_set(units->type())) {
      complain("definition.unit_set", written_.find(key)->origin, key);
      return nullptr;
    }
    place_.it = units->type();
    place_.it->is_set = false;
    place_.it_paths = units->element_paths();
    return units;
  }

  Cycle read_cycle(const Node& map) {
    const Name word = read_name(map, "every", where_, reader_.messages);
    const auto cycle = parse_cycle(word);
    if (!cycle && map.find("every") != nullptr)
      complain("definition.unknown_word", map.find("every")->origin, word);
    return cycle.value_or(Cycle::day);
  }

  std::optional<int> read_time(const Node& map, const char* key) {
    const auto text = read_text(map, key, where_, reader_.messages);
    if (!text) return std::nullopt;
    const auto minute = parse_time_of_day(*text);
    if (!minute) complain("definition.time_of_day", map.find(key)->origin, *text);
    return minute;
  }

  RuleReader& reader_;
  const Node& written_;
  const Origin& origin_;
  Name name_;
  std::string where_;
  RulePlace place_;
};

class DutyRules : CalendarRules {
 public:
  DutyRules(RuleReader& reader, const NodeEntry& entry) : CalendarRules(reader, entry, "duties") {}

  void read() {
    if (!expect_map(written_, where_, reader_.messages)) return;
    check_keys(written_,
               {"label", "source", "of", "every", "until", "count", "where", "match", "min", "when",
                "lamp", "then"},
               {}, where_, reader_.messages);
    need({"of", "every", "count", "match"});
    DutySpec duty;
    duty.name = name_;
    duty.origin = origin_;
    duty.label = read_label(written_, where_, reader_.messages);
    if (duty.label.zh.empty())
      reader_.messages.warning("definition.label_missing", origin_, {{"where", where_}});
    duty.of = read_units("of");
    duty.every = read_cycle(written_);
    duty.until = read_time(written_, "until");
    duty.count = read_name(written_, "count", where_, reader_.messages);
    duty.min = reader_.compile_key(written_, "min", kNumber, place_);
    duty.when = reader_.compile_key(written_, "when", kYesNo, place_);
    duty.steps = reader_.read_steps(written_, where_, place_);
    if (reader_.world.find_draft(kRoundType) == nullptr)
      complain("definition.unknown_type", origin_, kRoundType);
    check_photo(duty);
    const bool is_taken = std::ranges::any_of(
        reader_.type.indicators,
        [&](const IndicatorSpec& indicator) { return indicator.name == name_; });
    if (is_taken) complain("definition.name_twice", origin_, name_);
    else count(duty);
    reader_.type.duties.push_back(std::move(duty));
  }

 private:
  /// A duty is a figure too: units that did it ÷ units that owe it.
  void count(const DutySpec& duty) {
    const Node* match = written_.find("match");
    const Node* counted = written_.find("count");
    if (match == nullptr || counted == nullptr || duty.of == nullptr) return;
    Node part = Node::map(origin_);
    part.put("flow", *counted, counted->origin);
    Node paths = Node::list(match->origin);
    paths.items.push_back(*match);
    part.put("by", std::move(paths), match->origin);
    if (const Node* where = written_.find("where")) part.put("where", *where, where->origin);
    reader_.read_indicator(name_ + "#0", part, origin_);
    check_match(match->origin);
    IndicatorSpec figure;
    figure.name = name_;
    figure.label = duty.label;
    figure.origin = origin_;
    figure.head = IndicatorHead::coverage;
    figure.parts = {name_ + "#0"};
    figure.units = duty.of;
    figure.need = duty.min;
    figure.owes = duty.when;
    figure.show_missing = true;
    figure.is_duty = true;
    reader_.type.indicators.push_back(std::move(figure));
  }

  void check_match(const Origin& at) {
    if (reader_.type.indicators.empty() || !place_.it) return;
    const IndicatorSpec& part = reader_.type.indicators.back();
    if (part.by.empty() ||
        is_assignable(reader_.world, part.by.front().second->type(), *place_.it))
      return;
    complain("definition.match_unit", at, part.by.front().first);
  }

  /// No routine proof by photo (language.md 2.10, 13).
  void check_photo(const DutySpec& duty) {
    const ActionSpec* action = reader_.type.find_action(duty.count);
    if (action == nullptr) return;
    const auto demands = [](const FieldSpec& field) {
      return field.kind == FieldKind::file && field.required != nullptr;
    };
    const bool asked = std::ranges::any_of(action->asks, [&](std::size_t field) {
      return demands(reader_.type.fields[field]);
    });
    if (asked || std::ranges::any_of(action->input, demands))
      complain("definition.duty_photo", origin_, duty.count);
  }
};

class PlanRules : CalendarRules {
 public:
  PlanRules(RuleReader& reader, const NodeEntry& entry) : CalendarRules(reader, entry, "plan") {}

  std::optional<PlanSpec> read() {
    if (!expect_map(written_, where_, reader_.messages)) return std::nullopt;
    check_keys(written_,
               {"label", "source", "each", "as", "on", "ahead", "fill", "action", "when"}, {},
               where_, reader_.messages);
    need({"each", "as", "on", "ahead", "fill", "action"});
    PlanSpec plan;
    plan.name = name_;
    plan.origin = origin_;
    plan.label = read_label(written_, where_, reader_.messages);
    plan.each = read_units("each");
    plan.when = reader_.compile_key(written_, "when", kYesNo, place_);
    read_timetable(plan);
    if (const auto ahead = read_limit(written_, "ahead", where_, reader_.messages))
      plan.ahead = *ahead;
    plan.as = read_name(written_, "as", where_, reader_.messages);
    plan.fill = read_name(written_, "fill", where_, reader_.messages);
    plan.action = read_name(written_, "action", where_, reader_.messages);
    check_fields(plan);
    check_action(plan);
    return plan;
  }

 private:
  void read_timetable(PlanSpec& plan) {
    const Node* on = find_map(written_, "on", where_, reader_.messages);
    if (on == nullptr) return;
    check_keys(*on, {"every", "day", "nth", "from", "to"}, {}, where_, reader_.messages);
    plan.on.every = read_cycle(*on);
    plan.on.from = read_time(*on, "from").value_or(0);
    plan.on.to = read_time(*on, "to").value_or(24 * 60);
    if (plan.on.to <= plan.on.from) complain("definition.timetable", on->origin, "to");
    const bool is_daily = plan.on.every == Cycle::day || plan.on.every == Cycle::workday;
    if (const Node* day = on->find("day")) read_day(plan.on, *day, is_daily);
    else if (plan.on.every == Cycle::week) complain("definition.key_missing", on->origin, "day");
    if (on->find("nth") == nullptr) return;
    plan.on.nth =
        static_cast<int>(read_integer(*on, "nth", where_, reader_.messages).value_or(1));
    if (!plan.on.weekday || plan.on.every == Cycle::week || plan.on.nth < 1)
      complain("definition.timetable", on->find("nth")->origin, "nth");
  }

  void read_day(Timetable& on, const Node& day, bool is_daily) {
    const auto number = day.as_integer();
    on.weekday = day.is_scalar() ? parse_weekday(day.text) : std::nullopt;
    if (number) on.day = static_cast<int>(*number);
    const bool fits = on.weekday ? !is_daily
                                 : number && *number >= 1 && *number <= 366 && !is_daily &&
                                       on.every != Cycle::week;
    if (!fits) complain("definition.timetable", day.origin, "day");
  }

  void check_fields(const PlanSpec& plan) {
    const FieldShape* unit = reader_.draft.shape.find_field(plan.as);
    if (!plan.as.empty() && (unit == nullptr || unit->computed))
      complain("definition.unknown_field", written_.find("as")->origin, plan.as);
    else if (unit != nullptr && place_.it && !is_assignable(reader_.world, *place_.it, unit->type))
      complain("definition.plan_unit", written_.find("as")->origin, plan.as);
    const auto slot = reader_.type.find_field(plan.fill);
    const bool fits = slot && !reader_.type.fields[*slot].many &&
                      (reader_.type.fields[*slot].kind == FieldKind::period ||
                       reader_.type.fields[*slot].kind == FieldKind::date ||
                       reader_.type.fields[*slot].kind == FieldKind::instant);
    if (!plan.fill.empty() && !fits)
      complain("definition.plan_slot", written_.find("fill")->origin, plan.fill);
    for (const FieldSpec& field : reader_.type.fields) {
      const Node* written = reader_.node.find("fields")->find(field.name);
      const bool is_needed = written != nullptr && written->find("required") != nullptr &&
                             written->find("required")->as_boolean() == true;
      const bool is_given = field.name == plan.as || field.name == plan.fill ||
                            written->find("default") != nullptr ||
                            written->find("rota") != nullptr;
      if (is_needed && !is_given)
        complain("definition.required_not_given", origin_, field.name);
    }
  }

  void check_action(const PlanSpec& plan) {
    const ActionSpec* action = reader_.type.find_action(plan.action);
    if (plan.action.empty()) return;
    const Origin& at = written_.find("action")->origin;
    if (action == nullptr || !action->opens)
      return complain("definition.unknown_action", at, plan.action);
    const bool system_may = std::ranges::any_of(action->by, [](const Audience& audience) {
      return audience.kind == Audience::Kind::system;
    });
    if (!system_may) complain("definition.system_may_not", at, plan.action);
  }
};

}  // namespace

void RuleReader::read_duties() {
  const Node* duties = find_map(node, "duties", type.name, messages);
  if (duties == nullptr) return;
  for (const NodeEntry& entry : duties->entries) {
    check_name_form(entry.key, entry.origin, inside(type.name, "duties"), messages);
    DutyRules(*this, entry).read();
  }
}

void RuleReader::read_plans() {
  const Node* plans = find_map(node, "plan", type.name, messages);
  if (plans == nullptr) return;
  for (const NodeEntry& entry : plans->entries) {
    check_name_form(entry.key, entry.origin, inside(type.name, "plan"), messages);
    if (auto plan = PlanRules(*this, entry).read()) type.plans.push_back(std::move(*plan));
  }
}

void RuleReader::read_rotas() {
  const Node* fields = node.find("fields");
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    FieldSpec& field = type.fields[i];
    const Node* written = fields->find(field.name);
    const std::string where = inside(inside(type.name, field.name), "rota");
    const Node* rota = written == nullptr ? nullptr : find_map(*written, "rota", where, messages);
    if (rota == nullptr) continue;
    const auto complain = [&](std::string_view key, const std::string& name) {
      messages.error(key, rota->origin, {{"where", where}, {"name", name}});
    };
    check_keys(*rota, {"among", "per", "rule"}, {}, where, messages);
    const bool names_one = field.kind == FieldKind::post || field.kind == FieldKind::link ||
                           field.kind == FieldKind::organisation ||
                           field.kind == FieldKind::territory;
    if (!names_one || field.many || field.value || field.default_value || field.personal)
      complain("definition.rota_field", field.name);
    RulePlace place;
    place.may.actor = false;
    RotaSpec spec;
    StaticType candidates = draft.shape.fields[i].type;
    candidates.is_set = true;
    spec.among = compile_key(*rota, "among", candidates, place);
    if (rota->find("among") == nullptr) complain("definition.key_missing", "among");
    spec.per = compile_key(*rota, "per", kAnyType, place);
    const auto rule = read_text(*rota, "rule", where, messages);
    if (rule && *rule != "in_order" && *rule != "fair")
      complain("definition.unknown_word", *rule);
    spec.fair = rule == "fair";
    field.rota = std::make_shared<const RotaSpec>(std::move(spec));
  }
}

}  // namespace gewu::kernel
