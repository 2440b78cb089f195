#include <algorithm>

#include "kernel/matter/definition_rules.h"

// Clocks and holds (language.md 2.6).

namespace gewu::kernel {
namespace {

const StaticType kLimitType{StaticType::Base::limit, {}, false};

class ClockRules {
 public:
  ClockRules(RuleReader& reader, const NodeEntry& entry)
      : reader_(reader), written_(entry.value),
        where_(inside(inside(reader.type.name, "clocks"), entry.key)) {
    clock_.name = entry.key;
    clock_.origin = entry.origin;
    place_.by_system = true;
    place_.may.actor = false;
  }

  std::optional<ClockSpec> read() {
    if (!expect_map(written_, where_, reader_.messages)) return std::nullopt;
    check_keys(written_,
               {"label", "source", "from", "until", "within", "at", "office_close", "calendar",
                "again", "once", "owner", "pause", "extend", "exempt", "change", "windows", "lamp",
                "then"},
               {}, where_, reader_.messages);
    clock_.label = read_label(written_, where_, reader_.messages);
    if (clock_.label.zh.empty())
      reader_.messages.warning("definition.label_missing", clock_.origin, {{"where", where_}});
    clock_.from = reader_.read_actions(written_, "from", where_);
    clock_.until = reader_.read_actions(written_, "until", where_);
    clock_.office_close =
        read_boolean(written_, "office_close", false, where_, reader_.messages);
    clock_.calendar = read_name(written_, "calendar", where_, reader_.messages);
    clock_.once = read_boolean(written_, "once", false, where_, reader_.messages);
    clock_.owner = compile_owner();
    read_due();
    read_words();
    read_pause();
    read_extend();
    read_exempt();
    clock_.steps = reader_.read_steps(written_, where_, place_);
    return clock_;
  }

 private:
  void complain(std::string_view key, const Origin& origin, std::string_view name) {
    reader_.messages.error(key, origin, {{"where", where_}, {"name", std::string(name)}});
  }

  ExpressionPtr compile_owner() { return reader_.compile_key(written_, "owner", kUnit, place_); }

  void read_due() {
    clock_.within = reader_.compile_key(written_, "within", kLimitType, place_);
    if (const Node* at = written_.find("at")) {
      clock_.at = reader_.compile(*at, kAnyType, place_);
      const bool fits = clock_.at == nullptr ||
                        (!clock_.at->type().is_set &&
                         (clock_.at->type().base == StaticType::Base::date ||
                          clock_.at->type().base == StaticType::Base::instant));
      if (!fits) complain("definition.clock_at", at->origin, clock_.name);
    }
    if ((written_.find("within") == nullptr) == (written_.find("at") == nullptr))
      complain("definition.clock_due", clock_.origin, clock_.name);
    for (const ExpressionPtr& due : {clock_.within, clock_.at}) {
      if (due == nullptr) continue;
      for (const std::size_t field : due->own_fields()) clock_.reads.push_back(field);
    }
  }

  template <typename Enum>
  Enum read_word(std::string_view key,
                 std::initializer_list<std::pair<std::string_view, Enum>> words, Enum otherwise) {
    const auto text = read_text(written_, key, where_, reader_.messages);
    if (!text) return otherwise;
    for (const auto& [word, value] : words)
      if (word == *text) return value;
    complain("definition.unknown_word", written_.find(key)->origin, *text);
    return otherwise;
  }

  void read_words() {
    clock_.again = read_word<ClockAgain>(
        "again", {{"keep", ClockAgain::keep}, {"restart", ClockAgain::restart}}, ClockAgain::keep);
    clock_.change = read_word<ClockChange>("change",
                                           {{"recompute", ClockChange::recompute},
                                            {"recompute_free", ClockChange::recompute_free},
                                            {"keep", ClockChange::keep},
                                            {"restart", ClockChange::restart}},
                                           ClockChange::recompute);
    clock_.message_windows_by_unit = written_.find("windows") == nullptr;
    clock_.message_windows_always =
        read_word<bool>("windows", {{"always", true}, {"office", false}}, false);
  }

  void read_pause() {
    const Node* pause = find_map(written_, "pause", where_, reader_.messages);
    if (pause == nullptr) return;
    const std::string here = inside(where_, "pause");
    check_keys(*pause, {"in", "most", "total"}, {}, here, reader_.messages);
    clock_.pause_in = reader_.read_states(*pause, "in", here);
    clock_.pause_most = read_limit(*pause, "most", here, reader_.messages);
    clock_.pause_total = read_limit(*pause, "total", here, reader_.messages);
    if (clock_.pause_in.empty()) complain("definition.key_missing", pause->origin, "in");
    if (!clock_.pause_most) complain("definition.key_missing", pause->origin, "most");
    if (!clock_.pause_total) clock_.pause_total = clock_.pause_most;
  }

  void read_extend() {
    const Node* extend = find_map(written_, "extend", where_, reader_.messages);
    if (extend == nullptr) return;
    const std::string here = inside(where_, "extend");
    check_keys(*extend, {"by", "most", "up_to"}, {}, here, reader_.messages);
    clock_.extend_by = reader_.read_audiences(*extend, "by", here);
    clock_.extend_most = read_integer(*extend, "most", here, reader_.messages);
    clock_.extend_up_to = reader_.compile_key(*extend, "up_to", kLimitType, place_);
    for (const char* key : {"by", "most", "up_to"})
      if (extend->find(key) == nullptr) complain("definition.key_missing", extend->origin, key);
  }

