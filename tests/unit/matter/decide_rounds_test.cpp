#include <limits>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "decide_office.h"
#include "kernel/matter/histogram.h"
#include "kernel/matter/rounds.h"

// What comes round by the calendar, turns, and books. The office replays every event.

namespace gewu::test {
namespace {

/// Opens what the timetables ask for, each once, as the use case does.
struct Calendarist {
  explicit Calendarist(Office& of) : office(of) {}

  std::size_t run(const Name& type) {
    std::size_t opened = 0;
    const Chamber chamber = office.chamber();
    const auto planned = planned_matters(chamber.directory, office, office.now,
                                         [&](const Name& name) { return name == type; });
    EXPECT_TRUE(planned) << planned.error().key;
    for (const PlannedMatter& matter : *planned) {
      if (!done.insert(matter.key).second) continue;
      auto decision = open_planned(office.chamber(), matter);
      EXPECT_TRUE(decision) << decision.error().key;
      if (!decision || decision->steps.empty()) continue;
      ids.push_back(decision->steps.front().event.matter);
      office.take(*std::move(decision));
      ++opened;
    }
    return opened;
  }

  Office& office;
  std::set<std::string> done;
  std::vector<MatterId> ids;
};

std::string organisation_in(const Office& office, MatterId matter, const char* field) {
  const Value* value = const_cast<Office&>(office).load(matter)->find_field(field);
  const auto* unit = value->get<Unit>();
  return unit != nullptr ? unit->code : "none";
}

Value grid(const std::string& code) { return Value(territory_unit(code)); }
Value whole(std::int64_t n) { return Value(Number{n * kMicros}); }

TEST(DecideDuties, a_round_lists_who_is_missing_and_closes) {
  Office office;
  office.go("2026-09-22 08:00");
  Calendarist calendar(office);
  ASSERT_EQ(calendar.run("patrol"), 2U) << "one in each locality that has grids";
  EXPECT_EQ(calendar.run("patrol"), 0U) << "once";
  const auto in_town = [&](MatterId id) { return office.load(id)->territory == "222401"; };
  const MatterId round = in_town(calendar.ids[0]) ? calendar.ids[0] : calendar.ids[1];
  EXPECT_EQ(office.due_of(round, "duty"), "2026-09-22 18:00");
  ASSERT_TRUE(office.open("patrol", office.at_post(10), {{"grid", grid(kGrid)}}));
  office.go("2026-09-22 17:00");
  office.tick();
  const Event* warned = nullptr;
  for (const Event& event : office.events)
    if (event.matter == round && event.action == "duty@-1 hour_natural") warned = &event;
  ASSERT_NE(warned, nullptr);
  ASSERT_EQ(warned->messages.size(), 1U);
  EXPECT_EQ(warned->messages[0].posts, std::vector<PostId>{PostId{9}})
      << "the dispatcher of the street whose grid is missing, and no other";
  office.go("2026-09-22 18:00");
  office.tick();
  const SnapshotPtr closed = office.load(round);
  EXPECT_TRUE(closed->is_final());
  EXPECT_EQ(office.clock_of(round, "duty"), "missed");
  EXPECT_EQ(*closed->find_field("expected"), whole(2));
  EXPECT_EQ(*closed->find_field("done"), whole(1));
  EXPECT_EQ(*closed->find_field("missing_territories"), make_set({grid(kOtherGrid)}));
}

TEST(DecideDuties, nobody_is_told_when_all_did_it) {
  Office office;
  office.go("2026-09-22 08:00");
  Calendarist calendar(office);
  calendar.run("patrol");
  const MatterId round = office.load(calendar.ids[0])->territory == "222401" ? calendar.ids[0]
                                                                            : calendar.ids[1];
  for (const std::string& code : {kGrid, kOtherGrid})
    ASSERT_TRUE(office.open("patrol", office.at_post(1), {{"grid", grid(code)}}));
  office.go("2026-09-22 18:00");
  office.tick();
  std::size_t steps = 0;
  for (const Event& event : office.events) {
    if (event.matter != round || event.kind != Event::Kind::step) continue;
    ++steps;
    EXPECT_TRUE(event.messages.empty()) << event.action;
  }
  EXPECT_EQ(steps, 3U) << "50%, -1 hour_natural, 100%";
  EXPECT_EQ(office.clock_of(round, "duty"), "met");
  EXPECT_TRUE(office.load(round)->find_field("missing_territories")->is_missing());
}

TEST(DecideDuties, the_next_round_is_known_beforehand) {
  Office office;
  office.go("2026-09-22 08:00");
  const auto next = next_planned(office.chamber().directory, office.now,
                                 [](const Name& name) { return name == "patrol"; });
  ASSERT_TRUE(next);
  EXPECT_EQ(format_due(office.calendar().zone(), *next), "2026-09-22 24:00");
}

TEST(DecidePlans, a_slot_is_opened_once_and_turns_go_round) {
  Office office;
  office.go("2026-09-22 09:00");
  Calendarist calendar(office);
  ASSERT_EQ(calendar.run("evening"), 3U) << "three streets, one Wednesday within seven days";
  EXPECT_EQ(calendar.run("evening"), 0U);
  office.go("2026-09-23 00:30");
  EXPECT_EQ(calendar.run("evening"), 3U) << "the Wednesday after";
  std::vector<std::string> leaders, helpers;
  for (const MatterId id : calendar.ids) {
    leaders.push_back(organisation_in(office, id, "leader"));
    helpers.push_back(organisation_in(office, id, "helper"));
  }
  EXPECT_EQ(leaders, (std::vector<std::string>{"lighting_office", "housing_office", "call_centre",
                                               "lighting_office", "housing_office",
                                               "call_centre"}));
  EXPECT_EQ(helpers[0], "lighting_office");
  EXPECT_EQ(helpers[1], "housing_office");
}

TEST(DecidePlans, a_swap_keeps_the_order_and_moves_the_fair_count) {
  Office office;
  office.go("2026-09-22 09:00");
  Calendarist calendar(office);
  calendar.run("evening");
  const auto swap_in = [&](MatterId id) {
    const std::string& place = office.load(id)->territory;
    return place == "222401002" ? 3 : place == "222401003" ? 9 : 0;
  };
  MatterId swapped;
  for (const MatterId id : calendar.ids)
    if (swap_in(id) == 3) swapped = id;
  ASSERT_TRUE(swapped.has_value());
  ASSERT_EQ(office.act(swapped, "swap", office.at_post(3),
                       {{"leader", Value(organisation_unit("beishan_street"))},
                        {"helper", Value(organisation_unit("beishan_street"))}}),
            "");
  std::int64_t fair = 0, ordered = 0;
  for (const BookEntry& entry : office.events.back().entries) {
    fair += entry.book == "rota.evening.helper" ? 1 : 0;
    ordered += entry.book == "rota.evening.leader" ? 1 : 0;
  }
  EXPECT_EQ(fair, 2) << "taken from one, given to the other";
  EXPECT_EQ(ordered, 0) << "who was passed over keeps his place";
}

std::vector<NamedValue> amount(const char* to, std::int64_t n) {
  return {{"to", Value(organisation_unit(to))}, {"amount", whole(n)}};
}

TEST(DecideBooks, amounts_move_and_never_below_the_floor) {
  Office office;
  office.go("2026-09-22 09:00");
  ASSERT_TRUE(office.open("transfer", office.at_post(1), amount("lighting_office", 5), "grant"));
  EXPECT_EQ(office.balance("quota", "org:lighting_office"), 5 * kMicros);
  auto shift = amount("housing_office", 2);
  shift.push_back({"from", Value(organisation_unit("lighting_office"))});
  ASSERT_TRUE(office.open("transfer", office.at_post(1), shift, "shift"));
  EXPECT_EQ(office.balance("quota", "org:lighting_office"), 3 * kMicros);
  EXPECT_EQ(office.balance("quota", "org:housing_office"), 2 * kMicros);
  shift[1].value = whole(4);
  EXPECT_EQ(office.open("transfer", office.at_post(1), shift, "shift").error().key,
            "books.quota.floor");
  shift.pop_back();
  EXPECT_EQ(office.open("transfer", office.at_post(1), shift, "shift").error().key,
            "books.quota.account");
  shift[1].value = whole(-1);
  shift.push_back({"from", Value(organisation_unit("lighting_office"))});
  EXPECT_EQ(office.open("transfer", office.at_post(1), shift, "shift").error().key,
            "books.quota.amount");
  EXPECT_EQ(office.balance("quota", "org:lighting_office"), 3 * kMicros) << "nothing was booked";
}

TEST(DecideBooks, an_entry_counts_for_the_accounts_organisation) {
  Office office;
  office.go("2026-09-22 09:00");
  auto grant = amount("lighting_office", 5);
  grant.push_back({"money", Value(Money{1'250})});
  ASSERT_TRUE(office.open("transfer", office.at_post(1), grant, "grant"));
  std::map<std::string, std::int64_t> sums;
  for (const Delta& delta : office.events.back().figures) {
    EXPECT_EQ(delta.organisation, "lighting_office");
    EXPECT_EQ(delta.territory, "222401");
    sums[delta.indicator] = delta.sum_micros;
  }
  EXPECT_EQ(sums, (std::map<std::string, std::int64_t>{{"transfer.granted", 5 * kMicros},
                                                       {"transfer.standing", 5 * kMicros},
                                                       {"transfer.paid", 12'500'000}}));
}

TEST(DecideBooks, what_came_first_goes_first_and_the_rest_expires) {
  Office office;
  office.go("2026-09-22 09:00");
  const auto first = office.open("transfer", office.at_post(1), amount("lighting_office", 3),
                                 "reward");
  office.go("2026-10-12 09:00");
  const auto second = office.open("transfer", office.at_post(1), amount("lighting_office", 4),
                                  "reward");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(office.act(*first, "spend", office.at_post(1)), "");
  office.go("2026-10-23 09:00");
  EXPECT_EQ(office.act(*second, "spend", office.at_post(1)), "") << "the first three were spent";
  const auto third = office.open("transfer", office.at_post(1), amount("housing_office", 1),
                                 "reward");
  ASSERT_TRUE(third);
  office.go("2026-11-30 09:00");
  EXPECT_EQ(office.act(*third, "spend", office.at_post(1)), "transfer.spend.enough");
  EXPECT_EQ(office.balance("points", "org:housing_office"), kMicros) << "nothing is booked for it";
}

TEST(DecideFigures, what_a_value_adds) {
  Office office;
  office.go("2026-09-22 09:00");
  ASSERT_TRUE(office.open("patrol", office.at_post(10),
                          {{"grid", grid(kGrid)}, {"minutes", whole(10)}}));
  std::map<std::string, Delta> deltas;
  for (const Delta& delta : office.events.back().figures) deltas[delta.indicator] = delta;
  EXPECT_EQ(deltas.at("patrol.walked").dimensions, std::vector<std::string>{kGrid});
  EXPECT_EQ(deltas.at("patrol.daily#0").dimensions, std::vector<std::string>{kGrid});
  EXPECT_EQ(deltas.at("patrol.mean_minutes").sum_micros, 10 * kMicros);
  EXPECT_EQ(deltas.at("patrol.middle").dimensions.size(), 1U);
  ASSERT_TRUE(office.open("patrol", office.at_post(10), {{"grid", grid(kGrid)}}));
  deltas.clear();
  for (const Delta& delta : office.events.back().figures) deltas[delta.indicator] = delta;
  EXPECT_FALSE(deltas.contains("patrol.mean_minutes")) << "what has no value is left out";
  EXPECT_FALSE(deltas.contains("patrol.middle"));
  EXPECT_TRUE(deltas.contains("patrol.walked"));
}

TEST(Histogram, a_bucket_is_within_one_percent_and_a_median_in_the_middle) {
  for (const std::int64_t value : {std::int64_t{1}, std::int64_t{99}, std::int64_t{1'234'567},
                                   std::int64_t{90} * kMicros, std::int64_t{7'000'000'000'000}}) {
    const std::int64_t back = value_of_bucket(bucket_of(value));
    EXPECT_LE(back, value);
    EXPECT_LE(value - back, value / 100 + 1);
    EXPECT_EQ(value_of_bucket(bucket_of(-value)), -back);
  }
  EXPECT_EQ(bucket_of(0), 0);
  EXPECT_EQ(value_of_bucket(bucket_of(std::numeric_limits<std::int64_t>::min())),
            -value_of_bucket(bucket_of(std::numeric_limits<std::int64_t>::max())));
  EXPECT_EQ(median_of({{bucket_of(3), 1}, {bucket_of(1), 1}, {bucket_of(2), 1}}), 2);
  EXPECT_EQ(median_of({{bucket_of(1), 1}, {bucket_of(2), 1}}), 1) << "of two the lower";
  EXPECT_EQ(median_of({{bucket_of(-5), 3}, {bucket_of(9), 1}}), -5);
}

}  // namespace
}  // namespace gewu::test
