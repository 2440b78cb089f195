#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/matter/directory.h"
#include "kernel/matter/dossier.h"
#include "kernel/matter/expression_check.h"
#include "kernel/matter/expression_tree.h"

// A small world for expressions: appeals with tasks and supervisions, a whistle, permits as
// reference rows, one town with three levels, working hours of the deadline vectors.

namespace gewu::test {

using namespace gewu::kernel;
using Base = StaticType::Base;

inline StaticType of(Base base, std::string what = {}) { return {base, std::move(what), false}; }
inline StaticType set_of(Base base, std::string what = {}) { return {base, std::move(what), true}; }
inline const StaticType kYesNo = of(Base::yes_no);
inline const StaticType kNumber = of(Base::number);
inline const StaticType kMoney = of(Base::money);
inline const StaticType kText = of(Base::text);

inline FieldShape field(std::string name, StaticType type) {
  FieldShape shape;
  shape.name = std::move(name);
  shape.type = std::move(type);
  return shape;
}
inline FieldShape indexed(std::string name, StaticType type) {
  FieldShape shape = field(std::move(name), std::move(type));
  shape.index = true;
  return shape;
}

class SmallWorld : public World {
 public:
  std::map<Name, TypeShape, std::less<>> types;
  std::map<Name, ListShape, std::less<>> lists;
  std::map<Name, StaticType, std::less<>> settings;
  std::set<Name, std::less<>> roles = {"desk", "officer", "leader"};
  std::set<Name, std::less<>> organisations = {"beishan_street", "lighting_office", "housing"};

