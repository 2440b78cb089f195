#include <algorithm>
#include <utility>

#include "kernel/matter/expression_check.h"
#include "kernel/matter/expression_checker.h"
#include "kernel/people/unit.h"
#include "kernel/place/territory.h"
#include "kernel/time/calendar.h"

// What the checker is asked from outside: scalars, tables and constants of definition files.

namespace gewu::kernel {
namespace {

using Base = StaticType::Base;


/// Details of an error met in a text also say where the text stands.
template <typename Answer>
Answer with_file(Answer answer, const Origin& origin) {
  if (!answer && origin.file) {
    auto& details = answer.error().details;
    if (std::ranges::find(details, "file", &ErrorDetail::name) == details.end())
      details.push_back({"file", origin.text()});
  }
  return answer;
}

}  // namespace

Result<Typed> Checker::check_node(const Node& node, const StaticType& expected) {
  if (node.is_map()) return check_table(node, expected);
  if (!node.is_scalar()) {
    Syntax nowhere;
    return fail("expression.form", nowhere);
  }
  GEWU_TRY(syntax, parse_expression(node.text));
  GEWU_TRY(made, check(syntax, &expected));
  GEWU_CHECK(use(made, syntax));
  if (made.is_literal)
    if (auto value = literal_as(syntax, expected))
      made = typed(build_.constant(std::move(*value)), expected);
  return made;
}

Result<Typed> Checker::check_table(const Node& node, const StaticType& expected) {
  Syntax place;
  place.kind = SyntaxKind::name;
  place.text = "of";
  const Node* of_node = node.find("of");
  if (of_node == nullptr || node.entries.size() < 2) return fail("expression.table", place);
  GEWU_TRY(of, check_node(*of_node, kAnyType));
  if (of.type.is_set || !(has_keys(of.type) || of.type == kYesNo || of.type == kNumber))
    return wrong_type(place, of.type, "choice");
  std::vector<std::int32_t> arguments;
  std::int32_t otherwise = -1;
  StaticType type = expected;
  Typed made;
  for (const NodeEntry& entry : node.entries) {
    if (entry.key == "of") continue;
    Syntax key;
    key.kind = SyntaxKind::name;
    key.text = entry.key;
    GEWU_TRY(value, check_node(entry.value, type));
    const auto common = common_type(value.type, type);
    if (!common) return wrong_type(key, value.type, to_text(type));
    type = *common;
    made.at.insert(made.at.end(), value.at.begin(), value.at.end());
    made.from_directory = made.from_directory || value.from_directory;
    if (entry.key == "else") {
      otherwise = value.node;
      continue;
    }
    if (has_keys(of.type)) {
      if (!is_key_of(of.type, entry.key))
        return fail("expression.key", key, {{"of", to_text(of.type)}});
      arguments.push_back(key_constant(of.type, entry.key).node);
    } else {
      GEWU_TRY(literal, parse_expression(entry.key));
      const bool fits = of.type == kNumber
                            ? literal.kind == SyntaxKind::number
                            : literal.kind == SyntaxKind::yes || literal.kind == SyntaxKind::no;
      if (!fits) return fail("expression.key", key, {{"of", to_text(of.type)}});
      GEWU_TRY(constant, check_literal(literal, nullptr));
      arguments.push_back(constant.node);
    }
    arguments.push_back(value.node);
  }
  made.node = build_.call(Op::table, arguments, of.node, otherwise);
  made.type = type;
  return made;
}

Result<std::shared_ptr<const Expression>> Checker::finish(Typed result, std::string text,
                                                          const StaticType& expected, int column) {
  Syntax whole;
  whole.kind = SyntaxKind::name;
  whole.text = text;
  whole.column = column;
  if (expected != kAnyType && result.type != kAnyType && result.type.is_set != expected.is_set)
    return fail(expected.is_set ? "expression.not_set" : "expression.is_set", whole);
  auto converted = convert(result, expected);
  if (!converted) return wrong_type(whole, result.type, to_text(expected));
  std::vector<ReadPath> elements;
  for (const Located& located : converted->at) elements.push_back(located.path);
  const StaticType type = converted->type == kAnyType ? expected : converted->type;
  return build_.finish(std::move(text), origin_, type, converted->node, std::move(elements));
}

Result<std::shared_ptr<const Expression>> Checker::compile(std::string_view text,
                                                           const StaticType& expected) {
  return compile(Node::scalar(std::string(text)), std::string(text), expected);
}

Result<std::shared_ptr<const Expression>> Checker::compile(const Node& node, std::string text,
                                                           const StaticType& expected) {
  GEWU_TRY(result, check_node(node, expected));
  return finish(std::move(result), std::move(text), expected, 1);
}

Result<std::shared_ptr<const Expression>> compile_expression(std::string_view text,
                                                             const Origin& origin,
                                                             const CheckContext& context,
                                                             const StaticType& expected) {
  return with_file(Checker(context, origin).compile(text, expected), origin);
}

Result<std::shared_ptr<const Expression>> compile_node(const Node& node,
                                                       const CheckContext& context,
                                                       const StaticType& expected) {
  const std::string text = node.is_scalar() ? node.text : canonical_text(node);
  return with_file(Checker(context, node.origin).compile(node, text, expected), node.origin);
}

Result<Value> constant_of(const Node& node, const World& world, const StaticType& type) {
  const auto wrong = [&] {
    return refuse(ErrorCode::invalid, "expression.type",
                  {{"near", node.text}, {"wanted", to_text(type)}, {"file", node.origin.text()}});
  };
  if (node.is_list() && type.is_set) {
    Values values;
    for (const Node& item : node.items) {
      GEWU_TRY(value, constant_of(item, world, element_of(type)));
      values.push_back(std::move(value));
    }
    return make_set(std::move(values));
  }
  if (!node.is_scalar()) return wrong();
  if (type.base == Base::text) return Value(node.text);
  if (!node.text.starts_with('\'')) {
    std::optional<Value> value;
    if (type.base == Base::date)
      if (const auto date = parse_date(node.text)) value = *date;
    if (type.base == Base::instant)
      if (const auto instant = parse_instant(node.text)) value = *instant;
    if (type.base == Base::time)
      if (const auto time = parse_time_of_day(node.text)) value = TimeOfDay{*time};
    if (type.base == Base::unit && is_territory_code(node.text)) value = territory_unit(node.text);
    if (value) return *value;
  }
  CheckContext context{.world = world};
  context.may = {.now = false, .today = false, .actor = false, .history = false};
  GEWU_TRY(expression, compile_node(node, context, type));
  const ExpressionNode& root = expression->nodes()[expression->root()];
  if (root.op != Op::constant) return wrong();
  return expression->constants()[root.a];
}

}  // namespace gewu::kernel