  void read_exempt() {
    const Node* exempt = find_map(written_, "exempt", where_, reader_.messages);
    if (exempt == nullptr) return;
    const std::string here = inside(where_, "exempt");
    check_keys(*exempt, {"by", "apart"}, {}, here, reader_.messages);
    clock_.exempt_by = reader_.read_audiences(*exempt, "by", here);
    clock_.exempt_apart = reader_.read_apart(*exempt, here);
    if (clock_.exempt_by.empty()) complain("definition.key_missing", exempt->origin, "by");
  }

  RuleReader& reader_;
  const Node& written_;
  std::string where_;
  ClockSpec clock_;
  RulePlace place_;
};

}  // namespace

std::vector<ClockStepSpec> RuleReader::read_steps(const Node& written, std::string_view where,
                                                  const RulePlace& place) {
  std::vector<ClockStepSpec> steps;
  const auto step_of = [&](const NodeEntry& entry) -> ClockStepSpec* {
    for (ClockStepSpec& step : steps)
      if (step.text == entry.key) return &step;
    const Result<ClockStep> parsed = parse_clock_step(entry.key);
    if (!parsed) {
      messages.error(parsed.error(), entry.origin);
      return nullptr;
    }
    steps.push_back({*parsed, entry.key, {}, {}});
    return &steps.back();
  };
  if (const Node* lamps = find_map(written, "lamp", where, messages)) {
    for (const NodeEntry& entry : lamps->entries) {
      ClockStepSpec* step = step_of(entry);
      const auto lamp = parse_lamp(entry.value.text);
      if (!lamp)
        messages.error("definition.unknown_word", entry.value.origin,
                       {{"where", std::string(where)}, {"name", entry.value.text}});
      if (step != nullptr) step->lamp = lamp;
    }
  }
  if (const Node* then = find_map(written, "then", where, messages))
    for (const NodeEntry& entry : then->entries)
      if (ClockStepSpec* step = step_of(entry)) {
        step->then = read_effects(entry.value, inside(where, entry.key), place);
        // It may find the matter in any state: there a link would lead nowhere.
        for (const EffectSpec& effect : step->then)
          if (!effect.answer.empty())
            messages.error("definition.answer_clock", effect.origin,
                           {{"where", inside(where, entry.key)}, {"name", effect.answer}});
      }
  return steps;
}

std::vector<Name> RuleReader::read_actions(const Node& map, std::string_view key,
                                           std::string_view where) {
  std::vector<Name> actions;
  if (map.find(key) == nullptr)
    messages.error("definition.key_missing", map.origin,
                   {{"where", std::string(where)}, {"name", std::string(key)}});
  for (WrittenName& written : read_names(map, key, where, messages)) {
    if (type.find_action(written.name) == nullptr)
      messages.error("definition.unknown_action", written.origin,
                     {{"where", inside(where, key)}, {"name", written.name}});
    actions.push_back(std::move(written.name));
  }
  return actions;
}

std::vector<std::size_t> RuleReader::read_states(const Node& map, std::string_view key,
                                                 std::string_view where) {
  std::vector<std::size_t> states;
  for (const WrittenName& written : read_names(map, key, where, messages)) {
    if (const auto state = type.find_state(written.name)) {
      states.push_back(*state);
    } else {
      messages.error("definition.unknown_state", written.origin,
                     {{"where", inside(where, key)}, {"name", written.name}});
    }
  }
  std::ranges::sort(states);
  return states;
}

void RuleReader::read_clocks() {
  const Node* clocks = find_map(node, "clocks", type.name, messages);
  if (clocks == nullptr) return;
  for (const NodeEntry& entry : clocks->entries) {
    check_name_form(entry.key, entry.origin, inside(type.name, "clocks"), messages);
    if (entry.key == "idle" || entry.key == "validity")
      messages.error("definition.hides_built_in", entry.origin,
                     {{"where", inside(type.name, "clocks")}, {"name", entry.key}});
    if (auto clock = ClockRules(*this, entry).read()) type.clocks.push_back(std::move(*clock));
  }
}

void RuleReader::read_holds() {
  const Node* holds = find_map(node, "holds", type.name, messages);
  if (holds == nullptr) return;
  for (const NodeEntry& entry : holds->entries) {
    const std::string where = inside(inside(type.name, "holds"), entry.key);
    check_name_form(entry.key, entry.origin, where, messages);
    if (!expect_map(entry.value, where, messages)) continue;
    check_keys(entry.value, {"label", "source", "of", "during", "take", "most", "in", "when"}, {},
               where, messages);
    HoldSpec hold;
    hold.name = entry.key;
    hold.label = read_label(entry.value, where, messages);
    RulePlace place;
    place.may.actor = false;
    if (const Node* of = entry.value.find("of")) {
      if (of->is_list()) {
        for (const Node& item : of->items) hold.of.push_back(compile(item, kAnyType, place));
      } else {
        hold.of.push_back(compile(*of, kAnyType, place));
      }
      std::erase(hold.of, nullptr);
    }
    hold.during = compile_key(entry.value, "during", {StaticType::Base::period, {}, false}, place);
    hold.take = compile_key(entry.value, "take", kNumber, place);
    hold.most = compile_key(entry.value, "most", kNumber, place);
    hold.when = compile_key(entry.value, "when", kYesNo, place);
    hold.in = read_states(entry.value, "in", where);
    for (const char* key : {"of", "most", "in"})
      if (entry.value.find(key) == nullptr)
        messages.error("definition.key_missing", entry.origin, {{"where", where}, {"name", key}});
    type.holds.push_back(std::move(hold));
  }
}

}  // namespace gewu::kernel
