#include "base/spans.h"
#include "decide_office.h"

// Clocks on a matter: pause and its cap, change, extension, exemption, steps, late arrival, idle,
// validity and erasure.

namespace gewu::test {
namespace {

constexpr std::string_view kStart = "2026-09-22 09:00";

Value limit(std::string_view text) { return Value(*parse_limit(text)); }

std::string accept(Office& office, MatterId matter, const std::string& category) {
  return office.act(matter, "accept", office.at_post(1), {Office::key("category", category)});
}

TEST(DecideClocks, a_question_stops_the_clock_but_not_for_ever) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId e = office.appeal();
  const std::vector<NamedValue> ask = {Office::key("ground", "waiting_resident"),
                                       Office::text("question", "几号楼？")};
  office.go("2026-09-22 09:30");
  EXPECT_EQ(office.act(e, "ask_more", office.at_post(1), {ask[1]}),
            "appeal.ask_more.ground.required");
  EXPECT_EQ(office.act(e, "ask_more", office.at_post(1), ask), "");
  EXPECT_EQ(office.clock_of(e, "accept"), "paused");
  EXPECT_FALSE(office.load(e)->next_due().has_value());
  office.go("2026-09-22 14:00");
  EXPECT_EQ(office.act(e, "supplement", Office::author_of(e), {Office::text("text", "3号楼")}),
            "");
  EXPECT_EQ(office.clock_of(e, "accept"), "running");
  EXPECT_EQ(office.due_of(e, "accept"), "2026-09-22 15:30");
  office.go("2026-09-22 14:30");
  EXPECT_EQ(office.act(e, "ask_more", office.at_post(1), ask), "");
  office.go("2026-09-28 15:29");
  office.tick();
  EXPECT_EQ(office.state(e), "waiting");
  EXPECT_EQ(office.clock_of(e, "accept"), "running") << "the cap has ended the pause";
  EXPECT_NE(office.lamp(e), Lamp::red);
  office.go("2026-09-28 15:30");
  office.tick();
  EXPECT_EQ(office.due_of(e, "accept"), "2026-09-28 15:30");
  EXPECT_EQ(office.lamp(e), Lamp::red);
}

TEST(DecideClocks, a_laxer_category_never_moves_the_promise_later) {
  Office office;
  office.go(kStart);
  const MatterId d = office.appeal();
  EXPECT_EQ(accept(office, d, "other"), "");
  EXPECT_EQ(office.load(d)->handler, organisation_unit("beishan_street"));
  EXPECT_EQ(office.due_of(d, "promise"), "2026-10-10 17:00");
  office.go("2026-09-24 09:00");
  const auto reclassify = [&](const char* category) {
    return office.act(d, "reclassify", office.at_post(1), {Office::key("category", category)});
  };
  EXPECT_EQ(reclassify("lighting"), "");
  EXPECT_EQ(office.load(d)->handler, organisation_unit("lighting_office"));
  EXPECT_EQ(office.due_of(d, "promise"), "2026-09-28 17:00");
  EXPECT_EQ(reclassify("other"), "");
  EXPECT_EQ(office.due_of(d, "promise"), "2026-09-28 17:00");
  EXPECT_EQ(office.load(d)->find_clock("promise")->first_due,
            office.events[1].change.clocks.back().first_due);

  const auto extend = [&](std::int64_t post, std::string_view by, const char* ground = "weather") {
    return office.act(d, "promise.extend", office.at_post(post),
                      {{"by", limit(by)}, Office::key("ground", ground)});
  };
  EXPECT_EQ(extend(3, "3 day_working"), "appeal.promise.extend.by");
  EXPECT_EQ(extend(1, "3 day_working", "mood"), "appeal.promise.extend.ground");
  EXPECT_EQ(extend(1, "6 day_working"), "appeal.promise.extend.up_to");
  EXPECT_EQ(extend(1, "3 day_working"), "");
  EXPECT_EQ(office.due_of(d, "promise"), "2026-10-08 17:00");
  EXPECT_EQ(extend(1, "1 day_working"), "appeal.promise.extend.most");
  office.go("2026-10-08 17:00");
  office.tick();
  EXPECT_EQ(office.lamp(d), Lamp::red);
  EXPECT_EQ(office.all_of("supervision").size(), 1u);
  office.go("2026-10-08 17:01");
  EXPECT_EQ(office.act(d, "promise.exempt", office.at_post(3), {Office::key("ground", "weather")}),
            "appeal.promise.exempt.by");
  EXPECT_EQ(office.act(d, "promise.exempt", office.at_post(1), {Office::key("ground", "weather")}),
            "");
  office.act(d, "split", office.at_post(3),
             {Office::tasks({"lighting_office"}, *parse_date("2026-10-09"))});
  const MatterId t = office.all_of("task").front();
  office.act(t, "take", office.at_post(6));
  office.act(t, "report", office.at_post(6), {Office::text("result", "已修")});
  office.act(t, "pass", office.at_post(3));
  EXPECT_EQ(office.state(d), "calling");
  EXPECT_EQ(office.clock_of(d, "promise"), "missed");
  for (const Event& event : office.events)
    for (const Delta& delta : event.figures)
      EXPECT_TRUE(delta.indicator.find("on_time") == std::string::npos) << "exempt: no count";
}

TEST(DecideClocks, an_exemption_after_the_end_takes_the_count_back) {
  Office office;
  office.go(kStart);
  const MatterId d = office.appeal();
  accept(office, d, "lighting");
  office.act(d, "split", office.at_post(3),
             {Office::tasks({"housing_office"}, *parse_date("2026-10-20"))});
  const MatterId t = office.all_of("task").front();
  office.go("2026-09-29 09:00");
  office.act(t, "take", office.at_post(7));
  office.act(t, "report", office.at_post(7), {Office::text("result", "已修")});
  office.act(t, "pass", office.at_post(3));
  ASSERT_EQ(office.clock_of(d, "promise"), "missed");
  std::int64_t counted = 0;
  std::string denominator;
  for (const Delta& delta : office.events.back().figures)
    if (delta.indicator.find("on_time") != std::string::npos) {
      counted += delta.count;
      denominator = delta.indicator;
    }
  for (const Event& event : office.events)
    for (const Delta& delta : event.figures)
      if (delta.indicator.find("on_time") != std::string::npos) denominator = delta.indicator;
  ASSERT_FALSE(denominator.empty());
  EXPECT_EQ(office.figure(denominator), 1);
  EXPECT_EQ(office.figure(denominator, "beishan_street"), 1) << "booked to the clock's owner";
  EXPECT_EQ(office.act(d, "promise.exempt", office.at_post(1), {Office::key("ground", "weather")}),
            "");
  EXPECT_EQ(office.figure(denominator), 0);
}

TEST(DecideClocks, a_late_arrival_is_met_at_the_phones_instant) {
  Office office;
  office.go("2026-10-03 23:30");
  const MatterId a = office.appeal();
  office.go("2026-10-08 10:00");
  const Instant before_due = office.load(a)->find_clock("accept")->due + -60'000;
  office.go("2026-10-08 14:00");
  EXPECT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")}, {},
                       before_due), "");
  const ClockState* clock = office.load(a)->find_clock("accept");
  EXPECT_EQ(clock->status, ClockStatus::met);
  EXPECT_TRUE(clock->late_arrival);
  EXPECT_EQ(clock->ended, before_due);
  EXPECT_EQ(office.events.back().sent, before_due);

  const MatterId early = office.appeal();
  const Instant begun = office.now;
  EXPECT_EQ(office.act(early, "accept", office.at_post(1), {Office::key("category", "lighting")},
                       {}, begun + -kMsPerHour), "");
  EXPECT_EQ(office.load(early)->find_clock("accept")->ended, begun)
      << "done before the clock began, by the phone";

  const MatterId b = office.appeal();
  const Instant too_old = office.now + -2 * kMsPerDay;
  office.go("2026-10-12 14:00");
  EXPECT_EQ(office.act(b, "accept", office.at_post(1), {Office::key("category", "lighting")}, {},
                       too_old), "");
  EXPECT_EQ(office.clock_of(b, "accept"), "missed") << "older than the action may be";
  EXPECT_FALSE(office.load(b)->find_clock("accept")->late_arrival);
}

