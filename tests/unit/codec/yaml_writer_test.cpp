#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "codec/yaml.h"
#include "codec_fixture.h"

namespace gewu::codec {
namespace {

using kernel::Node;
using kernel::Origin;

Node one(std::string_view text) {
  auto documents = read_yaml(text, "t.yaml");
  EXPECT_EQ(key_of(documents), "") << text;
  return documents && documents->size() == 1 ? std::move(documents->front()) : Node();
}

TEST(YamlWriter, puts_short_maps_on_a_line_and_long_ones_in_blocks) {
  const std::string text =
      "type: thing\n"
      "states: {open: 进行, closed: {label: 办结, final: true}}\n"
      "actions:\n"
      "  do_it:\n"
      "    from: [open]\n"
      "    to: closed\n"
      "    by: [desk, officer@handler, dispatcher, street_lead, unit_head, registrar, finance]\n"
      "    must: {named: has(a)}\n"
      "    most: 3\n"
      "empty: {}\n"
      "none: null\n"
      "list: []\n";
  EXPECT_EQ(write_yaml(one(text)), text);
}

TEST(YamlWriter, writes_what_flow_would_cut_in_quotes_or_in_a_block) {
  EXPECT_EQ(write_yaml(one("a: {when: \"none(x[y])\"}")), "a: {when: \"none(x[y])\"}\n");
  EXPECT_EQ(write_yaml(one("a:\n  when: none(x[y])\n  b: 1\n")),
            "a:\n  when: none(x[y])\n  b: 1\n");
  EXPECT_EQ(write_yaml(one("a:\n- min2(a, b)\n- {x: 1}\n")), "a:\n  - min2(a, b)\n  - {x: 1}\n");
}

TEST(YamlWriter, quotes_what_yaml_cannot_hold_plain) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "\"\""},           {"null", "\"null\""},   {"~", "\"~\""},       {" a", "\" a\""},
      {"a: b", "\"a: b\""},   {"a #b", "\"a #b\""},   {"- a", "\"- a\""},   {"'x'", "\"'x'\""},
      {"a:", "\"a:\""},       {"x\ny", "\"x\\ny\""},  {"@x", "\"@x\""},     {"%", "\"%\""},
      {"a\"b", "a\"b"},       {"-5", "-5"},           {"100%", "100%"},     {"8:30", "8:30"},
      {"a\\b", "a\\b"},       {"\x01", "\"\\x01\""},  {"---", "---"}};
  for (const auto& [plain, written] : cases) {
    Node node = Node::map();
    node.put("k", Node::scalar(plain));
    EXPECT_EQ(write_yaml(node), std::string("k: ") + written + "\n");
    EXPECT_EQ(one(write_yaml(node)).find("k")->text, plain);
  }
}

TEST(YamlWriter, writes_keys_so_that_they_stay_keys) {
  Node node = Node::map();
  for (const char* key : {"100%", "a: b", "<<", "null", "~", "true", "a, b", "[x]", "路", "?", "-"})
    node.put(key, Node::scalar("1"));
  EXPECT_EQ(one(write_yaml(node)), node);
}

TEST(YamlWriter, writes_texts_of_several_lines_as_blocks) {
  const std::string text = "a: |\n  l1\n  l2: [x\nb: |-\n  l1\n  l2\nc:\n  - |\n    x\n    y\n";
  EXPECT_EQ(write_yaml(one(text)), text);
  for (const char* odd : {"a: \"x\\n\\ny\"\n", "a: \" x\\ny\"\n", "a: \"x\\n\\n\"\n",
                          "a: \"\\n\"\n",
                          "a: \"x \\ny\"\n"})
    EXPECT_EQ(write_yaml(one(odd)), odd);
}

TEST(YamlWriter, writes_lists_of_maps_and_of_lists) {
  const std::string long_text(94, 'x');
  const std::string text = "- a: " + long_text + "\n  b:\n    - " + long_text + "\n    - [1, 2]\n" +
                           "- [1, [2, 3]]\n-\n  - " + long_text + "\n  - y\n";
  EXPECT_EQ(write_yaml(one(text)), text);
}

TEST(YamlWriter, writes_scalars_and_several_documents) {
  EXPECT_EQ(write_yaml(Node::scalar("x")), "x\n");
  EXPECT_EQ(write_yaml(Node()), "null\n");
  const std::vector<Node> documents{one("a: 1"), one("- b")};
  EXPECT_EQ(write_yaml(documents), "a: 1\n---\n- b\n");
  EXPECT_EQ(*read_yaml(write_yaml(documents), "t.yaml"), documents);
}

