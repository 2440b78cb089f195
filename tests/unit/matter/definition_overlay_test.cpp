#include "definition_fixture.h"
#include "kernel/matter/overlay.h"

// Merging (language.md 2.7): by key, with `none`, with origins.

namespace gewu::test {
namespace {

using kernel::merged;
using kernel::Node;
using kernel::normalised;
using kernel::OverlayPlace;

Node read(std::string_view text, const std::string& file = "a.yaml") {
  auto nodes = codec::read_yaml(text, file);
  EXPECT_TRUE(nodes.has_value()) << text;
  return nodes ? nodes->front() : Node::map();
}

struct Merge {
  const char* name;
  OverlayPlace place;
  const char* base;
  const char* over;
  const char* expected;
};

class OverlayRules : public testing::TestWithParam<Merge> {};

TEST_P(OverlayRules, give_the_expected_node) {
  const Merge& rule = GetParam();
  kernel::Messages messages;
  const Node result = merged(normalised(read(rule.base), rule.place),
                             normalised(read(rule.over), rule.place), rule.place, messages);
  EXPECT_EQ(canonical_text(result), canonical_text(normalised(read(rule.expected), rule.place)));
  EXPECT_EQ(lines_of(messages), "");
}

constexpr Merge kMerges[] = {
    {"maps_by_key", OverlayPlace::plain, "{a: {x: 1, y: 2}, b: 3}", "{a: {y: 4}}",
     "{a: {x: 1, y: 4}, b: 3}"},
    {"scalars_replace", OverlayPlace::plain, "{a: 1}", "{a: {x: 2}}", "{a: {x: 2}}"},
    {"lists_replace", OverlayPlace::plain, "{a: [1, 2, 3]}", "{a: [4]}", "{a: [4]}"},
    {"none_removes", OverlayPlace::plain, "{a: 1, b: 2}", "{a: none}", "{b: 2}"},
    {"quoted_none_is_a_text", OverlayPlace::plain, "{a: 1}", "{a: 'none'}", "{a: 'none'}"},
    {"new_keys_come_last", OverlayPlace::plain, "{b: 1, c: 2}", "{a: 3}", "{b: 1, c: 2, a: 3}"},
    {"a_label_replaces_as_one", OverlayPlace::type, "{label: {zh: 甲, ko: 갑, en: A}}",
     "{label: {zh: 乙}}", "{label: {zh: 乙}}"},
    {"a_state_keeps_its_label", OverlayPlace::type, "{states: {open: 开}}",
     "{states: {open: {resting: true}}}", "{states: {open: {label: 开, resting: true}}}"},
    {"a_state_is_removed", OverlayPlace::type, "{states: {open: 开, shut: 关}}",
     "{states: {shut: none}}", "{states: {open: 开}}"},
    {"none_in_set_is_an_expression", OverlayPlace::type, "{actions: {a: {set: {x: y}}}}",
     "{actions: {a: {set: {x: none}}}}", "{actions: {a: {set: {x: none}}}}"},
    {"none_as_outcome_is_an_expression", OverlayPlace::type, "{actions: {a: {outcome: solved}}}",
     "{actions: {a: {outcome: none}}}", "{actions: {a: {outcome: none}}}"},
    {"none_takes_a_basis_away", OverlayPlace::type, "{actions: {a: {basis: x, most: 1}}}",
     "{actions: {a: {basis: none}}}", "{actions: {a: {most: 1}}}"},
    {"none_takes_an_effect_away", OverlayPlace::type,
     "{actions: {a: {then: {call: {tell: author}, ring: {tell: desk}}}}}",
     "{actions: {a: {then: {call: none}}}}", "{actions: {a: {then: {ring: {tell: desk}}}}}"},
    {"none_in_with_is_an_expression", OverlayPlace::type,
     "{clocks: {c: {then: {\"100%\": {x: {open: t, with: {f: this}}}}}}}",
     "{clocks: {c: {then: {\"100%\": {x: {with: {f: none}}}}}}}",
     "{clocks: {c: {then: {\"100%\": {x: {open: t, with: {f: none}}}}}}}"},
    {"a_row_is_switched_off", OverlayPlace::lists, "{size: {small: 小, large: 大}}",
     "{size: {large: none}}", "{size: {small: 小, large: {label: 大, off: true}}}"},
    {"a_row_is_switched_on_again", OverlayPlace::lists,
     "{size: {large: {label: 大, off: true}}}", "{size: {large: 很大}}", "{size: {large: 很大}}"},
    {"a_row_gains_a_prop", OverlayPlace::lists, "{kind: {props: {w: {kind: number}}, a: 甲}}",
     "{kind: {a: {w: 3}}}", "{kind: {props: {w: {kind: number}}, a: {label: 甲, w: 3}}}"},
    {"a_role_is_switched_off", OverlayPlace::roles, "{desk: {label: 坐班, unit: territory}}",
     "{desk: none}", "{desk: {label: 坐班, unit: territory, off: true}}"},
};

INSTANTIATE_TEST_SUITE_P(Merges, OverlayRules, testing::ValuesIn(kMerges),
                         [](const auto& of) { return std::string(of.param.name); });

TEST(Overlay, removing_what_is_not_there_is_an_error_at_its_line) {
  kernel::Messages messages;
  merged(read("{a: 1}"), read("b: none\n", "over.yaml"), OverlayPlace::plain, messages);
  ASSERT_EQ(messages.all().size(), 1U);
  EXPECT_EQ(messages.all().front().key, "definition.nothing_to_remove");
  EXPECT_EQ(messages.all().front().file, "over.yaml");
  EXPECT_EQ(messages.all().front().line, 1);
}

TEST(Overlay, every_node_keeps_its_origin) {
  kernel::Messages messages;
  const Node result = merged(read("a:\n  x: 1\n  y: 2\n", "base.yaml"),
                             read("a:\n\n\n  y: 3\n", "over.yaml"), OverlayPlace::plain, messages);
  EXPECT_EQ(result.find("a")->find("x")->origin.text(), "base.yaml:2");
  EXPECT_EQ(result.find("a")->find("y")->origin.text(), "over.yaml:4");
}

constexpr std::string_view kOffice = R"(system: common
label: 公共
roles: {desk: {label: 坐班, unit: territory}}
lists:
  outcome: {solved: 解决}
  size: {small: 小, large: 大}
  builtin_state: {transferred: 移交}
settings: {wait: {kind: limit, default: 2 day_working}}
---
type: base
label: 基
fields:
  a: {kind: choice, list: size, label: 甲}
  b: {kind: number, label: 乙}
states: {open: 开, done: {label: 完, final: true}}
actions:
  ask: {label: 提, opens: open, by: [desk]}
  finish: {label: 完, from: [open], to: done, by: [desk]}
clocks: {c: {label: 限, from: ask, until: finish, within: setting.wait}}
)";

constexpr std::string_view kExtension = R"(type: middle
label: 中
extends: base
fields: {b: none, c: {kind: date, label: 丙}}
---
type: leaf
label: 末
extends: middle
actions: {finish: {most: 2}}
)";