TEST(DecideClocks, who_holds_powers_whistles_and_each_call_has_its_own_clock) {
  Office office;
  office.go("2026-10-03 23:30");
  const MatterId a = office.appeal();
  const std::vector<NamedValue> sound = {
      Office::text("reason", "燃气泄漏"),
      {"place", make_large(Place{.territory = kGrid})},
      {"issues", make_set({Value(Link{a})})},
      {"called", make_set({Value(organisation_unit("lighting_office")),
                           Value(organisation_unit("housing_office"))})}};
  EXPECT_EQ(office.open("whistle", office.at_post(3), sound).error().key, "whistle.sound.basis");
  const auto grant = office.open("power", office.at_post(1),
                                 {Office::key("opens_action", "whistle.sound"),
                                  {"holder", Value(organisation_unit("beishan_street"))}});
  ASSERT_TRUE(grant) << grant.error().key;
  EXPECT_EQ(office.directory()->rows("power").size(), 1u);
  std::vector<NamedValue> nobody = sound;
  nobody[2].value = make_set({});
  EXPECT_EQ(office.open("whistle", office.at_post(3), nobody).error().key, "whistle.issues.min");
  const auto w = office.open("whistle", office.at_post(3), sound);
  ASSERT_TRUE(w) << w.error().key;
  const std::vector<MatterId> calls = office.all_of("whistle_call");
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(office.due_of(calls[0], "report_in"), "2026-10-03 24:00");
  office.go("2026-10-03 23:45");
  EXPECT_EQ(office.act(calls[1], "report_in", office.at_post(7)), "");
  EXPECT_EQ(office.clock_of(calls[1], "report_in"), "met");
  EXPECT_EQ(office.lamp(calls[0]), Lamp::yellow);
  office.go("2026-10-03 23:54");
  office.tick();
  EXPECT_EQ(office.events.back().action, "report_in@80%");
  EXPECT_EQ(office.events.back().messages.front().posts, std::vector{PostId{8}});
  EXPECT_FALSE(office.events.back().messages.front().not_before.has_value())
      << "a clock of minutes tells at night";
  ASSERT_TRUE(office.open("supervision", office.at_post(5),
                          {{"about", Value(Link{calls[0]})}, Office::key("why", "chosen")}));
  EXPECT_EQ(office.open("supervision", office.at_post(5),
                        {{"about", Value(Link{calls[0]})}, Office::key("why", "chosen")})
                .error().key, "supervision.holds.once");
  office.go("2026-10-04 00:00");
  office.tick();
  EXPECT_EQ(office.events.back().action, "report_in@100%");
  ASSERT_EQ(office.events.back().refused.size(), 1u);
  EXPECT_EQ(office.events.back().refused.front(),
            (RefusedEffect{"list_it", "supervision.holds.once"}));
  EXPECT_EQ(office.all_of("supervision").size(), 1u);
  EXPECT_EQ(office.lamp(calls[0]), Lamp::red);
  EXPECT_EQ(office.act(calls[0], "check", office.at_post(6)), "whistle_call.check.by");
  office.go("2026-10-04 00:20");
  EXPECT_EQ(office.act(calls[0], "report_in", office.at_post(6)), "");
  EXPECT_EQ(office.clock_of(calls[0], "report_in"), "missed");
  EXPECT_EQ(office.state(*w), "gathered") << "auto over the parts";
  EXPECT_EQ(office.act(calls[0], "finish", office.at_post(6)), "");
  EXPECT_EQ(office.act(calls[1], "finish", office.at_post(7)), "");
  EXPECT_EQ(office.state(*w), "gathered");
  EXPECT_EQ(office.act(a, "withdraw", Office::author_of(a)), "");
  EXPECT_EQ(office.state(*w), "answered") << "auto over a link, woken backwards";
}

