#include <algorithm>
#include <array>
#include <span>

#include "kernel/matter/definition_rules.h"

// Indicators (language.md 2.6). What is said inline of a ratio, coverage or change becomes an
// indicator of its own, "name#0"; what is counted of another type's actions stands there already
// (office_indicators.h).

namespace gewu::kernel {
namespace {

constexpr std::array kHeads = {"flow", "clock",   "stock",    "ratio", "book",
                               "cites", "refusal", "coverage", "change", "tally"};
constexpr std::array kKeys = {"label", "source", "where",    "sum",   "mean",    "median",
                              "by",    "book_to", "distinct", "note", "group_min"};

/// Keys that only one head has.
constexpr std::array<std::pair<const char*, const char*>, 6> kKeysOfHeads = {
    {{"balance", "book"}, {"match", "coverage"}, {"show", "coverage"}, {"reach", "coverage"},
     {"since", "change"}, {"public", "flow"}}};

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

/// What a refusal that was kept says of itself.
const std::vector<FieldShape>& refusal_facts() {
  static const std::vector<FieldShape> facts = [] {
    FieldShape fact;
    fact.name = "rule";
    fact.type = kText;
    return std::vector<FieldShape>{fact};
  }();
  return facts;
}

class IndicatorRules {
 public:
  IndicatorRules(RuleReader& reader, std::string name, const Node& written, const Origin& origin)
      : reader_(reader), written_(written),
        where_(inside(inside(reader.type.name, "indicators"), name)), origin_(origin) {
    indicator_.name = std::move(name);
    indicator_.origin = origin_;
  }

  /// Inline parts of a ratio are put before it as "name#0", "name#1".
  void read_into(std::vector<IndicatorSpec>& all) {
    if (!expect_map(written_, where_, reader_.messages) || !check_words()) return;
    indicator_.label = read_label(written_, where_, reader_.messages);
    indicator_.note = read_text(written_, "note", where_, reader_.messages).value_or("");
    indicator_.group_min =
        read_integer(written_, "group_min", where_, reader_.messages).value_or(0);
    indicator_.is_public =
        read_boolean(written_, "public", false, where_, reader_.messages);
    if (written_.find("flow") != nullptr) read_flow();
    if (written_.find("clock") != nullptr) read_clock();
    if (written_.find("stock") != nullptr) read_stock();
    if (written_.find("book") != nullptr) read_book();
    if (written_.find("cites") != nullptr) read_cites();
    if (written_.find("refusal") != nullptr) read_refusal();
    if (written_.find("ratio") != nullptr) read_ratio(all);
    if (written_.find("coverage") != nullptr) read_coverage(all);
    if (written_.find("change") != nullptr) read_change();
    if (written_.find("tally") != nullptr) read_tally();
    if (indicator_.parts.empty()) read_expressions();
    all.push_back(std::move(indicator_));
  }

 private:
  void complain(std::string_view key, const Origin& origin, std::string_view name) {
    reader_.messages.error(key, origin, {{"where", where_}, {"name", std::string(name)}});
  }

  static const char* head_of(std::string_view key) {
    for (const auto& [name, head] : kKeysOfHeads)
      if (key == name) return head;
    return nullptr;
  }

  bool check_words() {
    int heads = 0;
    for (const NodeEntry& entry : written_.entries) {
      if (is_one_of(kHeads, entry.key)) {
        ++heads;
      } else if (const char* head = head_of(entry.key); head != nullptr) {
        if (written_.find(head) == nullptr)
          complain("definition.key_not_here", entry.origin, entry.key);
      } else if (!is_one_of(kKeys, entry.key)) {
        complain("definition.unknown_key", entry.origin, entry.key);
      }
    }
    if (heads != 1) complain("definition.indicator_head", origin_, indicator_.name);
    return heads == 1;
  }

