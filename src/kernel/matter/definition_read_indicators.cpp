#include <algorithm>
#include <array>
#include <span>

#include "kernel/matter/definition_rules.h"

// Indicators (language.md 2.6): flow, clock, stock and ratio. Heads of later systems are refused
// with `indicator.later`, never passed over.

namespace gewu::kernel {
namespace {

constexpr std::array kHeads = {"flow", "clock", "stock", "ratio"};
constexpr std::array kLaterHeads = {"book", "cites", "refusal", "tally", "coverage", "change"};
constexpr std::array kLaterKeys = {"mean", "median", "distinct", "since", "balance",
                             "match", "show", "reach"};
constexpr std::array kKeys = {"label", "source",  "where",     "sum",
                              "by",    "book_to", "group_min", "note"};

bool is_one_of(std::span<const char* const> words, std::string_view word) {
  return std::ranges::any_of(words, [&](const char* other) { return word == other; });
}

const std::vector<FieldShape>& clock_facts() {
  static const std::vector<FieldShape> facts = [] {
    std::vector<FieldShape> made;
    for (const char* name : {"met", "exempt", "late_arrival"}) {
      FieldShape fact;
      fact.name = name;
      fact.type = kYesNo;
      fact.has_default = true;
      made.push_back(std::move(fact));
    }
    return made;
  }();
  return facts;
}

class IndicatorRules {
 public:
  IndicatorRules(RuleReader& reader, std::string name, const Node& written, const Origin& origin)
      : reader_(reader), written_(written),
        where_(inside(inside(reader.type.name, "indicators"), name)), origin_(origin) {
    indicator_.name = std::move(name);
  }

  /// Inline parts of a ratio are put before it as "name#0", "name#1".
  void read_into(std::vector<IndicatorSpec>& all) {
    if (!expect_map(written_, where_, reader_.messages) || !check_words()) return;
    indicator_.label = read_label(written_, where_, reader_.messages);
    indicator_.note = read_text(written_, "note", where_, reader_.messages).value_or("");
    indicator_.group_min =
        read_integer(written_, "group_min", where_, reader_.messages).value_or(0);
    if (written_.find("flow") != nullptr) read_flow();
    if (written_.find("clock") != nullptr) read_clock();
    if (written_.find("stock") != nullptr) read_stock();
    if (written_.find("ratio") != nullptr) read_ratio(all);
    if (indicator_.head != IndicatorHead::ratio) read_expressions();
    all.push_back(std::move(indicator_));
  }

 private:
  void complain(std::string_view key, const Origin& origin, std::string_view name) {
    reader_.messages.error(key, origin, {{"where", where_}, {"name", std::string(name)}});
  }

  bool check_words() {
    int heads = 0;
    bool later = false;
    for (const NodeEntry& entry : written_.entries) {
      if (is_one_of(kHeads, entry.key)) {
        ++heads;
      } else if (is_one_of(kLaterHeads, entry.key) || is_one_of(kLaterKeys, entry.key)) {
        later = true;
        complain("indicator.later", entry.origin, entry.key);
      } else if (!is_one_of(kKeys, entry.key)) {
        complain("definition.unknown_key", entry.origin, entry.key);
      }
    }
    if (heads != 1 && !later) complain("definition.indicator_head", origin_, indicator_.name);
    return heads == 1 && !later;
  }

  void read_flow() {
    indicator_.head = IndicatorHead::flow;
    indicator_.action = read_name(written_, "flow", where_, reader_.messages);
    const std::string own = reader_.type.name + ".";
    if (indicator_.action.starts_with(own)) indicator_.action.erase(0, own.size());
    const Origin& at = written_.find("flow")->origin;
    if (indicator_.action.find('.') != std::string::npos)
      return complain("indicator.later", at, indicator_.action);
    if (const ActionShape* shape = reader_.draft.shape.find_action(indicator_.action)) {
      place_.input = &shape->input;
    } else {
      complain("definition.unknown_action", at, indicator_.action);
    }
  }

