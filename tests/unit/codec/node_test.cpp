#include "kernel/matter/node.h"

#include "base/ensure.h"
#include "base/limits.h"
#include "codec_fixture.h"

namespace gewu::kernel {
namespace {

using codec::detail;
using codec::key_of;

Node sample() {
  Node node = Node::map();
  node.put("label", Node::scalar("路灯 \"亮\"\n\\\x01", true));
  node.put("b", Node::scalar("true"));
  node.put("a", Node::scalar("true", true));
  Node& list = node.put("list", Node::list());
  list.items = {Node(), Node::scalar("1"), Node::map(), Node::list()};
  return node;
}

TEST(Node, finds_puts_and_removes) {
  Node node = sample();
  EXPECT_EQ(node.find("b")->as_boolean(), true);
  EXPECT_EQ(node.find("z"), nullptr);
  EXPECT_EQ(Node().find("b"), nullptr);
  node.put("b", Node::scalar("7"));
  EXPECT_EQ(node.entries[1].value.as_integer(), 7);
  EXPECT_EQ(node.entries.size(), 4u);
  EXPECT_TRUE(node.remove("b"));
  EXPECT_FALSE(node.remove("b"));
  EXPECT_EQ(node.find_entry("b"), nullptr);
  EXPECT_THROW(Node().put("a", Node()), BrokenInvariant);
}

TEST(Node, only_plain_true_and_false_are_booleans) {
  EXPECT_EQ(Node::scalar("false").as_boolean(), false);
  for (const char* text : {"True", "yes", "no", "on", "off", "1", ""})
    EXPECT_EQ(Node::scalar(text).as_boolean(), std::nullopt) << text;
  EXPECT_EQ(Node::scalar("true", true).as_boolean(), std::nullopt);
  EXPECT_EQ(Node::scalar("12", true).as_integer(), std::nullopt);
  EXPECT_EQ(Node::scalar("1.5").as_integer(), std::nullopt);
  EXPECT_EQ(Node::list().as_text(), std::nullopt);
  EXPECT_EQ(Node::scalar("12", true).as_text(), "12");
}

TEST(Node, origins_say_file_and_line_and_do_not_count_as_content) {
  const auto file = std::make_shared<const std::string>("a.yaml");
  const auto same = std::make_shared<const std::string>("a.yaml");
  EXPECT_EQ((Origin{file, 3}.text()), "a.yaml:3");
  EXPECT_EQ(Origin().text(), "");
  EXPECT_EQ((Origin{file, 3}), (Origin{same, 3}));
  EXPECT_NE((Origin{file, 3}), (Origin{same, 4}));
  EXPECT_NE((Origin{file, 3}), (Origin{nullptr, 3}));
  EXPECT_EQ((Origin{nullptr, 0}), Origin());
  EXPECT_EQ(Node::scalar("x", false, {file, 1}), Node::scalar("x"));
}

TEST(Node, has_one_canonical_text) {
  EXPECT_EQ(canonical_text(sample()),
            R"({"label":q"路灯 \"亮\"\u000a\\\u0001","b":"true","a":q"true",)"
            R"("list":[null,"1",{},[]]})");
}

TEST(Node, canonical_text_tells_order_kind_and_quotes_apart) {
  Node swapped = sample();
  std::swap(swapped.entries[1], swapped.entries[2]);
  EXPECT_NE(canonical_text(swapped), canonical_text(sample()));
  EXPECT_NE(canonical_text(Node::scalar("null")), canonical_text(Node()));
  EXPECT_NE(canonical_text(Node::scalar("1")), canonical_text(Node::scalar("1", true)));
}

TEST(Node, is_read_back_from_its_canonical_text) {
  const auto read = node_from_canonical(canonical_text(sample()));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, sample());
}

TEST(Node, refuses_any_text_that_is_not_canonical) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "0"},
      {"nul", "0"},
      {"{", "1"},
      {"{\"a\"}", "4"},
      {"{\"a\":null,}", "10"},
      {"{\"a\":null,\"a\":null}", "10"},
      {"[null,]", "6"},
      {"[null", "5"},
      {"null ", "4"},
      {" null", "0"},
      {"{\"a\": null}", "5"},
      {"\"open", "5"},
      {"\"a\\n\"", "2"},
      {"\"a\\u0041\"", "2"},
      {"\"a\\u000A\"", "2"},
      {"\"a\\u00", "2"},
      {"\"a\nb\"", "2"},
      {"q", "1"},
      {"true", "0"},
      {"\"\xFF\"", "0"}};
  for (const auto& [text, offset] : cases) {
    const auto node = node_from_canonical(text);
    ASSERT_EQ(key_of(node), "definition.canonical") << text;
    EXPECT_EQ(detail(node.error(), "offset"), offset) << text;
  }
}

TEST(Node, refuses_canonical_text_that_is_too_deep) {
  const std::size_t max = kLimits.definition_depth_max;
  EXPECT_TRUE(node_from_canonical(std::string(max, '[') + std::string(max, ']')));
  EXPECT_EQ(key_of(node_from_canonical(std::string(max + 2, '[') + std::string(max + 2, ']'))),
            "definition.canonical");
}

}  // namespace
}  // namespace gewu::kernel
