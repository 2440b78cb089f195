#include <set>

#include "definition_fixture.h"
#include "kernel/matter/deny_list.h"

// Each refusal of language.md 2.10 as a small type that has just this fault, with the key and the
// line that a writer is told.

namespace gewu::test {
namespace {

constexpr std::string_view kCommon = R"(system: common
label: 公共
roles:
  desk: {label: 坐班, unit: territory}
  lead: {label: 书记, unit: territory}
  officer: {label: 经办, unit: organisation}
lists:
  outcome: {solved: 解决, withdrawn: 撤回, not_possible: 无法解决}
  grounds: {weather: 天气}
  size: {small: 小, large: 大}
  purposes: {work: 办理, reach: 联系}
  builtin_state: {transferred: 移交, in_force: 有效, retired: 停用}
  builtin_action: {create: 登记, amend: 修改, retire: 停用}
books:
  fund: {label: 经费, unit: money, accounts: [organisation]}
settings:
  short_time: {kind: limit, default: 2 hour_working}
  personal_purpose: {kind: choice, list: purposes, default: work}
  personal_retention: {kind: limit, default: 5 year}
)";

constexpr std::string_view kSystem = "system: s\nlabel: 体系\n";
constexpr std::string_view kFields = "fields:\n  a: {kind: number, label: 甲}\n";
constexpr std::string_view kStates =
    "states:\n  open: 开\n  done: {label: 完, final: true}\n";
constexpr std::string_view kActions =
    "actions:\n"
    "  ask: {label: 提, opens: open, by: [desk]}\n"
    "  finish: {label: 完, from: [open], to: done, by: [desk]}\n";

/// A whole type from the sections that a case is about; the others are the harmless ones above.
std::string whole_type(std::string_view body) {
  std::string text = "type: thing\nlabel: 事\n" + std::string(body);
  const auto lacks = [&](std::string_view key) {
    return text.find("\n" + std::string(key) + ":") == std::string::npos;
  };
  if (lacks("fields")) text += kFields;
  if (lacks("states")) text += kStates;
  if (lacks("actions")) text += kActions;
  return text;
}

kernel::CompileResult compile(std::string_view type, std::string_view place = kSmallPlace,
                              std::string_view common = kCommon) {
  std::vector<kernel::DefinitionFile> files = files_of(common, "systems/common");
  for (kernel::DefinitionFile& file : files_of(kDutyRound, "systems/common"))
    files.push_back(std::move(file));
  for (const std::string_view text : {kSystem, place, type})
    for (kernel::DefinitionFile& file : files_of(text)) files.push_back(std::move(file));
  return compile_localities(files, plain_options());
}

struct Fault {
  const char* name;
  const char* body;      ///< begins on line 3
  const char* key;
  int line;
};

class DefinitionCheck : public testing::TestWithParam<Fault> {};

TEST(DefinitionCheckBase, the_harmless_type_has_no_fault) {
  EXPECT_EQ(errors_of(compile(whole_type("")).messages), "");
}

TEST_P(DefinitionCheck, names_the_fault_and_its_line) {
  const auto result = compile(whole_type(GetParam().body));
  std::set<std::pair<std::string, int>> found;
  for (const kernel::Message& message : result.messages.all())
    if (message.severity == kernel::Severity::error) found.emplace(message.key, message.line);
  const std::set<std::pair<std::string, int>> expected = {{GetParam().key, GetParam().line}};
  EXPECT_EQ(found, expected) << errors_of(result.messages);
  EXPECT_FALSE(result.localities.contains("here"));
  const std::string_view key = GetParam().key;
  EXPECT_TRUE(!key.starts_with("definition.") || !kernel::advice(key).empty()) << key;
}

constexpr Fault kFaults[] = {
    // 1 form
    {"unknown_key", "colour: red\n", "definition.unknown_key", 3},
    {"unknown_action_key",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], form: x}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.unknown_key", 4},
    {"missing_label", "fields:\n  a: {kind: number}\n", "definition.label_missing", 4},
    {"must_without_label",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], must: {some: has(a)}}\n",
     "definition.label_missing", 5},
    {"reach_without_speed",
     "indicators:\n  x: {label: 数, coverage: \"territory[level == grid]\", by: {stock: [open]}, "
     "match: territory, reach: {minutes: 15}}\n",
     "definition.key_missing", 4},
    {"reach_of_what_lies_nowhere",
     "indicators:\n  x: {label: 数, coverage: \"territory[level == grid]\", by: {stock: [open]}, "
     "match: state, reach: {minutes: 15, speed: 70}}\n",
     "definition.match_place", 4},
    {"reach_of_a_flow", "indicators:\n  x: {label: 数, flow: finish, reach: {minutes: 1, speed: 1}}\n",
     "definition.key_not_here", 4},
    {"a_figure_of_no_counter", "indicators:\n  x: {label: 数, tally: a}\n",
     "definition.unknown_field", 4},
    {"flow_of_no_type", "indicators:\n  x: {label: 数, flow: other.finish}\n",
     "definition.unknown_type", 4},
    {"flow_counted_by_hand", "indicators:\n  x#y: {label: 数, flow: finish}\n",
     "definition.name_form", 4},
    {"none_compared",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], when: a == none}\n",
     "expression.none_compared", 5},
    // 2 names
    {"unknown_name",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], when: b > 1}\n",
     "expression.name", 5},
    {"unknown_role",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [chief]}\n",
     "definition.unknown_role", 5},
    {"unknown_state",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open, shut], to: done, by: [desk]}\n",
     "definition.unknown_state", 5},
    {"unknown_list", "fields:\n  a: {kind: choice, list: colour, label: 甲}\n",
     "definition.unknown_list", 4},
    {"unknown_type", "fields:\n  a: {kind: link, to: nothing, label: 甲}\n",
     "definition.unknown_type", 4},
    {"unknown_setting", "clocks:\n  c: {from: ask, until: finish, within: setting.long_time}\n",
     "expression.name", 4},
    {"hides_built_in", "fields:\n  owner: {kind: number, label: 甲}\n",
     "definition.hides_built_in", 4},
    {"set_not_linked", "sets: {parts: thing.a}\n", "definition.set_link", 3},
    // 3 types
    {"wrong_assignment",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], set: {a: now}}\n",
     "expression.type", 5},
    {"unknown_choice_key", "fields:\n  a: {kind: choice, list: size, default: huge, label: 甲}\n",
     "expression.key", 4},
    // 4 cost
    {"value_over_a_value_over_sets",
     "fields:\n  above: {kind: link, to: thing, parent: true, label: 上}\n"
     "  n: {kind: number, label: 数, value: count(parts)}\n"
     "  m: {kind: number, label: 量, value: \"sum(parts, n)\"}\n"
     "sets: {parts: thing.above}\n",
     "definition.value_chain", 6},
    {"dossier_of_three_sets",
     "fields:\n  above: {kind: link, to: thing, parent: true, label: 上}\n"
     "sets: {parts: thing.above}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], when: any(parts.parts.parts)}\n",
     "definition.dossier", 8},
    {"auto_reads_too_far",
     "fields:\n  above: {kind: link, to: thing, parent: true, label: 上}\n"
     "sets: {parts: thing.above}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, auto: true, when: any(parts.parts)}\n",
     "definition.auto_reach", 8},
    {"auto_reads_what_moves_by_the_hour",
     "fields:\n  age: {kind: number, label: 龄, value: \"days(opened_at, now)\"}\n"
     "  old: {kind: yes_no, label: 久, value: age > 9}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, auto: true, when: old}\n",
     "definition.auto_live", 8},
    {"auto_wakes_too_many",
     "fields:\n  above: {kind: link, to: thing, parent: true, label: 上}\n"
     "  others: {kind: link, to: thing, many: true, max: 9, label: 他}\n"
     "sets: {linked: thing.others}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, auto: true, "
     "when: \"any(parent.linked[state == done])\"}\n",
     "definition.auto_fan_out", 9},
    {"filter_without_index",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], when: \"any(organisation)\"}\n",
     "expression.cost", 5},
    // 5 states
    {"unreachable", "states:\n  open: 开\n  lost: {label: 失, final: true}\n"
                    "  done: {label: 完, final: true}\n",
     "definition.state_unreachable", 5},
    {"dead_end",
     "states:\n  open: 开\n  stuck: 卡\n  done: {label: 完, final: true}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "  stop: {label: 停, from: [open], to: stuck, by: [desk]}\n",
     "definition.state_dead_end", 5},
    {"final_exit",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], most: 1}\n"
     "  back: {label: 回, from: [done], to: open, by: [author], most: 1}\n",
     "definition.final_exit", 6},
    {"reopens_without_most",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "  back: {label: 回, from: [done], to: open, by: [author], reopens: true}\n",
     "definition.reopens_most", 6},
    {"reopens_without_ground",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "  back: {label: 回, from: [done], to: open, by: [lead], reopens: true, most: 1}\n",
     "definition.reopens_ground", 6},
    // 6 actions
    {"nobody",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done}\n",
     "definition.nobody", 5},
    {"apart_never_before",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], apart: {finish: person}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.apart_order", 4},
    {"undo_elsewhere",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], undo: other}\n"
     "  other: {label: 另, from: [open], by: [desk]}\n",
     "definition.undo_order", 5},
    {"do_not_by_system",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], then: {x: {do: finish, on: this}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.system_may_not", 4},
    {"open_without_required",
     "fields:\n  a: {kind: number, required: true, label: 甲}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk, system]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], then: {x: {open: thing}}}\n",
     "definition.required_not_given", 7},
    {"auto_reads_now",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, auto: true, when: now > opened_at}\n",
     "expression.not_here", 5},
    {"auto_cycle",
     "states:\n  open: 开\n  mid: 中\n  done: {label: 完, final: true}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  there: {label: 去, from: [open], to: mid, auto: true, when: a > 1}\n"
     "  back: {label: 回, from: [mid], to: open, auto: true, when: a < 1, most: 2}\n"
     "  stay: {label: 留, from: [mid], auto: true, when: a == 1}\n"
     "  finish: {label: 完, from: [mid], to: done, by: [desk]}\n",
     "definition.auto_cycle", 11},
    {"officials_loop",
     "states:\n  open: 开\n  mid: 中\n  done: {label: 完, final: true}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  there: {label: 去, from: [open], to: mid, by: [desk]}\n"
     "  back: {label: 回, from: [mid], to: open, by: [lead]}\n"
     "  finish: {label: 完, from: [mid], to: done, by: [desk]}\n",
     "definition.loop_unbounded", 9},
    {"handled_and_not_verified",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, stage: handle, from: [open], to: done, by: [desk]}\n",
     "definition.handle_unverified", 1},
    {"opens_without_end",
     "actions:\n  ask: {label: 提, opens: open, by: [desk, system], then: {x: {open: thing}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.effect_depth", 4},
    {"tells_nobody",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], then: {x: {tell: public}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.tell_nobody", 4},
    // 7 clocks
    {"clock_without_due", "clocks:\n  c: {label: 限, from: ask, until: finish}\n",
     "definition.clock_due", 4},
    {"clock_with_both",
     "fields:\n  a: {kind: date, label: 甲}\n"
     "clocks:\n  c: {label: 限, from: ask, until: finish, within: 1 day_working, at: a}\n",
     "definition.clock_due", 6},
    {"clock_without_stop",
     "clocks:\n  c: {label: 限, from: finish, until: ask, within: 1 day_working}\n",
     "definition.clock_no_stop", 4},
    {"equal_clocks",
     "clocks:\n  c: {label: 限, from: ask, until: finish, within: 1 day_working}\n"
     "  d: {label: 限, from: ask, until: finish, within: 2 day_working}\n",
     "definition.clock_twice", 5},
    {"pause_without_ground",
     "states:\n  open: 开\n  wait: 等\n  done: {label: 完, final: true}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  hold: {label: 停, from: [open], to: wait, by: [desk], most: 1, apart: {ask: person}}\n"
     "  finish: {label: 完, from: [open, wait], to: done, by: [desk]}\n"
     "clocks:\n  c: {label: 限, from: ask, until: finish, within: 1 day_working,"
     " pause: {in: [wait], most: 1 day_working}}\n",
     "definition.pause_ground", 9},
    {"pause_by_one",
     "states:\n  open: 开\n  wait: 等\n  done: {label: 完, final: true}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  hold: {label: 停, from: [open], to: wait, by: [desk], most: 1,"
     " input: {ground: {kind: choice, list: grounds, required: true, label: 由}}}\n"
     "  finish: {label: 完, from: [open, wait], to: done, by: [desk]}\n"
     "clocks:\n  c: {label: 限, from: ask, until: finish, within: 1 day_working,"
     " pause: {in: [wait], most: 1 day_working}}\n",
     "definition.pause_apart", 9},
    {"refused_without_ground",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  refuse: {label: 拒, from: [open], to: done, by: [desk], outcome: not_possible}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.refusal_ground", 5},
    {"pause_of_months",
     "states:\n  open: 开\n  wait: 等\n  done: {label: 完, final: true}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  hold: {label: 停, from: [open], to: wait, by: [author]}\n"
     "  finish: {label: 完, from: [open, wait], to: done, by: [desk]}\n"
     "clocks:\n  c: {label: 限, from: ask, until: finish, within: 1 month,"
     " pause: {in: [wait], most: 1 day_working}}\n",
     "definition.pause_unit", 12},
    {"free_change_unguarded",
     "fields:\n  a: {kind: limit, label: 甲}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  change: {label: 改, from: [open], by: [desk], asks: [a]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "clocks:\n  c: {label: 限, from: ask, until: finish, within: a, change: recompute_free}\n",
     "definition.free_change", 7},
    {"step_form",
     "clocks:\n  c: {label: 限, from: ask, until: finish, within: 1 day_working,"
     " lamp: {soon: red}}\n",
     "step.form", 4},
    // 8 parts
    {"part_never_ends",
     "fields:\n  above: {kind: link, to: thing, parent: true, label: 上}\n"
     "sets: {parts: thing.above}\n"
     "states:\n  open: 开\n  kept: {label: 存, resting: true}\n  done: {label: 完, final: true}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  keep: {label: 存, from: [open], to: kept, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, auto: true, when: \"all(parts, is_final)\"}\n",
     "definition.part_never_final", 13},
    // 9 holds
    {"hold_for_ever",
     "holds:\n  h: {of: a, in: [open, done], most: 1}\n", "definition.hold_never_free", 4},
    {"hold_of_a_live_value",
     "fields:\n  b: {kind: number, label: 乙, value: \"days(opened_at, now)\"}\n"
     "holds:\n  h: {of: b, in: [open], most: 1}\n",
     "definition.hold_live", 6},
    {"hold_of_a_value_over_sets",
     "fields:\n  above: {kind: link, to: thing, parent: true, label: 上}\n"
     "  n: {kind: number, label: 数, value: count(parts)}\n"
     "sets: {parts: thing.above}\n"
     "holds:\n  h: {label: 占, of: n, most: 1, in: [open]}\n",
     "definition.hold_live", 8},
    {"hold_of_a_personal_value",
     "fields:\n  b: {kind: text, personal: true, label: 乙}\n"
     "holds:\n  h: {of: b, in: [open], most: 1}\n",
     "definition.hold_personal", 6},
    // 10 sight
    {"public_sealed",
     "fields:\n  who: {kind: contact, label: 谁}\n"
     "see:\n  author: {fields: all}\n  public: {fields: [who]}\n"
     "erase: {who: {after: closed, in: 1 year, purpose: reach}}\n",
     "definition.public_sealed", 7},
    {"billboard_of_what_nobody_may_see",
     "fields:\n  a: {kind: number, index: true, label: 甲}\n"
     "views:\n  v: {kind: table, public: true, label: 栏, columns: [state]}\n",
     "definition.public_view", 6},
    {"handler_sees_contact",
     "fields:\n  who: {kind: contact, label: 谁}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  work: {label: 办, stage: handle, from: [open], by: [officer@handler]}\n"
     "  finish: {label: 完, stage: verify, from: [open], to: done, by: [desk]}\n"
     "see:\n  officer@handler: {fields: all, sealed: true}\n"
     "erase: {who: {after: closed, in: 1 year, purpose: reach}}\n",
     "definition.handler_contact", 10},
    {"contact_changed_by_the_office",
     "fields:\n  who: {kind: contact, label: 谁}\n  b: {kind: number, label: 乙}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk], asks: [who]}\n"
     "  mend: {label: 改, from: [open], by: [desk], asks: [who]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "see:\n  author: {fields: all}\n"
     "erase: {who: {after: closed, in: 1 year, purpose: reach}}\n",
     "definition.contact_changed", 8},
    {"nobody_sees",
     "fields:\n  who: {kind: contact, label: 谁}\n"
     "erase: {who: {after: closed, in: 1 year, purpose: reach}}\n",
     "definition.field_unseen", 4},
    {"personal_title",
     "title: '{b}'\nfields:\n  b: {kind: text, personal: true, label: 乙}\n",
     "definition.personal_title", 3},
    {"personal_index",
     "fields:\n  b: {kind: text, personal: true, index: true, label: 乙}\n",
     "definition.personal_index", 4},
    {"order_not_indexed", "views:\n  v: {kind: table, label: 表, columns: [a], order: a}\n",
     "definition.not_indexed", 4},
    {"view_where_not_indexed", "views:\n  v: {kind: table, label: 表, where: a > 1}\n",
     "definition.not_indexed", 4},
    {"view_by_missing", "views:\n  v: {kind: calendar, label: 表}\n", "definition.key_missing", 4},
    {"board_by_number", "views:\n  v: {kind: kanban, label: 表, by: a}\n", "definition.view_by", 4},
    {"calendar_by_state", "views:\n  v: {kind: calendar, label: 表, by: state}\n",
     "definition.view_by", 4},
    {"map_by_owner", "views:\n  v: {kind: map, label: 图, by: owner}\n", "definition.view_by", 4},
    {"tree_by_foreign_link",
     "fields:\n  up: {kind: link, to: thing, label: 上}\n  on: {kind: link, to: any, label: 对}\n"
     "views:\n  t: {kind: tree, label: 树, by: up}\n  v: {kind: tree, label: 树, by: on}\n",
     "definition.view_by", 8},
    {"view_of_no_kind", "views:\n  v: {kind: heap, label: 表}\n", "definition.unknown_word", 4},
    {"view_by_unknown", "views:\n  v: {kind: kanban, label: 表, by: b}\n",
     "definition.unknown_field", 4},
    // 6 what comes round
    {"duty_without_match",
     "duties:\n  d: {label: 每日, of: \"territory[level == grid]\", every: day, count: finish}\n",
     "definition.key_missing", 4},
    {"duty_of_no_set",
     "duties:\n  d: {label: 每日, of: 3, every: day, count: finish, match: territory}\n",
     "definition.unit_set", 4},
    {"duty_matches_another_kind",
     "duties:\n  d: {label: 每日, of: \"territory[level == grid]\", every: day, count: finish, "
     "match: a}\n",
     "definition.match_unit", 4},
    {"duty_every_moon",
     "duties:\n  d: {label: 每日, of: \"territory[level == grid]\", every: moon, count: finish, "
     "match: territory}\n",
     "definition.unknown_word", 4},
    {"duty_until_never",
     "duties:\n  d: {label: 每日, of: \"territory[level == grid]\", every: day, until: '25:00', "
     "count: finish, match: territory}\n",
     "definition.time_of_day", 4},
    {"duty_counts_no_action",
     "duties:\n  d: {label: 每日, of: \"territory[level == grid]\", every: day, count: dance, "
     "match: territory}\n",
     "definition.unknown_action", 4},
    {"duty_wants_photos",
     "fields:\n  p: {kind: file, label: 照片, required: true}\n"
     "duties:\n  d: {label: 每日, of: \"territory[level == grid]\", every: day, count: ask, "
     "match: territory}\n",
     "definition.duty_photo", 6},
    {"duty_speaks_of_a_matter",
     "duties:\n  d: {label: 每日, of: \"territory[level == grid]\", every: day, count: finish, "
     "match: territory, when: a > 1}\n",
     "expression.name", 4},
    {"duty_takes_an_indicators_name",
     "indicators:\n  d: {label: 数, flow: finish}\n"
     "duties:\n  d: {label: 每日, of: \"territory[level == grid]\", every: day, count: finish, "
     "match: territory}\n",
     "definition.name_twice", 6},
    {"plan_for_people_only",
     "fields:\n  g: {kind: territory, label: 格}\n  on: {kind: date, label: 日}\n"
     "plan:\n  p: {label: 排, each: \"territory[level == grid]\", as: g, on: {every: day}, "
     "ahead: 3 day_natural, fill: on, action: ask}\n",
     "definition.system_may_not", 7},
    {"plan_fills_a_number",
     "fields:\n  g: {kind: territory, label: 格}\n  n: {kind: number, label: 数}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [system]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "plan:\n  p: {label: 排, each: \"territory[level == grid]\", as: g, on: {every: day}, "
     "ahead: 3 day_natural, fill: n, action: ask}\n",
     "definition.plan_slot", 10},
    {"plan_leaves_a_field_open",
     "fields:\n  g: {kind: territory, label: 格}\n  on: {kind: date, label: 日}\n"
     "  why: {kind: text, label: 由, required: true}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [system]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "plan:\n  p: {label: 排, each: \"territory[level == grid]\", as: g, on: {every: day}, "
     "ahead: 3 day_natural, fill: on, action: ask}\n",
     "definition.required_not_given", 11},
    {"plan_of_a_week_without_its_day",
     "fields:\n  g: {kind: territory, label: 格}\n  on: {kind: date, label: 日}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [system]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "plan:\n  p: {label: 排, each: \"territory[level == grid]\", as: g, on: {every: week}, "
     "ahead: 3 day_natural, fill: on, action: ask}\n",
     "definition.key_missing", 10},
    {"rota_of_a_number",
     "fields:\n  n: {kind: post, label: 谁, default: actor.post, rota: {among: \"post[role == "
     "desk]\"}}\n",
     "definition.rota_field", 4},
    {"rota_by_whim",
     "fields:\n  n: {kind: post, label: 谁, rota: {among: \"post[role == desk]\", rule: whim}}\n",
     "definition.unknown_word", 4},
    {"move_without_book",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], then: {m: {move: gold, to: owner, "
     "amount: 3}}}\n",
     "definition.unknown_book", 5},
    {"mean_of_a_choice",
     "fields:\n  a: {kind: choice, list: size, label: 甲}\n"
     "indicators:\n  x: {label: 均, flow: finish, mean: a}\n",
     "definition.figure_value", 6},
    {"mean_over_persons",
     "fields:\n  a: {kind: number, label: 甲}\n  b: {kind: text, personal: true, label: 乙}\n"
     "indicators:\n  x: {label: 均, flow: finish, mean: a}\n",
     "definition.group_min", 7},
    {"public_figure_that_is_a_sum",
     "fields:\n  a: {kind: number, label: 甲}\n"
     "indicators:\n  x: {label: 和, flow: finish, sum: a, public: true}\n",
     "definition.public_figure", 6},
    {"two_public_figures",
     "indicators:\n  x: {label: 数, flow: finish, public: true}\n"
     "  y: {label: 数, flow: finish, public: true}\n",
     "definition.public_figure", 5},
    {"public_figure_that_is_no_flow",
     "indicators:\n  x: {label: 数, stock: [open], public: true}\n", "definition.key_not_here", 4},
    {"two_figures_at_once", "indicators:\n  x: {label: 数, flow: finish, mean: a, sum: a}\n",
     "definition.key_not_here", 4},
    {"cites_what_is_no_row", "indicators:\n  x: {label: 引, cites: thing}\n",
     "definition.cites_type", 4},
    {"median_of_a_stock_that_ages",
     "fields:\n  b: {kind: number, label: 乙, value: \"days(opened_at, now)\"}\n"
     "indicators:\n  x: {label: 中, stock: [open], median: b}\n",
     "definition.stock_moves", 6},
    {"median_of_a_stock_over_its_parts",
     "fields:\n  c: {kind: link, to: thing, label: 丙}\nsets: {parts: thing.c}\n"
     "indicators:\n  x: {label: 中, stock: [open], median: \"count(parts)\"}\n",
     "definition.stock_moves", 7},
    {"median_of_a_stock_while_it_is_young",
     "fields:\n  b: {kind: number, label: 乙}\n"
     "indicators:\n  x: {label: 中, stock: [open], median: b, where: now > opened_at}\n",
     "definition.stock_moves", 6},
    {"a_figure_that_is_watched",
     "fields:\n  b: {kind: number, label: 乙, value: \"figure(n, owner, today)\"}\n"
     "indicators:\n  n: {label: 数, stock: [open]}\n",
     "expression.not_here", 4},
    {"a_coverage_that_is_frozen",
     "fields:\n  b: {kind: number, label: 乙}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], "
     "set: {b: \"figure(n, owner, today)\"}}\n"
     "indicators:\n  n: {label: 数, coverage: \"territory[level == grid]\", by: {flow: ask}, "
     "match: territory}\n",
     "definition.frozen_figure", 7},
    {"a_number_that_is_frozen_as_money",
     "fields:\n  b: {kind: money, label: 乙}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], "
     "set: {b: \"figure(n, owner, today)\"}}\n"
     "indicators:\n  n: {label: 数, flow: ask}\n",
     "definition.frozen_money", 7},
    {"citations_of_what_is_no_row",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], when: cited(this) > 1}\n",
     "expression.type", 5},
    {"citations_that_would_wake",
     "reference: {active: [open]}\nstates: {open: {label: 开, resting: true}, "
     "done: {label: 完, final: true}}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "  fade: {label: 退, from: [open], to: done, auto: true, when: cited(this) > 1}\n",
     "expression.cited", 8},
    {"citations_that_are_stored",
     "reference: {active: [open]}\n"
     "fields:\n  b: {kind: number, label: 乙, value: cited(this)}\n",
     "expression.cited", 5},
    {"change_since_never", "indicators:\n  n: {label: 数, stock: [open]}\n"
     "  x: {label: 增, change: n}\n", "definition.key_missing", 5},
    {"change_of_a_flow",
     "indicators:\n  n: {label: 数, flow: finish}\n"
     "  x: {label: 增, change: n, since: today}\n", "definition.change_of", 5},
    {"book_of_no_book", "indicators:\n  x: {label: 账, book: gold, balance: true}\n",
     "definition.unknown_book", 4},
    // 11 erasure
    {"contact_without_erase",
     "fields:\n  who: {kind: contact, label: 谁}\nsee:\n  author: {fields: all}\n",
     "definition.erase_missing", 4},
    {"contact_without_purpose",
     "fields:\n  who: {kind: contact, label: 谁}\nsee:\n  author: {fields: all}\n"
     "erase: {who: {after: closed, in: 1 year}}\n",
     "definition.purpose_missing", 4},
    {"purpose_of_no_row",
     "fields:\n  b: {kind: text, personal: true, label: 乙}\n"
     "erase:\n  b: {after: closed, in: 1 year, purpose: whim}\n",
     "definition.unknown_purpose", 6},
    {"erase_not_personal", "erase:\n  a: {after: closed, in: 1 year}\n",
     "definition.erase_not_personal", 4},
    {"erase_never",
     "fields:\n  b: {kind: text, personal: true, label: 乙}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  thank: {label: 谢, from: [open], by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "erase:\n  b: {after: thank, in: 1 year}\n",
     "definition.erase_never", 10},
    {"erase_elsewhere",
     "fields:\n  b: {kind: text, personal: true, label: 乙}\n"
     "  c: {kind: link, to: thing, label: 丙}\n"
     "erase:\n  b: {after: c.finish, in: 1 year}\n",
     "definition.erase_elsewhere", 7},
    {"personal_copied",
     "fields:\n  b: {kind: text, personal: true, label: 乙}\n  c: {kind: text, label: 丙}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], set: {c: b}}\n",
     "definition.personal_copied", 8},
    // 12 figures
    {"figure_of_missing_event", "indicators:\n  x: {flow: vanish}\n",
     "definition.unknown_action", 4},
    {"figure_of_personal_words",
     "fields:\n  b: {kind: text, personal: true, label: 乙}\n"
     "indicators:\n  x: {flow: finish, where: b == 'x'}\n",
     "definition.personal_figure", 6},
    {"figure_by_person", "indicators:\n  x: {flow: finish, by: [actor.account]}\n",
     "definition.by_person", 4},
    {"live_figure",
     "fields:\n  b: {kind: number, label: 乙, value: \"days(opened_at, now)\"}\n"
     "indicators:\n  x: {flow: finish, sum: b}\n",
     "definition.live_figure", 6},
    {"ratio_of_two_books",
     "fields:\n  unit: {kind: organisation, label: 单位}\n"
     "indicators:\n  x: {ratio: [{flow: finish, book_to: unit}, {flow: ask}]}\n",
     "definition.ratio_books", 6},
    // 13 product rules
    {"denied_name", "fields:\n  religion: {kind: text, label: 备注}\n", "definition.denied", 4},
    {"denied_label", "fields:\n  b: {kind: text, label: 政治面貌}\n", "definition.denied", 4},
    {"a_value_of_another_kind", "register: maybe\n", "definition.value_kind", 3},
    {"a_name_in_capitals", "fields:\n  Amount: {kind: number, label: 甲}\n",
     "definition.name_form", 4},
    {"a_kind_that_is_none", "fields:\n  a: {kind: colour, label: 甲}\n",
     "definition.unknown_kind", 4},
    {"a_text_without_end", "fields:\n  a: {kind: text, length_max: 99999999, label: 甲}\n",
     "definition.too_long", 4},
    {"a_contact_that_is_open", "fields:\n  a: {kind: contact, personal: false, label: 甲}\n"
     "see: {lead: {fields: [a], sealed: true}}\nerase:\n  a: {after: closed, in: 1 year, purpose: reach}\n",
     "definition.always_sealed", 4},
    {"a_table_in_a_table",
     "fields:\n  a: {kind: rows, max: 9, label: 甲, "
     "fields: {b: {kind: rows, max: 9, label: 乙, fields: {c: {kind: rows, max: 9, label: 丙, "
     "fields: {d: {kind: number, label: 丁}}}}}}}\n",
     "definition.rows_in_rows", 4},
    {"a_counter_that_is_required", "fields:\n  a: {kind: tally, required: true, label: 次}\n",
     "definition.key_not_here", 4},
    {"a_counter_that_asks_something",
     "fields:\n  a: {kind: tally, label: 次}\n  b: {kind: number, label: 甲}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  look: {label: 看, from: [open], by: [public], tally: a, asks: [b]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.key_not_here", 8},
    {"a_counter_that_is_none",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  look: {label: 看, from: [open], by: [public], tally: a}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.unknown_field", 5},
    {"a_counter_that_is_set",
     "fields:\n  a: {kind: tally, label: 次}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], set: {a: 1}}\n",
     "definition.computed_asked", 7},
    {"a_flow_of_what_leaves_no_event",
     "fields:\n  a: {kind: tally, label: 次}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  look: {label: 看, from: [open], by: [public], tally: a}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "indicators:\n  x: {label: 数, flow: look}\n",
     "definition.tally_flow", 10},
    {"consent_that_others_give",
     "fields:\n  a: {kind: text, label: 甲, consent: author}\n  b: {kind: number, label: 乙}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk], asks: [b]}\n"
     "  say: {label: 说, from: [open], by: [desk], asks: [a]}\n"
     "  hide: {label: 收, from: [open], by: [author], set: {a: none}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.consent_by", 8},
    {"consent_for_ever",
     "fields:\n  a: {kind: text, label: 甲, consent: author}\n  b: {kind: number, label: 乙}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk], asks: [b]}\n"
     "  say: {label: 说, from: [open], by: [author], asks: [a], must: "
     "{there: {label: 有, that: has(a)}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.consent_kept", 4},
    {"consent_before_it_is_asked",
     "fields:\n  a: {kind: text, label: 甲, consent: author, default: \"'甲'\"}\n"
     "  b: {kind: number, label: 乙}\nactions:\n  ask: {label: 提, opens: open, by: [desk], asks: [b]}\n"
     "  hide: {label: 收, from: [open], by: [author], set: {a: none}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.consent_given", 4},
    {"the_author_of_another_matter_acts",
     "fields:\n  a: {kind: link, to: thing, label: 甲}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [author@a]}\n",
     "definition.author_elsewhere", 7},
    {"an_answer_of_nobody",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], then: {x: {tell: desk, answer: say}}}\n"
     "  say: {label: 说, from: [open], to: done, by: [author]}\n",
     "definition.answer_nobody", 4},
    {"an_answer_that_there_is_not",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], then: {x: {tell: author, answer: reply}}}\n"
     "  say: {label: 说, from: [open], to: done, by: [author]}\n",
     "definition.unknown_action", 4},
    {"an_answer_that_is_not_the_authors",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], then: {x: {tell: author, answer: say}}}\n"
     "  say: {label: 说, from: [open], to: done, by: [desk]}\n",
     "definition.answer_author", 4},
    {"an_answer_before_it_can_be_given",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], then: {x: {tell: author, answer: say}}}\n"
     "  go: {label: 办, from: [open], to: done, by: [desk]}\n"
     "  say: {label: 说, from: [done], by: [author]}\n",
     "definition.answer_state", 4},
    {"an_answer_to_a_clock",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  say: {label: 说, from: [open], to: done, by: [author]}\n"
     "clocks:\n  wait: {label: 等, from: [ask], until: [say], within: 3 day_natural, "
     "then: {\"50%\": {x: {tell: author, answer: say}}}}\n",
     "definition.answer_clock", 7},
    {"an_answer_without_a_message",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], then: {x: {do: end, on: this, answer: say}}}\n"
     "  say: {label: 说, from: [open], to: done, by: [author]}\n"
     "  end: {label: 完, from: [open], to: done, by: [system]}\n",
     "definition.key_not_here", 4},
    {"the_author_of_a_place_is_told",
     "fields:\n  a: {kind: territory, label: 甲}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk], then: {x: {tell: author@a}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.author_link", 6},
    {"an_entry_of_what_is_no_directory",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], "
     "then: {x: {enter: account, with: {code: \"'2'\"}}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.enter_what", 4},
    {"an_entry_by_a_number",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], "
     "then: {x: {enter: territory, with: {code: a}}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.enter_part", 4},
    {"a_post_without_a_role",
     "fields:\n  a: {kind: territory, label: 甲}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk], "
     "then: {x: {enter: post, with: {unit: a}}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.key_missing", 6},
    {"a_file_beside_no_register",
     "fields:\n  a: {kind: number, index: true, label: 甲}\n"
     "imports:\n  x: {by: desk, match: a, take: {a: 甲}, new: ask, changed: keep, missing: keep}\n",
     "definition.import_rows", 6},
    {"a_file_matched_by_what_it_does_not_give",
     "reference: {active: [open]}\nfields:\n  a: {kind: number, label: 甲}\n"
     "imports:\n  x: {by: desk, match: a, take: {a: 甲}, new: ask, changed: keep, missing: keep}\n",
     "definition.import_match", 7},
    {"a_file_that_gives_what_nobody_asks",
     "reference: {active: [open]}\n"
     "fields:\n  a: {kind: number, index: true, label: 甲}\n  b: {kind: number, label: 乙}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk], asks: [a]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "imports:\n  x: {by: desk, match: a, take: {a: 甲, b: 乙}, new: ask, changed: keep, "
     "missing: keep}\n",
     "definition.import_asked", 11},
    {"a_file_of_contacts",
     "reference: {active: [open]}\n"
     "fields:\n  a: {kind: number, index: true, label: 甲}\n"
     "  b: {kind: number, many: true, label: 乙}\n"
     "imports:\n  x: {by: desk, match: a, take: {a: 甲, b: 乙}, new: ask, changed: keep, "
     "missing: keep}\n",
     "definition.import_field", 8},
    {"a_file_about_faith",
     "reference: {active: [open]}\nfields:\n  a: {kind: number, index: true, label: 甲}\n"
     "imports:\n  x: {by: desk, match: a, take: {a: 宗教信仰}, new: ask, changed: keep, "
     "missing: keep}\n",
     "definition.denied", 7},
    {"a_post_into_a_field_of_another_kind",
     "fields:\n  a: {kind: territory, label: 甲}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk], "
     "then: {x: {enter: post, as: a, with: {unit: a, role: lead}}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.enter_as", 6},
    {"part_of_two",
     "fields:\n  a: {kind: link, to: thing, parent: true, label: 甲}\n"
     "  b: {kind: link, to: thing, parent: true, label: 乙}\n",
     "definition.two_parents", 4},
    {"a_set_without_its_field", "sets: {parts: thing}\n", "definition.set_form", 3},
    {"a_computed_field_is_asked",
     "fields:\n  a: {kind: number, value: times(ask), label: 甲}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], asks: [a]}\n",
     "definition.computed_asked", 7},
    {"an_index_of_what_moves_by_itself",
     "fields:\n  a: {kind: number, value: \"days(opened_at, now)\", index: true, label: 甲}\n",
     "definition.live_index", 4},
    {"an_index_over_what_moves_by_itself",
     "fields:\n  old: {kind: yes_no, label: 久, value: age > 9, index: true}\n"
     "  age: {kind: number, label: 龄, value: \"days(opened_at, now)\"}\n",
     "definition.live_index", 4},
    {"a_number_without_a_sequence", "number: \"{year}\"\n", "definition.number_template", 3},
    {"a_stage_that_is_none",
     "actions:\n  ask: {label: 提, opens: open, stage: sing, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.unknown_stage", 4},
    {"to_gives_a_state_that_is_none",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "  odd: {label: 奇, from: [open], to: \"if(a > 1, done, shut)\", by: [desk]}\n",
     "expression.key", 6},
    {"reopens_what_is_open",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  again: {label: 再, from: [open], to: open, by: [author], reopens: true, most: 2}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n",
     "definition.reopens_nothing", 5},
    {"an_effect_of_two_kinds",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], "
     "then: {x: {tell: desk, do: finish, on: this}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk, system]}\n",
     "definition.effect_head", 4},
    {"do_on_a_number",
     "actions:\n  ask: {label: 提, opens: open, by: [desk], then: {x: {do: finish, on: a}}}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk, system]}\n",
     "definition.do_target", 4},
    {"each_of_no_set",
     "actions:\n  ask: {label: 提, opens: open, by: [desk, system]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], "
     "then: {x: {open: thing, each: a}}}\n",
     "definition.each_set", 5},
    {"each_of_a_whole_register",
     "actions:\n  ask: {label: 提, opens: open, by: [desk, system]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], "
     "then: {x: {open: thing, each: organisation}}}\n",
     "expression.cost", 5},
    {"two_openings_by_system",
     "actions:\n  ask: {label: 提, opens: open, by: [desk, system]}\n"
     "  beg: {label: 求, opens: open, by: [desk, system]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], then: {x: {open: thing}}}\n",
     "definition.opening_ambiguous", 6},
    {"a_post_on_a_number",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [officer@a]}\n",
     "definition.audience_unit", 5},
    {"a_basis_that_is_no_register",
     "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk], basis: a}\n",
     "definition.basis_rows", 5},
    {"a_clock_at_a_number", "clocks:\n  c: {label: 限, from: ask, until: finish, at: a}\n",
     "definition.clock_at", 4},
    {"a_row_from_a_number",
     "reference: {active: [open], from: a}\n", "definition.reference_date", 3},
    {"a_figure_of_no_clock", "indicators:\n  x: {label: 数, clock: c}\n",
     "definition.unknown_clock", 4},
    {"a_figure_without_a_head", "indicators:\n  x: {label: 数, by: [state]}\n",
     "definition.indicator_head", 4},
    {"a_ratio_of_nothing", "indicators:\n  x: {label: 率, ratio: [gone, lost]}\n",
     "definition.unknown_indicator", 4},
    {"a_stock_of_rows_that_are_none", "indicators:\n  x: {label: 数, stock: true}\n",
     "definition.stock_states", 4},
    {"a_plan_that_ends_before_it_begins",
     "fields:\n  day: {kind: date, label: 日}\n  where: {kind: territory, label: 处}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk, system]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "plan:\n  p: {label: 计划, each: \"territory[level == grid]\", as: where, "
     "on: {every: day, from: '17:00', to: '9:00'}, ahead: 1 day_natural, fill: day, action: ask}\n",
     "definition.timetable", 10},
    {"a_plan_whose_unit_is_another_kind",
     "fields:\n  day: {kind: date, label: 日}\n  where: {kind: organisation, label: 处}\n"
     "actions:\n  ask: {label: 提, opens: open, by: [desk, system]}\n"
     "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
     "plan:\n  p: {label: 计划, each: \"territory[level == grid]\", as: where, "
     "on: {every: day}, ahead: 1 day_natural, fill: day, action: ask}\n",
     "definition.plan_unit", 10},
};