TEST(DecideClocks, no_open_matter_is_unwatched) {
  Office office;
  office.go(kStart);
  const MatterId a = office.appeal();
  accept(office, a, "lighting");
  office.act(a, "split", office.at_post(3),
             {Office::tasks({"housing_office"}, *parse_date("2026-10-20"))});
  const MatterId t = office.all_of("task").front();
  office.act(t, "return", office.at_post(7), {Office::text("reason", "非本单位")});
  EXPECT_EQ(office.clock_of(t, "idle"), "running") << "returned: no clock of the type runs";
  EXPECT_EQ(office.due_of(t, "idle"), "2026-09-28 17:00");
  office.go("2026-09-28 17:00");
  office.tick();
  EXPECT_EQ(office.lamp(t), Lamp::red);
  const bool was_told = std::ranges::any_of(office.events, [](const Event& event) {
    return event.action == "idle@100%" && !event.messages.empty();
  });
  EXPECT_TRUE(was_told);
  EXPECT_EQ(office.act(t, "resend", office.at_post(3)), "");
  EXPECT_NE(office.clock_of(t, "idle"), "running");
}

TEST(DecideClocks, a_row_is_active_between_its_dates) {
  Office office;
  office.go(kStart);
  const auto row = office.open("power", office.at_post(1),
                               {Office::key("opens_action", "whistle.sound"),
                                {"holder", Value(organisation_unit("beishan_street"))},
                                {"start", Value(*parse_date("2026-09-24"))},
                                {"end", Value(*parse_date("2026-09-25"))}});
  ASSERT_TRUE(row) << row.error().key;
  EXPECT_EQ(office.directory()->rows("power").size(), 0u);
  office.go("2026-09-24 00:00");
  office.tick();
  EXPECT_EQ(office.events.back().action, "in_force");
  EXPECT_EQ(office.directory()->rows("power").size(), 1u);
  office.go("2026-09-25 24:00");
  office.tick();
  EXPECT_EQ(office.events.back().action, "expired");
  EXPECT_EQ(office.directory()->rows("power").size(), 0u);
  EXPECT_EQ(office.act(*row, "extend_to", office.at_post(1),
                       {{"end", Value(*parse_date("2026-10-25"))}}), "");
  EXPECT_EQ(office.directory()->rows("power").size(), 1u);
  EXPECT_EQ(office.act(*row, "stop", office.at_post(1)), "");
  EXPECT_EQ(office.directory()->rows("power").size(), 0u);
}

