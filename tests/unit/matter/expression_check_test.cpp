#include "kernel/matter/expression_check.h"

#include <algorithm>

#include "kernel/matter/expression_parse.h"
#include "unit/matter/expression_fixture.h"

namespace gewu::test {
namespace {

class ExpressionCheck : public ExpressionTest {
 protected:
  std::string type(std::string_view text, const StaticType& expected = kAnyType) {
    const auto made = compile(text, expected);
    return made ? to_text((*made)->type()) : made.error().key;
  }
  std::string detail(std::string_view text, std::string_view name,
                     const StaticType& expected = kAnyType) {
    const auto made = compile(text, expected);
    if (made) return "accepted";
    const auto found = std::ranges::find(made.error().details, name, &ErrorDetail::name);
    return found == made.error().details.end() ? "" : found->value;
  }
};

TEST_F(ExpressionCheck, names_at_the_top) {
  EXPECT_EQ(type("text"), "text");
  EXPECT_EQ(type("tasks"), "set of link of task");
  EXPECT_EQ(type("this"), "link of appeal");
  EXPECT_EQ(type("this.n"), "number");
  EXPECT_EQ(type("today"), "date");
  EXPECT_EQ(type("now"), "instant");
  EXPECT_EQ(type("state"), "state:appeal");
  EXPECT_EQ(type("outcome"), "choice of outcome");
  EXPECT_EQ(type("territory"), "territory");
  EXPECT_EQ(type("owner"), "unit");
  EXPECT_EQ(type("is_final"), "yes_no");
  EXPECT_EQ(type("closed_at"), "instant");
  EXPECT_EQ(type("transferred_to"), "link of appeal");
  EXPECT_EQ(type("setting.reopen_time"), "limit");
  EXPECT_EQ(type("input.answer"), "choice of answer");
  EXPECT_EQ(type("actor.organisation"), "organisation");
  EXPECT_EQ(type("actor.post.unit.territory"), "territory");
  EXPECT_EQ(type("list.category.weight"), "set of number");
  EXPECT_EQ(type("category.answer_limit"), "limit");
  EXPECT_EQ(type("origin.state"), "state");
  EXPECT_EQ(type("into.into.tasks.by_whom"), "set of organisation");
  EXPECT_EQ(type("tasks.supervisions.why"), "set of choice of share");
  EXPECT_EQ(type("slot.from"), "instant");
  EXPECT_EQ(type("last(reply).actor.organisation"), "organisation");
  EXPECT_EQ(type("last(reply).input.answer"), "choice of answer");
}

TEST_F(ExpressionCheck, unknown_names) {
  for (const char* text : {"nothing", "this.nothing", "tasks[nothing == 1]", "tasks.nothing",
                           "setting.nothing", "input.nothing", "actor.nothing", "list.nothing",
                           "category.nothing", "origin.text", "times(nothing)", "last(nothing).at",
                           "last(reply).nothing", "actor", "setting", "last(reply)", "basis", "it",
                           "parent", "tasks[cost == n]", "slot.nothing", "due(nothing)"})
    EXPECT_EQ(refusal(text), "expression.name") << text;
  EXPECT_EQ(refusal("nothing(1)"), "expression.function");
  EXPECT_EQ(refusal("count()"), "expression.arguments");
  EXPECT_EQ(refusal("has(n, m)"), "expression.arguments");
  for (const char* text : {"number", "title", "lamp", "into.number"})
    EXPECT_EQ(refusal(text), "expression.not_here") << text;
}

TEST_F(ExpressionCheck, bare_words_are_keys) {
  for (const char* text :
       {"state == handling", "handling == state", "state in [handling, closed]",
        "tasks[state in [sent, doing]]", "category == lighting", "category in [lighting, water]",
        "category == 'lighting'", "outcome == solved", "owner == beishan_street", "type == appeal",
        "origin.type == special_task", "origin.state == up", "territory == '222401002001007'",
        "actor.post.role == leader", "territory.level == grid", "lighting in [category, category]"})
    EXPECT_EQ(refusal(text), "") << text;
  EXPECT_EQ(refusal("state == doing"), "expression.key");
  EXPECT_EQ(refusal("category == nothing"), "expression.key");
  EXPECT_EQ(refusal("category in [lighting, nothing]"), "expression.key");
  EXPECT_EQ(refusal("owner == nobody"), "expression.key");
  EXPECT_EQ(refusal("closed", of(Base::key, "state:appeal")), "");
  EXPECT_EQ(refusal("if(urgent, closed, handling)", of(Base::key, "state:appeal")), "");
  EXPECT_EQ(refusal("if(urgent, closed, nothing)", of(Base::key, "state:appeal")),
            "expression.key");
  EXPECT_EQ(refusal("none", of(Base::choice, "outcome")), "");
  EXPECT_EQ(refusal("category else other", of(Base::choice, "category")), "");
}

TEST_F(ExpressionCheck, a_word_that_is_key_and_name_needs_quotes) {
  const StaticType share = of(Base::choice, "share");
  EXPECT_EQ(refusal("if(urgent, lead, assist)", share), "expression.ambiguous");
  EXPECT_EQ(refusal("if(urgent, 'lead', assist)", share), "");
  EXPECT_EQ(refusal("any(tasks[share == lead])"), "");  // no such name inside the brackets
  // Organisations come and go: a name in scope wins over a key of one.
  world.organisations.insert("owner");
  EXPECT_EQ(refusal("handler == owner"), "");
}

TEST_F(ExpressionCheck, result_keys_are_known) {
  const StaticType states = of(Base::key, "state:appeal");
  const auto made = compile("if(urgent, closed, if(n > 1, handling, reopened))", states).value();
  EXPECT_EQ(made->result_keys(), (std::vector<Name>{"closed", "handling", "reopened"}));
  EXPECT_FALSE(made->result_is_open());
  EXPECT_TRUE(compile("into.state", states).value()->result_is_open());
}

TEST_F(ExpressionCheck, types) {
  for (const char* text :
       {"n == cost", "n + cost", "text == 1", "n == text", "text < 'b'", "day_due == now",
        "day_due < now", "n and urgent", "not n", "urgent + n", "day_due + n", "day_due + day_due",
        "cost * cost", "n / cost", "place == place", "photos.nothing == 1", "contact == contact",
        "setting.reopen_time < setting.reopen_time", "state == outcome", "if(urgent, n, text)",
        "n else text", "round(text, 1)", "sum(tasks, share)", "min2(n, cost)", "tasks[cost]",
        "all(tasks, cost)", "n in [text]", "up(text, grid)", "office(owner.code)", "days(n, today)",
        "inside(slot, slot)", "weighted(n)", "grid_of(text)", "into == origin.opened_at",
        "tasks.by_whom + photos", "-text", "streak(tasks, cost)", "common(photos)"})
    EXPECT_TRUE(refusal(text) == "expression.type" || refusal(text) == "expression.name")
        << text << " gave " << refusal(text);
  EXPECT_EQ(detail("n == cost", "wanted"), "number");
  EXPECT_EQ(detail("n == cost", "found"), "money");
  for (const char* text :
       {"tasks == 1", "tasks + n == 1", "n == tasks", "-tasks", "n in tasks.cost < 1"})
    EXPECT_NE(refusal(text), "") << text;
  EXPECT_EQ(refusal("count(n)"), "expression.not_set");
  EXPECT_EQ(refusal("n[n == 1]"), "expression.not_set");
  EXPECT_EQ(refusal("n in m"), "expression.not_set");
  EXPECT_EQ(refusal("tasks", kNumber), "expression.is_set");
  EXPECT_EQ(refusal("n", set_of(Base::number)), "expression.not_set");
  EXPECT_EQ(refusal("text", kNumber), "expression.type");
  EXPECT_EQ(refusal("n", kYesNo), "expression.type");
}

TEST_F(ExpressionCheck, arithmetic_types) {
  EXPECT_EQ(type("n * cost"), "money");
  EXPECT_EQ(type("cost * n"), "money");
  EXPECT_EQ(type("cost / n"), "money");
  EXPECT_EQ(type("cost / paid"), "number");
  EXPECT_EQ(type("cost - 0.5"), "money");  // a number as written takes the type it is used as
  EXPECT_EQ(type("cost >= 100"), "yes_no");
  EXPECT_EQ(refusal("cost > 0.001"), "expression.type");
  EXPECT_EQ(type("day_due - 3 day_working"), "date");
  EXPECT_EQ(type("closed_at + setting.reopen_time"), "instant");
  EXPECT_EQ(type("tasks.by_whom + [actor.organisation]"), "set of organisation");
  EXPECT_EQ(type("tasks - tasks[is_final]"), "set of link of task");
  EXPECT_EQ(type("round(cost / 3, 0.01)"), "money");
  EXPECT_EQ(type("0.01", kMoney), "money");
  EXPECT_EQ(type("-5", kMoney), "money");
  EXPECT_EQ(type("'2026-09-22'", of(Base::date)), "date");
  EXPECT_EQ(type("day_due == '2026-09-22'"), "yes_no");
}

TEST_F(ExpressionCheck, none_is_assigned_not_compared) {
  EXPECT_EQ(refusal("n == none"), "expression.none_compared");
  EXPECT_EQ(refusal("none != n"), "expression.none_compared");
  EXPECT_EQ(refusal("if(urgent, n, none)"), "");
  EXPECT_EQ(refusal("none", kMoney), "");
}

TEST_F(ExpressionCheck, units_are_narrowed_when_assigned) {
  EXPECT_EQ(type("actor.unit", of(Base::unit, "territory")), "territory");
  EXPECT_EQ(type("by_whom", of(Base::unit, "organisation")), "expression.key");
  EXPECT_EQ(refusal("actor.organisation", of(Base::unit, "territory")), "expression.type");
  EXPECT_EQ(refusal("into", of(Base::unit)), "");
  EXPECT_EQ(refusal("into", of(Base::link, "task")), "expression.type");
  EXPECT_EQ(refusal("only(tasks)", of(Base::link, "any")), "");
  EXPECT_EQ(refusal("origin", of(Base::link, "appeal")), "");
}

TEST_F(ExpressionCheck, brackets_nest_two_deep) {
  EXPECT_EQ(refusal("none(notices[any(objections[upheld])])"), "");
  EXPECT_EQ(refusal("all(tasks, all(supervisions, is_final))"), "");
  EXPECT_EQ(refusal("any(joined[any(joined[any(joined[is_final])])])"), "expression.nested");
  EXPECT_EQ(refusal("any(joined[any(joined[all(joined, is_final)])])"), "expression.nested");
  EXPECT_EQ(refusal("any(tasks[is_final][by_whom == owner])"), "");  // beside is not inside
}

TEST_F(ExpressionCheck, registers_are_read_by_an_index) {
  for (const char* text :
       {"any(permit[kind == survey])", "any(permit[department == actor.organisation and cost > 1])",
        "any(permit[covers(area, this.territory)])", "permit[owner == this.owner]",
        "post[role == desk]", "post[role == leader and covers(unit, this.territory)]",
        "territory[parent == this.owner.territory]",
        "only(permit[cost > 1 and kind == survey]).cost"})
    EXPECT_EQ(refusal(text), "") << text;
  for (const char* text :
       {"any(permit)", "permit", "permit.cost", "any(permit[cost > 1])",
        "any(permit[kind == survey or cost > 1])", "any(permit[kind == kind])",
        "any(permit[covers(this.territory, area)])", "any(permit[year == n])",
        "any(permit[year == this.n])", "post", "any(post[seats > 1])", "territory[level == grid]",
        "organisation[kind == 'street']", "any(permit[not kind == survey])"})
    EXPECT_TRUE(refusal(text) == "expression.cost" || refusal(text) == "expression.name")
        << text << " gave " << refusal(text);
  CheckContext whole = context();
  whole.may.whole_register = true;
  for (const char* text :
       {"permit", "territory[level == grid]", "organisation[kind == 'street']", "post"})
    EXPECT_TRUE(compile_expression(text, {}, whole, kAnyType)) << text;
  EXPECT_EQ(detail("any(permit[cost > 1])", "why"), "unindexed");
  EXPECT_EQ(refusal("only(permit[kind == survey]).about.state == handling"), "expression.cost");
}

TEST_F(ExpressionCheck, places_that_forbid_names) {
  const auto key_of = [&](std::string_view text, auto change) {
    CheckContext where = context();
    change(where);
    const auto made = compile_expression(text, {}, where, kAnyType);
    return made ? std::string() : made.error().key;
  };
  const auto without = [&](bool Permission::*flag) {
    return [flag](CheckContext& where) { where.may.*flag = false; };
  };
  EXPECT_EQ(key_of("now", without(&Permission::now)), "expression.not_here");
  EXPECT_EQ(key_of("today", without(&Permission::today)), "expression.not_here");
  EXPECT_EQ(key_of("actor.unit", without(&Permission::actor)), "expression.not_here");
  EXPECT_EQ(key_of("times(reply)", without(&Permission::history)), "expression.not_here");
  EXPECT_EQ(key_of("last(reply).at", without(&Permission::history)), "expression.not_here");
  EXPECT_EQ(key_of("overdue(promise)", without(&Permission::clocks)), "expression.not_here");
  EXPECT_EQ(key_of("figure(appeal.came_in, owner, today)", without(&Permission::figure)),
            "expression.not_here");
  EXPECT_EQ(key_of("input.answer", [](CheckContext& where) { where.input = nullptr; }),
            "expression.name");
}

TEST_F(ExpressionCheck, books_are_asked_by_account) {
  EXPECT_EQ(refusal("balance(points, this) > 3"), "");
  EXPECT_EQ(refusal("balance(points, [owner, this], today)"), "");
  EXPECT_EQ(refusal("balance(points, today)"), "expression.type");
  EXPECT_EQ(refusal("balance(points, this, owner)"), "expression.type");
  EXPECT_EQ(refusal("balance(nothing, this)"), "expression.name");
}

TEST_F(ExpressionCheck, a_figure_is_of_a_unit_and_days) {
  CheckContext where = context();
  where.may.figure = true;
  const auto refused = [&](std::string_view text) {
    const auto made = compile_expression(text, {}, where, kAnyType);
    return made ? std::string() : made.error().key;
  };
  for (const char* text :
       {"figure(appeal.came_in, owner, today)", "figure(came_in, territory, day(now))",
        "figure(appeal.came_in, '222401', slot)", "figure(appeal.came_in, owner, '2026-09-22')",
        "figure(appeal.came_in, lighting_office, now)",
        "figure(appeal.came_in, up(territory, county), period(start_of('year', today), today))"})
    EXPECT_EQ(refused(text), "") << text;
  EXPECT_EQ(refused("figure(appeal.went_out, owner, today)"), "expression.name");
  EXPECT_EQ(refused("figure(appeal.came_in, today, today)"), "expression.type");
  EXPECT_EQ(refused("figure(appeal.came_in, owner, owner)"), "expression.type");
  EXPECT_EQ(refused("figure(appeal.came_in, owner, 'soon')"), "expression.type");
  EXPECT_EQ(refused("figure(appeal.came_in, owner)"), "expression.arguments");
  where.may.figure = false;
  EXPECT_EQ(refused("figure(appeal.came_in, owner, today)"), "expression.not_here");
  // As what is wanted: money where money is stored.
  where.may.figure = true;
  const auto money = compile_expression("figure(appeal.came_in, owner, today)", {}, where, kMoney);
  ASSERT_TRUE(money);
  EXPECT_EQ((*money)->type(), kMoney);
  EXPECT_FALSE((*money)->is_constant());
}

TEST_F(ExpressionCheck, citations_are_read_of_a_row_where_an_action_decides) {
  const TypeShape* permit = world.find_type("permit");
  CheckContext where = context();
  const auto refused = [&](std::string_view text) {
    const auto made = compile_expression(text, {}, where, kAnyType);
    return made ? std::string() : made.error().key;
  };
  where.may.cited = true;
  EXPECT_EQ(refused("cited(this)"), "expression.type") << "an appeal is no row";
  where.self = permit;
  EXPECT_EQ(refused("cited(this) > 2"), "");
  EXPECT_EQ(refused("cited(owner)"), "expression.name");
  where.may.cited = false;
  EXPECT_EQ(refused("cited(this) > 2"), "expression.cited");
}

TEST_F(ExpressionCheck, facts_basis_and_each) {
  const std::vector<FieldShape> facts = {field("met", kYesNo),
                                         field("rule", of(Base::key, "rule"))};
  CheckContext where = context();
  where.facts = &facts;
  where.basis = "permit";
  where.it = of(Base::row, "appeal.reply.rows");
  for (const char* text : {"met and not urgent", "rule in ['basis', barred_by]", "basis.cost",
                           "it.who", "it.share == 'lead'"})
    EXPECT_TRUE(compile_expression(text, {}, where, kAnyType)) << text;
  EXPECT_EQ(compile_expression("rule in [basis]", {}, where, kAnyType).error().key,
            "expression.ambiguous");
  EXPECT_EQ(compile_expression("it.nothing", {}, where, kAnyType).error().key, "expression.name");
}

TEST_F(ExpressionCheck, the_parent_and_parts) {
  CheckContext where{.world = world, .self = world.find_type("task")};
  EXPECT_TRUE(compile_expression("parent.state == handling and count(parent.tasks) > 1", {}, where,
                                 kYesNo));
  EXPECT_TRUE(compile_expression("about.category.office", {}, where, kAnyType));
  const auto made = compile_expression("any(parent.tasks[is_final])", {}, where, kYesNo).value();
  EXPECT_EQ(made->reads().back().path, (ReadPath{"^", "<task.about"}));
  EXPECT_TRUE(made->reads_links());
  EXPECT_FALSE(made->reads_own_sets());
}

TEST_F(ExpressionCheck, tables) {
  Node table = Node::map();
  table.put("of", Node::scalar("category"));
  table.put("lighting", Node::scalar("1 day_working"));
  table.put("else", Node::scalar("setting.reopen_time"));
  EXPECT_TRUE(compile_node(table, context(), of(Base::limit)));
  table.put("water", Node::scalar("n"));
  EXPECT_EQ(compile_node(table, context(), of(Base::limit)).error().key, "expression.type");
  table.remove("water");
  table.put("nothing", Node::scalar("1 month"));
  EXPECT_EQ(compile_node(table, context(), of(Base::limit)).error().key, "expression.key");
  Node no_of = Node::map();
  no_of.put("lighting", Node::scalar("1"));
  EXPECT_EQ(compile_node(no_of, context(), kNumber).error().key, "expression.table");
  EXPECT_EQ(compile_node(Node::list(), context(), kNumber).error().key, "expression.form");
}

TEST_F(ExpressionCheck, limits_have_bounds) {
  EXPECT_EQ(type("3 day_working", of(Base::limit)), "limit");
  EXPECT_EQ(type("0 day_working", of(Base::limit)), "expression.limit");
  EXPECT_EQ(type("1000000 day_working", of(Base::limit)), "expression.limit");
  EXPECT_EQ(type("if(urgent, 1 year, 1000000 year)"), "expression.limit");
}

TEST_F(ExpressionCheck, constants) {
  const auto constant = [&](std::string text, const StaticType& wanted) {
    return constant_of(Node::scalar(std::move(text)), world, wanted);
  };
  EXPECT_EQ(constant("5 day_working", of(Base::limit)).value(),
            Value(Limit{5, LimitUnit::day_working}));
  EXPECT_EQ(constant("0.01", kMoney).value(), Value(Money{1}));
  EXPECT_EQ(constant("-2.5", kNumber).value(), Value(Number{-2'500'000}));
  EXPECT_EQ(constant("true", kYesNo).value(), Value(true));
  EXPECT_EQ(constant("2026-09-24", of(Base::date)).value(), Value(date_of({2026, 9, 24})));
  EXPECT_EQ(constant("8:30", of(Base::time)).value(), Value(TimeOfDay{510}));
  EXPECT_EQ(constant("any words == 1", kText).value(), Value(std::string("any words == 1")));
  EXPECT_EQ(constant("lighting", of(Base::choice, "category")).value(), Value(Key{"lighting"}));
  EXPECT_EQ(constant("222401", of(Base::unit, "territory")).value(),
            Value(territory_unit("222401")));
  EXPECT_FALSE(constant("today", of(Base::date)));
  EXPECT_FALSE(constant("nothing", of(Base::choice, "category")));
  EXPECT_FALSE(constant("0.001", kMoney));
  EXPECT_FALSE(constant("0 day_working", of(Base::limit)));
  Node set = Node::list();
  set.items = {Node::scalar("lighting"), Node::scalar("water")};
  EXPECT_EQ(constant_of(set, world, set_of(Base::choice, "category")).value(),
            make_set({Key{"lighting"}, Key{"water"}}));
}

TEST_F(ExpressionCheck, reads_are_known) {
  const auto made = compile("urgent and n > m and into.cost > cost and any(tasks[by_whom == owner])"
                            " and category == lighting and input.into.is_final",
                            kYesNo).value();
  const auto slot = [&](std::string_view name) { return *types["appeal"]->find_field(name); };
  std::vector<std::size_t> slots = {slot("urgent"), slot("n"),    slot("m"),
                                    slot("into"),   slot("cost"), slot("category")};
  std::ranges::sort(slots);
  EXPECT_EQ(made->own_fields(), slots);
  const auto reads = [&](ReadPath path, std::vector<Name> through, Name name) {
    return std::ranges::find(made->reads(), ExpressionRead{path, through, name}) !=
           made->reads().end();
  };
  EXPECT_TRUE(reads({}, {}, "urgent"));
  EXPECT_TRUE(reads({"into"}, {"appeal"}, "cost"));
  EXPECT_TRUE(reads({"<task.about"}, {"task"}, ""));
  EXPECT_TRUE(reads({"<task.about"}, {"task"}, "by_whom"));
  EXPECT_TRUE(reads({"@into"}, {"appeal"}, "is_final"));
  EXPECT_TRUE(made->reads_own("category"));
  EXPECT_TRUE(made->reads_own_sets());
  EXPECT_TRUE(made->reads_links());
  EXPECT_TRUE(made->uses().input);
  EXPECT_FALSE(made->uses().now);
  EXPECT_FALSE(made->is_constant());
  EXPECT_TRUE(compile("1 + 2").value()->is_constant());
  const auto other = compile("any(permit[kind == survey]) and times(reply) < setting.bounce_most"
                             " and overdue(promise) and today > day(opened_at)").value();
  EXPECT_EQ(other->reference_types(), std::vector<Name>{"permit"});
  EXPECT_EQ(other->actions(), std::vector<Name>{"reply"});
  EXPECT_EQ(other->settings(), std::vector<Name>{"bounce_most"});
  EXPECT_EQ(other->clocks(), std::vector<Name>{"promise"});
  EXPECT_TRUE(other->uses().today && other->uses().now && other->uses().directory &&
              other->uses().history && other->uses().clocks);
  EXPECT_EQ(compile("tasks[is_final]").value()->element_paths(),
            std::vector<ReadPath>{{"<task.about"}});
}

TEST_F(ExpressionCheck, errors_say_where) {
  const Origin origin{std::make_shared<const std::string>("systems/s/t.yaml"), 12};
  const auto made = compile_expression("n > 1 and nothing", origin, context(), kYesNo);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::invalid);
  EXPECT_EQ(made.error().details, (std::vector<ErrorDetail>{{"at", "11"}, {"near", "nothing"},
                                                            {"file", "systems/s/t.yaml:12"}}));
}

TEST_F(ExpressionCheck, a_condition_that_may_be_missing_warns) {
  std::vector<Error> warnings;
  CheckContext where = context();
  where.warnings = &warnings;
  ASSERT_TRUE(compile_expression("not urgent", {}, where, kYesNo));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].key, "expression.may_be_missing");
  world.types["appeal"].fields[6].has_default = true;
  warnings.clear();
  ASSERT_TRUE(compile_expression("not urgent", {}, where, kYesNo));
  EXPECT_TRUE(warnings.empty());
}