INSTANTIATE_TEST_SUITE_P(Faults, DefinitionCheck, testing::ValuesIn(kFaults),
                         [](const auto& of) { return std::string(of.param.name); });

TEST(DefinitionCheckOffice, a_locality_may_not_leave_the_bounds_of_a_setting) {
  const auto common =
      std::string(kCommon) + "  tries: {kind: number, default: 3, min: 1, max: 5}\n";
  std::vector<kernel::DefinitionFile> files = files_of(common, "systems/common");
  const auto place = std::string(kSmallPlace) + "settings: {tries: 9, wrong: 1}\n";
  for (const std::string& text : {std::string(kSystem), place, whole_type("")})
    for (kernel::DefinitionFile& file : files_of(text)) files.push_back(std::move(file));
  const auto result = compile_localities(files, plain_options());
  EXPECT_NE(errors_of(result.messages).find("definition.setting_bounds (name=tries)"),
            std::string::npos);
  EXPECT_NE(errors_of(result.messages).find("t.yaml:8: error: definition.unknown_setting"),
            std::string::npos);
}

TEST(DefinitionCheckOffice, a_calendar_must_be_known) {
  const auto type = whole_type(
      "clocks:\n"
      "  c: {label: 限, from: ask, until: finish, within: 1 day_working, calendar: moon}\n");
  EXPECT_NE(errors_of(compile(type).messages).find("t.yaml:4: error: definition.unknown_calendar"),
            std::string::npos);
  std::string place(kSmallPlace);
  place.replace(place.find("calendar: work"), 14, "calendar: moon");
  EXPECT_NE(errors_of(compile(whole_type(""), place).messages)
                .find("t.yaml:5: error: definition.unknown_calendar"),
            std::string::npos);
}

