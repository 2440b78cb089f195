#include "kernel/matter/expression_parse.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <string>

namespace gewu::kernel {
namespace {

std::string round_trip(std::string_view text) {
  const auto tree = parse_expression(text);
  return tree ? format_expression(*tree) : tree.error().key;
}

TEST(ExpressionParse, every_rule_of_the_grammar) {
  const std::string_view same[] = {
      "a or b or c", "a and b and c", "not a", "a and not b == c", "a == b", "a != b", "a < b",
      "a <= b", "a > b", "a >= b", "a in [b, c]", "a else b else c", "a + b - c", "a * b / c", "-a",
      "a - -b", "a.b.c", "a[b == c].d", "a[b][c]", "1", "0.5", "5 day_working", "35 hour_working",
      "30 minute", "1 month", "2 year", "3 day_natural", "4 hour_natural", "'text'", "'it''s'",
      "true", "false", "none", "none(a)", "f()", "f(a, b)", "[]", "[a]", "(a or b) and c",
      "a - (b - c)", "(a == b) == c", "not (a and b)", "(not a) == b", "-(a + b)", "(a else b).c",
      "a.in", "x[y in [a, b]]"};
  for (const std::string_view text : same) EXPECT_EQ(round_trip(text), text);
  EXPECT_EQ(round_trip("((a))"), "a");
  EXPECT_EQ(round_trip("80%"), "0.8");
  EXPECT_EQ(round_trip(" a\n ==\tb "), "a == b");
  EXPECT_EQ(round_trip("1.500000"), "1.5");
}

TEST(ExpressionParse, refuses_what_is_no_expression) {
  const std::string_view wrong[] = {"",
                                    "a b",
                                    "a ==",
                                    "== a",
                                    "a == b == c",
                                    "a < b < c",
                                    "not not a",
                                    "(a",
                                    "a)",
                                    "[a",
                                    "a]",
                                    "a[",
                                    "a[]",
                                    "a.",
                                    ".a",
                                    "a.1",
                                    "f(a,)",
                                    "f(,a)",
                                    "[a,]",
                                    "'open",
                                    "1.",
                                    "1.2345678",
                                    "1.5 day_working",
                                    "5 days",
                                    "a = b",
                                    "a && b",
                                    "A",
                                    "a_B",
                                    "and",
                                    "a else",
                                    "else a",
                                    "a @ b",
                                    "0.00001%",
                                    "99999999999999999999",
                                    "9223372036854",
                                    "\"a\"",
                                    "a in",
                                    "- -a"};
  for (const std::string_view text : wrong) {
    const auto tree = parse_expression(text);
    ASSERT_FALSE(tree) << text << " gave " << format_expression(*tree);
    EXPECT_EQ(tree.error().key, "expression.syntax") << text;
  }
}

TEST(ExpressionParse, says_where) {
  const auto tree = parse_expression("'路灯' == = b");
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().details[0], (ErrorDetail{"at", "9"}));
  EXPECT_EQ(tree.error().details[1], (ErrorDetail{"near", "= b"}));
}

TEST(ExpressionParse, bounds) {
  EXPECT_EQ(parse_expression(std::string(5'000, 'a')).error().key, "expression.too_long");
  EXPECT_FALSE(parse_expression(std::string(1'000, '(') + "a" + std::string(1'000, ')')));
  std::string deep = "a";
  for (int i = 0; i < 30; ++i) deep = "(" + deep + ")";
  EXPECT_TRUE(parse_expression(deep));
  std::string wide = "a";
  for (int i = 0; i < 1'000; ++i) wide += ".a";
  EXPECT_FALSE(parse_expression(wide));
  EXPECT_FALSE(parse_expression("'\xff'"));
}

TEST(ExpressionParse, binds_as_the_grammar_says) {
  const auto tree = parse_expression("not a == b and c else d + e * f in [g]").value();
  EXPECT_EQ(tree.kind, SyntaxKind::both);
  EXPECT_EQ(tree.children[0].kind, SyntaxKind::not_true);
  EXPECT_EQ(tree.children[0].children[0].kind, SyntaxKind::equal);
  EXPECT_EQ(tree.children[1].kind, SyntaxKind::in);
  EXPECT_EQ(tree.children[1].children[0].kind, SyntaxKind::otherwise);
  EXPECT_EQ(tree.children[1].children[0].children[1].kind, SyntaxKind::add);
}

/// A tree of at most `depth`, with every kind of node.
rc::Gen<Syntax> any_syntax(int depth) {
  using Kind = SyntaxKind;
  const auto leaf = rc::gen::exec([] {
    Syntax made;
    made.kind = *rc::gen::element(Kind::number, Kind::limit, Kind::text, Kind::yes, Kind::no,
                                  Kind::none, Kind::name);
    if (made.kind == Kind::number) made.number = {*rc::gen::inRange<std::int64_t>(0, 1LL << 50)};
    if (made.kind == Kind::limit) {
      made.number = {*rc::gen::inRange<std::int64_t>(1, 100) * kMicros};
      made.text = *rc::gen::element<std::string>("minute", "day_working", "month");
    }
    if (made.kind == Kind::text)
      made.text = *rc::gen::element<std::string>("", "a", "it's", "路灯", "''");
    if (made.kind == Kind::name) made.text = *rc::gen::element<std::string>("a", "state", "x_1");
    return made;
  });
  if (depth == 0) return leaf;
  return rc::gen::exec([depth, leaf] {
    Syntax made;
    made.kind = *rc::gen::element(
        Kind::number, Kind::call, Kind::member, Kind::filter, Kind::list, Kind::negate,
        Kind::not_true, Kind::both, Kind::either, Kind::equal, Kind::unequal, Kind::less,
        Kind::less_equal, Kind::greater, Kind::greater_equal, Kind::in, Kind::otherwise, Kind::add,
        Kind::subtract, Kind::multiply, Kind::divide);
    if (made.kind == Kind::number) return *leaf;
    std::size_t children = 2;
    if (made.kind == Kind::call || made.kind == Kind::list)
      children = *rc::gen::inRange<std::size_t>(0, 4);
    if (made.kind == Kind::member || made.kind == Kind::negate || made.kind == Kind::not_true)
      children = 1;
    if (made.kind == Kind::call) made.text = *rc::gen::element<std::string>("f", "none", "if");
    if (made.kind == Kind::member) made.text = *rc::gen::element<std::string>("b", "in");
    for (std::size_t i = 0; i < children; ++i) made.children.push_back(*any_syntax(depth - 1));
    return made;
  });
}

RC_GTEST_PROP(ExpressionParse, format_then_parse_is_the_identity, ()) {
  const Syntax tree = *any_syntax(4);
  const std::string text = format_expression(tree);
  RC_PRE(text.size() < kExpressionBytesMax);
  const auto parsed = parse_expression(text);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == tree);
}

RC_GTEST_PROP(ExpressionParse, any_bytes_give_a_tree_or_a_refusal, (const std::string& bytes)) {
  const auto parsed = parse_expression(bytes);
  if (parsed) RC_ASSERT(parse_expression(format_expression(*parsed)).value() == *parsed);
  else RC_ASSERT(parsed.error().key.starts_with("expression."));
}

TEST(ExpressionParse, mutated_expressions_never_break_it) {
  const std::string seeds[] = {
      "all(calls[state == done], has(street_score) and has(unit_score))",
      "round(only(pay_base[year == year_of(today)]).amount * setting.base_share + allowance, 0.01)",
      "if(input.answer == solved, closed, if(times(reply) >= setting.reopen_most, a, 'b''c'))"};
  const std::string_view alphabet = " abz019_.,()[]'%+-*/<>=!\n\"@路";
  std::uint64_t state = 42;
  const auto draw = [&state](std::size_t n) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>((state >> 33) % n);
  };
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = seeds[draw(3)];
    for (std::size_t cuts = 1 + draw(3); cuts > 0; --cuts) {
      const std::size_t at = draw(text.size());
      switch (draw(4)) {
        case 0: text.erase(at, 1 + draw(4)); break;
        case 1: text.insert(at, 1, alphabet[draw(alphabet.size())]); break;
        case 2: text[at] = alphabet[draw(alphabet.size())]; break;
        case 3: text.insert(at, text.substr(draw(text.size()), draw(12))); break;
      }
      if (text.empty()) text = "a";
    }
    const auto parsed = parse_expression(text);
    if (!parsed) continue;
    ++accepted;
    ASSERT_EQ(parse_expression(format_expression(*parsed)).value(), *parsed) << text;
  }
  EXPECT_GT(accepted, 100);
  EXPECT_LT(accepted, 20'000);
}

}  // namespace
}  // namespace gewu::kernel