/// The expressions of the drafts 3.0 to 3.4, whatever their names mean: all are of the grammar.
TEST_F(ExpressionCheck, expressions_of_the_drafts_parse) {
  for (const char* text :
       {"times(return)",
        "about.territory",
        "input.by_whom else by_whom",
        "has(result)",
        "none(objections[not is_final])",
        "notice.state == up",
        "has(reply) and has(upheld)",
        "any(supervisions[not is_final])",
        "grid_of(place)",
        "office(up(territory, subdistrict))",
        "category.office",
        "if(times(accept) > 0, accepted, received)",
        "input.into != this",
        "not input.into.is_final",
        "none(joined)",
        "count(input.tasks[share == lead]) == 1",
        "any(tasks[bounces >= setting.bounce_most])",
        "first(conference_body[unit == this.owner])",
        "any(tasks) and all(tasks, is_final)",
        "if(input.answer == solved, closed, if(times(reply) >= setting.reopen_most, escalated, "
        "reopened))",
        "now <= closed_at + setting.reopen_time",
        "tasks[state in [sent, doing, returned]]",
        "met and not exempt",
        "issues + [input.issue]",
        "all(calls, state in [reported_in, excused])",
        "devolved_power[opens_action == 'whistle.sound' and holder == actor.organisation]",
        "all(calls[state == done], has(street_score) and has(unit_score))",
        "count(issues[outcome == solved])",
        "weighted(street_score)",
        "term == temporary",
        "balance(task_money, this)",
        "booked >= cost or has(waiver)",
        "end > today",
        "permit[kind == this.kind and department == actor.organisation and covers(area, "
        "this.community)]",
        "rule in [basis, barred_by]"})
    EXPECT_TRUE(parse_expression(text)) << text;
}

}  // namespace
}  // namespace gewu::test