TEST(DefinitionCheckOffice, an_account_is_what_its_book_says) {
  const auto moving = [](std::string_view to) {
    return whole_type("fields:\n  m: {kind: money, label: 钱}\n"
                      "actions:\n  ask: {label: 提, opens: open, by: [officer]}\n"
                      "  finish: {label: 完, from: [open], to: done, by: [desk], then: {m: {move: "
                      "fund, amount: m, to: " + std::string(to) + "}}}\n");
  };
  EXPECT_EQ(errors_of(compile(moving("actor.organisation")).messages), "");
  for (const char* wrong : {"territory", "m", "'[actor.organisation, territory]'"}) {
    const std::string errors = errors_of(compile(moving(wrong)).messages);
    EXPECT_EQ(errors.find("t.yaml:7: error: definition.book_account (where=thing.finish.then.m, "
                          "name=fund)"),
              0U)
        << wrong << errors;
  }
}

TEST(DefinitionCheckOffice, a_list_may_not_sort_people) {
  const auto place = std::string(kSmallPlace) + "lists: {kind: {blacklist: 名单}}\n";
  EXPECT_NE(errors_of(compile(whole_type(""), place).messages).find("definition.denied"),
            std::string::npos);
}

TEST(DefinitionCheckOffice, warns_of_roles_and_settings_that_nobody_names) {
  const std::string lines = lines_of(compile(whole_type("")).messages);
  EXPECT_NE(lines.find("definition.role_unused (name=officer)"), std::string::npos);
  EXPECT_NE(lines.find("definition.setting_unused (name=short_time)"), std::string::npos);
  EXPECT_EQ(lines.find("definition.role_unused (name=desk)"), std::string::npos);
}

