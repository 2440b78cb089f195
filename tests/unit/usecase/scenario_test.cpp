#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "support/scenario_stores.h"
#include "support/shipped_office.h"
#include "usecase/run_scenarios.h"

namespace gewu::usecase {
namespace {

using test::must;

ScenarioReport run(const std::string& text) {
  test::ScenarioStores stores;
  return must(run_scenarios({{"t.scenario", text}}, test::shipped_directory(), stores.opener(), {}));
}

TEST(Scenarios, an_appeal_is_taken_and_its_clock_is_met) {
  const auto report = run(
      "# name: taken in time\nlocality yanji\nat 2026-09-22 09:00\n"
      "resident submit appeal text='路灯不亮' place=grid:222401002001007 contact=.. as a"
      " -> received, receipt=.., clock accept due 2026-09-22 11:00\n"
      "repeat last request -> same answer\n"
      "centre accept a -> refused appeal.accept.category\n"
      "centre accept a category=lighting -> accepted, handler=lighting_office, clock accept met\n");
  for (const auto& failure : report.failures)
    ADD_FAILURE() << failure.line << ": " << failure.expected << " / " << failure.actual;
  EXPECT_EQ(report.passed, 1u);
  EXPECT_TRUE(report.exercised.contains("action appeal.accept"));
  EXPECT_TRUE(report.exercised.contains("refusal appeal.accept.category"));
}

TEST(Scenarios, what_differs_is_named_with_file_and_line) {
  const auto report = run(
      "# name: wrong\nlocality yanji\nat 2026-09-22 09:00\n"
      "resident submit appeal text='x' place=grid:222401002001007 as a -> accepted\n");
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].file, "t.scenario");
  EXPECT_EQ(report.failures[0].line, 4);
  EXPECT_EQ(report.failures[0].expected, "accepted");
  EXPECT_THAT(report.failures[0].actual, ::testing::HasSubstr("received"));
}

TEST(Scenarios, each_wrong_expectation_fails) {
  const std::string head =
      "# name: x\nlocality yanji\nat 2026-09-22 09:00\n"
      "resident submit appeal text='x' place=grid:222401002001007 contact=.. as a -> ";
  for (const char* wrong :
       {"refused appeal.text.required", "opens task", "tells centre@nowhere", "cites a",
        "clock accept met", "clock accept due 2026-09-22 12:00", "clock nothing met",
        "late_arrival", "same answer", "text='y'", "owner=gas", "contact=none", "outcome=solved",
        "lamp=red", "effect x refused y", "nonsense word here", "listed=true"})
    EXPECT_EQ(run(head + wrong + "\n").failures.size(), 1u) << wrong;
}

TEST(Scenarios, a_step_that_is_refused_fails_unless_it_was_expected) {
  const auto report = run(
      "# name: x\nlocality yanji\ngiven appeal a place=grid:222401002001007 state=received\n"
      "centre accept a ; centre accept a category=lighting -> accepted\n");
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_THAT(report.failures[0].actual, ::testing::HasSubstr("appeal.accept.category"));
}

TEST(Scenarios, unknown_words_are_failures_not_passes) {
  for (const char* line : {"given nothing a", "nobody_role accept a", "centre accept nothing",
                           "at yesterday 09:00", "given appeal a colour=red", "show appeal",
                           "import x"}) {
    const auto report = run(std::string("locality yanji\n") + line + "\n");
    EXPECT_EQ(report.failures.size(), 1u) << line;
  }
  EXPECT_EQ(run("locality nowhere\ngiven appeal a\n").failures.size(), 1u);
}

TEST(Scenarios, given_matters_have_computed_values_and_only_the_clocks_named) {
  const auto report = run(
      "# name: given\nlocality yanji\nat 2026-09-22 09:00\n"
      "given appeal a place=grid:222401002001007 category=lighting state=received"
      " clock accept from 2026-09-22 08:30\n"
      "at 2026-09-22 10:00 -> a handler=lighting_office, owner=beishan_street,"
      " clock accept due 2026-09-22 10:30\n");
  for (const auto& failure : report.failures)
    ADD_FAILURE() << failure.line << ": " << failure.expected << " / " << failure.actual;
}

/// `gewu check` runs each of them in the release build; here, under sanitizers, one file in three
/// is enough for every day.
TEST(Scenarios, the_shipped_ones_pass) {
  const char* asked = std::getenv("GEWU_LONG");
  const std::size_t every = asked != nullptr && std::string_view(asked) == "1" ? 1 : 3;
  std::vector<ScenarioFile> chosen;
  for (std::size_t i = 0; i < test::shipped_folder().scenarios.size(); i += every)
    chosen.push_back(test::shipped_folder().scenarios[i]);
  test::ScenarioStores stores;
  // With the places of tests, whose scenarios are among them.
  const auto everywhere = must(scenario_directory(
      test::shipped_definitions(), test::shipped_folder().tables, *parse_date("2020-01-01")));
  const auto report = must(run_scenarios(chosen, everywhere, stores.opener(), {}));
  for (const auto& failure : report.failures)
    ADD_FAILURE() << failure.file << ":" << failure.line << " " << failure.scenario
                  << "\n  expected: " << failure.expected << "\n  actual:   " << failure.actual;
}

}  // namespace
}  // namespace gewu::usecase