  const TypeShape* find_type(std::string_view type) const override {
    const auto found = types.find(type);
    return found == types.end() ? nullptr : &found->second;
  }
  std::vector<const TypeShape*> all_types() const override {
    std::vector<const TypeShape*> all;
    for (const auto& [name, shape] : types) all.push_back(&shape);
    return all;
  }
  const ListShape* find_list(std::string_view list) const override {
    const auto found = lists.find(list);
    return found == lists.end() ? nullptr : &found->second;
  }
  std::optional<StaticType> find_setting(std::string_view setting) const override {
    const auto found = settings.find(setting);
    if (found == settings.end()) return std::nullopt;
    return found->second;
  }
  bool has_role(std::string_view role) const override { return roles.contains(role); }
  bool has_book(std::string_view book) const override { return book == "points"; }
  bool has_indicator(std::string_view name) const override { return name == "appeal.came_in"; }
  bool has_organisation(std::string_view key) const override {
    return organisations.contains(key);
  }
};

inline SmallWorld small_world() {
  SmallWorld world;
  const auto list = [&](Name name, std::vector<Name> keys, std::vector<FieldShape> props = {}) {
    world.lists[name] = {name, std::move(keys), std::move(props)};
  };
  list("outcome", {"solved", "partly", "withdrawn", "merged", "no_answer"});
  list("answer", {"solved", "partly", "not_solved"});
  list("category", {"lighting", "water", "other"},
       {field("answer_limit", of(Base::limit)), field("office", of(Base::unit, "organisation")),
        field("weight", kNumber)});
  list("share", {"lead", "assist"});
  list("task_kind", {"survey", "proof", "inspect"});
  list("rates", {"speed", "result"}, {field("weight", kNumber)});
  world.settings = {{"bounce_most", kNumber}, {"reopen_time", of(Base::limit)},
                    {"standard", kMoney}, {"strict", kYesNo}};

  const StaticType organisation = of(Base::unit, "organisation");
  const StaticType territory = of(Base::unit, "territory");
  TypeShape appeal;
  appeal.name = "appeal";
  appeal.fields = {field("text", kText),
                   field("place", of(Base::place)),
                   indexed("category", of(Base::choice, "category")),
                   field("photos", set_of(Base::file)),
                   field("contact", of(Base::contact)),
                   field("into", of(Base::link, "appeal")),
                   field("urgent", kYesNo),
                   field("n", kNumber),
                   field("m", kNumber),
                   field("cost", kMoney),
                   field("paid", kMoney),
                   field("day_due", of(Base::date)),
                   field("at", of(Base::instant)),
                   field("slot", of(Base::period)),
                   field("hours", of(Base::hours)),
                   field("path", of(Base::line)),
                   field("rates", of(Base::scores, "rates")),
                   field("areas", {Base::unit, "territory", true}),
                   field("helper", of(Base::post)),
                   field("origin", of(Base::link, "any")),
                   field("lead", kText),
                   field("age", kNumber)};
  appeal.fields.back().computed = appeal.fields.back().live = true;
  appeal.sets = {{"tasks", "task", "about"}, {"supervisions", "supervision", "about"},
                 {"joined", "appeal", "into"}, {"notices", "notice", "about"}};
  appeal.states = {"received", "accepted", "handling", "closed", "reopened", "transferred"};
  appeal.actions = {
      {"submit", {}},
      {"accept", {}},
      {"reply",
       {field("answer", of(Base::choice, "answer")), field("into", of(Base::link, "appeal")),
        field("share_of", kNumber), field("rows", set_of(Base::row, "appeal.reply.rows"))}}};
  appeal.actions[2].input.back().columns = {field("share", of(Base::choice, "share")),
                                            field("amount", kMoney), field("who", organisation)};
  appeal.clocks = {"promise"};
  world.types["appeal"] = appeal;

  TypeShape task;
  task.name = "task";
  task.fields = {field("about", of(Base::link, "appeal")), indexed("by_whom", organisation),
                 field("share", of(Base::choice, "share")), field("bounces", kNumber),
                 field("cost", kMoney), field("due", of(Base::date)), field("step", kNumber)};
  task.fields[0].parent = true;
  task.sets = {{"supervisions", "supervision", "about"}};
  task.states = {"sent", "doing", "returned", "done", "transferred"};
  task.actions = {{"send", {}}, {"return", {}}};
  world.types["task"] = task;
  TypeShape special = task;
  special.name = "special_task";
  special.bases = {"task"};
  world.types["special_task"] = special;

  TypeShape supervision;
  supervision.name = "supervision";
  supervision.fields = {field("about", of(Base::link, "any")),
                        field("why", of(Base::choice, "share"))};
  supervision.states = {"listed", "struck", "transferred"};
  world.types["supervision"] = supervision;

  TypeShape notice;
  notice.name = "notice";
  notice.fields = {field("about", of(Base::link, "any"))};
  notice.sets = {{"objections", "objection", "notice"}};
  notice.states = {"up", "over", "transferred"};
  world.types["notice"] = notice;
  TypeShape objection;
  objection.name = "objection";
  objection.fields = {field("notice", of(Base::link, "notice")), field("upheld", kYesNo)};
  objection.states = {"raised", "decided", "transferred"};
  world.types["objection"] = objection;

  TypeShape permit;
  permit.name = "permit";
  permit.fields = {indexed("kind", of(Base::choice, "task_kind")),
                   indexed("department", organisation),
                   indexed("area", territory),
                   field("cost", kMoney),
                   field("about", of(Base::link, "appeal")),
                   field("year", kNumber)};
  permit.states = {"in_force", "ended", "transferred"};
  permit.is_reference = true;
  world.types["permit"] = permit;
  return world;
}

/// A type with the fields of its shape, as evaluation needs it.
inline std::shared_ptr<Type> type_of_shape(const TypeShape& shape, const std::set<Name>& final) {
  auto type = std::make_shared<Type>();
  type->name = shape.name;
  if (!shape.bases.empty()) type->base = shape.bases.front();
  for (const FieldShape& one : shape.fields) {
    FieldSpec spec;
    spec.name = one.name;
    spec.parent = one.parent;
    spec.index = one.index;
    spec.live = one.live;
    spec.many = one.type.is_set;
    type->fields.push_back(spec);
  }
  for (const Name& state : shape.states)
    type->states.push_back({state, {}, final.contains(state), false});
  type->index_names();
  return type;
}

/// The world with matters in it.
class ExpressionTest : public ::testing::Test {
 protected:
  ExpressionTest() {
    for (const auto& [name, shape] : world.types)
      types[name] = type_of_shape(shape, {"closed", "done", "struck", "over", "decided", "ended",
                                          "transferred"});
    locality.name = "town";
    locality.territory = "222401";
    CalendarText text{.name = "office", .zone = "Asia/Shanghai"};
    for (std::size_t i = 0; i < 5; ++i) text.frames[i] = Frames{{510, 720}, {810, 1020}};
    text.holidays = {date_of({2026, 10, 1})};
    text.years = {2025, 2026, 2027};
    locality.calendar = std::make_shared<const Calendar>(make_calendar(text, nullptr).value());
    add_lists();
    add_directory();
    add_matters();
  }