TEST(DefinitionCheckOffice, a_system_is_checked_though_no_place_has_switched_it_on) {
  std::string place(kSmallPlace);
  place.replace(place.find("{s: on}"), 7, "{s: off}");
  const auto result = compile(whole_type("colour: red\n"), place);
  EXPECT_NE(errors_of(result.messages).find("definition.unknown_key"), std::string::npos);
}

TEST(DefinitionCheckOffice, warns_of_what_only_the_idle_clock_watches) {
  const auto result = compile(whole_type(""));
  EXPECT_NE(lines_of(result.messages).find("warning: definition.idle_only"), std::string::npos);
}

/// A word that the checker says without refusing.
bool warns(std::string_view body, std::string_view key) {
  const auto result = compile(whole_type(body));
  EXPECT_EQ(errors_of(result.messages), "");
  return lines_of(result.messages).find("warning: " + std::string(key)) != std::string::npos;
}

TEST(DefinitionCheckOffice, warns_of_dates_that_come_later_and_figures_that_fill_from_now) {
  EXPECT_TRUE(warns("fields:\n  day: {kind: date, label: 日}\n"
                    "clocks:\n  c: {label: 限, from: ask, until: finish, at: day}\n",
                    "definition.clock_starts_late"));
  EXPECT_FALSE(warns("fields:\n  day: {kind: date, required: true, label: 日}\n"
                     "clocks:\n  c: {label: 限, from: ask, until: finish, at: day}\n",
                     "definition.clock_starts_late"));
  EXPECT_TRUE(warns("fields:\n  above: {kind: link, to: thing, label: 上}\n"
                    "  n: {kind: number, label: 数}\n"
                    "indicators:\n  x: {label: 数, flow: finish, where: above.n > 1}\n",
                    "definition.fills_from_now"));
  EXPECT_TRUE(warns("actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
                    "  finish: {label: 完, from: [open], to: done, by: [desk]}\n"
                    "  lost: {label: 失, from: [open], to: done, by: [system]}\n",
                    "definition.system_alone"));
}

