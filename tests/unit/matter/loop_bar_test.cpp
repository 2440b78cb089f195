#include "kernel/matter/loop_bar.h"

#include "decide_office.h"

// Where a matter stands in its loop, by its state and the actions taken.

namespace gewu::test {
namespace {

/// Stages up to where it stands; the one that is now in brackets.
std::string bar_of(const char* type, const char* state, const std::vector<const char*>& taken) {
  const Office office;
  Snapshot matter;
  matter.type = office.directory()->localities.at("town")->find_type(type);
  matter.state = *matter.type->find_state(state);
  for (const char* action : taken) {
    matter.actions.push_back({.action = action, .times = 1, .at = {}, .actor = {}, .input = {}});
    matter.actions.back().at.ms = static_cast<std::int64_t>(matter.actions.size());
  }
  std::string text;
  for (const LoopStep& step : loop_bar(matter)) {
    if (step.status != LoopStep::Status::done) {
      EXPECT_FALSE(step.at) << type << " " << state;
    }
    if (step.status == LoopStep::Status::waiting) continue;
    if (!text.empty()) text += ' ';
    const std::string name = to_text(step.stage);
    text += step.status == LoopStep::Status::now ? "[" + name + "]" : name;
  }
  return text;
}

TEST(LoopBar, it_goes_on_with_the_furthest_stage_and_is_whole_at_the_end) {
  EXPECT_EQ(bar_of("appeal", "received", {"submit"}), "collect [receive]");
  EXPECT_EQ(bar_of("appeal", "accepted", {"submit", "accept"}), "collect receive [dispatch]");
  EXPECT_EQ(bar_of("task", "sent", {"send"}), "dispatch [report_in]");
  EXPECT_EQ(bar_of("task", "doing", {"send", "take"}), "dispatch report_in [handle]");
  EXPECT_EQ(bar_of("task", "done", {"send", "take", "report", "pass"}),
            "dispatch report_in handle verify");
}

TEST(LoopBar, it_goes_back_with_what_comes_back) {
  EXPECT_EQ(bar_of("appeal", "waiting", {"submit", "ask_more"}), "[collect]");
  EXPECT_EQ(bar_of("appeal", "handling", {"submit", "merge", "unmerge", "accept", "split"}),
            "collect receive dispatch [handle]");
  EXPECT_EQ(bar_of("task", "doing", {"send", "take", "report", "redo"}),
            "dispatch report_in [handle]");
  EXPECT_EQ(bar_of("task", "returned", {"send", "return"}), "[dispatch]");
  EXPECT_EQ(bar_of("task", "returned", {"send", "take", "return"}), "[dispatch]");
}

TEST(LoopBar, an_action_that_leaves_the_state_ends_its_stage_unless_another_one_is_to_lead_on) {
  EXPECT_EQ(bar_of("whistle_call", "done", {"call", "report_in", "finish"}),
            "dispatch report_in handle");
  EXPECT_EQ(bar_of("whistle_call", "done", {"call", "report_in", "finish", "check"}),
            "dispatch report_in handle verify");
  EXPECT_EQ(bar_of("appeal", "calling", {"submit", "accept", "split", "all_done", "call"}),
            "collect receive dispatch handle [follow_up]");
}

}  // namespace
}  // namespace gewu::test