TEST(YamlWriter, says_behind_each_line_where_it_comes_from) {
  Node node = one("a: 1\nb: {c: 2, d: 3}\ne: [x]\n");
  const auto other = std::make_shared<const std::string>("overlay.yaml");
  node.find("b")->put("d", Node::scalar("4", false, Origin{other, 9}));
  node.find("b")->entries[1].origin = {other, 9};
  YamlStyle style;
  style.comment = [](const Origin& origin) { return origin.text(); };
  const std::string text = write_yaml(node, style);
  EXPECT_EQ(text,
            "a: 1  # t.yaml:1\n"
            "b:  # t.yaml:2\n"
            "  c: 2  # t.yaml:2\n"
            "  d: 4  # overlay.yaml:9\n"
            "e: [x]  # t.yaml:3\n");
  EXPECT_EQ(one(text), node);
}

TEST(YamlWriter, counts_columns_in_characters) {
  Node node = Node::map();
  Node& list = node.put("a", Node::list());
  std::string word;
  for (int i = 0; i < 95; ++i) word += "路";
  list.items = {Node::scalar(word)};
  EXPECT_EQ(write_yaml(node), "a: [" + word + "]\n");  // exactly 100
  list.items[0].text += "灯";
  EXPECT_EQ(write_yaml(node), "a:\n  - " + word + "灯\n");
}

rc::Gen<Node> any_node(int depth) {
  static const std::vector<std::string> kTexts = {
      "a", "true", "null", "~", "", " x", "x ", "a: b", "a #b", "[x]", "{y}", "p, q", "l1\nl2",
      "l1\nl2\n", "\n", "'q'", "\"d\"", "- x", "-", "?", "? x", ":x", "100%", "路灯", "f(a, b)",
      "x[y]", "!t", "&a", "*a", "|", ">", "%d", "@r", "`", "#c", "a:", "---", "...", "--- x", "\\",
      "<<", "a\x01" "b", "\xEF\xBB\xBF", "x\ty", "a?b", "a:,b", "=", "8:30", "\u2028", "...x"};
  const auto scalar = rc::gen::apply(
      [](std::string text, bool quoted) { return Node::scalar(std::move(text), quoted); },
      rc::gen::elementOf(kTexts), rc::gen::arbitrary<bool>());
  if (depth == 0) return rc::gen::oneOf(scalar, rc::gen::just(Node()));
  const auto list = rc::gen::map(rc::gen::container<std::vector<Node>>(any_node(depth - 1)),
                                 [](std::vector<Node> items) {
                                   Node node = Node::list();
                                   node.items = std::move(items);
                                   return node;
                                 });
  const auto map = rc::gen::apply(
      [](const std::vector<std::string>& keys, const std::vector<Node>& values) {
        Node node = Node::map();
        for (std::size_t i = 0; i < keys.size() && i < values.size(); ++i)
          if (!keys[i].empty()) node.put(keys[i], values[i]);
        return node;
      },
      rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kTexts)),
      rc::gen::container<std::vector<Node>>(any_node(depth - 1)));
  return rc::gen::oneOf(scalar, list, map);
}

/// Equal but for quotes that a plain text, made by code, had to be given.
bool equal_but_quotes(const Node& a, const Node& b) {
  const bool same = a.kind == b.kind && a.text == b.text && a.entries.size() == b.entries.size() &&
                    a.items.size() == b.items.size() && (!a.quoted || b.quoted);
  if (!same) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!equal_but_quotes(a.items[i], b.items[i])) return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i)
    if (a.entries[i].key != b.entries[i].key ||
        !equal_but_quotes(a.entries[i].value, b.entries[i].value))
      return false;
  return true;
}

RC_GTEST_PROP(YamlWriter, any_node_is_read_back, ()) {
  Node root = Node::map();
  root.put("root", *rc::gen::resize(6, any_node(3)));
  const std::string text = write_yaml(root);
  const auto read = read_yaml(text, "t.yaml");
  if (!read) RC_LOG() << read.error().key << " " << detail(read.error(), "reason") << "\n" << text;
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->size() == 1u);
  RC_ASSERT(equal_but_quotes(root, read->front()));
  // once read, writing changes nothing, not even the quotes
  RC_ASSERT(one(write_yaml(read->front())) == read->front());
  const auto from_canonical = kernel::node_from_canonical(kernel::canonical_text(root));
  RC_ASSERT(from_canonical.has_value());
  RC_ASSERT(*from_canonical == root);
}

}  // namespace
}  // namespace gewu::codec