/// Errors of the common system with this added to it.
std::string errors_with(std::string_view common, std::string_view more) {
  std::vector<kernel::DefinitionFile> files =
      files_of(std::string(common) + std::string(more), "systems/common");
  const std::string type = whole_type("");
  for (const std::string_view text : {kSystem, kSmallPlace, std::string_view(type)})
    for (kernel::DefinitionFile& file : files_of(text)) files.push_back(std::move(file));
  return errors_of(compile_localities(files, plain_options()).messages);
}

TEST(DefinitionCheckOffice, refuses_settings_lists_and_roles_that_are_not_sound) {
  const auto has = [](const std::string& errors, std::string_view key) {
    return errors.find(key) != std::string::npos;
  };
  EXPECT_TRUE(has(errors_with(kCommon, "  tries: {kind: number, default: often}\n"),
                  "t.yaml:20: error: definition.setting_value"));
  std::string common(kCommon);
  const auto with_list = [&](const std::string& line) {
    std::string text = common;
    text.insert(text.find("  size:"), line);
    return errors_with(text, "");
  };
  EXPECT_TRUE(has(with_list("  tone: {else: 其他}\n"), "definition.list_key"));
  EXPECT_TRUE(has(with_list("  tone: {props: {who: {kind: contact}}, loud: {label: 大声}}\n"),
                  "definition.prop_kind"));
  std::string roles = common;
  roles.insert(roles.find("lists:"), "  driver: {label: 司机, unit: lorry}\n");
  EXPECT_TRUE(has(errors_with(roles, ""), "t.yaml:7: error: definition.role_unit"));
}

