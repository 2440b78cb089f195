#include "kernel/matter/definition.h"

#include <algorithm>
#include <array>
#include <utility>

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

std::optional<std::size_t> Type::look_up(const Index& index, std::string_view name) {
  const auto found = index.find(name);
  if (found == index.end()) return std::nullopt;
  return found->second;
}

template <typename Spec>
Type::Index Type::index_of(const std::vector<Spec>& specs) {
  Index index;
  for (std::size_t i = 0; i < specs.size(); ++i) index.emplace(specs[i].name, i);
  return index;
}

std::optional<std::size_t> Type::find_field(std::string_view field) const {
  return look_up(field_index_, field);
}
std::optional<std::size_t> Type::find_state(std::string_view state) const {
  return look_up(state_index_, state);
}
std::optional<std::size_t> Type::action_index(std::string_view action) const {
  return look_up(action_index_, action);
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
}

}  // namespace gewu::kernel
