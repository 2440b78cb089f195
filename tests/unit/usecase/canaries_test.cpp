// Canaries: matters that never were. They look like others, count nowhere, and tell who reads them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/spans.h"
#include "store/log_book.h"
#include "support/shipped_office.h"
#include "usecase/canaries.h"
#include "usecase/check_data.h"
#include "usecase/find_matters.h"
#include "usecase/pass_time.h"
#include "usecase/read_log.h"
#include "usecase/read_matter.h"
#include "usecase/search.h"

namespace gewu::usecase {
namespace {

using namespace gewu::kernel;
using test::kGrid;
using test::must;
using test::ShippedOffice;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Canaries : public ::testing::Test {
 protected:
  Canaries() {
    security_.caller = office_.seat("officer_lighting_office", "keeper");
    security_.caller.post = {};
    security_.may_secure = true;
  }
  Office& office() { return *office_.office; }
  static WantedCanary wanted(const std::string& state = "withdrawn") {
    Place place;
    place.territory = kGrid;
    WantedCanary canary;
    canary.type = "appeal";
    canary.state = state;
    canary.values = std::vector<NamedValue>{
        {"text", "楼道堆着旧家具，一直没人搬"},
        {"place", make_large(std::move(place))},
        {"contact", make_large(Contact{"编某某", "13000000007", ""})}};
    return canary;
  }
  SnapshotPtr plant() { return must(plant_canary(office(), security_, wanted())).matter; }
  std::string refusal(const WantedCanary& canary) {
    const auto planted = plant_canary(office(), security_, canary);
    return planted ? "planted" : planted.error().key;
  }
  std::vector<store::AuditRecord> alarms() {
    store::AuditQuery query;
    query.event = "canary_read";
    return must(office_.store->log_book().find_audits(query));
  }
  std::vector<std::string> differences() { return must(check_data(office())).differences; }

  ShippedOffice office_;
  SignedInCaller security_;
};

TEST_F(Canaries, stand_final_and_move_no_figure_message_clock_or_follow_up) {
  const auto before = must(office_.store->take_inventory());
  const SnapshotPtr canary = plant();
  EXPECT_EQ(canary->type->states[canary->state].name, "withdrawn");
  EXPECT_EQ(canary->outcome, "withdrawn");
  EXPECT_EQ(canary->closed_at, office_.clock.now());
  EXPECT_EQ(canary->territory, kGrid);
  EXPECT_TRUE(canary->has_receipt);
  EXPECT_FALSE(canary->author_account.has_value());
  for (const ClockState& clock : canary->clocks) EXPECT_TRUE(clock.name.starts_with("erase."));
  const auto timeline = must(office_.store->read_timeline(canary->id, 10));
  ASSERT_THAT(timeline, SizeIs(1));
  const Event& event = timeline.front();
  EXPECT_THAT(event.figures, IsEmpty());
  EXPECT_THAT(event.messages, IsEmpty());
  EXPECT_THAT(event.touched, IsEmpty());
  EXPECT_THAT(event.entries, IsEmpty());
  EXPECT_EQ(event.actor.kind, Actor::Kind::everyone) << "whoever planted it stands nowhere in it";
  EXPECT_THAT(must(office_.store->read_ripples(office_.clock.now() + 1, 10)), IsEmpty());
  const auto after = must(office_.store->take_inventory());
  EXPECT_EQ(after.cells.size(), before.cells.size());
  EXPECT_THAT(after.notices, IsEmpty());
  const auto open = must(
      office_.store->count_open(store::WorkQuery::Of::territory, {std::string("222401")}));
  for (const auto& unit : open)
    for (const store::OpenCount& count : unit) EXPECT_EQ(count.count, 0) << count.state;
  EXPECT_THAT(differences(), IsEmpty());
  // The next author's number follows it: none is missing.
  const SnapshotPtr next = office_.submit().matter;
  EXPECT_EQ(next->number.substr(0, next->number.size() - 1),
            canary->number.substr(0, canary->number.size() - 1));
}

TEST_F(Canaries, are_erased_when_others_are_and_count_nothing_then) {
  const SnapshotPtr canary = plant();
  office_.clock.set(office_.clock.now() + 181 * kMsPerDay);
  must(pass_all_time(office(), 100));
  const auto events = must(office_.store->read_timeline(canary->id, 10));
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events.front().kind, Event::Kind::erase);
  for (const Event& event : events) EXPECT_THAT(event.figures, IsEmpty());
  EXPECT_THAT(differences(), IsEmpty());
}

TEST_F(Canaries, look_like_any_other_to_whoever_works_there) {
  const auto desk = office_.seat("centre_1", "zhang");
  const SnapshotPtr canary = plant();
  const auto other = office_.submit("路灯不亮").matter;
  const ShownRow shown = must(read_row(office(), desk, canary->id));
  EXPECT_EQ(shown.row.seen.matter->number, canary->number);
  SearchQuestion question;
  question.caller = desk;
  question.words = "旧家具";
  const auto found = must(search(office(), question));
  ASSERT_THAT(found.matters, SizeIs(1));
  EXPECT_EQ(found.matters.front().seen.matter->id, canary->id);
  EXPECT_TRUE(must(read_matter(office(), desk, canary->id)).actions.size() <=
              must(read_matter(office(), desk, other->id)).actions.size());
  Caller nobody;
  EXPECT_EQ(read_matter(office(), nobody, canary->id).error().key, "not_found");
}

TEST_F(Canaries, are_refused_where_they_would_mislead_or_count) {
  EXPECT_EQ(refusal(wanted("received")), "canary.state");
  EXPECT_EQ(refusal(wanted("none")), "canary.state");
  EXPECT_EQ(refusal(wanted("closed")), "canary.public") << "everybody is shown it";
  EXPECT_EQ(refusal(wanted("merged")), "canary.goes_on") << "the centre takes it apart again";
  WantedCanary canary = wanted();
  auto& values = std::get<std::vector<NamedValue>>(canary.values);
  values.pop_back();
  EXPECT_EQ(refusal(canary), "canary.contact");
  canary = wanted();
  canary.type = "none";
  EXPECT_EQ(refusal(canary), "not_found");
  canary = wanted();
  std::get<std::vector<NamedValue>>(canary.values).erase(
      std::get<std::vector<NamedValue>>(canary.values).begin());
  EXPECT_EQ(refusal(canary), "appeal.text.required");
  SignedInCaller clerk = security_;
  clerk.may_secure = false;
  EXPECT_EQ(plant_canary(office(), clerk, wanted()).error().key, "account.administer");
  EXPECT_EQ(list_canaries(office(), clerk).error().key, "account.administer");
  EXPECT_THAT(must(list_canaries(office(), security_)).canaries, IsEmpty());
  std::size_t opened = 0;
  must(office_.store->each_matter([&](const SnapshotPtr&) -> Status {
    ++opened;
    return {};
  }));
  EXPECT_EQ(opened, 0u) << "nothing of a refused one stays";
}

TEST_F(Canaries, tell_once_a_day_who_was_shown_one) {
  const auto caller = office_.seat("caller_beishan_street", "zhang");
  const auto centre = office_.seat("centre_1", "wang");
  const SnapshotPtr canary = plant(), second = plant();
  std::int64_t seen = must(watch_reading(office(), 0));
  EXPECT_THAT(alarms(), IsEmpty());
  must(read_row(office(), caller, canary->id));
  seen = must(watch_reading(office(), seen));
  EXPECT_THAT(alarms(), IsEmpty()) << "a row of a list shows whoever looks for something else";
  must(read_matter(office(), caller, canary->id));
  seen = must(watch_reading(office(), seen));
  ASSERT_THAT(alarms(), SizeIs(1));
  EXPECT_EQ(alarms().front().subject, "zhang");
  EXPECT_EQ(alarms().front().key, "canary=1");
  EXPECT_EQ(alarms().front().account, caller.account);
  must(read_matter(office(), caller, canary->id));
  must(watch_reading(office(), 0));
  EXPECT_THAT(alarms(), SizeIs(1)) << "once a day";
  must(read_matter(office(), caller, second->id));
  must(read_matter(office(), centre, canary->id));
  must(watch_reading(office(), seen));
  EXPECT_THAT(alarms(), SizeIs(3)) << "each canary and each reader by itself";
  office_.clock.set(office_.clock.now() + kMsPerDay);
  must(read_matter(office(), caller, canary->id));
  must(watch_reading(office(), 0));
  EXPECT_THAT(alarms(), SizeIs(4)) << "another day";
  store::AuditQuery usual;
  usual.event = "unusual_reading";
  EXPECT_THAT(must(office_.store->log_book().find_audits(usual)), IsEmpty());
  EXPECT_THAT(differences(), IsEmpty());
}

TEST_F(Canaries, are_listed_for_whoever_planted_them_with_what_may_be_planted) {
  const SnapshotPtr canary = plant();
  const auto list = must(list_canaries(office(), security_));
  ASSERT_THAT(list.canaries, SizeIs(1));
  EXPECT_EQ(list.canaries.front().id, 1);
  EXPECT_EQ(list.canaries.front().matter->id, canary->id);
  EXPECT_EQ(list.canaries.front().login, "keeper");
  const auto choices = must(list_canary_choices(office(), security_));
  const auto appeal = std::ranges::find_if(
      choices, [](const CanaryChoice& choice) { return choice.type->name == "appeal"; });
  ASSERT_NE(appeal, choices.end());
  std::vector<std::string> states;
  for (const std::size_t state : appeal->states)
    states.push_back(appeal->type->states[state].name);
  EXPECT_THAT(states, ::testing::Contains("withdrawn"));
  EXPECT_THAT(states, ::testing::Not(::testing::Contains("merged")));
}

}  // namespace
}  // namespace gewu::usecase