TEST(DefinitionCheckOffice, refuses_a_file_of_no_kind_and_one_that_is_there_twice) {
  const auto with = [](std::string_view text, const std::string& folder) {
    std::vector<kernel::DefinitionFile> files = files_of(kCommon, "systems/common");
    const std::string type = whole_type("");
    for (const std::string_view one : {kSystem, kSmallPlace, std::string_view(type)})
      for (kernel::DefinitionFile& file : files_of(one)) files.push_back(std::move(file));
    for (kernel::DefinitionFile& file : files_of(text, folder)) files.push_back(std::move(file));
    return errors_of(compile_localities(files, plain_options()).messages);
  };
  EXPECT_NE(with("poem: spring\n", "systems/s").find("definition.file_kind"), std::string::npos);
  EXPECT_NE(with(kSystem, "systems/other").find("definition.file_twice"), std::string::npos);
}

TEST(DefinitionCheckOffice, a_circle_that_never_ends_is_told_at_each_of_its_states) {
  const auto errors = errors_of(compile(whole_type(
      "states:\n  open: 开\n  mid: 中\n  done: {label: 完, final: true}\n"
      "actions:\n  ask: {label: 提, opens: open, by: [desk]}\n"
      "  there: {label: 去, from: [open], to: mid, by: [author]}\n"
      "  back: {label: 回, from: [mid], to: open, by: [author]}\n"
      "  short: {label: 直, opens: done, by: [desk]}\n")).messages);
  EXPECT_NE(errors.find("t.yaml:4: error: definition.state_no_final"), std::string::npos);
  EXPECT_NE(errors.find("t.yaml:5: error: definition.state_no_final"), std::string::npos);
}

