#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "kernel/matter/definition.h"
#include "kernel/matter/expression_checker.h"

namespace gewu::kernel {
namespace {

using Base = StaticType::Base;

const StaticType kMoney = plain(Base::money);
const StaticType kTerritory = plain(Base::unit, "territory");

constexpr std::array<std::string_view, 5> kPeriods = {"week", "month", "quarter", "half", "year"};

bool is_ordered(Base base) {
  return base == Base::number || base == Base::money || base == Base::date ||
         base == Base::instant || base == Base::time;
}

}  // namespace

struct Checker::Function {
  std::string_view name;
  Op op;
  std::size_t arguments_min, arguments_max;
  Result<Typed> (Checker::*check)(const Syntax&, Op, Hint);
};

const Checker::Function* Checker::find_function(std::string_view name) {
  static constexpr Function kFunctions[] = {
      {"count", Op::count, 1, 1, &Checker::call_set},
      {"any", Op::any, 1, 1, &Checker::call_set},
      {"none", Op::none, 1, 1, &Checker::call_set},
      {"first", Op::first, 1, 1, &Checker::call_set},
      {"only", Op::only, 1, 1, &Checker::call_set},
      {"all", Op::all, 2, 2, &Checker::call_all},
      {"sum", Op::sum, 2, 2, &Checker::call_aggregate},
      {"mean", Op::mean, 2, 2, &Checker::call_aggregate},
      {"min", Op::min, 2, 2, &Checker::call_aggregate},
      {"max", Op::max, 2, 2, &Checker::call_aggregate},
      {"highest", Op::highest, 2, 2, &Checker::call_aggregate},
      {"lowest", Op::lowest, 2, 2, &Checker::call_aggregate},
      {"streak", Op::streak, 2, 2, &Checker::call_aggregate},
      {"has", Op::has, 1, 1, &Checker::call_has},
      {"if", Op::choose, 3, 3, &Checker::call_if},
      {"min2", Op::min2, 2, 2, &Checker::call_two},
      {"max2", Op::max2, 2, 2, &Checker::call_two},
      {"round", Op::round, 2, 2, &Checker::call_round},
      {"times", Op::times, 1, 1, &Checker::call_times},
      {"days", Op::days, 2, 2, &Checker::call_moments},
      {"minutes", Op::minutes, 2, 2, &Checker::call_moments},
      {"years", Op::years, 2, 2, &Checker::call_moments},
      {"day", Op::day, 1, 1, &Checker::call_moments},
      {"year_of", Op::year_of, 1, 1, &Checker::call_moments},
      {"is_workday", Op::is_workday, 1, 1, &Checker::call_moments},
      {"period", Op::period, 2, 2, &Checker::call_moments},
      {"start_of", Op::start_of, 2, 2, &Checker::call_calendar},
      {"end_of", Op::end_of, 2, 2, &Checker::call_calendar},
      {"at_time", Op::at_time, 2, 2, &Checker::call_calendar},
      {"inside", Op::inside, 2, 2, &Checker::call_calendar},
      {"grid_of", Op::grid_of, 1, 1, &Checker::call_place},
      {"grids_of", Op::grids_of, 1, 1, &Checker::call_place},
      {"distance", Op::distance, 2, 2, &Checker::call_place},
      {"up", Op::up, 2, 2, &Checker::call_unit},
      {"covers", Op::covers, 2, 2, &Checker::call_unit},
      {"common", Op::common, 1, 1, &Checker::call_unit},
      {"office", Op::office, 1, 1, &Checker::call_unit},
      {"weighted", Op::weighted, 1, 1, &Checker::call_scores},
      {"complete", Op::complete, 1, 1, &Checker::call_scores},
      {"reasoned", Op::reasoned, 1, 1, &Checker::call_scores},
      {"used", Op::used, 1, 1, &Checker::call_clock},
      {"overdue", Op::overdue, 1, 1, &Checker::call_clock},
      {"due", Op::due, 1, 1, &Checker::call_clock},
      {"balance", Op::balance, 2, 3, &Checker::call_balance},
      {"figure", Op::figure, 3, 3, &Checker::call_figure},
      {"cited", Op::cited, 1, 1, &Checker::call_cited},
  };
  const auto* found = std::ranges::find(kFunctions, name, &Function::name);
  return found == std::end(kFunctions) ? nullptr : found;
}

Result<Typed> Checker::check_call(const Syntax& syntax, Hint hint) {
  if (syntax.text == "last") return fail("expression.name", syntax, {{"why", "needs_member"}});
  const Function* function = find_function(syntax.text);
  if (function == nullptr) return fail("expression.function", syntax);
  const std::size_t given = syntax.children.size();
  if (given < function->arguments_min || given > function->arguments_max)
    return fail("expression.arguments", syntax,
                {{"min", std::to_string(function->arguments_min)},
                 {"max", std::to_string(function->arguments_max)}});
  return (this->*function->check)(syntax, function->op, hint);
}

Result<Typed> Checker::argument(const Syntax& call, std::size_t i, const StaticType& wanted) {
  const Syntax& syntax = call.children[i];
  GEWU_TRY(made, check(syntax, &wanted));
  GEWU_CHECK(use(made, syntax));
  if (made.is_literal)
    if (auto value = literal_as(syntax, wanted))
      made = typed(build_.constant(std::move(*value)), wanted);
  if (!is_assignable(context_.world, made.type, wanted))
    return wrong_type(syntax, made.type, to_text(wanted));
  return made;
}

Result<Typed> Checker::set_argument(const Syntax& call, std::size_t i) {
  const Syntax& syntax = call.children[i];
  GEWU_TRY(made, check(syntax, nullptr));
  if (!made.type.is_set) return fail("expression.not_set", syntax);
  GEWU_CHECK(use(made, syntax));
  return made;
}

/// A date, or an instant that stands for its local day.
Result<Typed> Checker::moment_argument(const Syntax& call, std::size_t i) {
  const StaticType date = plain(Base::date);
  GEWU_TRY(made, check(call.children[i], &date));
  if (made.type.is_set || (made.type.base != Base::date && made.type.base != Base::instant))
    return wrong_type(call.children[i], made.type, "date");
  return made;
}

/// The second argument of all, sum and their like: over the names of the element.
Result<Typed> Checker::over_element(const Typed& set, const Syntax& body, bool is_condition) {
  if (elements_.size() == 2) return fail("expression.nested", body, {{"max", "2"}});
  Typed element = set;
  element.node = build_.add(Op::element);
  element.type = element_of(set.type);
  element.is_register = false;
  elements_.push_back(std::move(element));
  auto made = is_condition ? check_condition(body) : check(body, nullptr);
  elements_.pop_back();
  return made;
}

Result<Typed> Checker::call_set(const Syntax& syntax, Op op, Hint) {
  GEWU_TRY(set, set_argument(syntax, 0));
  const std::int32_t node = build_.call(op, {set.node});
  if (op == Op::count) return typed(node, kNumber);
  if (op == Op::any || op == Op::none) return typed(node, kYesNo);
  Typed made = set;
  made.node = node;
  made.type = element_of(set.type);
  return made;
}

Result<Typed> Checker::call_all(const Syntax& syntax, Op op, Hint) {
  GEWU_TRY(set, set_argument(syntax, 0));
  GEWU_TRY(condition, over_element(set, syntax.children[1], true));
  return typed(build_.call(op, {set.node, condition.node}), kYesNo);
}

Result<Typed> Checker::call_aggregate(const Syntax& syntax, Op op, Hint) {
  GEWU_TRY(set, set_argument(syntax, 0));
  const Syntax& body_syntax = syntax.children[1];
  GEWU_TRY(body, over_element(set, body_syntax, false));
  if (body.type.is_set) return fail("expression.is_set", body_syntax);
  const bool is_amount = body.type == kNumber || body.type == kMoney;
  const bool adds = op == Op::sum || op == Op::mean;
  if (adds && !is_amount) return wrong_type(body_syntax, body.type, "number");
  if (op == Op::streak && body.type != kNumber) return wrong_type(body_syntax, body.type, "number");
  if (!is_ordered(body.type.base)) return wrong_type(body_syntax, body.type, "ordered");
  if (op == Op::sum) {  // of nothing is 0 of its type, which run time could not tell
    const Value zero = body.type == kMoney ? Value(Money{0}) : Value(Number{0});
    return typed(build_.call(op, {set.node, body.node, build_.constant(zero)}), body.type);
  }
  const std::int32_t node = build_.call(op, {set.node, body.node});
  if (op == Op::highest || op == Op::lowest) {
    Typed made = set;
    made.node = node;
    made.type = element_of(set.type);
    return made;
  }
  return typed(node, op == Op::streak ? kNumber : body.type);
}

Result<Typed> Checker::call_has(const Syntax& syntax, Op, Hint) {
  GEWU_TRY(inner, check(syntax.children[0], nullptr));
  GEWU_CHECK(use(inner, syntax.children[0]));
  if (inner.type.is_set) return typed(build_.call(Op::any, {inner.node}), kYesNo);
  return typed(build_.add(Op::has, inner.node), kYesNo);
}

Result<Typed> Checker::call_if(const Syntax& syntax, Op op, Hint hint) {
  GEWU_TRY(condition, check_condition(syntax.children[0]));
  const Hint own = hint != nullptr && *hint != kAnyType ? hint : nullptr;
  GEWU_TRY(left, check(syntax.children[1], own));
  const Hint other = own != nullptr ? own : left.type != kAnyType ? &left.type : nullptr;
  GEWU_TRY(right, check(syntax.children[2], other));
  GEWU_CHECK(use(left, syntax.children[1]));
  GEWU_CHECK(use(right, syntax.children[2]));
  if (!meet(left, syntax.children[1], right, syntax.children[2]))
    return wrong_type(syntax.children[2], right.type, to_text(left.type));
  Typed made = typed(build_.call(op, {condition.node, left.node, right.node}),
                     *common_type(left.type, right.type));
  made.at = left.at;
  made.at.insert(made.at.end(), right.at.begin(), right.at.end());
  made.from_directory = left.from_directory || right.from_directory;
  return made;
}

Result<Typed> Checker::call_two(const Syntax& syntax, Op op, Hint) {
  GEWU_TRY(left, check(syntax.children[0], nullptr));
  GEWU_TRY(right, check(syntax.children[1], &left.type));
  meet(left, syntax.children[0], right, syntax.children[1]);
  if (left.type.is_set || !is_ordered(left.type.base))
    return wrong_type(syntax.children[0], left.type, "ordered");
  if (right.type != left.type)
    return wrong_type(syntax.children[1], right.type, to_text(left.type));
  return typed(build_.call(op, {left.node, right.node}), left.type);
}

Result<Typed> Checker::call_round(const Syntax& syntax, Op op, Hint) {
  GEWU_TRY(value, check(syntax.children[0], nullptr));
  if (value.type != kNumber && value.type != kMoney)
    return wrong_type(syntax.children[0], value.type, "number");
  GEWU_TRY(step, argument(syntax, 1, value.type));
  return typed(build_.call(op, {value.node, step.node}), value.type);
}

Result<Typed> Checker::call_times(const Syntax& syntax, Op op, Hint) {
  const Syntax& action = syntax.children[0];
  if (!context_.may.history) return fail("expression.not_here", syntax);
  static constexpr std::array<std::string_view, 8> kBuiltins = {
      "note",   "claim", "release",     "reroute",
      "unseal", "erase", "ask_contact", "change_contact"};
  const bool known = (context_.self != nullptr && context_.self->find_action(action.text)) ||
                     std::ranges::find(kBuiltins, action.text) != kBuiltins.end();
  if (action.kind != SyntaxKind::name || !known)
    return fail("expression.name", action, {{"of", "action"}});
  build_.uses().history = true;
  build_.action(action.text);
  return typed(build_.add(op, -1, -1, build_.name(action.text)), kNumber);
}

Result<Typed> Checker::call_moments(const Syntax& syntax, Op op, Hint) {
  std::vector<std::int32_t> nodes;
  for (std::size_t i = 0; i < syntax.children.size(); ++i) {
    GEWU_TRY(moment, moment_argument(syntax, i));
    const bool needs_instant = op == Op::minutes || op == Op::day;
    if (needs_instant && moment.type.base != Base::instant)
      return wrong_type(syntax.children[i], moment.type, "instant");
    nodes.push_back(moment.node);
  }
  const std::int32_t node = build_.call(op, nodes);
  if (op == Op::day) return typed(node, plain(Base::date));
  if (op == Op::is_workday) return typed(node, kYesNo);
  if (op == Op::period) return typed(node, plain(Base::period));
  return typed(node, kNumber);
}

Result<Typed> Checker::call_calendar(const Syntax& syntax, Op op, Hint) {
  if (op == Op::inside) {
    GEWU_TRY(period, argument(syntax, 0, plain(Base::period)));
    GEWU_TRY(hours, argument(syntax, 1, plain(Base::hours)));
    return typed(build_.call(op, {period.node, hours.node}), kYesNo);
  }
  if (op == Op::at_time) {
    GEWU_TRY(time, argument(syntax, 0, plain(Base::time)));
    GEWU_TRY(moment, moment_argument(syntax, 1));
    return typed(build_.call(op, {time.node, moment.node}), plain(Base::instant));
  }
  const Syntax& unit = syntax.children[0];
  if (unit.kind != SyntaxKind::text || std::ranges::find(kPeriods, unit.text) == kPeriods.end())
    return fail("expression.key", unit, {{"of", "week month quarter half year"}});
  GEWU_TRY(moment, moment_argument(syntax, 1));
  const std::int32_t which = build_.constant(Value(unit.text));
  return typed(build_.call(op, {which, moment.node}), plain(Base::date));
}

Result<Typed> Checker::call_place(const Syntax& syntax, Op op, Hint) {
  std::vector<std::int32_t> nodes;
  for (std::size_t i = 0; i < syntax.children.size(); ++i) {
    GEWU_TRY(where, check(syntax.children[i], nullptr));
    const bool is_place = where.type == plain(Base::place);
    const bool is_line = where.type == plain(Base::line);
    const bool fits = op == Op::grid_of    ? is_place
                      : op == Op::grids_of ? is_line
                                           : is_place || is_line;
    if (!fits)
      return wrong_type(syntax.children[i], where.type, op == Op::grids_of ? "line" : "place");
    nodes.push_back(where.node);
  }
  build_.uses().directory = true;
  const std::int32_t node = build_.call(op, nodes);
  if (op == Op::grid_of) return typed(node, kTerritory);
  if (op == Op::grids_of) return typed(node, set_of_type(kTerritory));
  return typed(node, kNumber);
}

Result<Typed> Checker::call_unit(const Syntax& syntax, Op op, Hint) {
  build_.uses().directory = true;
  if (op == Op::common) {
    GEWU_TRY(units, set_argument(syntax, 0));
    if (units.type.base != Base::unit)
      return wrong_type(syntax.children[0], units.type, "territory");
    return typed(build_.call(op, {units.node}), kTerritory);
  }
  const StaticType any_unit = plain(Base::unit);
  GEWU_TRY(first, argument(syntax, 0, op == Op::office ? kTerritory : any_unit));
  if (op == Op::office)
    return typed(build_.call(op, {first.node}), plain(Base::unit, "organisation"));
  GEWU_TRY(second, argument(syntax, 1, op == Op::up ? plain(Base::key, "level") : any_unit));
  return typed(build_.call(op, {first.node, second.node}), op == Op::up ? kTerritory : kYesNo);
}

Result<Typed> Checker::call_scores(const Syntax& syntax, Op op, Hint) {
  GEWU_TRY(scores, check(syntax.children[0], nullptr));
  if (scores.type.base != Base::scores || scores.type.is_set)
    return wrong_type(syntax.children[0], scores.type, "scores");
  const ListShape* list = context_.world.find_list(scores.type.of);
  if (list == nullptr || (op == Op::weighted && list->find_prop("weight") == nullptr))
    return fail("expression.name", syntax, {{"of", scores.type.of + ".weight"}});
  build_.list(list->name);
  const std::int32_t name = build_.name(list->name);
  return typed(build_.call(op, {scores.node}, -1, name), op == Op::weighted ? kNumber : kYesNo);
}

Result<Typed> Checker::call_clock(const Syntax& syntax, Op op, Hint) {
  const Syntax& clock = syntax.children[0];
  if (!context_.may.clocks) return fail("expression.not_here", syntax);
  const bool known = clock.text == "idle" || clock.text == "validity" ||
                     (context_.self != nullptr && context_.self->has_clock(clock.text));
  if (clock.kind != SyntaxKind::name || !known)
    return fail("expression.name", clock, {{"of", "clock"}});
  build_.clock(clock.text);
  build_.uses().clocks = true;
  if (op != Op::due) build_.uses().now = true;
  const std::int32_t node = build_.add(op, -1, -1, build_.name(clock.text));
  if (op == Op::used) return typed(node, kNumber);
  return typed(node, op == Op::overdue ? kYesNo : plain(Base::instant));
}

/// Of an account: a unit or matter, or several in brackets where the book is kept by both.
Result<Typed> Checker::call_balance(const Syntax& syntax, Op op, Hint) {
  const Syntax& book = syntax.children[0];
  if (book.kind != SyntaxKind::name || !context_.world.has_book(book.text))
    return fail("expression.name", book, {{"of", "book"}});
  const Syntax& account = syntax.children[1];
  const bool is_list = account.kind == SyntaxKind::list;
  std::vector<std::int32_t> parts;
  for (const Syntax& part : is_list ? std::span<const Syntax>(account.children)
                                    : std::span<const Syntax>(&account, 1)) {
    GEWU_TRY(made, check(part, nullptr));
    const bool names_one = !made.type.is_set && (made.type.base == Base::unit ||
                                                 made.type.base == Base::link ||
                                                 made.type.base == Base::post ||
                                                 made.type.base == Base::choice);
    if (!names_one) return wrong_type(part, made.type, "account");
    parts.push_back(made.node);
  }
  std::int32_t at = -1;
  if (syntax.children.size() == 3) {
    GEWU_TRY(moment, check(syntax.children[2], nullptr));
    if (moment.type.is_set ||
        (moment.type.base != Base::date && moment.type.base != Base::instant))
      return wrong_type(syntax.children[2], moment.type, "date or instant");
    at = moment.node;
  }
  build_.uses().directory = true;  // it changes without an event of the matter
  const std::int32_t node = build_.call(op, parts, -1, at);
  build_.set_name(node, book.text);
  const Book* known = context_.world.find_book(book.text);
  return typed(node, known != nullptr && known->is_money() ? kMoney : kNumber);
}

/// A period, or a date or instant that stands for its day.
Result<Typed> Checker::days_argument(const Syntax& call, std::size_t i) {
  const Syntax& syntax = call.children[i];
  const StaticType date = plain(Base::date), period = plain(Base::period);
  GEWU_TRY(made, check(syntax, nullptr));
  if (made.is_literal) {
    for (const StaticType& type : {date, period})
      if (auto value = literal_as(syntax, type))
        return typed(build_.constant(std::move(*value)), type);
  }
  const bool fits = !made.type.is_set && (made.type == date || made.type == period ||
                                          made.type == plain(Base::instant));
  if (!fits) return wrong_type(syntax, made.type, "period or date");
  return made;
}

/// What cells add up to, read inside the turn and frozen by the event: nowhere else, since no event
/// tells when a figure becomes another. Whether it is made of counts alone, and of money, is known
/// only when every indicator is (definition_check_figures.cpp).
Result<Typed> Checker::call_figure(const Syntax& syntax, Op op, Hint hint) {
  if (!context_.may.figure) return fail("expression.not_here", syntax);
  std::string name = format_expression(syntax.children[0]);
  if (name.find('.') == std::string::npos && context_.self != nullptr)
    name = context_.self->name + "." + name;
  if (!context_.world.has_indicator(name))
    return fail("expression.name", syntax.children[0], {{"of", "indicator"}});
  GEWU_TRY(unit, argument(syntax, 1, plain(Base::unit)));
  const bool has_figures = unit.type.base == Base::unit &&
                           (unit.type.of.empty() || unit.type.of == "territory" ||
                            unit.type.of == "organisation");
  if (!has_figures) return wrong_type(syntax.children[1], unit.type, "territory or organisation");
  GEWU_TRY(days, days_argument(syntax, 2));
  build_.uses().directory = true;  // it changes without an event of the matter
  const bool is_money = hint != nullptr && *hint == kMoney;
  const std::int32_t node = build_.call(op, {unit.node, days.node}, -1, is_money ? 1 : 0);
  build_.set_name(node, name);
  return typed(node, is_money ? kMoney : kNumber);
}

/// Whoever cites a row leaves no event on it: nothing is woken, and nothing that is stored would be
/// renewed. So only a decision asks, which reads it afresh.
Result<Typed> Checker::call_cited(const Syntax& syntax, Op op, Hint) {
  const Syntax& row = syntax.children[0];
  if (row.kind != SyntaxKind::name || row.text != "this")
    return fail("expression.name", row, {{"of", "this"}});
  if (context_.self == nullptr || !context_.self->is_reference)
    return wrong_type(row, context_.self == nullptr ? kAnyType
                                                    : plain(Base::link, context_.self->name),
                      "row of a reference type");
  if (!context_.may.cited) return fail("expression.cited", syntax);
  build_.uses().directory = true;
  return typed(build_.add(op), kNumber);
}

}  // namespace gewu::kernel
