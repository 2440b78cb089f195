#include "usecase/scenario_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gewu::usecase {
namespace {

using ::testing::ElementsAre;

TEST(ScenarioText, parts_scenarios_steps_and_clauses) {
  const auto read = parse_scenarios(
      "# name: first\n# source: x\nlocality yanji\n"
      "at 2026-09-22 09:00 tick -> a lamp=red, opens task as t ; t sent\n"
      "resident submit appeal text='a, b; c -> d' issues=[a, b] as x ; centre accept x\n"
      "\n---\n# name: second\nlocality jilin\ngiven appeal a\n",
      "s.scenario");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2u);
  const Scenario& first = read->front();
  EXPECT_EQ(first.name, "first");
  EXPECT_EQ(first.locality, "yanji");
  ASSERT_EQ(first.lines.size(), 2u);
  ASSERT_EQ(first.lines[0].expected.size(), 2u);
  EXPECT_THAT(first.lines[0].expected[0].clauses[1], ElementsAre("opens", "task", "as", "t"));
  EXPECT_THAT(first.lines[0].expected[1].clauses[0], ElementsAre("t", "sent"));
  EXPECT_THAT(first.lines[1].steps[0].words,
              ElementsAre("resident", "submit", "appeal", "text='a, b; c -> d'", "issues=[a, b]",
                          "as", "x"));
  EXPECT_EQ(first.lines[1].steps.size(), 2u);
  EXPECT_EQ(first.lines[1].line, 5);
  EXPECT_EQ(read->back().name, "second");
}

TEST(ScenarioText, names_the_line_that_is_no_scenario) {
  for (const char* text : {"at 2026-09-22 09:00\n", "locality a\n\ngiven x text='open\n",
                           "locality a\ngiven x issues=[a\n", "locality a\ngiven x issues=a]\n"}) {
    const auto read = parse_scenarios(text, "s.scenario");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().key, "scenario.form");
    EXPECT_EQ(read.error().details[0].value, "s.scenario");
  }
}

}  // namespace
}  // namespace gewu::usecase
