#include "decide_office.h"

// Follow-ups, what a place has switched off, and which opening action is meant.

namespace gewu::test {
namespace {

const Date kFollowDue = *parse_date("2026-09-28");

/// The directory with another picture of the town.
void change_town(Office& office, const std::function<void(Locality&)>& change) {
  auto town = std::make_shared<Locality>(*office.directory()->localities.at("town"));
  change(*town);
  auto directory = std::make_shared<Directory>(*office.directory());
  directory->localities["town"] = town;
  office.set_directory(directory);
}

TEST(DecideFollow, a_withdrawn_appeal_takes_its_tasks_back) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")});
  office.act(a, "split", office.at_post(3),
             {Office::tasks({"lighting_office", "housing_office"}, kFollowDue)});
  const std::vector<MatterId> tasks = office.all_of("task");
  ASSERT_EQ(tasks.size(), 2u);
  EXPECT_EQ(office.act(a, "withdraw", Office::author_of(a)), "");
  for (const MatterId task : tasks) {
    EXPECT_EQ(office.state(task), "withdrawn");
    EXPECT_EQ(office.load(task)->find_action("withdraw")->actor.kind, Actor::Kind::system);
  }
  EXPECT_TRUE(office.refused.empty());
}

TEST(DecideFollow, a_refused_do_is_recorded_on_its_source) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")});
  office.act(a, "split", office.at_post(3), {Office::tasks({"lighting_office"}, kFollowDue)});
  const MatterId task = office.all_of("task").front();
  office.act(task, "take", office.at_post(6));
  office.act(task, "report", office.at_post(6), {Office::text("result", "已修")});
  Ripple late;
  late.kind = Ripple::Kind::take;
  late.cause = office.events.back().id;
  late.name = "withdraw.stop";
  late.action = "withdraw";
  late.target = task;
  late.source = a;
  late.depth = 1;
  const auto refused = follow_up(office.chamber(), late);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "task.withdraw.from");
  const auto record = refused_effect_event(office.chamber(), late, refused.error());
  ASSERT_TRUE(record) << record.error().key;
  const Step& step = record->steps.front();
  EXPECT_EQ(step.event.matter, a);
  EXPECT_EQ(step.event.kind, Event::Kind::refusal);
  EXPECT_EQ(step.event.cause, late.cause);
  EXPECT_EQ(step.event.refused.front(), (RefusedEffect{"stop", "task.withdraw.from"}));
  EXPECT_EQ(step.after->version, office.load(a)->version + 1);
}

TEST(DecideFollow, a_look_that_finds_nothing_changes_nothing) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  Ripple look;
  look.kind = Ripple::Kind::look;
  look.action = "all_done";
  look.target = a;
  EXPECT_TRUE(follow_up(office.chamber(), look)->steps.empty()) << "another state";
  look.target = MatterId{1};
  EXPECT_TRUE(follow_up(office.chamber(), look)->steps.empty()) << "no such matter";
}

TEST(DecideFollow, nobody_but_the_system_takes_what_is_the_systems) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  EXPECT_EQ(office.act(a, "all_done", office.at_post(1)), "appeal.all_done.by");
  EXPECT_EQ(office.open("task", office.at_post(3),
                        {{"about", Value(Link{a})}, Office::text("what", "x"),
                         {"by_whom", Value(organisation_unit("lighting_office"))}})
                .error().key, "task.send.by");
  EXPECT_TRUE(pass_time(office.chamber(), a)->steps.empty()) << "nothing is due";
  EXPECT_EQ(pass_time(office.chamber(), MatterId{1}).error().key, "not_found");
}

TEST(DecideFollow, what_a_place_has_switched_off) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  change_town(office, [](Locality& town) { town.roles.erase("centre"); });
  EXPECT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")}),
            "role.off");
  change_town(office, [](Locality& town) { town.types.erase("appeal"); });
  EXPECT_EQ(office.open("appeal", Office::resident(),
                        {Office::text("text", "灯"),
                         {"place", make_large(Place{.territory = kGrid})}})
                .error().key, "system.off");
  EXPECT_EQ(office.act(a, "accept", office.at_post(4), {Office::key("category", "lighting")}), "")
      << "a matter goes on under the text it was opened with";
}

TEST(DecideFollow, a_row_of_a_list_that_is_off_cannot_be_used_anew) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  change_town(office, [](Locality& town) {
    for (ListRow& row : town.lists.at("appeal_category").rows) row.off = row.key == "lighting";
  });
  EXPECT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")}),
            "appeal.category.kind");
  EXPECT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "other")}), "");
}

TEST(DecideFollow, which_opening_action_is_meant) {
  Office office;
  office.go("2026-09-22 09:00");
  change_town(office, [](Locality& town) {
    auto type = std::make_shared<Type>(*town.types.at("appeal"));
    ActionSpec second = type->actions.front();
    second.name = "take_down";
    second.by.clear();
    Audience desk;
    desk.kind = Audience::Kind::role;
    desk.role = "desk";
    second.by.push_back(desk);
    type->actions.push_back(second);
    type->index_names();
    town.types["appeal"] = type;
  });
  const std::vector<NamedValue> values = {Office::text("text", "灯"),
                                          {"place", make_large(Place{.territory = kGrid})}};
  const auto by_resident = office.open("appeal", Office::resident(), values);
  ASSERT_TRUE(by_resident) << by_resident.error().key;
  EXPECT_EQ(office.events.back().action, "submit");
  EXPECT_EQ(office.open("appeal", office.at_post(4), values).error().key, "action.choose");
  const auto by_desk = office.open("appeal", office.at_post(4), values, "take_down");
  ASSERT_TRUE(by_desk) << by_desk.error().key;
  EXPECT_EQ(office.events.back().actor.role, "desk");
  EXPECT_FALSE(office.load(*by_desk)->has_receipt);
  EXPECT_EQ(office.load(*by_desk)->author_account, AccountId{104});
}

}  // namespace
}  // namespace gewu::test