TEST(DefinitionCheckOffice, a_personal_field_is_kept_for_something_and_for_so_long) {
  const std::string type = whole_type("fields:\n  a: {kind: text, personal: true, label: 甲}\n");
  EXPECT_EQ(errors_of(compile(type).messages), "") << "the place has both defaults";
  std::string common(kCommon);
  const auto without = [&](std::string_view line) {
    std::string left = common;
    const auto at = left.find(line);
    left.erase(at, left.find('\n', at) + 1 - at);
    return left;
  };
  const auto no_time = errors_of(compile(type, kSmallPlace, without("  personal_retention")).messages);
  EXPECT_NE(no_time.find("definition.erase_missing"), std::string::npos) << no_time;
  const std::string with_line = type + "erase:\n  a: {after: closed, in: 1 year}\n";
  const auto no_purpose = errors_of(compile(with_line, kSmallPlace, without("  personal_purpose")).messages);
  EXPECT_NE(no_purpose.find("definition.purpose_missing"), std::string::npos) << no_purpose;
}

TEST(DefinitionCheckOffice, views_order_by_no_personal_field) {
  const auto errors = errors_of(compile(whole_type(
      "fields:\n  a: {kind: text, personal: true, label: 甲}\n"
      "erase:\n  a: {after: closed, in: 1 year}\n"
      "views:\n  v: {kind: table, label: 表, columns: [title], order: a}\n")).messages);
  EXPECT_NE(errors.find("t.yaml:8: error: definition.personal_order"), std::string::npos);
}

