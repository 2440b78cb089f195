#include "codec/yaml.h"

#include "codec_fixture.h"

namespace gewu::codec {
namespace {

using kernel::Node;
using kernel::NodeKind;

/// The single document of a text that must be readable.
Node one(std::string_view text) {
  const auto documents = read_yaml(text, "t.yaml");
  EXPECT_EQ(key_of(documents), "") << text;
  EXPECT_EQ(documents ? documents->size() : 0, 1u) << text;
  return documents && documents->size() == 1 ? documents->front() : Node();
}

/// The error of a text that must be refused.
Error fault(std::string_view text, const Limits& limits = kLimits) {
  const auto documents = read_yaml(text, "t.yaml", limits);
  EXPECT_FALSE(documents) << text;
  return documents ? Error{} : documents.error();
}

TEST(Yaml, reads_maps_lists_and_scalars_in_order) {
  const Node node = one(
      "type: thing   # a remark\nstates: {open: 进行, b: [x, \"y\"]}\nlist:\n- 1\n- {k: v}\n");
  ASSERT_TRUE(node.is_map());
  EXPECT_EQ(node.entries[0].key, "type");
  EXPECT_EQ(node.find("type")->as_text(), "thing");
  EXPECT_EQ(node.find("states")->find("open")->as_text(), "进行");
  EXPECT_FALSE(node.find("states")->find("b")->items[0].quoted);
  EXPECT_TRUE(node.find("states")->find("b")->items[1].quoted);
  EXPECT_EQ(node.find("list")->items[0].as_integer(), 1);
  EXPECT_EQ(node.find("list")->items[1].find("k")->as_text(), "v");
}

TEST(Yaml, keeps_the_line_of_every_node_and_key) {
  const Node node = one(
      "# 首行\na: 1\nb:\n  c: {d: x,\n      e: 路}\n  f:\n  - 1\n  - |\n   two\n   lines\n");
  EXPECT_EQ(node.entries[0].origin.text(), "t.yaml:2");
  EXPECT_EQ(node.find("b")->find_entry("c")->origin.line, 4);
  EXPECT_EQ(node.find("b")->find("c")->find_entry("e")->origin.line, 5);
  EXPECT_EQ(node.find("b")->find("c")->find("e")->origin.line, 5);
  EXPECT_EQ(node.find("b")->find("f")->items[0].origin.line, 7);
  EXPECT_EQ(node.find("b")->find("f")->items[1].origin.line, 8);
}

TEST(Yaml, scalars_stay_text) {
  for (const char* text : {"yes", "no", "on", "off", "y", "True", "TRUE", "2026-09-24", "8:30",
                           "012", "0x1F", "1_000", "1e3", ".inf", "5 day_working",
                           "12:30:45", "="}) {
    const Node node = one(std::string("a: ") + text + "\n");
    EXPECT_EQ(node.find("a")->as_text(), text);
    EXPECT_FALSE(node.find("a")->quoted) << text;
    EXPECT_EQ(node.find("a")->as_boolean(), std::nullopt) << text;
  }
  EXPECT_EQ(one("a: true").find("a")->as_boolean(), true);
  EXPECT_EQ(one("on: no").entries[0].key, "on");
}

TEST(Yaml, quotes_and_blocks_are_remembered) {
  const Node node =
      one("a: 'true'\nb: \"x\\ny\"\nc: |\n  l1\n  l2\nd: >-\n  f1\n  f2\ne: p1\n  p2\n");
  EXPECT_TRUE(node.find("a")->quoted);
  EXPECT_EQ(node.find("b")->text, "x\ny");
  EXPECT_EQ(node.find("c")->text, "l1\nl2\n");
  EXPECT_TRUE(node.find("c")->quoted);
  EXPECT_EQ(node.find("d")->text, "f1 f2");
  EXPECT_EQ(node.find("e")->text, "p1 p2");
  EXPECT_FALSE(node.find("e")->quoted);
  EXPECT_TRUE(one("a: ''").find("a")->is_scalar());
  EXPECT_EQ(*one("a: p1\n\n  p2\n").find("a"), Node::scalar("p1\np2", true));
}

TEST(Yaml, an_empty_value_and_null_are_null) {
  const Node node = one("a:\nb: null\nc: {d: , e}\nnullable: 1\n");
  EXPECT_TRUE(node.find("a")->is_null());
  EXPECT_TRUE(node.find("b")->is_null());
  EXPECT_TRUE(node.find("c")->find("d")->is_null());
  EXPECT_TRUE(node.find("c")->find("e")->is_null());
  EXPECT_TRUE(one("a: \"null\"").find("a")->is_scalar());
}

TEST(Yaml, refuses_other_spellings_of_null) {
  for (const char* text : {"a: ~", "a: Null\n", "a: NULL\nb: 1", "a: [~]", "a: {b: ~}"})
    EXPECT_EQ(fault(text).key, "definition.yaml.null") << text;
}

TEST(Yaml, reads_several_documents_and_leaves_out_empty_ones) {
  const auto documents = read_yaml("---\na: 1\n---\nb: 2\n---\n", "t.yaml");
  ASSERT_TRUE(documents);
  ASSERT_EQ(documents->size(), 2u);
  EXPECT_EQ((*documents)[1].find_entry("b")->origin.line, 4);
  EXPECT_EQ(read_yaml("", "t.yaml")->size(), 0u);
  EXPECT_EQ(read_yaml("# only a remark\n", "t.yaml")->size(), 0u);
}

TEST(Yaml, refuses_text_behind_a_finished_document) {
  for (const char* text : {"- a\nb: 1", "{a: 1}\n{b: 1}", "\"x\" \"y\"", "a: 1\n...\nb: 1", "word",
                           "a: 1\n--- word"}) {
    const Error error = fault(text);
    EXPECT_EQ(error.key, "definition.yaml.document") << text;
    EXPECT_FALSE(detail(error, "line").empty());
  }
}

TEST(Yaml, refuses_duplicate_keys_with_both_lines) {
  const Error error = fault("a:\n  x: 1\n  y: {p: 1, \"p\": 2}\n  x: 3\nb: 1\n");
  EXPECT_EQ(error.key, "definition.yaml.duplicate_key");
  EXPECT_EQ(detail(error, "file"), "t.yaml");
  EXPECT_EQ(detail(error, "line"), "3");
  EXPECT_EQ(detail(error, "key"), "p");
  ASSERT_EQ(error.others.size(), 1u);
  EXPECT_EQ(detail(error.others[0], "key"), "x");
  EXPECT_EQ(detail(error.others[0], "line"), "4");
  EXPECT_EQ(detail(error.others[0], "first_line"), "2");
}

TEST(Yaml, one_name_may_stand_in_two_maps) {
  EXPECT_TRUE(read_yaml("a: {x: 1}\nb: {x: {x: 2}}\n---\na: 1\n", "t.yaml"));
}

TEST(Yaml, refuses_anchors_aliases_tags_and_merges) {
  EXPECT_EQ(fault("a: &n 1").key, "definition.yaml.anchor");
  EXPECT_EQ(fault("a: &n [1]").key, "definition.yaml.anchor");
  EXPECT_EQ(fault("&n a: 1").key, "definition.yaml.anchor");
  EXPECT_EQ(fault("a: &n\nb: 1").key, "definition.yaml.anchor");
  const Error alias = fault("a: &n 1\nb: *n\n");
  EXPECT_EQ(alias.others.at(0).key, "definition.yaml.anchor");
  EXPECT_EQ(detail(alias.others.at(0), "line"), "2");
  for (const char* text : {"a: !!str 1", "a: !own {b: 1}", "a: ! x", "a: !!null", "a: ! \"x\"",
                           "!!str a: 1", "a: !<tag:yaml.org,2002:int> 1", "a: ![1]", "a: !"})
    EXPECT_EQ(fault(text).key, "definition.yaml.tag") << text;
  EXPECT_EQ(fault("a: {<<: {b: 1}}").key, "definition.yaml.merge");
  EXPECT_TRUE(read_yaml("a: {\"<<\": 1}", "t.yaml"));
}

TEST(Yaml, refuses_keys_that_are_no_names) {
  for (const char* text : {"? [a, b]\n: 1", "{a: 1}: 2", ": 1", "\"\": 1", "a: {[x]: 1}",
                           "~x: {null: 1}"})
    EXPECT_EQ(fault(text).key, "definition.yaml.key") << text;
  EXPECT_EQ(fault(std::string(257, 'k') + ": 1").key, "definition.yaml.key");
  EXPECT_TRUE(read_yaml(std::string(256, 'k') + ": 1", "t.yaml"));
}

TEST(Yaml, sees_an_expression_that_yaml_has_cut) {
  const Error error = fault("a: {when: min2(a, b)}");
  EXPECT_EQ(error.key, "definition.yaml.cut");
  EXPECT_EQ(detail(error, "text"), "min2(a");
  EXPECT_TRUE(read_yaml("a: {when: \"min2(a, b)\"}", "t.yaml"));
  EXPECT_TRUE(read_yaml("a: {when: has(a) and x == 'a)'}", "t.yaml"));
  EXPECT_TRUE(read_yaml("when: min2(a, b)", "t.yaml"));
  const Error both = fault("a: {when: any(parts[x == 1])}");
  EXPECT_EQ(both.key, "definition.yaml.cut");
  EXPECT_EQ(both.others.at(0).key, "definition.yaml.syntax");
}

TEST(Yaml, refuses_syntax_with_its_line) {
  const Error error = fault("a: 1\nb: [1, 2\nc: 3\n");
  EXPECT_EQ(error.key, "definition.yaml.syntax");
  EXPECT_FALSE(detail(error, "reason").empty());
  EXPECT_FALSE(detail(error, "column").empty());
  for (const char* text : {"a: {", "a: \"open", "a: 1\n  b: 2", "a: b: c", "]", "a: *b",
                           "a: \"\\q\"", "a: }", "a: [1, -]"})
    EXPECT_EQ(fault(text).key, "definition.yaml.syntax") << text;
}

TEST(Yaml, keeps_faults_met_before_the_syntax_breaks) {
  const Error error = fault("a: 1\na: 2\nb: [\n");
  EXPECT_EQ(error.key, "definition.yaml.duplicate_key");
  EXPECT_EQ(error.others.at(0).key, "definition.yaml.syntax");
}

TEST(Yaml, refuses_bytes_that_hide_something) {
  EXPECT_EQ(fault("a: \xFF").key, "definition.yaml.encoding");
  EXPECT_EQ(fault("\xEF\xBB\xBF" "a: 1").key, "definition.yaml.encoding");
  EXPECT_EQ(fault(std::string_view("\xFF\xFE" "a\0", 4)).key, "definition.yaml.encoding");
  EXPECT_EQ(fault("a:\t1").key, "definition.yaml.tab");
  EXPECT_EQ(fault("a:\n\tb: 1").key, "definition.yaml.tab");
  EXPECT_EQ(fault(std::string_view("a: x\0y", 6)).key, "definition.yaml.control");
  EXPECT_EQ(fault("a: x\x04y").key, "definition.yaml.control");
  EXPECT_EQ(fault("a: 1\rb: 2").key, "definition.yaml.control");
  EXPECT_EQ(fault("%YAML 1.1\n---\na: 1").key, "definition.yaml.directive");
  const Error two = fault("a: 1\nb:\t2\nc: \x01\n");
  EXPECT_EQ(detail(two, "line"), "2");
  EXPECT_EQ(detail(two.others.at(0), "line"), "3");
}

TEST(Yaml, takes_line_ends_of_other_systems) {
  const Node node = one("a: 1\r\nb: |\r\n  x\r\n  y\r\n");
  EXPECT_EQ(node.find("a")->text, "1");
  EXPECT_EQ(node.find("b")->text, "x\ny\n");
}

TEST(Yaml, refuses_what_is_too_large_or_too_deep) {
  Limits limits;
  limits.definition_bytes_max = 10;
  const Error large = fault("a: 12345678", limits);
  EXPECT_EQ(large.key, "definition.yaml.too_large");
  EXPECT_EQ(large.code, ErrorCode::too_large);
  const std::size_t max = kLimits.definition_depth_max;
  EXPECT_TRUE(read_yaml(std::string(max, '[') + std::string(max, ']'), "t.yaml"));
  EXPECT_EQ(fault(std::string(max + 1, '[') + std::string(max + 1, ']')).key,
            "definition.yaml.depth");
  std::string deep;
  for (std::size_t i = 0; i <= max; ++i) deep += std::string(i, ' ') + "a:\n";
  EXPECT_EQ(detail(fault(deep), "line"), std::to_string(max + 1));
}

TEST(Yaml, a_flood_of_brackets_ends_soon) {
  for (const char* part : {"[", "{", "- ", "? ", "a: [", "{a: ", "\"", "!", "&"}) {
    std::string text;
    while (text.size() < 200'000) text += part;
    EXPECT_FALSE(read_yaml(text, "t.yaml")) << part;
  }
}

TEST(Yaml, shows_no_endless_list_of_faults) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "a: 1\n";
  EXPECT_EQ(fault(text).others.size(), 99u);
}

}  // namespace
}  // namespace gewu::codec
