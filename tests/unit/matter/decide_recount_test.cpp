#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "decide_office.h"
#include "kernel/matter/recount.h"

// A calendar notice: dated days come in, and the clocks that count such days move with an event.

namespace gewu::test {
namespace {

Date date(std::string_view text) { return *parse_date(text); }

/// The office's directory with more dated days in the calendar of the town.
void announce(Office& office, CalendarText days) {
  auto directory = std::make_shared<Directory>(*office.directory());
  auto town = std::make_shared<Locality>(*directory->localities.at("town"));
  days.name = town->calendar->name();
  days.extends = days.name;
  auto calendar = make_calendar(days, town->calendar.get());
  ASSERT_TRUE(calendar) << calendar.error().key;
  town->calendar = std::make_shared<const Calendar>(*std::move(calendar));
  town->calendars[days.name] = town->calendar;
  directory->localities["town"] = town;
  office.set_directory(directory);
}

Actor system_actor() {
  Actor actor;
  actor.kind = Actor::Kind::system;
  return actor;
}

/// How many events it took.
std::size_t recount(Office& office, MatterId matter) {
  auto decision = recount_clocks(office.chamber(), matter, system_actor());
  EXPECT_TRUE(decision) << decision.error().key;
  const std::size_t events = decision->steps.size();
  if (events > 0) office.take(*std::move(decision));
  return events;
}

/// An appeal with ten working days from 09-22: the promise is due on 10-10, a make-up day.
MatterId promised(Office& office) {
  office.go("2026-09-22 09:00");
  const MatterId appeal = office.appeal();
  EXPECT_EQ(office.act(appeal, "accept", office.at_post(1), {Office::key("category", "other")}), "");
  EXPECT_EQ(office.due_of(appeal, "promise"), "2026-10-10 17:00");
  return appeal;
}

TEST(DecideRecount, a_day_off_moves_the_promise_later_and_keeps_the_first) {
  Office office;
  const MatterId appeal = promised(office);
  const Instant first = office.load(appeal)->find_clock("promise")->due;
  office.go("2026-09-24 09:00");
  announce(office, {.holidays = {date("2026-10-09")}});
  const auto moved = moved_clocks(office.chamber(), *office.load(appeal));
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved.front().clock, "promise");
  EXPECT_EQ(moved.front().was, first);
  EXPECT_FALSE(moved.front().turns_overdue);
  EXPECT_EQ(recount(office, appeal), 1u);
  EXPECT_EQ(office.due_of(appeal, "promise"), "2026-10-12 17:00");
  EXPECT_EQ(moved.front().now, office.load(appeal)->find_clock("promise")->due);
  EXPECT_EQ(office.load(appeal)->find_clock("promise")->first_due, first);
  EXPECT_EQ(office.events.back().kind, Event::Kind::calendar);
  EXPECT_EQ(recount(office, appeal), 0u) << "a second time there is nothing to move";
  EXPECT_TRUE(moved_clocks(office.chamber(), *office.load(appeal)).empty());
}

TEST(DecideRecount, a_make_up_day_may_turn_a_clock_overdue_and_its_steps_fire) {
  Office office;
  const MatterId appeal = promised(office);
  office.go("2026-10-10 09:00");
  office.tick();
  announce(office, {.makeup = {{date("2026-09-26"), Weekday::mon}}});
  const auto moved = moved_clocks(office.chamber(), *office.load(appeal));
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_TRUE(moved.front().turns_overdue);
  EXPECT_EQ(recount(office, appeal), 1u);
  EXPECT_EQ(office.due_of(appeal, "promise"), "2026-10-09 17:00");
  EXPECT_EQ(office.lamp(appeal), Lamp::red);
  ASSERT_TRUE(next_wake(*office.load(appeal)).has_value());
  EXPECT_LE(*next_wake(*office.load(appeal)), office.now);
}

TEST(DecideRecount, days_that_no_clock_counts_move_nothing) {
  Office office;
  const MatterId appeal = promised(office);
  announce(office, {.holidays = {date("2026-12-25")}, .years = {2027}});
  EXPECT_EQ(recount(office, appeal), 0u);
}

TEST(DecideRecount, what_is_closed_or_ended_stays_as_it_was) {
  Office office;
  const MatterId appeal = promised(office);
  const auto ended = office.load(appeal)->find_clock("accept")->due;
  announce(office, {.holidays = {date("2026-09-22"), date("2026-10-09")}});
  EXPECT_EQ(recount(office, appeal), 1u);
  EXPECT_EQ(office.load(appeal)->find_clock("accept")->due, ended);
}

TEST(DecideRecount, the_idle_clock_moves_too_and_still_wakes) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId appeal = office.appeal();
  auto idle = std::make_shared<Snapshot>(*office.load(appeal));
  idle->clocks.clear();
  ClockState clock;
  clock.name = "idle";
  clock.inputs.start = office.now;
  clock.inputs.targets = {ClockTarget(Limit{5, LimitUnit::day_working})};
  clock.inputs.calendar = office.calendar().name();
  clock.due = *compute(clock.inputs, office.calendar()).due;
  clock.first_due = clock.due;
  clock.red_at = clock.due;
  clock.steps = {{"100%", clock.due, false}};
  idle->clocks.push_back(clock);
  office.put(idle);
  announce(office, {.holidays = {date("2026-09-24")}});
  EXPECT_EQ(recount(office, appeal), 1u);
  const ClockState* moved = office.load(appeal)->find_clock("idle");
  EXPECT_GT(moved->due, clock.due);
  ASSERT_EQ(moved->steps.size(), 1u);
  EXPECT_EQ(moved->steps.front().at, moved->due);
}

// Whatever days come in, in whatever order of notices: each clock then has the due that its inputs
// give from nothing, days off alone never move one earlier, and the journal replays to the same.
RC_GTEST_PROP(DecideRecountWalk, notices_give_what_a_count_from_nothing_gives, ()) {
  Office office;
  const MatterId appeal = promised(office);
  const int notices = *rc::gen::inRange(1, 5);
  for (int i = 0; i < notices; ++i) {
    const Instant before = office.load(appeal)->find_clock("promise")->due;
    CalendarText days;
    const bool with_work = *rc::gen::arbitrary<bool>();
    const int count = *rc::gen::inRange(0, 6);
    for (int day = 0; day < count; ++day) {
      const Date at{date("2026-09-20").days + *rc::gen::inRange(0, 40)};
      if (with_work && *rc::gen::arbitrary<bool>()) days.makeup.emplace(at, Weekday::mon);
      else days.holidays.insert(at);
    }
    for (const auto& [at, hours] : days.makeup) days.holidays.erase(at);
    announce(office, days);
    recount(office, appeal);
    const ClockState& promise = *office.load(appeal)->find_clock("promise");
    RC_ASSERT(promise.due == *compute(promise.inputs, office.calendar()).due);
    if (!with_work) RC_ASSERT(before <= promise.due);
    RC_ASSERT(recount(office, appeal) == 0u);
  }
  std::map<MatterId, SnapshotPtr> replayed;
  for (const Event& event : office.events)
    replayed[event.matter] = kernel::apply(replayed[event.matter], event);
  RC_ASSERT(*replayed[appeal] == *office.load(appeal));
  RC_ASSERT(!testing::Test::HasFailure());
}

}  // namespace
}  // namespace gewu::test