TEST(DefinitionCheckOffice, a_type_without_an_opening_is_told_so) {
  const auto errors = errors_of(compile(whole_type(
      "actions:\n  finish: {label: 完, from: [open], to: done, by: [desk]}\n")).messages);
  EXPECT_NE(errors.find("definition.no_opening"), std::string::npos) << errors;
}

TEST(DefinitionCheckOffice, every_advice_is_a_sentence) {
  for (const std::string_view key : kernel::message_keys()) {
    EXPECT_TRUE(kernel::advice(key).ends_with(".")) << key;
    EXPECT_TRUE(key.starts_with("definition.") || key.starts_with("indicator.")) << key;
  }
}

TEST(DenyList, knows_words_and_leaves_harmless_ones) {
  EXPECT_EQ(kernel::denied_kind("ethnicity"), "ethnicity");
  EXPECT_EQ(kernel::denied_kind("Party Member"), "politics");
  EXPECT_EQ(kernel::denied_kind("居民健康状况"), "health");
  for (const char* harmless : {"trace", "embrace", "policy", "family", "民族街", "consent"})
    EXPECT_EQ(kernel::denied_kind(harmless).has_value(), std::string_view(harmless) == "民族街");
}

TEST(DefinitionSource, is_found_in_its_document_past_pinyin_and_spaces) {
  const auto type = whole_type("source: {file: d.txt, text: 準入事項}\n");
  std::vector<kernel::DefinitionFile> files = files_of(kCommon, "systems/common");
  for (const std::string_view text : {kSystem, kSmallPlace, std::string_view(type)})
    for (kernel::DefinitionFile& file : files_of(text)) files.push_back(std::move(file));
  auto options = plain_options();
  using Documents = std::map<std::string, std::string>;
  EXPECT_EQ(compile_localities(files, options).sources_unchecked, 1U);
  options.documents = Documents{{"d.txt", "十八個部門 準(zhǔn)入 事(shì)項。"}};
  EXPECT_EQ(errors_of(compile_localities(files, options).messages), "");
  options.documents = Documents{{"d.txt", "准入事项"}};
  EXPECT_NE(errors_of(compile_localities(files, options).messages).find("source_missing"),
            std::string::npos);
  options.documents = Documents{{"e.txt", ""}};
  EXPECT_NE(errors_of(compile_localities(files, options).messages).find("source_unknown"),
            std::string::npos);
}

}  // namespace
}  // namespace gewu::test
