#include "kernel/matter/definition.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "kernel/matter/expression_tree.h"
#include "kernel/matter/named.h"

namespace gewu::kernel {
namespace {

constexpr std::array kFieldKinds = {
    "text",     "number",       "money", "date",  "instant", "time",    "period",
    "limit",    "yes_no",       "quantity", "hours", "file", "choice",  "link",
    "territory", "organisation", "post",  "place", "line",    "contact", "account",
    "scores",   "rows",         "tally", "action", "indicator",
};
static_assert(kFieldKinds.size() == static_cast<std::size_t>(FieldKind::indicator) + 1);

constexpr std::array kStages = {
    "collect", "receive", "dispatch", "report_in", "handle",
    "verify",  "follow_up", "rate",   "close",     "other",
};
static_assert(kStages.size() == static_cast<std::size_t>(Stage::other) + 1);

template <typename Enum, std::size_t Count>
std::optional<Enum> parse_enum(const std::array<const char*, Count>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

template <typename Spec>
NameIndex index_of(const std::vector<Spec>& specs) {
  std::vector<std::string> names;
  for (const Spec& spec : specs) names.push_back(spec.name);
  return NameIndex(std::move(names));
}

/// Where those stand that the condition holds for.
template <typename Spec, typename Condition>
std::vector<std::size_t> where(const std::vector<Spec>& specs, Condition condition) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < specs.size(); ++i)
    if (std::invoke(condition, specs[i])) found.push_back(i);
  return found;
}

/// Whether the rules of an opening, its state or its history make no difference to an expression.
bool is_early(const ExpressionPtr& rule, const std::vector<FieldSpec>& fields) {
  if (!rule) return true;
  const auto is_computed = [&](std::size_t field) { return fields[field].value != nullptr; };
  const ExpressionUses& uses = rule->uses();
  constexpr std::array kDecided = {"state", "outcome", "version", "closed_at", "is_final",
                                   "next_due", "claimed_by", "transferred_to"};
  return !uses.history && !uses.clocks && !uses.basis && !uses.each &&
         std::ranges::none_of(rule->own_fields(), is_computed) &&
         std::ranges::none_of(kDecided, [&](const char* name) { return rule->reads_own(name); });
}

}  // namespace

const char* to_text(FieldKind kind) { return kFieldKinds[static_cast<std::size_t>(kind)]; }
const char* to_text(Stage stage) { return kStages[static_cast<std::size_t>(stage)]; }
std::optional<FieldKind> parse_field_kind(std::string_view text) {
  return parse_enum<FieldKind>(kFieldKinds, text);
}
std::optional<Stage> parse_stage(std::string_view text) {
  return parse_enum<Stage>(kStages, text);
}

const ListRow* List::find(std::string_view key) const {
  const auto found = std::ranges::find(rows, key, &ListRow::key);
  return found == rows.end() ? nullptr : &*found;
}

std::optional<std::size_t> Type::find_field(std::string_view field) const {
  return field_index_.find(field);
}
std::optional<std::size_t> Type::find_state(std::string_view state) const {
  return state_index_.find(state);
}
std::optional<std::size_t> Type::action_index(std::string_view action) const {
  return action_index_.find(action);
}
const ActionSpec* Type::find_action(std::string_view action) const {
  const auto index = action_index(action);
  return index ? &actions[*index] : nullptr;
}
const ClockSpec* Type::find_clock(std::string_view clock) const {
  return find_named(clocks, clock);
}
const SetSpec* Type::find_set(std::string_view set) const { return find_named(sets, set); }
const DrawSpec* Type::find_draw(std::string_view draw) const { return find_named(draws, draw); }

void Type::index_names() {
  field_index_ = index_of(fields);
  state_index_ = index_of(states);
  action_index_ = index_of(actions);
  computed_ = where(fields, [](const FieldSpec& field) { return field.value && !field.live; });
  defaulted_ = where(fields, [](const FieldSpec& field) { return field.default_value != nullptr; });
  rotas_ = where(fields, [](const FieldSpec& field) { return field.rota != nullptr; });
  links_ = where(fields, [](const FieldSpec& field) { return field.kind == FieldKind::link; });
  autos_ = where(actions, &ActionSpec::is_auto);
  belongs_early_ = is_early(territory, fields) && is_early(owner, fields) &&
                   is_early(handler, fields);
  for (auto& indexes : indicators_by_head_) indexes.clear();
  for (std::size_t i = 0; i < indicators.size(); ++i)
    indicators_by_head_[static_cast<std::size_t>(indicators[i].head)].push_back(i);
}

}  // namespace gewu::kernel
