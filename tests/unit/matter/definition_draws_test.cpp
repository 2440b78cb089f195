// What the checker says of draws.
#include <gtest/gtest.h>

#include <string>

#include "definition_fixture.h"

namespace gewu::test {
namespace {

using namespace gewu::kernel;

constexpr std::string_view kCommonOfDraws = R"(system: common
label: 公共
roles: {desk: {label: 坐班, unit: territory}}
lists:
  outcome: {solved: 解决, withdrawn: 撤回}
  grounds: {weather: 天气}
  purposes: {work: 办理, reach: 联系}
  builtin_state: {transferred: 移交, in_force: 有效, retired: 停用}
  builtin_action: {create: 登记, amend: 修改, retire: 停用}
settings:
  personal_purpose: {kind: choice, list: purposes, default: work}
  personal_retention: {kind: limit, default: 5 year}
)";
constexpr std::string_view kSystemOfDraws = R"(system: s
label: 试
settings: {part: {kind: number, default: 5, min: 1, max: 100}}
)";
constexpr std::string_view kLook = R"(type: look
label: 看
fields:
  about: {kind: link, to: thing, required: true, label: 哪件}
  others: {kind: link, to: thing, many: true, label: 其他}
  why: {kind: text, label: 缘由}
states: {open: 待看, done: {label: 看过, final: true}}
actions:
  open: {label: 开, opens: open, by: [system], asks: [about]}
  ask: {label: 问, opens: open, by: [desk], asks: [about]}
  finish: {label: 完, from: [open], to: done, by: [desk]}
)";

std::string thing(const std::string& draw, const std::string& more = "") {
  return R"(type: thing
label: 事
fields: {a: {kind: text, label: 甲}}
sets: {looks: look.about}
states: {open: 待办, done: {label: 办结, final: true}}
actions:
  ask: {label: 提, opens: open, by: [desk, system], asks: [a]}
  finish: {label: 完, from: [open], to: done, by: [desk])" +
         more + "}\ndraws:\n  d: {label: 抽, " + draw + "}\n";
}

CompileResult compiled(const std::string& type, bool with_ledger = true) {
  std::vector<DefinitionFile> files = files_of(kCommonOfDraws, "systems/common");
  const auto add = [&](std::string_view text, const char* folder) {
    for (DefinitionFile& file : files_of(text, folder)) files.push_back(std::move(file));
  };
  add(kDutyRound, "systems/common");
  if (with_ledger) add(kDrawRound, "systems/common");
  for (const std::string_view text : {kSystemOfDraws, kSmallPlace, kLook, std::string_view(type)})
    for (DefinitionFile& file : files_of(text)) files.push_back(std::move(file));
  return compile_localities(files, plain_options());
}

std::string faults_of(const std::string& draw, const std::string& more = "",
                      bool with_ledger = true) {
  return errors_of(compiled(thing(draw, more), with_ledger).messages);
}

constexpr const char* kGood = "of: [done], every: week, share: setting.part, opens: look, "
                              "with: {about: this, why: a}";

TEST(DefinitionDraws, a_draw_is_read_with_what_it_counts) {
  const CompileResult result = compiled(thing(kGood));
  ASSERT_EQ(errors_of(result.messages), "");
  const Type& type = *result.localities.at("here")->find_type("thing");
  const DrawSpec* draw = type.find_draw("d");
  ASSERT_NE(draw, nullptr);
  EXPECT_EQ(draw->every, Cycle::week);
  EXPECT_EQ(draw->opens.type, "look");
  EXPECT_EQ(draw->opens.action, "open");
  EXPECT_EQ(draw->link, "about");
  ASSERT_EQ(type.indicators.size(), 1U);
  EXPECT_EQ(type.indicators[0].name, "d#draw");
  EXPECT_EQ(type.indicators[0].head, IndicatorHead::draw);
}

TEST(DefinitionDraws, a_set_points_by_itself) {
  EXPECT_EQ(faults_of("of: [done], every: month, share: 10, least: 2, opens: looks"), "");
}

struct DrawFault {
  const char* name;
  const char* draw;
  const char* key;
};
class DefinitionDrawFaults : public testing::TestWithParam<DrawFault> {};

TEST_P(DefinitionDrawFaults, is_refused) {
  const std::string faults = faults_of(GetParam().draw);
  EXPECT_NE(faults.find(GetParam().key), std::string::npos) << faults;
}

INSTANTIATE_TEST_SUITE_P(
    All, DefinitionDrawFaults,
    testing::Values(
        DrawFault{"of_nothing", "every: week, share: 5, opens: looks", "definition.key_missing"},
        DrawFault{"without_share", "of: [done], every: week, opens: looks",
                  "definition.key_missing"},
        DrawFault{"of_an_unknown_state", "of: [gone], every: week, share: 5, opens: looks",
                  "definition.unknown_state"},
        DrawFault{"every_moon", "of: [done], every: moon, share: 5, opens: looks",
                  "definition.unknown_word"},
        DrawFault{"every_workday", "of: [done], every: workday, share: 5, opens: looks",
                  "definition.unknown_word"},
        DrawFault{"of_none", "of: [done], every: week, share: 0, opens: looks",
                  "definition.draw_share"},
        DrawFault{"of_more_than_all", "of: [done], every: week, share: 101, opens: looks",
                  "definition.draw_share"},
        DrawFault{"share_of_a_word", "of: [done], every: week, share: \"'x'\", opens: looks",
                  "expression."},
        DrawFault{"share_of_the_matter", "of: [done], every: week, share: count(looks), "
                                         "opens: looks",
                  "expression.name"},
        DrawFault{"fewer_than_none", "of: [done], every: week, share: 5, least: -1, opens: looks",
                  "definition.draw_least"},
        DrawFault{"opens_nothing_known", "of: [done], every: week, share: 5, opens: nowhere",
                  "definition.unknown_type"},
        DrawFault{"opens_itself", "of: [done], every: week, share: 5, opens: thing",
                  "definition.draw_itself"},
        DrawFault{"opens_for_people_only", "of: [done], every: week, share: 5, opens: look.ask, "
                                           "with: {about: this}",
                  "definition.system_may_not"},
        DrawFault{"points_nowhere", "of: [done], every: week, share: 5, opens: look, "
                                    "with: {why: a}",
                  "definition.draw_link"},
        DrawFault{"fills_an_unknown_field", "of: [done], every: week, share: 5, opens: look, "
                                            "with: {about: this, wherefore: a}",
                  "definition.unknown_field"},
        DrawFault{"unknown_key", "of: [done], every: week, share: 5, opens: looks, when: a",
                  "definition.unknown_key"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(DefinitionDraws, what_may_come_late_is_never_drawn_of) {
  const std::string faults = faults_of(kGood, ", offline: 3 day_natural");
  EXPECT_NE(faults.find("definition.draw_offline"), std::string::npos) << faults;
}

TEST(DefinitionDraws, an_office_without_the_ledgers_type_draws_nothing) {
  const std::string faults = faults_of(kGood, "", false);
  EXPECT_NE(faults.find("definition.unknown_type"), std::string::npos) << faults;
}

}  // namespace
}  // namespace gewu::test