  void read_clock() {
    indicator_.head = IndicatorHead::clock;
    indicator_.clock = read_name(written_, "clock", where_, reader_.messages);
    if (!reader_.draft.shape.has_clock(indicator_.clock))
      complain("definition.unknown_clock", written_.find("clock")->origin, indicator_.clock);
    place_.facts = &clock_facts();
    place_.may.actor = false;
  }

  void read_stock() {
    indicator_.head = IndicatorHead::stock;
    const Node& stock = *written_.find("stock");
    place_.may.actor = false;
    if (stock.as_boolean() == true) {
      if (reader_.type.reference) indicator_.states = reader_.type.reference->active;
      else complain("definition.stock_states", stock.origin, indicator_.name);
    } else {
      indicator_.states = reader_.read_states(written_, "stock", where_);
    }
  }

  void read_ratio(std::vector<IndicatorSpec>& all) {
    indicator_.head = IndicatorHead::ratio;
    const Node& ratio = *written_.find("ratio");
    if (!ratio.is_list() || ratio.items.size() != 2)
      return complain("definition.ratio_parts", ratio.origin, indicator_.name);
    for (std::size_t i = 0; i < 2; ++i) {
      const Node& part = ratio.items[i];
      if (part.is_scalar()) {
        if (part.text.find('.') != std::string::npos)
          complain("indicator.later", part.origin, part.text);
        indicator_.parts.push_back(part.text);
        continue;
      }
      Node inline_part = part;
      // what is said of the ratio holds for its parts too
      for (const char* key : {"by", "book_to", "group_min"})
        if (const Node* shared = written_.find(key); shared && !part.find(key))
          inline_part.put(key, *shared, shared->origin);
      const std::string name = indicator_.name + "#" + std::to_string(i);
      IndicatorRules(reader_, name, inline_part, part.origin).read_into(all);
      indicator_.parts.push_back(name);
    }
  }

  void read_expressions() {
    indicator_.where = reader_.compile_key(written_, "where", kYesNo, place_);
    indicator_.sum = reader_.compile_key(written_, "sum", kNumber, place_);
    indicator_.book_to = reader_.compile_key(written_, "book_to", kUnit, place_);
    const Node* by = written_.find("by");
    if (by == nullptr) return;
    const auto add = [&](const Node& item) {
      if (ExpressionPtr path = reader_.compile(item, kAnyType, place_))
        indicator_.by.emplace_back(item.text, std::move(path));
    };
    if (by->is_list()) {
      for (const Node& item : by->items) add(item);
    } else {
      add(*by);
    }
  }

  RuleReader& reader_;
  const Node& written_;
  std::string where_;
  Origin origin_;
  IndicatorSpec indicator_;
  RulePlace place_;
};

}  // namespace

void RuleReader::read_indicators() {
  const Node* indicators = find_map(node, "indicators", type.name, messages);
  if (indicators == nullptr) return;
  for (const NodeEntry& entry : indicators->entries) {
    const std::string where = inside(inside(type.name, "indicators"), entry.key);
    check_name_form(entry.key, entry.origin, where, messages);
    IndicatorRules(*this, entry.key, entry.value, entry.origin).read_into(type.indicators);
    if (entry.value.is_map() && entry.value.find("label") == nullptr)
      messages.warning("definition.label_missing", entry.origin, {{"where", where}});
  }
  for (const IndicatorSpec& indicator : type.indicators) {
    for (const Name& part : indicator.parts) {
      const bool known = std::ranges::any_of(
          type.indicators, [&](const IndicatorSpec& other) { return other.name == part; });
      if (known || part.find('.') != std::string::npos) continue;
      const NodeEntry* entry = indicators->find_entry(indicator.name);
      messages.error("definition.unknown_indicator",
                     entry == nullptr ? indicators->origin : entry->origin,
                     {{"where", inside(type.name, indicator.name)}, {"name", part}});
    }
  }
}

}  // namespace gewu::kernel
