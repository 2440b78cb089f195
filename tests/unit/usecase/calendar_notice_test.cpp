#include "usecase/calendar_notice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shipped_office.h"
#include "usecase/check_data.h"

// New dated days are published, previewed, and move running clocks by the word of two.

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;

/// The place's text with more days off in its calendar, as publish stores it.
kernel::Publication with_days_off(const std::string& place, const std::vector<std::string>& days) {
  kernel::PublishedLocality published = test::shipped_definitions().published.at(place);
  kernel::Node& node = published.node;
  const std::string name = node.find("calendar")->text;
  kernel::Node calendars = *node.find("calendars");
  kernel::Node calendar = *calendars.find(name);
  kernel::Node holidays = calendar.find("holidays") ? *calendar.find("holidays")
                                                    : kernel::Node::list();
  for (const std::string& day : days) holidays.items.push_back(kernel::Node::scalar(day));
  calendar.put("holidays", holidays);
  calendars.put(name, calendar);
  node.put("calendars", calendars);
  std::string text = to_canonical(published);
  std::string sha256 = hash_definition(text);
  return {place, std::move(text), std::move(sha256)};
}

class CalendarNotice : public testing::Test {
 protected:
  void SetUp() override {
    mine = office.submit().matter->id;
    const auto centre = office.seat("centre_1", "zhang");
    const auto accepted =
        office.act(centre, mine, "accept", {{"category", kernel::Key{"other"}}});
    ASSERT_TRUE(accepted) << test::key_of(accepted.error());
    first.caller.account = centre.account;
    first.may_administer = true;
    second.caller.account = office.seat("centre_1", "wang").account;
    second.may_administer = true;
  }
  void publish(const std::vector<std::string>& days) {
    must(change_directory(*office.office, {with_days_off("yanji", days)}, "publish"));
  }
  const kernel::ClockState& clock(const std::string& name) {
    return *office.store->read()->load(mine)->find_clock(name);
  }
  std::string agree(const SignedInCaller& by, const std::string& fingerprint) {
    const auto agreed = agree_calendar_notice(*office.office, by, fingerprint);
    if (!agreed) return agreed.error().key;
    return agreed->moved ? "moved " + std::to_string(agreed->matters) : "proposed";
  }

  ShippedOffice office;
  MatterId mine;
  SignedInCaller first, second;
};

TEST_F(CalendarNotice, nothing_moves_until_two_administrators_agree) {
  const Instant was = clock("promise").due;
  publish({"2026-09-24", "2026-09-25"});
  EXPECT_EQ(clock("promise").due, was) << "publishing moves no running clock";
  const auto preview = must(preview_calendar_notice(*office.office, first));
  EXPECT_EQ(preview.later, 1u);
  EXPECT_EQ(preview.earlier, 0u);
  EXPECT_EQ(preview.matters, 1u);
  ASSERT_EQ(preview.rows.size(), 1u);
  EXPECT_EQ(preview.rows.front().matter->id, mine);
  EXPECT_EQ(preview.rows.front().clocks.front().was, was);
  EXPECT_FALSE(preview.proposed_by.has_value());

  EXPECT_EQ(agree(first, preview.fingerprint), "proposed");
  EXPECT_EQ(agree(first, preview.fingerprint), "calendar.second_person");
  EXPECT_EQ(clock("promise").due, was);
  EXPECT_EQ(must(preview_calendar_notice(*office.office, second)).proposed_by,
            first.caller.account);
  EXPECT_EQ(agree(second, preview.fingerprint), "moved 1");
  EXPECT_EQ(clock("promise").due, preview.rows.front().clocks.front().now);
  EXPECT_LT(was, clock("promise").due);
  EXPECT_EQ(clock("promise").first_due, was) << "the first promise stays visible";

  const auto timeline = must(office.store->read_timeline(mine, 100));
  EXPECT_EQ(std::ranges::count(timeline, kernel::Event::Kind::calendar, &kernel::Event::kind), 1);
  EXPECT_EQ(must(preview_calendar_notice(*office.office, first)).matters, 0u);
  EXPECT_EQ(agree(first, preview.fingerprint), "calendar.nothing");
  EXPECT_THAT(must(check_data(*office.office)).differences, ::testing::IsEmpty());
}

TEST_F(CalendarNotice, who_agrees_has_seen_these_very_calendars) {
  publish({"2026-09-24"});
  const std::string seen = must(preview_calendar_notice(*office.office, first)).fingerprint;
  EXPECT_EQ(agree(first, seen), "proposed");
  publish({"2026-09-24", "2026-09-25"});
  EXPECT_EQ(agree(second, seen), "calendar.stale");
  const auto now = must(preview_calendar_notice(*office.office, second));
  EXPECT_FALSE(now.proposed_by.has_value()) << "what was proposed were other days";
  EXPECT_EQ(agree(second, now.fingerprint), "proposed");
  EXPECT_EQ(agree(first, now.fingerprint), "moved 1");
}

TEST_F(CalendarNotice, is_for_administrators_and_about_clocks_that_run) {
  SignedInCaller other = first;
  other.may_administer = false;
  EXPECT_EQ(preview_calendar_notice(*office.office, other).error().key, "account.administer");
  EXPECT_EQ(agree(other, "x"), "account.administer");
  const auto preview = must(preview_calendar_notice(*office.office, first));
  EXPECT_EQ(preview.matters, 0u);
  EXPECT_EQ(agree(first, preview.fingerprint), "calendar.nothing");
  publish({"2027-03-01"});
  EXPECT_EQ(must(preview_calendar_notice(*office.office, first)).matters, 0u)
      << "days that no clock counts";
}

TEST_F(CalendarNotice, a_dated_day_that_is_taken_away_is_told) {
  const auto& directory = *office.store->directory();
  kernel::Messages same;
  warn_of_edited_days(directory, test::shipped_definitions(), same);
  EXPECT_TRUE(same.all().empty());
  publish({"2026-11-18"});
  kernel::Messages less;
  warn_of_edited_days(*office.store->directory(), test::shipped_definitions(), less);
  ASSERT_EQ(less.all().size(), 1u);
  EXPECT_EQ(less.all().front().key, "calendar.day_edited");
  EXPECT_EQ(less.all().front().severity, kernel::Severity::warning);
  EXPECT_THAT(less.all().front().details,
              ::testing::Contains(ErrorDetail{"day", "2026-11-18"}));
}

TEST_F(CalendarNotice, what_was_due_this_minute_is_due_later) {
  office.clock.set(clock("promise").due);
  publish({"2026-09-24"});
  const auto preview = must(preview_calendar_notice(*office.office, first));
  EXPECT_EQ(agree(first, preview.fingerprint), "proposed");
  EXPECT_EQ(agree(second, preview.fingerprint), "moved 1");
  EXPECT_LT(office.clock.now(), clock("promise").due) << "it is no longer due";
}

}  // namespace
}  // namespace gewu::usecase
