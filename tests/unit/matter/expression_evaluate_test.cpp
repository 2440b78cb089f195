#include <chrono>

#include "unit/matter/expression_fixture.h"

namespace gewu::test {
namespace {

class ExpressionEvaluate : public ExpressionTest {};

TEST_F(ExpressionEvaluate, own_names) {
  EXPECT_EQ(run("text"), Value(std::string("路灯不亮")));
  EXPECT_EQ(run("n"), number(7));
  EXPECT_EQ(run("this"), Value(Link{self->id}));
  EXPECT_EQ(run("id"), Value(Link{self->id}));
  EXPECT_EQ(run("state"), Value(Key{"handling"}));
  EXPECT_EQ(run("type"), Value(Key{"appeal"}));
  EXPECT_EQ(run("version"), number(1));
  EXPECT_EQ(run("territory"), Value(territory_unit("222401002001007")));
  EXPECT_EQ(run("owner"), Value(organisation_unit("beishan_street")));
  EXPECT_EQ(run("handler"), Value(organisation_unit("lighting_office")));
  EXPECT_EQ(run("opened_at"), Value(self->opened_at));
  EXPECT_EQ(run("today"), Value(date_of({2026, 9, 22})));
  EXPECT_EQ(run("now"), Value(now));
  EXPECT_EQ(run("is_final"), Value(false));
  for (const char* empty : {"outcome", "closed_at", "author", "claimed_by", "transferred_to",
                            "next_due", "m", "into", "into.n", "into.into.state"})
    EXPECT_TRUE(run(empty).is_missing()) << empty;
  self->closed_at = now;
  self->outcome = "solved";
  self->author_account = AccountId{5};
  EXPECT_EQ(run("closed_at"), Value(now));
  EXPECT_TRUE(holds("outcome == solved and author == actor.account"));
}

TEST_F(ExpressionEvaluate, actor_input_settings_and_props) {
  EXPECT_EQ(run("actor.unit"), Value(territory_unit("222401002001")));
  EXPECT_EQ(run("actor.organisation"), Value(organisation_unit("beishan_street")));
  EXPECT_EQ(run("actor.post"), Value(PostRef{PostId{71}}));
  EXPECT_EQ(run("actor.post.role"), Value(Key{"desk"}));
  EXPECT_EQ(run("actor.post.unit"), Value(territory_unit("222401002001")));
  EXPECT_EQ(run("actor.post.organisation"), Value(organisation_unit("beishan_street")));
  EXPECT_EQ(run("actor.post.seats"), number(1));
  EXPECT_TRUE(holds("actor.post.state == filled"));
  EXPECT_EQ(run("setting.standard"), Value(Money{5'000}));
  EXPECT_EQ(run("category.office"), Value(organisation_unit("lighting_office")));
  EXPECT_EQ(run("category.answer_limit"), Value(Limit{5, LimitUnit::day_working}));
  put(*self, "category", Key{"other"});
  EXPECT_TRUE(run("category.office").is_missing());
  put(*self, "category", Missing{});
  EXPECT_TRUE(run("category.office").is_missing());
  EXPECT_TRUE(run("input.answer").is_missing());
  input = {{"note", Value(true)}, {"answer", Key{"solved"}}};  // found by name in any order
  EXPECT_TRUE(holds("input.answer == solved"));
  actor = Actor{.kind = Actor::Kind::system};
  for (const char* text : {"actor.post", "actor.unit", "actor.organisation", "actor.account"})
    EXPECT_TRUE(run(text).is_missing()) << text;
}

TEST_F(ExpressionEvaluate, pinned_lists_go_before_those_of_today) {
  List old{.name = "category"};
  old.rows = {ListRow{"lighting", {}, false, {{"weight", number(1)}}}};
  types["appeal"]->lists["category"] = old;
  EXPECT_EQ(run("category.weight"), number(1));
  EXPECT_TRUE(run("category.office").is_missing());
}

TEST_F(ExpressionEvaluate, comparison_with_missing_is_false) {
  for (const char* text :
       {"m == 1", "m != 1", "m < 1", "m >= 1", "1 != m", "m == m", "m in [1, 2]", "into == this",
        "into != this", "into.type != task", "into.state == closed", "outcome in [solved]",
        "not (m != 1) and m == 1"})
    EXPECT_FALSE(holds(text)) << text;
  EXPECT_TRUE(holds("not (m == 1)"));
  put(*self, "m", Erased{});
  EXPECT_FALSE(holds("m == 1 or m != 1 or has(m)"));
}

TEST_F(ExpressionEvaluate, missing_in_arithmetic_and_conditions) {
  for (const char* text :
       {"n + m", "m * 2", "-m", "n / 0", "n / (n - 7)", "into.day_due + 1 month"})
    EXPECT_TRUE(run(text).is_missing()) << text;
  EXPECT_EQ(run("m else 3"), number(3));
  EXPECT_EQ(run("m else n else 3"), number(7));
  EXPECT_EQ(run("n / 0 else -1"), number(-1));
  EXPECT_FALSE(holds("urgent"));
  EXPECT_TRUE(holds("not urgent"));
  EXPECT_FALSE(holds("urgent and n > 1"));
  EXPECT_TRUE(holds("urgent or n > 1"));
  EXPECT_EQ(run("if(urgent, 1, 2)"), number(2));
  EXPECT_EQ(run("urgent").is_missing(), true);
  EXPECT_EQ(run("urgent or urgent"), Value(false));
  EXPECT_FALSE(holds("has(m)"));
  EXPECT_TRUE(holds("has(n)"));
  EXPECT_TRUE(run("if(n > 1, none, 2)").is_missing());
}

TEST_F(ExpressionEvaluate, comparisons) {
  for (const char* text :
       {"n == 7", "n != 8", "n < 7.5", "n <= 7", "n > 6", "n >= 7", "cost == 100", "cost > 99.99",
        "day_due > today", "at < now", "state == handling", "state in [handling, closed]",
        "not state == closed", "state != closed", "category == lighting", "category != water",
        "category in [water, lighting]", "owner == beishan_street", "owner != handler",
        "territory == '222401002001007'", "type == appeal", "not type == task", "type != task",
        "type in [task, appeal]", "this == id", "setting.strict == true", "text == '路灯不亮'",
        "7 in [n]", "n in [1, 7]", "not (8 in [n])"})
    EXPECT_TRUE(holds(text)) << text;
  for (const char* text :
       {"n == 8", "n != 7", "n < 7", "n > 7", "state != handling", "category in []",
        "category == water", "type == task", "type != appeal", "owner == handler"})
    EXPECT_FALSE(holds(text)) << text;
}

TEST_F(ExpressionEvaluate, extensions_count_as_their_base) {
  auto special = make("special_task", 60, "doing");
  others.push_back(special);
  put(*self, "origin", Link{special->id});
  EXPECT_TRUE(holds("origin.type == task"));
  EXPECT_TRUE(holds("origin.type == special_task"));
  EXPECT_TRUE(holds("origin.type in [appeal, task]"));
  EXPECT_FALSE(holds("origin.type != task"));
  EXPECT_FALSE(holds("origin.type == appeal"));
  EXPECT_TRUE(holds("origin.state == doing"));
}

TEST_F(ExpressionEvaluate, overflow_refuses_the_whole_expression) {
  put(*self, "n", Number{INT64_MAX});
  load();
  for (const char* text : {"n + 1", "n * 2", "n / 0.000001", "sum([n, n], it)",
                           "if(n + 1 > 0, 1, 2)", "-(0 - n - n)"}) {
    const auto made = compile(text);
    ASSERT_TRUE(made) << text << " " << made.error().key;
    const auto value = evaluate(**made, scope());
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().key, "expression.overflow") << text;
  }
  const auto condition = compile("n + 1 > 0", kYesNo).value();
  EXPECT_EQ(holds_true(*condition, scope()).error().key, "expression.overflow");
  EXPECT_TRUE(holds("urgent and n + 1 > 0 or n > 0"));  // what is not reached does not refuse
}

TEST_F(ExpressionEvaluate, arithmetic) {
  EXPECT_EQ(run("1 + 2 * 3 - 4 / 2"), number(5));
  EXPECT_EQ(run("(1 + 2) * 3"), number(9));
  EXPECT_EQ(run("-n + 1"), number(-6));
  EXPECT_EQ(run("80% * n"), number(5.6));
  EXPECT_EQ(run("1 / 3"), Value(Number{333'333}));
  EXPECT_EQ(run("cost * 1.5"), Value(Money{15'000}));
  EXPECT_EQ(run("cost / 3"), Value(Money{3'333}));
  EXPECT_EQ(run("cost / setting.standard"), number(2));
  EXPECT_EQ(run("cost - 0.5"), Value(Money{9'950}));
  EXPECT_EQ(run("day_due + 1 day_natural"), Value(date_of({2026, 9, 29})));
  EXPECT_EQ(run("day_due - 1 month"), Value(date_of({2026, 8, 28})));
  EXPECT_EQ(run("at + 30 minute"), Value(*parse_instant("2026-09-22T01:00:00Z")));
  EXPECT_EQ(run("day_due + setting.reopen_time"), Value(date_of({2026, 10, 28})));
  EXPECT_TRUE(holds("now <= at + 1 hour_working"));
}

TEST_F(ExpressionEvaluate, sets_and_filters) {
  EXPECT_EQ(run("count(tasks)"), number(3));
  EXPECT_EQ(run("count(tasks[state in [sent, returned]])"), number(2));
  EXPECT_EQ(run("count(tasks[is_final])"), number(1));
  EXPECT_EQ(run("count(tasks[bounces >= setting.bounce_most])"), number(1));
  EXPECT_EQ(run("count(tasks[by_whom == this.handler])"), number(2));
  EXPECT_EQ(run("count(tasks[by_whom == this.handler][share == assist])"), number(2));
  EXPECT_TRUE(holds("any(tasks) and none(supervisions) and none(joined)"));
  EXPECT_FALSE(holds("any(tasks[cost > 100])"));
  EXPECT_TRUE(holds("all(tasks, bounces < 3)"));
  EXPECT_FALSE(holds("all(tasks, cost > 1)"));  // a missing condition is false
  EXPECT_TRUE(holds("all(supervisions, is_final)"));
  EXPECT_EQ(run("tasks[is_final]"), make_set({Link{MatterId{13}}}));
  EXPECT_EQ(run("tasks.by_whom"),
            make_set({organisation_unit("housing"), organisation_unit("lighting_office"),
                      organisation_unit("lighting_office")}));
  EXPECT_EQ(run("tasks.cost"), make_set({Money{250}, Money{500}}));  // missing ones are left out
  EXPECT_TRUE(holds("housing in tasks.by_whom"));
  EXPECT_TRUE(holds("handler in tasks.by_whom and not (owner in tasks.by_whom)"));
  EXPECT_EQ(run("first(tasks).bounces"), number(0));
  EXPECT_EQ(run("only(tasks[is_final]).by_whom"), Value(organisation_unit("lighting_office")));
  EXPECT_TRUE(run("only(tasks)").is_missing());
  EXPECT_TRUE(run("first(joined)").is_missing());
  EXPECT_EQ(run("highest(tasks, bounces)"), Value(Link{MatterId{13}}));
  EXPECT_EQ(run("lowest(tasks, cost).cost"), Value(Money{250}));
  EXPECT_EQ(run("tasks - tasks[is_final]"), make_set({Link{MatterId{11}}, Link{MatterId{12}}}));
  EXPECT_EQ(run("count(tasks.by_whom + [owner])"), number(3));  // union: none twice
  EXPECT_EQ(run("count(tasks + tasks)"), number(3));
  EXPECT_EQ(run("count(if(urgent, tasks, tasks[is_final]))"), number(1));
  EXPECT_EQ(run("count([1, 2, m])"), number(2));
  EXPECT_EQ(run("count([n, 7, 1][it == this.n])"), number(2));
}

TEST_F(ExpressionEvaluate, aggregates) {
  EXPECT_EQ(run("sum(tasks, bounces)"), number(3));
  EXPECT_EQ(run("sum(tasks, cost)"), Value(Money{750}));
  EXPECT_EQ(run("mean(tasks, cost)"), Value(Money{375}));  // the missing one is left out
  EXPECT_EQ(run("min(tasks, cost)"), Value(Money{250}));
  EXPECT_EQ(run("max(tasks, bounces)"), number(2));
  EXPECT_EQ(run("sum(joined, n)"), number(0));
  EXPECT_EQ(run("sum(joined, cost)"), Value(Money{0}));
  for (const char* text :
       {"mean(joined, n)", "min(joined, n)", "max(joined, n)", "highest(joined, n)"})
    EXPECT_TRUE(run(text).is_missing()) << text;
  EXPECT_EQ(run("streak(tasks, step)"), number(2));
  EXPECT_TRUE(run("streak(joined, n)").is_missing());
}

TEST_F(ExpressionEvaluate, links_and_parents) {
  auto into = make("appeal", 50, "closed");
  put(*into, "n", number(3));
  put(*into, "into", Link{self->id});
  others.push_back(into);
  put(*self, "into", Link{into->id});
  EXPECT_TRUE(holds("into.is_final and into.state == closed and into.n == 3 and into != this"));
  EXPECT_EQ(run("into.into"), Value(Link{self->id}));
  EXPECT_EQ(run("into.into.n"), number(7));
  EXPECT_EQ(run("count(into.tasks)"), number(0));
  input = {{"answer", Missing{}}, {"into", Link{into->id}}};
  EXPECT_TRUE(holds("not input.into.state == handling and input.into == into"));
  load();
  tasks[0]->parent = self->id;
  const CheckContext where{.world = world, .self = world.find_type("task")};
  const auto made =
      compile_expression("parent.n + count(parent.tasks)", {}, where, kNumber).value();
  const Scope inside{.directory = directory, .locality = locality, .dossier = dossier,
                     .self = tasks[0].get(), .now = now};
  EXPECT_EQ(evaluate(*made, inside).value(), number(10));
}

TEST_F(ExpressionEvaluate, other_matters_are_read_by_name) {
  auto old = std::make_shared<Type>();  // an older text with other slots
  old->name = "appeal";
  for (const char* name : {"cost", "n"}) {
    FieldSpec spec;
    spec.name = name;
    old->fields.push_back(spec);
  }
  old->states = {{"closed", {}, true, false}};
  old->index_names();
  auto into = std::make_shared<Snapshot>();
  into->id = MatterId{50};
  into->type = old;
  into->fields = {Money{5}, number(4)};
  others.push_back(into);
  put(*self, "into", Link{into->id});
  EXPECT_EQ(run("into.n"), number(4));
  EXPECT_EQ(run("into.cost"), Value(Money{5}));
  EXPECT_TRUE(run("into.text").is_missing());
  EXPECT_TRUE(holds("into.state == closed"));
}

TEST_F(ExpressionEvaluate, live_fields_are_computed_when_read) {
  types["appeal"]->fields.back().value = compile("days(day_due, today) + n").value();
  EXPECT_EQ(run("age"), number(1));
  auto into = make("appeal", 50, "closed");
  put(*into, "n", number(100));
  put(*into, "day_due", date_of({2026, 9, 21}));
  others.push_back(into);
  put(*self, "into", Link{into->id});
  EXPECT_EQ(run("into.age"), number(101));
  types["appeal"]->fields.back().value = compile("into.age + 1").value();
  put(*self, "into", Link{self->id});  // a circle ends with a refusal
  load();
  const auto value = evaluate(*compile("age").value(), scope());
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().key, "expression.depth");
}

TEST_F(ExpressionEvaluate, reference_rows) {
  EXPECT_EQ(run("count(permit[kind == survey])"), number(1));
  EXPECT_EQ(run("only(permit[kind == survey]).cost"), Value(Money{300}));
  EXPECT_EQ(run("count(permit[department == this.handler])"), number(2));
  EXPECT_EQ(run("count(permit[department == this.handler and cost > 1])"), number(1));
  EXPECT_EQ(run("count(permit[covers(area, this.territory)])"), number(2));
  EXPECT_EQ(run("permit[covers(area, this.territory)]"),
            make_set({Link{MatterId{31}}, Link{MatterId{32}}}));
  EXPECT_EQ(run("count(permit[covers(area, this.territory) and kind == proof])"), number(1));
  EXPECT_TRUE(holds("none(permit[kind == inspect])"));
  for (const char* text : {"any(permit[kind == survey and department == this.handler and "
                           "covers(area, this.territory)])",
                           "any(permit[covers(area, this.territory) and this.handler == department "
                           "and survey == kind])",
                           "any(permit[department == this.handler and kind == survey])"})
    EXPECT_TRUE(holds(text)) << text;
  // Rows of a text without the index are found by a scan.
  auto plain_type = std::make_shared<Type>(*types["permit"]);
  plain_type->fields[0].index = false;
  auto old = std::make_shared<Snapshot>(*permits[0]);
  old->id = MatterId{33};
  old->type = plain_type;
  directory.references["permit"] = directory.references["permit"]->with(old);
  EXPECT_EQ(run("count(permit[kind == survey])"), number(2));
}

TEST_F(ExpressionEvaluate, the_directory_as_a_set) {
  EXPECT_EQ(run("count(post[role == desk])"), number(1));
  EXPECT_EQ(run("count(post[role == leader])"), number(0));
  EXPECT_EQ(run("first(post[role == desk and covers(unit, this.territory)])"),
            Value(PostRef{PostId{71}}));
  EXPECT_EQ(run("count(territory[parent == actor.unit])"), number(2));
  EXPECT_EQ(run("count(territory[parent == actor.unit and level == grid])"), number(2));
  CheckContext whole = context();
  whole.may.whole_register = true;
  load();
  const auto counted = [&](std::string_view text) {
    return evaluate(*compile_expression(text, {}, whole, kNumber).value(), scope()).value();
  };
  EXPECT_EQ(counted("count(territory[level == grid])"), number(2));
  EXPECT_EQ(counted("count(organisation[kind == 'street'])"), number(1));
  EXPECT_EQ(counted("count(permit)"), number(2));
}

TEST_F(ExpressionEvaluate, rows_and_each) {
  const auto row = [](Name share, std::int64_t fen) {
    return make_large(Row{{{"share", Key{std::move(share)}},
                           {"amount", Money{fen}},
                           {"who", organisation_unit("housing")}}});
  };
  input = {{"rows", make_set({row("lead", 5), row("assist", 7), row("assist", 9)})}};
  EXPECT_EQ(run("count(input.rows[share == assist])"), number(2));
  EXPECT_EQ(run("sum(input.rows, amount)"), Value(Money{21}));
  EXPECT_EQ(run("first(input.rows[share == assist]).amount"), Value(Money{7}));
  CheckContext where = context();
  where.it = of(Base::row, "appeal.reply.rows");
  const auto made = compile_expression("it.amount * 2", {}, where, kMoney).value();
  const Value each = row("lead", 11);
  Scope inside = scope();
  load();
  const Scope with_it{.directory = directory, .locality = locality, .dossier = dossier,
                      .self = self.get(), .input = &input, .it = &each, .now = now};
  EXPECT_EQ(evaluate(*made, with_it).value(), Value(Money{22}));
  EXPECT_TRUE(evaluate(*made, inside).value().is_missing());
}

TEST_F(ExpressionEvaluate, facts_and_basis) {
  const std::vector<FieldShape> shapes = {field("met", kYesNo), field("exempt", kYesNo)};
  CheckContext where = context();
  where.facts = &shapes;
  where.basis = "permit";
  const std::vector<NamedValue> facts = {{"met", Value(true)}, {"exempt", Value(false)}};
  load();
  const Scope inside{.directory = directory, .locality = locality, .dossier = dossier,
                     .self = self.get(), .basis = permits[0].get(), .facts = &facts, .now = now};
  EXPECT_TRUE(
      holds_true(*compile_expression("met and not exempt", {}, where, kYesNo).value(), inside)
          .value());
  EXPECT_EQ(evaluate(*compile_expression("basis.cost", {}, where, kMoney).value(), inside).value(),
            Value(Money{300}));
  EXPECT_EQ(
      evaluate(*compile_expression("basis", {}, where, of(Base::link, "permit")).value(), inside)
          .value(),
      Value(Link{permits[0]->id}));
}

TEST_F(ExpressionEvaluate, tables) {
  Node table = Node::map();
  table.put("of", Node::scalar("category"));
  table.put("lighting", Node::scalar("n + 1"));
  table.put("water", Node::scalar("2"));
  const auto made = compile_node(table, context(), kNumber).value();
  load();
  EXPECT_EQ(evaluate(*made, scope()).value(), number(8));
  put(*self, "category", Key{"water"});
  EXPECT_EQ(evaluate(*made, scope()).value(), number(2));
  put(*self, "category", Key{"other"});
  EXPECT_TRUE(evaluate(*made, scope()).value().is_missing());
  table.put("else", Node::scalar("9"));
  EXPECT_EQ(evaluate(*compile_node(table, context(), kNumber).value(), scope()).value(), number(9));
}

TEST_F(ExpressionEvaluate, units_are_narrowed_when_assigned) {
  EXPECT_EQ(run("actor.unit", of(Base::unit, "territory")), Value(territory_unit("222401002001")));
  EXPECT_TRUE(run("actor.unit", of(Base::unit, "organisation")).is_missing());
  put(*self, "into", Link{self->id});
  EXPECT_EQ(run("into", of(Base::unit)), Value(row_unit("1")));
}

TEST_F(ExpressionEvaluate, sealed_values_are_there_but_tell_nothing) {
  put(*self, "contact", make_large(Sealed{"box"}));
  put(*self, "text", make_large(Sealed{"box"}));
  EXPECT_TRUE(holds("has(contact)"));
  EXPECT_FALSE(holds("text == 'box' or text in ['box']"));
}

/// A simple rule costs well under 200 ns in a release build. This run may be without optimisation
/// and with sanitizers, so only a mistake of orders of magnitude fails here.
TEST_F(ExpressionEvaluate, a_simple_rule_is_quick) {
  const auto made = compile("has(text) and category == lighting", kYesNo).value();
  load();
  const Scope where = scope();
  constexpr int kRuns = 20'000;
  int held = 0;
  const auto from = std::chrono::steady_clock::now();
  for (int i = 0; i < kRuns; ++i) held += *holds_true(*made, where) ? 1 : 0;
  const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::steady_clock::now() - from);
  RecordProperty("nanoseconds", static_cast<int>(spent.count() / kRuns));
  EXPECT_EQ(held, kRuns);
  EXPECT_LT(spent.count() / kRuns, 50'000);
}

}  // namespace
}  // namespace gewu::test
