#include "kernel/matter/expression_check.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "kernel/matter/expression_checker.h"
#include "kernel/time/limit.h"

namespace gewu::kernel {
namespace {

using Base = StaticType::Base;

const StaticType kMoney = plain(Base::money);

/// What `<` and its like compare.
bool is_ordered(Base base) {
  static constexpr std::array kOrdered = {Base::number, Base::money, Base::date, Base::instant,
                                          Base::time};
  return std::ranges::find(kOrdered, base) != kOrdered.end();
}

/// What `==` compares. Files, places, contacts and small tables have no equality in rules.
bool is_comparable(Base base) {
  static constexpr std::array kComparable = {Base::yes_no, Base::text,   Base::limit, Base::choice,
                                             Base::key,    Base::unit,   Base::link,  Base::post,
                                             Base::account};
  return is_ordered(base) || std::ranges::find(kComparable, base) != kComparable.end();
}

Op comparison_op(SyntaxKind kind) {
  static constexpr std::pair<SyntaxKind, Op> kOps[] = {
      {SyntaxKind::equal, Op::equal},     {SyntaxKind::unequal, Op::unequal},
      {SyntaxKind::less, Op::less},       {SyntaxKind::less_equal, Op::less_equal},
      {SyntaxKind::greater, Op::greater}, {SyntaxKind::greater_equal, Op::greater_equal}};
  return std::ranges::find(kOps, kind, &std::pair<SyntaxKind, Op>::first)->second;
}

bool is_word(const Syntax& syntax) {
  return syntax.kind == SyntaxKind::name || syntax.kind == SyntaxKind::text;
}

std::string column_of(const Syntax& syntax) { return std::to_string(syntax.column); }

}  // namespace

std::unexpected<Error> Checker::fail(std::string_view key, const Syntax& syntax,
                                     std::vector<ErrorDetail> more) const {
  std::string near = format_expression(syntax);
  if (near.size() > 60) near.resize(60);
  while (!is_utf8(near)) near.pop_back();
  std::vector<ErrorDetail> details = {{"at", column_of(syntax)}, {"near", std::move(near)}};
  details.insert(details.end(), more.begin(), more.end());
  return refuse(ErrorCode::invalid, std::string(key), std::move(details));
}

std::unexpected<Error> Checker::wrong_type(const Syntax& syntax, const StaticType& found,
                                           std::string_view wanted) const {
  return fail("expression.type", syntax,
              {{"found", to_text(found)}, {"wanted", std::string(wanted)}});
}

void Checker::warn(std::string_view key, const Syntax& syntax) {
  if (context_.warnings == nullptr) return;
  Error warning = fail(key, syntax).error();
  if (origin_.file) warning.details.push_back({"file", origin_.text()});
  context_.warnings->push_back(std::move(warning));
}

/// A register is read through a filter on an index, never as a whole.
Status Checker::use(const Typed& typed, const Syntax& syntax) {
  if (typed.is_register && !context_.may.whole_register)
    return fail("expression.cost", syntax, {{"why", "register"}});
  return {};
}

Result<Typed> Checker::check(const Syntax& syntax, Hint hint) {
  switch (syntax.kind) {
    case SyntaxKind::number:
    case SyntaxKind::limit:
    case SyntaxKind::text:
    case SyntaxKind::yes:
    case SyntaxKind::no:
    case SyntaxKind::none: return check_literal(syntax, hint);
    case SyntaxKind::name: return check_name(syntax, hint);
    case SyntaxKind::call: return check_call(syntax, hint);
    case SyntaxKind::member: return check_member(syntax);
    case SyntaxKind::filter: return check_filter(syntax);
    case SyntaxKind::list: return check_list(syntax, hint);
    case SyntaxKind::not_true:
    case SyntaxKind::both:
    case SyntaxKind::either: return check_logic(syntax);
    case SyntaxKind::equal:
    case SyntaxKind::unequal:
    case SyntaxKind::less:
    case SyntaxKind::less_equal:
    case SyntaxKind::greater:
    case SyntaxKind::greater_equal: return check_comparison(syntax);
    case SyntaxKind::in: return check_in(syntax);
    case SyntaxKind::otherwise: return check_otherwise(syntax, hint);
    case SyntaxKind::negate:
    case SyntaxKind::add:
    case SyntaxKind::subtract:
    case SyntaxKind::multiply:
    case SyntaxKind::divide: return check_arithmetic(syntax, hint);
  }
  return fail("expression.syntax", syntax);
}

Result<Typed> Checker::check_literal(const Syntax& syntax, Hint hint) {
  if (hint != nullptr && !hint->is_set) {
    if (syntax.kind == SyntaxKind::text && has_keys(*hint)) {
      if (is_key_of(*hint, syntax.text)) return key_constant(*hint, syntax.text);
      return fail("expression.key", syntax, {{"of", to_text(*hint)}});
    }
    if (auto value = literal_as(syntax, *hint))
      if (hint->base != Base::text && hint->base != Base::number)
        return typed(build_.constant(std::move(*value)), *hint);
  }
  Typed made;
  if (syntax.kind == SyntaxKind::number) {
    made = typed(build_.constant(syntax.number), kNumber);
    made.is_literal = true;
  } else if (syntax.kind == SyntaxKind::text) {
    made = typed(build_.constant(Value(syntax.text)), plain(Base::text));
    made.is_literal = true;
  } else if (syntax.kind == SyntaxKind::limit) {
    const Limit limit{syntax.number.micros / kMicros, *parse_limit_unit(syntax.text)};
    if (!check_limit(limit)) return fail("expression.limit", syntax);
    made = typed(build_.constant(limit), plain(Base::limit));
  } else if (syntax.kind == SyntaxKind::none) {
    made = typed(build_.constant(Missing{}), kAnyType);
  } else {
    made = typed(build_.constant(Value(syntax.kind == SyntaxKind::yes)), kYesNo);
  }
  return made;
}

/// A yes_no that may be missing counts as false when it stands alone; that is worth a warning.
Result<Typed> Checker::check_condition(const Syntax& syntax) {
  GEWU_TRY(made, check(syntax, nullptr));
  if (made.type != kYesNo) return wrong_type(syntax, made.type, "yes_no");
  const ExpressionNode& node = build_.node(made.node);
  if (node.op == Op::own_field && !context_.self->fields[node.a].has_default &&
      !context_.self->fields[node.a].computed)
    warn("expression.may_be_missing", syntax);
  return made;
}

Result<Typed> Checker::check_logic(const Syntax& syntax) {
  GEWU_TRY(left, check_condition(syntax.children[0]));
  if (syntax.kind == SyntaxKind::not_true)
    return typed(build_.add(Op::not_true, left.node), kYesNo);
  GEWU_TRY(right, check_condition(syntax.children[1]));
  const Op op = syntax.kind == SyntaxKind::both ? Op::both : Op::either;
  return typed(build_.add(op, left.node, right.node), kYesNo);
}

Result<Typed> Checker::check_comparison(const Syntax& syntax) {
  const Syntax& left_syntax = syntax.children[0];
  const Syntax& right_syntax = syntax.children[1];
  for (const Syntax& side : syntax.children)
    if (side.kind == SyntaxKind::none) return fail("expression.none_compared", syntax);
  // The side that says what the other's bare word is a key of goes first.
  const bool right_first = is_word(left_syntax) &&
                           !(left_syntax.kind == SyntaxKind::name && is_in_scope(left_syntax.text));
  const Syntax& first_syntax = right_first ? right_syntax : left_syntax;
  const Syntax& second_syntax = right_first ? left_syntax : right_syntax;
  GEWU_TRY(first, check(first_syntax, nullptr));
  GEWU_TRY(second, check(second_syntax, &first.type));
  if (first.type.is_set || second.type.is_set) return fail("expression.is_set", syntax);
  if (!meet(first, first_syntax, second, second_syntax))
    return wrong_type(second_syntax, second.type, to_text(first.type));
  Typed& left = right_first ? second : first;
  Typed& right = right_first ? first : second;
  const bool equality = syntax.kind == SyntaxKind::equal || syntax.kind == SyntaxKind::unequal;
  const Base base = first.type.base;
  if (equality ? !is_comparable(base) : !is_ordered(base))
    return wrong_type(syntax, first.type, equality ? "comparable" : "ordered");
  if (equality)
    if (auto test = state_or_type_test(syntax, left, right, syntax.kind == SyntaxKind::unequal))
      return *test;
  return typed(build_.add(comparison_op(syntax.kind), left.node, right.node), kYesNo);
}

/// `state == x` and `type == x` without making a key of the left side; `type` counts extensions.
std::optional<Typed> Checker::state_or_type_test(const Syntax& syntax, const Typed& left,
                                                 const Typed& right, bool negated) {
  const ExpressionNode node = build_.node(left.node);
  if (node.op != Op::matter_builtin) return std::nullopt;
  const bool is_type = node.b == static_cast<std::int32_t>(Builtin::type);
  if (!is_type && (negated || node.b != static_cast<std::int32_t>(Builtin::state)))
    return std::nullopt;
  std::vector<Name> keys;
  const auto take = [&](std::int32_t at) {
    const Value* value = build_.constant_at(at);
    const Key* key = value == nullptr ? nullptr : value->get<Key>();
    if (key != nullptr) keys.push_back(key->key);
    return key != nullptr;
  };
  const ExpressionNode other = build_.node(right.node);
  if (other.op == Op::elements) {
    for (int i = 0; i < other.argument_count; ++i)
      if (!take(build_.argument(other, i))) return std::nullopt;
  } else if (!take(right.node)) {
    return std::nullopt;
  }
  if (syntax.kind == SyntaxKind::in && other.op != Op::elements) return std::nullopt;
  if (!is_type) {
    std::vector<std::int32_t> names;
    for (const Name& key : keys) names.push_back(build_.name(key));
    return typed(build_.call(Op::state_is, names, node.a), kYesNo);
  }
  std::int32_t made = -1;
  for (const Name& key : keys) {
    const std::int32_t one = build_.add(Op::is_type, node.a, -1, build_.name(key));
    made = made < 0 ? one : build_.add(Op::either, made, one);
  }
  if (made < 0) return std::nullopt;
  if (negated)  // a missing matter is of no type: both == and != are false
    made = build_.add(Op::both, build_.add(Op::has, left.node), build_.add(Op::not_true, made));
  return typed(made, kYesNo);
}

Result<Typed> Checker::check_in(const Syntax& syntax) {
  const Syntax& left_syntax = syntax.children[0];
  const Syntax& right_syntax = syntax.children[1];
  const bool right_first = is_word(left_syntax) &&
                           !(left_syntax.kind == SyntaxKind::name && is_in_scope(left_syntax.text));
  if (right_first) {
    GEWU_TRY(set, check(right_syntax, nullptr));
    if (!set.type.is_set) return fail("expression.not_set", right_syntax);
    GEWU_CHECK(use(set, right_syntax));
    const StaticType element = element_of(set.type);
    GEWU_TRY(left, check(left_syntax, &element));
    if (!common_type(left.type, element) || left.type.is_set)
      return wrong_type(left_syntax, left.type, to_text(element));
    return typed(build_.add(Op::in, left.node, set.node), kYesNo);
  }
  GEWU_TRY(left, check(left_syntax, nullptr));
  if (left.type.is_set) return fail("expression.is_set", left_syntax);
  const StaticType wanted = set_of_type(left.type);
  GEWU_TRY(set, check(right_syntax, &wanted));
  if (!set.type.is_set) return fail("expression.not_set", right_syntax);
  GEWU_CHECK(use(set, right_syntax));
  if (!common_type(left.type, element_of(set.type)) ||
      !is_comparable(left.type.base))
    return wrong_type(right_syntax, set.type, to_text(wanted));
  if (auto test = state_or_type_test(syntax, left, set, false)) return *test;
  return typed(build_.add(Op::in, left.node, set.node), kYesNo);
}

Result<Typed> Checker::check_otherwise(const Syntax& syntax, Hint hint) {
  GEWU_TRY(left, check(syntax.children[0], hint));
  const StaticType wanted = hint != nullptr && *hint != kAnyType ? *hint : left.type;
  GEWU_TRY(right, check(syntax.children[1], &wanted));
  GEWU_CHECK(use(left, syntax.children[0]));
  GEWU_CHECK(use(right, syntax.children[1]));
  if (!meet(left, syntax.children[0], right, syntax.children[1]))
    return wrong_type(syntax.children[1], right.type, to_text(left.type));
  Typed made = typed(build_.add(Op::otherwise, left.node, right.node),
                     *common_type(left.type, right.type));
  made.at = left.at;
  made.at.insert(made.at.end(), right.at.begin(), right.at.end());
  made.from_directory = left.from_directory || right.from_directory;
  return made;
}

Result<Typed> Checker::check_arithmetic(const Syntax& syntax, Hint hint) {
  if (syntax.kind == SyntaxKind::negate) {
    GEWU_TRY(inner, check(syntax.children[0], hint));
    if (inner.type != kNumber && inner.type != kMoney)
      return wrong_type(syntax, inner.type, "number");
    Typed made = inner;
    if (const Value* value = build_.constant_at(inner.node)) {
      const Money* money = value->get<Money>();
      made.node = money ? build_.constant(Money{-money->fen})
                        : build_.constant(Number{-value->get<Number>()->micros});
    } else {
      made.node = build_.add(Op::negate, inner.node);
    }
    return made;
  }
  const bool is_sum = syntax.kind == SyntaxKind::add || syntax.kind == SyntaxKind::subtract;
  // A set takes its hint from what is expected, a number does not need one.
  const bool set_hint = is_sum && hint != nullptr && hint->is_set;
  GEWU_TRY(left, check(syntax.children[0], set_hint ? hint : nullptr));
  const bool left_set = left.type.is_set;
  GEWU_TRY(right, check(syntax.children[1], left_set ? &left.type : nullptr));
  if (is_sum && left_set) {
    GEWU_CHECK(use(left, syntax.children[0]));
    GEWU_CHECK(use(right, syntax.children[1]));
    const auto type = common_type(left.type, right.type);
    if (!right.type.is_set) return fail("expression.not_set", syntax.children[1]);
    if (!type) return wrong_type(syntax.children[1], right.type, to_text(left.type));
    const Op op = syntax.kind == SyntaxKind::add ? Op::join : Op::without;
    Typed made = typed(build_.add(op, left.node, right.node), *type);
    made.at = left.at;
    if (op == Op::join) made.at.insert(made.at.end(), right.at.begin(), right.at.end());
    made.from_directory = left.from_directory || right.from_directory;
    return made;
  }
  for (std::size_t i = 0; i < 2; ++i)
    if ((i == 0 ? left : right).type.is_set) return fail("expression.is_set", syntax.children[i]);
  const bool moment = left.type.base == Base::date || left.type.base == Base::instant;
  if (is_sum && moment) {
    if (right.type.base != Base::limit)
      return wrong_type(syntax.children[1], right.type, "limit");
    const Op op = syntax.kind == SyntaxKind::add ? Op::add : Op::subtract;
    return typed(build_.add(op, left.node, right.node), left.type);
  }
  if (is_sum) meet(left, syntax.children[0], right, syntax.children[1]);
  const auto is_amount = [](const StaticType& type) { return type == kNumber || type == kMoney; };
  if (!is_amount(left.type)) return wrong_type(syntax.children[0], left.type, "number");
  if (!is_amount(right.type)) return wrong_type(syntax.children[1], right.type, "number");
  const bool left_money = left.type == kMoney, right_money = right.type == kMoney;
  StaticType type = left_money || right_money ? kMoney : kNumber;
  Op op = Op::add;
  if (is_sum) {
    if (left_money != right_money)
      return wrong_type(syntax.children[1], right.type, to_text(left.type));
    op = syntax.kind == SyntaxKind::add ? Op::add : Op::subtract;
  } else if (syntax.kind == SyntaxKind::multiply) {
    if (left_money && right_money) return wrong_type(syntax.children[1], right.type, "number");
    op = Op::multiply;
  } else {
    if (right_money && !left_money) return wrong_type(syntax.children[1], right.type, "number");
    if (left_money && right_money) type = kNumber;
    op = Op::divide;
  }
  return typed(build_.add(op, left.node, right.node), type);
}

Result<Typed> Checker::check_list(const Syntax& syntax, Hint hint) {
  StaticType element = hint != nullptr && hint->is_set ? element_of(*hint) : kAnyType;
  std::vector<std::int32_t> nodes;
  std::vector<Typed> parts;
  StaticType type = kAnyType;
  for (const Syntax& child : syntax.children) {
    const Hint own = element != kAnyType ? &element : type != kAnyType ? &type : nullptr;
    GEWU_TRY(part, check(child, own));
    if (part.type.is_set) return fail("expression.is_set", child);
    if (part.is_literal && element != kAnyType)
      if (auto value = literal_as(child, element))
        part = typed(build_.constant(std::move(*value)), element);
    const auto common = common_type(type, part.type);
    if (!common) return wrong_type(child, part.type, to_text(type));
    type = *common;
    nodes.push_back(part.node);
    parts.push_back(std::move(part));
  }
  Typed made = typed(build_.call(Op::elements, nodes), set_of_type(type));
  for (Typed& part : parts) {
    made.at.insert(made.at.end(), part.at.begin(), part.at.end());
    made.from_directory = made.from_directory || part.from_directory;
  }
  return made;
}

Result<Typed> Checker::check_filter(const Syntax& syntax) {
  const Syntax& from = syntax.children[0];
  std::optional<Typed> found;
  // `territory`, `organisation` and `post` with a filter are the directory's own, though
  // `territory` alone is the matter's.
  if (from.kind == SyntaxKind::name && elements_.empty() &&
      (context_.self == nullptr || (!context_.self->find_field(from.text) &&
                                    !context_.self->find_set(from.text))))
    found = register_name(from.text);
  if (!found) {
    GEWU_TRY(checked, check(from, nullptr));
    found = checked;
  }
  Typed source = std::move(*found);
  if (!source.type.is_set) return fail("expression.not_set", from);
  if (elements_.size() == 2) return fail("expression.nested", syntax, {{"max", "2"}});
  Typed element = source;
  element.node = build_.add(Op::element);
  element.type = element_of(source.type);
  elements_.push_back(std::move(element));
  auto condition = check_condition(syntax.children[1]);
  elements_.pop_back();
  if (!condition) return condition;
  GEWU_CHECK(narrow_register(source, condition->node, syntax));
  Typed made = source;
  made.node = build_.add(Op::filter, source.node, condition->node);
  return made;
}

/// Finds the conjunct by which the rows are looked up; check 4 of language.md 2.10.
Status Checker::narrow_register(Typed& source, std::int32_t condition, const Syntax& syntax) {
  if (!source.is_register) return {};
  std::vector<std::int32_t> conjuncts = {condition};
  for (std::size_t i = 0; i < conjuncts.size(); ++i) {
    const ExpressionNode node = build_.node(conjuncts[i]);
    if (node.op == Op::both) conjuncts.insert(conjuncts.end(), {node.a, node.b});
  }
  for (const Op wanted :
       {Op::equal, Op::covers})  // one value finds fewer rows than a line of nodes
    for (const std::int32_t conjunct : conjuncts)
      if (build_.node(conjunct).op == wanted && narrow_by(source, conjunct)) {
        source.is_register = false;
        return {};
      }
  if (context_.may.whole_register) return {};
  return fail("expression.cost", syntax, {{"why", "unindexed"}});
}

bool Checker::narrow_by(Typed& source, std::int32_t conjunct) {
  const ExpressionNode node = build_.node(conjunct);
  const bool covers = node.op == Op::covers;
  if (node.op != Op::equal && !covers) return false;
  const std::array sides = {covers ? build_.argument(node, 0) : node.a,
                            covers ? build_.argument(node, 1) : node.b};
  for (std::size_t i = 0; i < (covers ? 1U : 2U); ++i) {
    const ExpressionNode path = build_.node(sides[i]);
    const std::int32_t other = sides[1 - i];
    if (path.a < 0 || build_.node(path.a).op != Op::element || build_.reads_element(other))
      continue;
    if (source.type.base == Base::post && !covers && path.op == Op::part &&
        path.b == static_cast<std::int32_t>(Part::post_role)) {
      source.node = build_.add(Op::posts, other);
      return true;
    }
    if (source.type.base == Base::unit && !covers && path.op == Op::part &&
        path.b == static_cast<std::int32_t>(Part::unit_parent)) {
      source.node = build_.add(Op::territories, other);
      return true;
    }
    if (source.type.base != Base::link) continue;
    std::int32_t name = -1;
    if (path.op == Op::matter_field) {
      const TypeShape* shape = context_.world.find_type(source.type.of);
      const FieldShape* field =
          shape == nullptr ? nullptr : shape->find_field(build_.name_at(path.c));
      if (field == nullptr || !field->index) continue;
      name = path.c;
    } else if (path.op == Op::matter_builtin) {
      if (path.b == static_cast<std::int32_t>(Builtin::territory)) name = build_.name("territory");
      if (path.b == static_cast<std::int32_t>(Builtin::owner)) name = build_.name("owner");
      if (path.b == static_cast<std::int32_t>(Builtin::handler)) name = build_.name("handler");
    }
    if (name < 0) continue;
    const std::int32_t type = build_.node(source.node).c;
    source.node = build_.add(covers ? Op::rows_covering : Op::rows_equal, other, name, type);
    return true;
  }
  return false;
}

}  // namespace gewu::kernel
