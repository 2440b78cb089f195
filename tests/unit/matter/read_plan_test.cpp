#include "kernel/matter/read_plan.h"

#include <map>

#include "base/limits.h"
#include "unit/matter/expression_fixture.h"

namespace gewu::test {
namespace {

using Kind = ReadPlan::Step::Kind;

class MapSource : public DossierSource {
 public:
  std::map<MatterId, SnapshotPtr> matters;
  std::unordered_map<SetKey, std::vector<MatterId>, SetKeyHash> sets;
  int loads = 0;

  SnapshotPtr load(MatterId id) override {
    ++loads;
    const auto found = matters.find(id);
    return found == matters.end() ? nullptr : found->second;
  }
  std::vector<MatterId> members(const SetKey& key) override { return sets[key]; }
  std::vector<HoldRecord> holds(const Name&, const Name&, const std::vector<std::string>&,
                                MatterId) override {
    return {};
  }
  std::vector<BookEntry> entries(const Name&, const std::string&, Instant) override { return {}; }
  std::int64_t balance(const Name&, const std::string&) override { return 0; }
  std::vector<CountedBy> counts(const std::string&, Date, Date) override { return {}; }
  std::vector<CountedBy> cells(const CellQuery&) override { return {}; }
  std::int64_t cited(MatterId) override { return 0; }
};

class ReadPlanTest : public ExpressionTest {
 protected:
  ReadPlan plan(std::initializer_list<std::string_view> texts) {
    ReadPlan made;
    for (const auto text : texts) add_reads(made, *compile(text).value(), find());
    return made;
  }
  FindType find() {
    return [this](std::string_view name) -> const Type* {
      const auto found = types.find(Name(name));
      return found == types.end() ? nullptr : found->second.get();
    };
  }
};

TEST_F(ReadPlanTest, merges_paths_into_a_tree) {
  const ReadPlan made = plan({"into.cost > cost", "into.into.n", "any(tasks[by_whom == owner])",
                              "tasks.supervisions.why", "input.into.is_final", "n > 1"});
  const std::vector<ReadPlan::Step> steps = {
      {Kind::link, "appeal", "into", {{Kind::link, "appeal", "into", {}}}},
      {Kind::members, "task", "about", {{Kind::members, "supervision", "about", {}}}}};
  EXPECT_EQ(made.steps, steps);
  EXPECT_EQ(made.input, std::vector<ReadPlan::Step>{});  // the links themselves are always loaded
  EXPECT_EQ(plan({"any(input.into.tasks)"}).input,
            (std::vector<ReadPlan::Step>{{Kind::members, "task", "about", {}}}));
}

TEST_F(ReadPlanTest, follows_live_fields_of_others) {
  auto live = compile("into.tasks.cost").value();
  types["appeal"]->fields.back().value = live;
  ASSERT_TRUE(types["appeal"]->fields.back().live);
  const ReadPlan made = plan({"origin.state == up", "into.age > 1"});
  ASSERT_EQ(made.steps.size(), 2U);
  EXPECT_EQ(
      made.steps[1],
      (ReadPlan::Step{Kind::link,
                      "appeal",
                      "into",
                      {{Kind::link, "appeal", "into", {{Kind::members, "task", "about", {}}}}}}));
}

TEST_F(ReadPlanTest, a_circle_of_live_fields_ends) {
  types["appeal"]->fields.back().value = compile("into.age + 1").value();
  const ReadPlan made = plan({"into.age > 1"});
  EXPECT_EQ(made.steps.size(), 1U);
}

TEST_F(ReadPlanTest, estimates) {
  const auto rows = [&](std::string_view text) {
    return estimate_rows(*types["appeal"], plan({text}), find(), kSetSizeExpected);
  };
  EXPECT_EQ(rows("n > 1"), 1U);
  EXPECT_EQ(rows("into.n > 1"), 2U);
  EXPECT_EQ(rows("any(tasks)"), 51U);
  EXPECT_EQ(rows("any(tasks.supervisions)"), 1U + 50 + 2'500);
  EXPECT_GT(rows("any(tasks.about.tasks.supervisions)"), kLimits.dossier_rows_max);
}

TEST_F(ReadPlanTest, loads_what_the_plan_says_once) {
  MapSource source;
  for (const auto& task : tasks) {
    source.matters[task->id] = task;
    source.sets[{"task", "about", self->id}].push_back(task->id);
  }
  auto other = make("appeal", 50, "closed");
  source.matters[other->id] = other;
  put(*self, "into", Link{other->id});
  Dossier loaded;
  const ReadPlan made = plan({"any(tasks[is_final])", "into.cost > 1", "into.into.n > 1"});
  ASSERT_TRUE(load_dossier(made, self, {}, source, loaded));
  EXPECT_EQ(loaded.row_count(), 5U);
  EXPECT_EQ(source.loads, 4);
  EXPECT_EQ(loaded.find(other->id), other);
  EXPECT_EQ(loaded.members({"task", "about", self->id}).size(), 3U);
  EXPECT_TRUE(loaded.members({"task", "about", other->id}).empty());
  const auto expression =
      compile("all(tasks, has(by_whom)) and into.state == closed", kYesNo).value();
  Scope where = scope();
  const Scope real{.directory = where.directory, .locality = where.locality, .dossier = loaded,
                   .self = self.get(), .now = now};
  EXPECT_TRUE(holds_true(*expression, real).value());
}

TEST_F(ReadPlanTest, a_dossier_has_a_limit) {
  MapSource source;
  for (std::int64_t i = 0; i <= static_cast<std::int64_t>(kLimits.dossier_rows_max); ++i) {
    source.matters[MatterId{1'000 + i}] = make("task", 1'000 + i, "sent");
    source.sets[{"task", "about", self->id}].push_back(MatterId{1'000 + i});
  }
  Dossier loaded;
  const auto status = load_dossier(plan({"any(tasks)"}), self, {}, source, loaded);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().key, "dossier.too_large");
}

TEST_F(ReadPlanTest, finds_the_way_back) {
  const auto back = [&](std::string_view text) {
    return dependences_of(*types["appeal"], *compile(text).value(), find());
  };
  EXPECT_EQ(back("any(tasks[is_final])"),
            (std::vector<Dependence>{{"task", "", {"about"}}, {"task", "is_final", {"about"}}}));
  EXPECT_EQ(back("into.n > 1"), (std::vector<Dependence>{{"appeal", "n", {"<appeal.into"}}}));
  EXPECT_EQ(back("into.tasks.cost").back(),
            (Dependence{"task", "cost", {"about", "<appeal.into"}}));
  EXPECT_TRUE(back("n > 1 and input.into.is_final").empty());
  CheckContext where{.world = world, .self = world.find_type("task")};
  const auto part = compile_expression("any(parent.tasks[is_final])", {}, where, kYesNo).value();
  EXPECT_EQ(dependences_of(*types["task"], *part, find()).back(),
            (Dependence{"task", "is_final", {"about", "<task.about"}}));
}

TEST_F(ReadPlanTest, reference_rows_are_found_by_index) {
  const ReferenceRows& rows = directory.rows("permit");
  EXPECT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows.is_indexed("kind"));
  EXPECT_FALSE(rows.is_indexed("cost"));
  EXPECT_EQ(rows.find_equal("kind", Key{"survey"}), std::vector<SnapshotPtr>{permits[0]});
  EXPECT_EQ(rows.find_equal("department", organisation_unit("lighting_office")).size(), 2U);
  EXPECT_TRUE(rows.find_equal("kind", Key{"inspect"}).empty());
  auto moved = std::make_shared<Snapshot>(*permits[0]);
  put(*moved, "kind", Key{"inspect"});
  const auto after = rows.with(moved);
  EXPECT_EQ(after->size(), 2U);
  EXPECT_TRUE(after->find_equal("kind", Key{"survey"}).empty());
  EXPECT_EQ(after->find_equal("kind", Key{"inspect"}), std::vector<SnapshotPtr>{moved});
  const auto less = after->without(moved->id);
  EXPECT_EQ(less->size(), 1U);
  EXPECT_TRUE(less->find_equal("kind", Key{"inspect"}).empty());
  EXPECT_EQ(less->find_equal("owner", organisation_unit("beishan_street")).size(), 1U);
  EXPECT_EQ(rows.size(), 2U);  // the old one is untouched
  EXPECT_EQ(directory.rows("nothing").size(), 0U);
}

}  // namespace
}  // namespace gewu::test
