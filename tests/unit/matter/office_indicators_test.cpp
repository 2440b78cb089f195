#include <gmock/gmock.h>

#include "definition_fixture.h"

// What a type counts of another's actions, and what a system says over several types, stands in the
// end with the type whose records it counts.

namespace gewu::test {
namespace {

using kernel::IndicatorSpec;

constexpr std::string_view kHallCommon = R"(system: common
label: 公共
roles:
  desk: {label: 坐班, unit: territory}
lists:
  outcome: {solved: 解决}
  grounds: {weather: 天气}
  builtin_state: {transferred: 移交}
)";

std::string hall_type(const std::string& name, const std::string& more) {
  return "type: " + name +
         "\nlabel: 事\nfields: {a: {kind: number, label: 甲}}\n"
         "states: {open: 开, done: {label: 完, final: true}}\n"
         "actions:\n"
         "  ask: {label: 提, opens: open, by: [desk]}\n"
         "  finish: {label: 完, from: [open], to: done, by: [desk]}\n" +
         more;
}

kernel::CompileResult compile_hall(const std::string& system, const std::vector<std::string>& types,
                              const std::string& place = "") {
  std::vector<kernel::DefinitionFile> files = files_of(kHallCommon, "systems/common");
  const auto take = [&](std::string_view text, const std::string& folder) {
    for (kernel::DefinitionFile& file : files_of(text, folder)) files.push_back(std::move(file));
  };
  take(kDutyRound, "systems/common");
  take("system: s\nlabel: 体系\n" + system, "systems/s");
  take(std::string(kSmallPlace) + place, "systems/s");
  for (const std::string& one : types) take(one, "systems/s");
  return compile_localities(files, plain_options());
}

const IndicatorSpec* hall_indicator(const kernel::CompileResult& result, const std::string& type_name,
                               const std::string& name) {
  const auto place = result.localities.find("here");
  if (place == result.localities.end()) return nullptr;
  const auto found_type = place->second->find_type(type_name);
  if (!found_type) return nullptr;
  const auto found = std::ranges::find(found_type->indicators, name, &IndicatorSpec::name);
  return found == found_type->indicators.end() ? nullptr : &*found;
}

std::string hall_keys(const kernel::CompileResult& result) {
  std::string keys;
  for (const kernel::Message& message : result.messages.sorted())
    if (message.severity == kernel::Severity::error && keys.find(message.key) == keys.npos)
      keys += message.key + " ";
  return keys;
}

TEST(OfficeIndicators, a_flow_of_another_type_is_counted_there_under_its_own_rules) {
  const auto result = compile_hall("", {hall_type("one", "indicators:\n  seen: {label: 见, flow: two.finish, "
                                               "where: a > 1, by: [a]}\n"),
                                   hall_type("two", "")});
  ASSERT_EQ(errors_of(result.messages), "");
  const IndicatorSpec* pointer = hall_indicator(result, "one", "seen");
  ASSERT_NE(pointer, nullptr);
  EXPECT_EQ(pointer->parts, std::vector<kernel::Name>{"two.one#seen"});
  EXPECT_EQ(pointer->label.zh, "见");
  const IndicatorSpec* counted = hall_indicator(result, "two", "one#seen");
  ASSERT_NE(counted, nullptr);
  EXPECT_EQ(counted->action, "finish");
  ASSERT_NE(counted->where, nullptr);
  EXPECT_EQ(counted->where->text(), "a > 1");
  EXPECT_EQ(counted->by.size(), 1u);
}

TEST(OfficeIndicators, extensions_are_counted_too) {
  const auto result =
      compile_hall("", {hall_type("one", "indicators:\n  seen: {label: 见, flow: two.finish}\n"),
                   hall_type("two", ""), "type: three\nextends: two\nversion: 1\nlabel: 三\n"});
  ASSERT_EQ(errors_of(result.messages), "");
  EXPECT_NE(hall_indicator(result, "three", "one#seen"), nullptr);
}

TEST(OfficeIndicators, a_part_of_a_ratio_and_of_a_coverage_may_lie_elsewhere) {
  const auto result = compile_hall(
      "", {hall_type("one", "indicators:\n"
                       "  share: {label: 比, by: [a], ratio: [{flow: two.finish}, {flow: ask, by: [a]}]}\n"
                       "  grids: {label: 盖, coverage: \"territory[level == grid]\", "
                       "by: {flow: two.finish}, match: territory}\n"),
           hall_type("two", "")});
  ASSERT_EQ(errors_of(result.messages), "");
  EXPECT_EQ(hall_indicator(result, "one", "share")->parts,
            (std::vector<kernel::Name>{"two.one#share_0", "share#1"}));
  EXPECT_EQ(hall_indicator(result, "two", "one#share_0")->by.size(), 1u);
  EXPECT_EQ(hall_indicator(result, "one", "grids")->parts, std::vector<kernel::Name>{"two.one#grids"});
  EXPECT_EQ(hall_indicator(result, "two", "one#grids")->by.front().first, "territory");
}

TEST(OfficeIndicators, what_is_counted_elsewhere_must_be_of_the_units_kind) {
  const auto result =
      compile_hall("", {hall_type("one", "indicators:\n  grids: {label: 盖, coverage: \"territory[level == "
                               "grid]\", by: {flow: two.finish}, match: a}\n"),
                   hall_type("two", "")});
  EXPECT_EQ(hall_keys(result), "definition.match_unit ");
}

TEST(OfficeIndicators, an_indicator_of_a_system_stands_with_what_it_counts) {
  const auto result =
      compile_hall("indicators:\n  together: {label: 合, ratio: [{flow: one.finish}, two.asked]}\n",
              {hall_type("one", ""), hall_type("two", "indicators: {asked: {label: 提, flow: ask}}\n")});
  ASSERT_EQ(errors_of(result.messages), "");
  const IndicatorSpec* together = hall_indicator(result, "two", "together");
  ASSERT_NE(together, nullptr);
  EXPECT_EQ(together->parts, (std::vector<kernel::Name>{"one.two#together_0", "asked"}));
  EXPECT_NE(hall_indicator(result, "one", "two#together_0"), nullptr);
  EXPECT_EQ(result.published.at("here").node.find("indicators"), nullptr);
}

TEST(OfficeIndicators, a_place_may_leave_one_out) {
  const auto result = compile_hall("indicators:\n  seen: {label: 见, flow: one.finish}\n",
                              {hall_type("one", "")}, "indicators: {seen: none}\n");
  ASSERT_EQ(errors_of(result.messages), "");
  EXPECT_EQ(hall_indicator(result, "one", "seen"), nullptr);
}

TEST(OfficeIndicators, faults_have_keys) {
  const auto of_system = [](const std::string& written) {
    return hall_keys(compile_hall("indicators:\n  x: " + written + "\n",
                           {hall_type("one", "indicators: {asked: {label: 提, flow: ask}}\n")}));
  };
  EXPECT_EQ(of_system("{label: 甲, flow: finish}"), "definition.system_indicator ");
  EXPECT_EQ(of_system("{label: 甲, stock: [open]}"), "definition.system_indicator ");
  EXPECT_EQ(of_system("{label: 甲, flow: none_such.finish}"), "definition.unknown_type ");
  EXPECT_EQ(of_system("{label: 甲, flow: one.none_such}"), "definition.unknown_action ");
  EXPECT_EQ(hall_keys(compile_hall("indicators:\n  asked: {label: 甲, flow: one.ask}\n",
                            {hall_type("one", "indicators: {asked: {label: 提, flow: ask}}\n")})),
            "definition.name_twice ");
  EXPECT_EQ(hall_keys(compile_hall("", {hall_type("one", "indicators: {x: {label: 甲, flow: two.none_such}}\n"),
                                 hall_type("two", "")})),
            "definition.unknown_action ");
}

TEST(OfficeIndicators, the_stored_text_compiles_to_the_same) {
  const auto result =
      compile_hall("", {hall_type("one", "indicators:\n  seen: {label: 见, flow: two.finish}\n"),
                   hall_type("two", "")});
  ASSERT_EQ(errors_of(result.messages), "");
  const auto read = kernel::from_canonical(kernel::to_canonical(result.published.at("here")));
  ASSERT_TRUE(read);
  kernel::SharedTypes shared;
  const auto loaded = kernel::load_locality(*read, plain_options(), shared);
  ASSERT_TRUE(loaded);
  for (const char* name : {"one", "two"})
    EXPECT_EQ((*loaded)->find_type(name)->text, result.localities.at("here")->find_type(name)->text);
}

}  // namespace
}  // namespace gewu::test
