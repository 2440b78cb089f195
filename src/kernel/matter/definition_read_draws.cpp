#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "kernel/matter/definition_graph.h"
#include "kernel/matter/definition_rules.h"

// Draws (docs/decisions/draws.md): what is drawn by lot of matters that came into a state.

namespace gewu::kernel {
namespace {

constexpr std::string_view kLedgerType = "draw_round";

class DrawRules {
 public:
  DrawRules(RuleReader& reader, const NodeEntry& entry)
      : reader_(reader), written_(entry.value), origin_(entry.origin), name_(entry.key),
        where_(inside(inside(reader.type.name, "draws"), entry.key)) {
    bounds_.no_self = true;
    bounds_.by_system = true;
    bounds_.may.actor = false;
  }

  void read() {
    if (!expect_map(written_, where_, reader_.messages)) return;
    check_keys(written_, {"label", "source", "of", "every", "share", "least", "opens", "with"}, {},
               where_, reader_.messages);
    for (const char* key : {"of", "every", "share", "opens"})
      if (written_.find(key) == nullptr) complain("definition.key_missing", origin_, key);
    DrawSpec draw;
    draw.name = name_;
    draw.origin = origin_;
    draw.label = need_label(written_, origin_, where_, reader_.messages);
    draw.of = reader_.read_states(written_, "of", where_);
    draw.every = read_cycle();
    draw.share = read_bound("share", 1, 100, "definition.draw_share");
    draw.least = read_bound("least", 0, INT32_MAX, "definition.draw_least");
    read_opens(draw);
    check_arrivals(draw);
    if (reader_.world.find_draft(kLedgerType) == nullptr)
      complain("definition.unknown_type", origin_, kLedgerType);
    count(draw);
    reader_.type.draws.push_back(std::move(draw));
  }

 private:
  void complain(std::string_view key, const Origin& origin, std::string_view name) {
    reader_.messages.error(key, origin, {{"where", where_}, {"name", std::string(name)}});
  }

  /// Rounds of working days would leave the days between to nobody.
  Cycle read_cycle() {
    const Name word = read_name(written_, "every", where_, reader_.messages);
    const auto cycle = parse_cycle(word);
    const bool fits = cycle && *cycle != Cycle::workday;
    if (!fits && written_.find("every") != nullptr)
      complain("definition.unknown_word", written_.find("every")->origin, word);
    return fits ? *cycle : Cycle::week;
  }

  /// A number that may be a setting; one written out is within bounds.
  ExpressionPtr read_bound(const char* key, std::int64_t least, std::int64_t most,
                           const char* refusal) {
    const Node* written = written_.find(key);
    if (written == nullptr) return nullptr;
    if (const auto number = written->as_integer(); number && (*number < least || most < *number))
      complain(refusal, written->origin, written->text);
    return reader_.compile(*written, kNumber, bounds_);
  }

  /// As an effect would open it of the matter that was drawn.
  void read_opens(DrawSpec& draw) {
    const Node* opens = written_.find("opens");
    if (opens == nullptr) return;
    Node effect = Node::map(origin_);
    effect.put("open", *opens, opens->origin);
    const Node* with = written_.find("with");
    if (with != nullptr) effect.put("with", *with, with->origin);
    Node effects = Node::map(origin_);
    effects.put(name_, std::move(effect), origin_);
    RulePlace place;
    place.by_system = true;
    auto read = reader_.read_effects(effects, inside(reader_.type.name, "draws"), place);
    if (read.size() != 1) return;
    draw.opens = std::move(read.front());
    if (reader_.world.is_kind_of(draw.opens.type, reader_.type.name))
      complain("definition.draw_itself", opens->origin, draw.opens.type);
    draw.link = draw.opens.link;
    if (with != nullptr && with->is_map())
      for (const NodeEntry& given : with->entries)
        if (given.value.is_scalar() && trim(given.value.text) == "this") draw.link = given.key;
    const TypeDraft* opened = reader_.world.find_draft(draw.opens.type);
    if (opened == nullptr) return;
    const auto field = opened->type->find_field(draw.link);
    const bool points = field && opened->type->fields[*field].kind == FieldKind::link &&
                        !opened->type->fields[*field].many;
    if (!points) complain("definition.draw_link", opens->origin, draw.opens.type);
  }

  /// What arrives late counts on the day it was done: its round may be drawn already.
  void check_arrivals(const DrawSpec& draw) {
    const StateGraph graph(reader_.type);
    for (const ActionSpec& action : reader_.type.actions) {
      if (!action.offline) continue;
      const auto results = graph.results(action);
      if (std::ranges::any_of(draw.of, [&](std::size_t state) { return results.contains(state); }))
        complain("definition.draw_offline", origin_, action.name);
    }
  }

  void count(const DrawSpec& draw) {
    IndicatorSpec figure;
    figure.name = name_ + std::string(kDrawCount);
    figure.label = draw.label;
    figure.origin = origin_;
    figure.head = IndicatorHead::draw;
    figure.states = draw.of;
    reader_.type.indicators.push_back(std::move(figure));
  }

  RuleReader& reader_;
  const Node& written_;
  const Origin& origin_;
  Name name_;
  std::string where_;
  RulePlace bounds_;
};

}  // namespace

void RuleReader::read_draws() {
  const Node* draws = find_map(node, "draws", type.name, messages);
  if (draws == nullptr) return;
  for (const NodeEntry& entry : draws->entries) {
    check_name_form(entry.key, entry.origin, inside(type.name, "draws"), messages);
    DrawRules(*this, entry).read();
  }
}

}  // namespace gewu::kernel