std::string place(const std::string& name, const std::string& more) {
  return "locality: " + name + "\nlabel: 地\nterritory: \"22\"\ncalendar: work\n" + more;
}

const std::string kTop = place("top", "calendars: {work: {zone: Asia/Shanghai, "
                                      "frames: {mon: ['08:30-12:00']}}}\n");

kernel::CompileResult compile(const std::vector<std::string>& texts) {
  std::vector<kernel::DefinitionFile> files;
  for (const std::string& text : texts)
    for (kernel::DefinitionFile& file : files_of(text, "systems/common"))
      files.push_back(std::move(file));
  return compile_localities(files, plain_options());
}

TEST(Extension, starts_from_its_base_over_two_steps) {
  const auto result = compile({std::string(kOffice), std::string(kExtension), kTop});
  ASSERT_EQ(errors_of(result.messages), "");
  const auto leaf = result.localities.at("top")->find_type("leaf");
  ASSERT_NE(leaf, nullptr);
  EXPECT_EQ(leaf->base, "middle");
  EXPECT_EQ(leaf->label.zh, "末");
  EXPECT_TRUE(leaf->find_field("a").has_value());
  EXPECT_FALSE(leaf->find_field("b").has_value());
  EXPECT_TRUE(leaf->find_field("c").has_value());
  EXPECT_NE(leaf->find_action("finish")->most, nullptr);
  EXPECT_EQ(result.localities.at("top")->find_type("base")->find_action("finish")->most, nullptr);
}

TEST(Extension, goes_two_steps_and_no_further) {
  const auto result = compile({std::string(kOffice), std::string(kExtension), kTop,
                               "type: fourth\nlabel: 四\nextends: leaf\n"});
  EXPECT_NE(errors_of(result.messages).find("definition.extends_depth"), std::string::npos);
}

TEST(LocalityOverlay, shares_a_type_of_one_text_and_parts_with_it_where_it_differs) {
  const auto result = compile(
      {std::string(kOffice), kTop, place("same", "extends: top\nsettings: {wait: 3 day_working}\n"),
       place("other", "extends: top\nlists: {size: {large: none}}\n"
                      "types: {base: {clocks: {c: {within: 1 day_working}}}}\n")});
  ASSERT_EQ(errors_of(result.messages), "");
  const auto top = result.localities.at("top");
  const auto same = result.localities.at("same");
  const auto other = result.localities.at("other");
  EXPECT_EQ(top->find_type("base"), same->find_type("base"));
  EXPECT_NE(top->find_type("base"), other->find_type("base"));
  EXPECT_EQ(top->find_type("base")->text_sha256.size(), 64U);
  EXPECT_NE(top->find_type("base")->text_sha256, other->find_type("base")->text_sha256);
  EXPECT_EQ(same->find_setting("wait")->value.get<kernel::Limit>()->amount, 3);
  EXPECT_TRUE(other->lists.at("size").find("large")->off);
  EXPECT_FALSE(top->lists.at("size").find("large")->off);
  EXPECT_EQ(show_type(result.published.at("other"), "base")
                ->find("clocks")->find("c")->find("within")->text, "1 day_working");
}

TEST(LocalityOverlay, does_not_accept_what_nobody_knows) {
  for (const auto& [more, key] : std::vector<std::pair<std::string, std::string>>{
           {"systems: {nothing: on}\n", "definition.unknown_system"},
           {"settings: {nothing: 1}\n", "definition.unknown_setting"},
           {"types: {nothing: {label: 无}}\n", "definition.unknown_type"},
           {"levels: {hamlet: 屯}\n", "definition.unknown_level"},
           {"extends: nowhere\n", "definition.unknown_locality"},
           {"books: {gold: {label: 金}}\n", "definition.key_missing"}}) {
    const auto result = compile({std::string(kOffice), place("here", more)});
    EXPECT_NE(errors_of(result.messages).find(key), std::string::npos) << more;
  }
}

}  // namespace
}  // namespace gewu::test
