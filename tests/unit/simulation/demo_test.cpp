#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "codec/yaml.h"
#include "simulation/demo.h"
#include "support/shipped_office.h"

namespace gewu::simulation {
namespace {

using ::testing::IsEmpty;
using test::must;

/// The shipped people in a town where less happens, so that the test is quick.
DemoPlan quiet_plan(std::uint64_t seed) {
  std::ifstream file(std::string(GEWU_SOURCE_DIR) + "/localities/yanji/demo.yaml");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  DemoPlan plan;
  plan.behaviour = must(read_behaviour(must(codec::read_yaml(text, "demo.yaml")).front()));
  for (OpeningPlan& opening : plan.behaviour.openings)
    opening.count_small = (opening.count_small + 5) / 6;
  plan.behaviour.days = 12;
  plan.small = true;
  plan.seed = seed;
  plan.until = *parse_instant("2026-11-20T07:30:00Z");
  return plan;
}

struct Town {
  explicit Town(std::uint64_t seed) : plan(quiet_plan(seed)) {
    summary = must(make_demo(*office.office, office.clock, plan));
  }
  test::ShippedOffice office;
  DemoPlan plan;
  DemoSummary summary;
};

Town& town() {
  static Town made(1);
  return made;
}

TEST(Demo, a_town_lives_without_a_fault) {
  const DemoSummary& summary = town().summary;
  for (const Error& fault : summary.faults) ADD_FAILURE() << test::key_of(fault);
  EXPECT_EQ(town().office.clock.now(), quiet_plan(1).until);
  EXPECT_GT(summary.actions.at("appeal.submit"), 30u);
  for (const char* action : {"appeal.accept", "appeal.split", "task.report", "task.pass",
                             "appeal.reply", "whistle.sound", "whistle_call.report_in", "note"}) {
    const std::string name = std::string(action) == "note" ? "appeal.note" : action;
    EXPECT_TRUE(summary.actions.contains(name)) << name;
  }
  EXPECT_EQ(summary.accounts.front().login, "admin");
  EXPECT_GT(summary.accounts.size(), 200u);
}

TEST(Demo, what_people_fill_in_is_mostly_lawful) {
  std::size_t taken = 0, refused = 0;
  for (const auto& [action, count] : town().summary.actions) taken += count;
  for (const auto& [key, count] : town().summary.refusals) refused += count;
  EXPECT_LT(refused * 5, taken);
  for (const auto& [key, count] : town().summary.refusals) {
    EXPECT_FALSE(key.starts_with("form.")) << key;
    EXPECT_FALSE(key.ends_with(".kind")) << key;
  }
}

TEST(Demo, every_open_matter_has_somebody_and_a_next_clock) {
  const auto& office = *town().office.office;
  const auto source = office.store.read();
  const kernel::Roster& roster = *office.store.directory()->roster;
  must(office.store.each_matter([&](const kernel::SnapshotPtr& matter) -> Status {
    if (matter->is_final() || matter->type->states[matter->state].resting) return {};
    const bool is_watched = std::ranges::any_of(matter->clocks, [](const auto& clock) {
      return kernel::is_deadline(clock) && (clock.status == kernel::ClockStatus::running ||
                                            clock.status == kernel::ClockStatus::paused);
    });
    EXPECT_TRUE(is_watched) << matter->number;
    EXPECT_TRUE(matter->owner.kind != kernel::Unit::Kind::organisation ||
                roster.organisation(matter->owner.code))
        << matter->owner.code;
    return {};
  }));
}

TEST(Demo, one_seed_makes_one_town) {
  const Town again(1), other(2);
  EXPECT_EQ(again.summary.states, town().summary.states);
  EXPECT_EQ(again.summary.actions, town().summary.actions);
  EXPECT_EQ(again.summary.refusals, town().summary.refusals);
  EXPECT_NE(other.summary.actions, town().summary.actions);
}

TEST(Demo, an_unknown_locality_is_refused) {
  test::ShippedOffice office;
  DemoPlan plan = quiet_plan(1);
  plan.behaviour.locality = "nowhere";
  const auto made = make_demo(*office.office, office.clock, plan);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().key, "demo.locality");
}

}  // namespace
}  // namespace gewu::simulation