  void add_lists() {
    const auto row = [](Name key, std::vector<NamedValue> props) {
      return ListRow{std::move(key), {}, false, std::move(props)};
    };
    List category{.name = "category"};
    category.rows = {row("lighting", {{"answer_limit", Limit{5, LimitUnit::day_working}},
                                      {"office", organisation_unit("lighting_office")},
                                      {"weight", Number{2 * kMicros}}}),
                     row("water", {{"answer_limit", Limit{3, LimitUnit::day_natural}},
                                   {"weight", Number{7 * kMicros}}}),
                     row("other", {})};
    locality.lists["category"] = category;
    List rates{.name = "rates"};
    rates.rows = {row("speed", {{"weight", Number{3 * kMicros}}}),
                  row("result", {{"weight", Number{7 * kMicros}}})};
    locality.lists["rates"] = rates;
    locality.settings["bounce_most"] = {.name = "bounce_most", .value = Number{2 * kMicros}};
    locality.settings["reopen_time"] = {.name = "reopen_time",
                                        .value = Limit{30, LimitUnit::day_natural}};
    locality.settings["standard"] = {.name = "standard", .value = Money{5'000}};
    locality.settings["strict"] = {.name = "strict", .value = true};
  }

  void add_directory() {
    const Date from = date_of({2020, 1, 1});
    const auto node = [&](std::string code, Level level) {
      return Territory{.code = std::move(code), .level = level, .name = {"地"}, .valid_from = from};
    };
    directory.territory = std::make_shared<const TerritoryTree>(
        TerritoryTree::build({node("22", Level::province), node("2224", Level::prefecture),
                              node("222401", Level::county), node("222401002", Level::subdistrict),
                              node("222401002001", Level::community),
                              node("222401002001007", Level::grid),
                              node("222401002001008", Level::grid)})
            .value());
    Roster roster;
    const auto add = [&](Organisation organisation) { roster = roster.with(organisation).value(); };
    add({.key = "beishan_street", .label = {"北山"}, .kind = "street", .territory = "222401002",
         .in_charge_of = "222401002", .valid_from = from});
    add({.key = "lighting_office",
         .label = {"路灯"},
         .kind = "department",
         .parent = "beishan_street",
         .territory = "222401",
         .valid_from = from});
    Post desk{.id = PostId{71}, .key = "desk_1", .role = "desk",
              .unit = territory_unit("222401002001"), .organisation = "beishan_street"};
    desk.state = PostState::filled;
    roster = roster.with(desk).value();
    directory.roster = std::make_shared<const Roster>(roster);
  }

  std::shared_ptr<Snapshot> make(const Name& type, std::int64_t id, const Name& state) {
    auto made = std::make_shared<Snapshot>();
    made->id = MatterId{id};
    made->type = types.at(type);
    made->version = 1;
    made->state = *types.at(type)->find_state(state);
    made->fields.resize(types.at(type)->fields.size());
    made->opened_at = *parse_instant("2026-09-22T01:00:00Z");
    made->territory = "222401002001007";
    made->owner = organisation_unit("beishan_street");
    made->handler = organisation_unit("lighting_office");
    return made;
  }
  void put(Snapshot& matter, std::string_view name, Value value) {
    matter.fields[*matter.type->find_field(name)] = std::move(value);
  }

  void add_matters() {
    self = make("appeal", 1, "handling");
    put(*self, "text", Value(std::string("路灯不亮")));
    put(*self, "category", Key{"lighting"});
    put(*self, "n", Number{7 * kMicros});
    put(*self, "cost", Money{10'000});
    put(*self, "day_due", date_of({2026, 9, 28}));
    put(*self, "at", *parse_instant("2026-09-22T00:30:00Z"));
    const Name states[] = {"sent", "returned", "done"};
    for (std::int64_t i = 0; i < 3; ++i) {
      auto task = make("task", 11 + i, states[i]);
      put(*task, "about", Link{self->id});
      put(*task, "by_whom", organisation_unit(i == 0 ? "housing" : "lighting_office"));
      put(*task, "bounces", Number{i * kMicros});
      put(*task, "share", Key{i == 0 ? "lead" : "assist"});
      if (i > 0) put(*task, "cost", Money{i * 250});
      put(*task, "step", Number{(i == 2 ? 9 : i + 3) * kMicros});
      tasks.push_back(task);
    }
    auto permit = make("permit", 31, "in_force");
    put(*permit, "kind", Key{"survey"});
    put(*permit, "department", organisation_unit("lighting_office"));
    put(*permit, "area", territory_unit("222401002"));
    put(*permit, "cost", Money{300});
    auto other = make("permit", 32, "in_force");
    put(*other, "kind", Key{"proof"});
    put(*other, "department", organisation_unit("lighting_office"));
    put(*other, "area", territory_unit("222401"));
    permits = {permit, other};
    directory.references["permit"] =
        std::make_shared<const ReferenceRows>(ReferenceRows::of({permit, other}));
  }

  /// Everything put into the dossier; called by run, so that tests may change matters before.
  void load() {
    dossier = Dossier();
    dossier.add(self);
    std::vector<MatterId> ids;
    for (const auto& task : tasks) {
      dossier.add(task);
      ids.push_back(task->id);
    }
    dossier.add_members({"task", "about", self->id}, ids);
    for (const auto& one : others) dossier.add(one);
    for (const auto& [key, members] : sets) dossier.add_members(key, members);
  }

  CheckContext context() {
    CheckContext made{.world = world, .self = world.find_type("appeal")};
    made.input = &world.find_type("appeal")->find_action("reply")->input;
    made.may.clocks = true;
    made.may.figure = true;
    return made;
  }

  Result<ExpressionPtr> compile(std::string_view text, const StaticType& expected = kAnyType) {
    return compile_expression(text, {}, context(), expected);
  }
  /// The key of the refusal; "" when the text is accepted.
  std::string refusal(std::string_view text, const StaticType& expected = kAnyType) {
    const auto made = compile(text, expected);
    return made ? std::string() : made.error().key;
  }

  Scope scope() {
    return {.directory = directory, .locality = locality, .dossier = dossier, .self = self.get(),
            .input = &input, .actor = &actor, .now = now};
  }
  Value run(std::string_view text, const StaticType& expected = kAnyType) {
    const auto made = compile(text, expected);
    if (!made) {
      ADD_FAILURE() << text << ": " << made.error().key;
      for (const auto& detail : made.error().details)
        ADD_FAILURE() << "  " << detail.name << " = " << detail.value;
      return {};
    }
    load();
    const auto value = evaluate(**made, scope());
    if (!value) {
      ADD_FAILURE() << text << ": " << value.error().key;
      return {};
    }
    return *value;
  }
  bool holds(std::string_view text) {
    const auto made = compile(text, kYesNo);
    if (!made) {
      ADD_FAILURE() << text << ": " << made.error().key;
      return false;
    }
    load();
    const auto value = holds_true(**made, scope());
    EXPECT_TRUE(value) << text;
    return value.value_or(false);
  }

  static Value number(double n) { return Number{static_cast<std::int64_t>(n * kMicros)}; }

  SmallWorld world = small_world();
  std::map<Name, std::shared_ptr<Type>> types;
  Directory directory;
  Locality locality;
  Dossier dossier;
  std::shared_ptr<Snapshot> self;
  std::vector<std::shared_ptr<Snapshot>> tasks, permits, others;
  std::vector<std::pair<SetKey, std::vector<MatterId>>> sets;
  std::vector<NamedValue> input;
  Actor actor{.kind = Actor::Kind::post, .post = PostId{71}, .account = AccountId{5},
              .role = "desk", .unit = territory_unit("222401002001"),
              .organisation = "beishan_street"};
  Instant now = *parse_instant("2026-09-22T01:00:00Z");
};

}  // namespace gewu::test