  void read_flow() {
    indicator_.head = IndicatorHead::flow;
    indicator_.action = read_text(written_, "flow", where_, reader_.messages).value_or("");
    const std::string own = reader_.type.name + ".";
    if (indicator_.action.starts_with(own)) indicator_.action.erase(0, own.size());
    const Origin& at = written_.find("flow")->origin;
    if (indicator_.action.find('#') != std::string::npos)
      return indicator_.parts.push_back(std::exchange(indicator_.action, {}));
    if (indicator_.action.find('.') != std::string::npos)
      return complain("definition.unknown_type", at, indicator_.action);
    const ActionSpec* counted = reader_.type.find_action(indicator_.action);
    if (counted != nullptr && !counted->tally.empty())
      complain("definition.tally_flow", at, indicator_.action);
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

  /// Entries that matters of this type make; `sum` says which, `balance` asks for all up to a date.
  void read_book() {
    indicator_.head = IndicatorHead::book;
    indicator_.book = read_name(written_, "book", where_, reader_.messages);
    if (!reader_.world.has_book(indicator_.book))
      complain("definition.unknown_book", written_.find("book")->origin, indicator_.book);
    indicator_.at_end = read_boolean(written_, "balance", false, where_, reader_.messages);
    place_.may.actor = false;
    const auto side = read_text(written_, "sum", where_, reader_.messages);
    indicator_.of = FigureOf::sum;
    if (!side || *side == "net") return;
    if (indicator_.at_end) complain("definition.key_not_here", written_.find("sum")->origin, "sum");
    if (*side == "in") indicator_.side = BookSide::in;
    else if (*side == "out") indicator_.side = BookSide::out;
    else complain("definition.unknown_word", written_.find("sum")->origin, *side);
  }

  void read_cites() {
    indicator_.head = IndicatorHead::cites;
    const Name type = read_name(written_, "cites", where_, reader_.messages);
    if (type != reader_.type.name || !reader_.type.reference)
      complain("definition.cites_type", written_.find("cites")->origin, type);
    place_.may.actor = false;
  }

  void read_refusal() {
    indicator_.head = IndicatorHead::refusal;
    indicator_.action = read_name(written_, "refusal", where_, reader_.messages);
    const ActionShape* shape = reader_.draft.shape.find_action(indicator_.action);
    if (shape == nullptr)
      complain("definition.unknown_action", written_.find("refusal")->origin, indicator_.action);
    place_.facts = &refusal_facts();
  }

  /// How often a counter was raised.
  void read_tally() {
    indicator_.head = IndicatorHead::tally;
    indicator_.action = read_name(written_, "tally", where_, reader_.messages);
    const auto field = reader_.type.find_field(indicator_.action);
    if (!field || reader_.type.fields[*field].kind != FieldKind::tally)
      complain("definition.unknown_field", written_.find("tally")->origin, indicator_.action);
    for (const char* key : {"sum", "mean", "median", "distinct"})
      if (const NodeEntry* entry = written_.find_entry(key))
        complain("definition.key_not_here", entry->origin, key);
    place_.may.actor = false;
  }

  /// Units that have at least one of something.
  void read_coverage(std::vector<IndicatorSpec>& all) {
    indicator_.head = IndicatorHead::coverage;
    RulePlace place;
    place.no_self = true;
    place.may.actor = false;
    place.may.whole_register = true;
    indicator_.units = reader_.compile_key(written_, "coverage", kAnyType, place);
    if (indicator_.units != nullptr && !indicator_.units->type().is_set)
      complain("definition.each_set", written_.find("coverage")->origin, indicator_.name);
    const auto show = read_text(written_, "show", where_, reader_.messages);
    if (show && *show != "missing")
      complain("definition.unknown_word", written_.find("show")->origin, *show);
    indicator_.show_missing = show.has_value();
    const Node* by = written_.find("by");
    const Node* match = written_.find("match");
    read_reach();
    for (const char* key : {"by", "match"})
      if (written_.find(key) == nullptr) complain("definition.key_missing", origin_, key);
    for (const char* key : {"where", "sum", "mean", "median", "distinct", "book_to"})
      if (const NodeEntry* entry = written_.find_entry(key))
        complain("definition.key_not_here", entry->origin, key);
    if (by == nullptr || match == nullptr) return;
    if (by->is_scalar() && by->text.find('#') != std::string::npos)
      return indicator_.parts.push_back(by->text);  // counted in another type
    const std::string name = indicator_.name + "#0";
    indicator_.parts.push_back(name);
    if (!expect_map(*by, where_, reader_.messages)) return;
    Node part = *by;
    Node paths = Node::list(match->origin);
    paths.items.push_back(*match);
    part.put("by", std::move(paths), match->origin);
    IndicatorRules(reader_, name, part, by->origin).read_into(all);
    check_match(all.empty() ? nullptr : &all.back(), match->origin);
  }

  /// Minutes on foot and metres a minute.
  void read_reach() {
    const Node* reach = find_map(written_, "reach", where_, reader_.messages);
    if (reach == nullptr) return;
    check_keys(*reach, {"minutes", "speed"}, {}, where_, reader_.messages);
    RulePlace place;
    place.no_self = true;
    place.may.actor = false;
    const StaticType number{StaticType::Base::number, {}, false};
    indicator_.reach_minutes = reader_.compile_key(*reach, "minutes", number, place);
    indicator_.reach_speed = reader_.compile_key(*reach, "speed", number, place);
    for (const char* key : {"minutes", "speed"})
      if (reach->find(key) == nullptr) complain("definition.key_missing", reach->origin, key);
  }

  /// What is counted must be of the units' own kind; with `reach` it must lie somewhere.
  void check_match(const IndicatorSpec* part, const Origin& at) {
    if (part == nullptr || part->by.empty() || indicator_.units == nullptr) return;
    if (written_.find("reach") != nullptr) {
      const StaticType& lies = part->by.front().second->type();
      const bool has_place = !lies.is_set && (lies.base == StaticType::Base::place ||
                                              (lies.base == StaticType::Base::unit));
      if (!has_place) complain("definition.match_place", at, part->by.front().first);
      return;
    }
    StaticType unit = indicator_.units->type();
    unit.is_set = false;
    if (!is_assignable(reader_.world, part->by.front().second->type(), unit))
      complain("definition.match_unit", at, part->by.front().first);
  }

  void read_change() {
    indicator_.head = IndicatorHead::change;
    indicator_.parts.push_back(read_name(written_, "change", where_, reader_.messages));
    RulePlace place;
    place.no_self = true;
    place.may.actor = false;
    indicator_.since =
        reader_.compile_key(written_, "since", {StaticType::Base::date, {}, false}, place);
    if (written_.find("since") == nullptr) complain("definition.key_missing", origin_, "since");
  }

  void read_ratio(std::vector<IndicatorSpec>& all) {
    indicator_.head = IndicatorHead::ratio;
    const Node& ratio = *written_.find("ratio");
    if (!ratio.is_list() || ratio.items.size() != 2)
      return complain("definition.ratio_parts", ratio.origin, indicator_.name);
    for (std::size_t i = 0; i < 2; ++i) {
      const Node& part = ratio.items[i];
      if (part.is_scalar()) {
        if (part.text.find('.') != std::string::npos && !reader_.world.has_indicator(part.text))
          complain("definition.unknown_indicator", part.origin, part.text);
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

  /// At most one of what is made of the records.
  void read_value() {
    if (indicator_.head == IndicatorHead::book) return;
    constexpr std::array<std::pair<const char*, FigureOf>, 4> kWords = {
        {{"sum", FigureOf::sum},
         {"mean", FigureOf::mean},
         {"median", FigureOf::median},
         {"distinct", FigureOf::distinct}}};
    int given = 0;
    for (const auto& [key, of] : kWords) {
      const Node* written = written_.find(key);
      if (written == nullptr) continue;
      indicator_.of = of;
      if (++given > 1) complain("definition.key_not_here", written->origin, key);
      indicator_.sum = read_amount(*written, of);
    }
  }

  /// A number or money; of `distinct` whatever names something.
  ExpressionPtr read_amount(const Node& written, FigureOf of) {
    ExpressionPtr value = reader_.compile(written, kAnyType, place_);
    if (value == nullptr || of == FigureOf::distinct) return value;
    const StaticType& type = value->type();
    const bool counts = !type.is_set && (type.base == StaticType::Base::number ||
                                         type.base == StaticType::Base::money);
    if (!counts) complain("definition.figure_value", written.origin, written.text);
    return value;
  }

  void read_expressions() {
    indicator_.where = reader_.compile_key(written_, "where", kYesNo, place_);
    read_value();
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

void RuleReader::read_indicator(const Name& name, const Node& written, const Origin& origin) {
  IndicatorRules(*this, name, written, origin).read_into(type.indicators);
}

void RuleReader::read_indicators() {
  const Node* indicators = find_map(node, "indicators", type.name, messages);
  if (indicators == nullptr) return;
  for (const NodeEntry& entry : indicators->entries) {
    const std::string where = inside(inside(type.name, "indicators"), entry.key);
    const bool is_for_another = entry.key.find('#') != std::string::npos;
    if (!is_for_another) check_name_form(entry.key, entry.origin, where, messages);
    read_indicator(entry.key, entry.value, entry.origin);
    if (!is_for_another && entry.value.is_map() && entry.value.find("label") == nullptr)
      messages.warning("definition.label_missing", entry.origin, {{"where", where}});
  }
  for (const IndicatorSpec& indicator : type.indicators) {
    for (const Name& part : indicator.parts) {
      const bool known = std::ranges::any_of(
          type.indicators, [&](const IndicatorSpec& other) { return other.name == part; });
      if (known || part.find('.') != std::string::npos) continue;
      messages.error("definition.unknown_indicator", indicator.origin,
                     {{"where", inside(type.name, indicator.name)}, {"name", part}});
    }
  }
}

}  // namespace gewu::kernel