TEST(DecideClocks, erasure_waits_for_the_end_and_a_reopening_stops_the_wait) {
  Office office;
  office.go(kStart);
  const MatterId a = office.appeal();
  EXPECT_EQ(office.clock_of(a, "erase.contact"), "none");
  EXPECT_EQ(office.act(a, "withdraw", Office::author_of(a)), "");
  EXPECT_EQ(office.clock_of(a, "erase.contact"), "running");
  EXPECT_FALSE(office.load(a)->next_due().has_value()) << "no deadline";
  const MatterId b = office.appeal();
  office.act(a, "note", office.at_post(1), {Office::text("text", "记录")});
  office.act(b, "merge", office.at_post(1), {{"into", Value(Link{office.appeal()})}});
  office.act(b, "unmerge", office.at_post(1), {Office::key("ground", "not_a_duplicate")});
  EXPECT_EQ(office.clock_of(b, "erase.contact"), "void");
  const SnapshotPtr before = office.load(a);
  ASSERT_NE(before->find_field("contact")->get_shared<Contact>(), nullptr);
  office.now = *next_wake(*before);
  auto decision = pass_time(office.chamber(), a);
  ASSERT_TRUE(decision) << decision.error().key;
  const SnapshotPtr after = decision->steps.front().after;
  EXPECT_EQ(decision->steps.front().event.kind, Event::Kind::erase);
  EXPECT_EQ(decision->steps.front().event.change.erased, std::vector<Name>{"contact"});
  EXPECT_TRUE(after->find_field("contact")->is<Erased>());
  EXPECT_TRUE(after->erased_any);
}

}  // namespace
}  // namespace gewu::test
