#include "kernel/people/roster.h"
#include "support/day.h"
#include "unit/people/seats.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

namespace gewu::kernel {
namespace {

const Date kToday = day("2026-09-22");

Organisation organisation(std::string key, std::optional<TerritoryCode> territory,
                          std::optional<TerritoryCode> in_charge_of = std::nullopt) {
  Organisation made;
  made.key = std::move(key);
  made.label.zh = "单位";
  made.kind = "department";
  made.territory = std::move(territory);
  made.in_charge_of = std::move(in_charge_of);
  made.valid_from = day("2020-01-01");
  return made;
}

Post post(std::int64_t id, std::string role, Unit unit,
          std::optional<OrganisationKey> owner = std::nullopt) {
  Post made;
  made.id = PostId{id};
  made.key = "post_" + std::to_string(id);
  made.role = std::move(role);
  made.unit = std::move(unit);
  made.organisation = std::move(owner);
  return made;
}

Roster sample() {
  Roster roster;
  for (const Organisation& each :
       {organisation("city", "110101", "110101"),
        organisation("east_street", "110101001", "110101001"),
        organisation("west_street", "110101002", "110101002"),
        organisation("lighting_office", "110101"), organisation("east_station", "110101001")})
    roster = roster.with(each).value();
  for (const Post& each :
       {post(1, "dispatcher", territory_unit("110101001")),
        post(2, "dispatcher", territory_unit("110101002")),
        post(3, "grid_worker", territory_unit("110101001001001")),
        post(4, "grid_worker", territory_unit("110101001001")),
        post(5, "officer", organisation_unit("lighting_office")),
        post(6, "officer", organisation_unit("east_station")),
        post(7, "grid_worker", territory_unit("110101002001"), "lighting_office"),
        post(8, "lane_chief", row_unit("4711")), post(9, "dispatcher", territory_unit("110101"))})
    roster = roster.with(each).value();
  return roster;
}

std::vector<std::int64_t> ids(const std::vector<const Post*>& posts) {
  std::vector<std::int64_t> list;
  for (const Post* each : posts) list.push_back(each->id.value);
  return list;
}

using Ids = std::vector<std::int64_t>;

TEST(Roster, knows_who_is_in_charge_of_a_node) {
  const Roster roster = sample();
  EXPECT_EQ(roster.office("110101001", kToday)->key, "east_street");
  EXPECT_EQ(roster.office("110101001001", kToday), nullptr);
  EXPECT_EQ(roster.nearest_office("110101001001001", kToday)->key, "east_street");
  EXPECT_EQ(roster.nearest_office("110101003001", kToday)->key, "city");
  EXPECT_EQ(roster.nearest_office("1102", kToday), nullptr);
  EXPECT_EQ(roster.office("110101001", day("2019-12-31")), nullptr);
}

TEST(Roster, an_office_is_followed_by_the_next_from_its_day) {
  Organisation old_office = organisation("east_street", "110101001", "110101001");
  old_office.valid_until = day("2025-01-01");
  Organisation new_office = organisation("new_street", "110101001", "110101001");
  new_office.valid_from = day("2025-01-01");
  EXPECT_EQ(key_of(sample().with(new_office)), "organisation.in_charge_of");
  const Roster roster = sample().with(old_office).value().with(new_office).value();
  EXPECT_EQ(roster.office("110101001", day("2024-12-31"))->key, "east_street");
  EXPECT_EQ(roster.office("110101001", day("2025-01-01"))->key, "new_street");
  EXPECT_EQ(roster.organisation_of(*roster.post(PostId{1}), kToday)->key, "new_street");
  // An office that gives up its node is no longer found there.
  const Roster without = sample().with(organisation("east_street", "110101001")).value();
  EXPECT_EQ(without.office("110101001", kToday), nullptr);
  EXPECT_EQ(without.nearest_office("110101001", kToday)->key, "city");
}

TEST(Roster, finds_posts_by_role_unit_and_key) {
  const Roster roster = sample();
  EXPECT_EQ(ids(roster.posts_of_role("dispatcher")), (Ids{1, 2, 9}));
  EXPECT_EQ(ids(roster.posts_on("dispatcher", territory_unit("110101002"))), (Ids{2}));
  EXPECT_EQ(ids(roster.posts_on("dispatcher", organisation_unit("110101002"))), Ids{});
  EXPECT_EQ(ids(roster.posts_on("lane_chief", row_unit("4711"))), (Ids{8}));
  EXPECT_EQ(roster.post_by_key("post_7")->id, PostId{7});
  EXPECT_EQ(roster.post_by_key("post_77"), nullptr);
  EXPECT_EQ(ids(roster.posts_of_role("dispatch")), Ids{});
}

TEST(Roster, finds_posts_that_cover_a_territory_nearest_first) {
  const Roster roster = sample();
  EXPECT_EQ(ids(roster.posts_covering("dispatcher", "110101001001001")), (Ids{1, 9}));
  EXPECT_EQ(ids(roster.posts_covering("grid_worker", "110101001001001")), (Ids{3, 4}));
  EXPECT_EQ(ids(roster.posts_covering("grid_worker", "110101001001")), (Ids{4}));
  EXPECT_EQ(ids(roster.posts_covering("officer", "110101001001")), (Ids{6, 5}));
  EXPECT_EQ(ids(roster.posts_covering("officer", "110101002")), (Ids{5}));
  EXPECT_EQ(ids(roster.posts_covering("lane_chief", "110101002")), Ids{});
}

TEST(Roster, a_post_belongs_to_what_it_names_or_sits_on_or_to_the_office_above) {
  const Roster roster = sample();
  const auto owner = [&](std::int64_t id) {
    const Organisation* found = roster.organisation_of(*roster.post(PostId{id}), kToday);
    return found == nullptr ? "" : found->key;
  };
  EXPECT_EQ(owner(7), "lighting_office");
  EXPECT_EQ(owner(6), "east_station");
  EXPECT_EQ(owner(3), "east_street");
  EXPECT_EQ(owner(9), "city");
  EXPECT_EQ(owner(8), "");
  EXPECT_EQ(ids(roster.posts_in("grid_worker", "east_street", kToday)), (Ids{3, 4}));
  EXPECT_EQ(ids(roster.posts_in("grid_worker", "lighting_office", kToday)), (Ids{7}));
  EXPECT_EQ(ids(roster.posts_in("grid_worker", "west_street", kToday)), Ids{});
  EXPECT_EQ(ids(roster.posts_in("dispatcher", "city", kToday)), (Ids{9}));
  EXPECT_EQ(ids(roster.posts_in("officer", "lighting_office", kToday)), (Ids{5}));
  EXPECT_EQ(ids(roster.posts_in("officer", "nobody", kToday)), Ids{});
}

TEST(Roster, an_account_acts_through_the_posts_it_holds_at_the_instant) {
  Roster roster = sample();
  roster = roster.with(seat(*roster.post(PostId{1}), kLi, {100}).value()).value();
  roster = roster.with(deputise(*roster.post(PostId{2}), kLi, {150}, Instant{200}).value()).value();
  roster = roster.with(seat(*roster.post(PostId{4}), kWang, {0}).value()).value();
  EXPECT_EQ(ids(roster.posts_held(kLi, {99})), Ids{});
  EXPECT_EQ(ids(roster.posts_held(kLi, {160})), (Ids{1, 2}));
  EXPECT_EQ(ids(roster.posts_held(kLi, {200})), (Ids{1}));
  EXPECT_EQ(ids(roster.posts_held(kWang, {0})), (Ids{4}));
  EXPECT_EQ(ids(roster.posts_held(AccountId{}, {0})), Ids{});
  const Roster later = roster.with(abolish(*roster.post(PostId{1}), {300}).value()).value();
  EXPECT_EQ(ids(later.posts_of_role("dispatcher")), (Ids{2, 9}));
  EXPECT_EQ(ids(later.posts_held(kLi, {160})), (Ids{2}));
  EXPECT_EQ(later.all_posts().size(), 9u);
  EXPECT_EQ(ids(roster.posts_of_role("dispatcher")), (Ids{1, 2, 9}));  // the old one is whole
}

TEST(Roster, posts_follow_their_organisation_to_new_ground) {
  const Roster moved = sample().with(organisation("lighting_office", "110101002")).value();
  EXPECT_EQ(ids(moved.posts_covering("officer", "110101001001")), (Ids{6}));
  EXPECT_EQ(ids(moved.posts_covering("officer", "110101002001")), (Ids{5}));
  const Roster nowhere = moved.with(organisation("lighting_office", std::nullopt)).value();
  EXPECT_EQ(ids(nowhere.posts_covering("officer", "110101002001")), Ids{});
  EXPECT_EQ(nowhere.version(), sample().version() + 2);
}

TEST(Roster, refuses_organisations_that_do_not_fit) {
  const Roster roster = sample();
  EXPECT_EQ(key_of(roster.with(organisation("路灯", "110101"))), "organisation.key");
  EXPECT_EQ(key_of(roster.with(organisation("gas", "110101000"))), "organisation.territory");
  Organisation made = organisation("gas", "110101");
  made.kind = "";
  EXPECT_EQ(key_of(roster.with(made)), "organisation.kind");
  made = organisation("gas", "110101");
  made.label.zh = " ";
  EXPECT_EQ(key_of(roster.with(made)), "organisation.label");
  made = organisation("gas", "110101");
  made.parent = "nobody";
  EXPECT_EQ(key_of(roster.with(made)), "organisation.parent");
  made = organisation("gas", "110101");
  made.valid_until = made.valid_from;
  EXPECT_EQ(key_of(roster.with(made)), "organisation.dates");
  Organisation child = organisation("east_station", "110101001");
  child.parent = "east_street";
  Organisation parent = organisation("east_street", "110101001", "110101001");
  parent.parent = "east_station";
  EXPECT_EQ(key_of(roster.with(child).value().with(parent)), "organisation.parent");
}

TEST(Roster, refuses_posts_that_do_not_fit) {
  const Roster roster = sample();
  EXPECT_EQ(key_of(roster.with(post(0, "desk", territory_unit("110101")))), "post.id");
  EXPECT_EQ(key_of(roster.with(post(10, "坐班", territory_unit("110101")))), "post.role");
  EXPECT_EQ(key_of(roster.with(post(10, "desk", territory_unit("110101000")))), "post.unit");
  EXPECT_EQ(key_of(roster.with(post(10, "desk", organisation_unit("nobody")))), "post.unit");
  EXPECT_EQ(key_of(roster.with(post(10, "desk", Unit{}))), "post.unit");
  EXPECT_EQ(key_of(roster.with(post(10, "desk", row_unit("")))), "post.unit");
  EXPECT_EQ(key_of(roster.with(post(10, "desk", territory_unit("11"), "nobody"))),
            "post.organisation");
  Post made = post(10, "desk", territory_unit("11"));
  made.key = "post_1";
  EXPECT_EQ(key_of(roster.with(made)), "post.key");
  made.key = "Post";
  EXPECT_EQ(key_of(roster.with(made)), "post.key");
  made = post(10, "desk", territory_unit("11"));
  made.seats = 0;
  EXPECT_EQ(key_of(roster.with(made)), "post.seats");
  made.seats = 1;
  made.holders = {{kLi, {0}, Instant{10}}, {kWang, {9}, std::nullopt}};
  EXPECT_EQ(key_of(roster.with(made)), "post.seats");
  made.holders[1].from = {10};
  EXPECT_EQ(key_of(roster.with(made)), "");
  made.holders[1].until = Instant{10};
  EXPECT_EQ(key_of(roster.with(made)), "post.holder");
  made.holders = {{AccountId{}, {0}, std::nullopt}};
  EXPECT_EQ(key_of(roster.with(made)), "post.holder");
}

// Whatever is put, moved and abolished in whatever order: every lookup equals a walk over the list.
RC_GTEST_PROP(RosterProperty, lookups_agree_with_walking_the_list, ()) {
  const std::vector<std::string> roles{"desk", "officer"};
  const std::vector<TerritoryCode> codes{"110101", "110101001", "110101001001", "110101002"};
  Roster roster = sample();
  std::map<std::int64_t, Post> plain;
  for (const Post* each : roster.all_posts()) plain[each->id.value] = *each;
  const int steps = *rc::gen::inRange(1, 40);
  for (int i = 0; i < steps; ++i) {
    if (*rc::gen::inRange(0, 6) == 0) {
      roster = roster.with(organisation("lighting_office", *rc::gen::elementOf(codes))).value();
      continue;
    }
    Post made = post(*rc::gen::inRange(1, 15), *rc::gen::elementOf(roles),
                     *rc::gen::arbitrary<bool>() ? territory_unit(*rc::gen::elementOf(codes))
                                                 : organisation_unit("lighting_office"));
    if (*rc::gen::inRange(0, 3) == 0) made.organisation = "west_street";
    if (*rc::gen::arbitrary<bool>()) made.holders = {{*rc::gen::element(kLi, kWang), {i}, {}}};
    if (*rc::gen::inRange(0, 5) == 0) made.state = PostState::abolished;
    plain[made.id.value] = made;
    roster = roster.with(made).value();
  }
  const auto walk = [&](auto&& fits) {
    Ids list;
    for (const auto& [id, each] : plain)
      if (each.state != PostState::abolished && fits(each)) list.push_back(id);
    return list;
  };
  const auto sorted = [](Ids list) {
    std::ranges::sort(list);
    return list;
  };
  RC_ASSERT(roster.post_count() == plain.size());
  for (const AccountId account : {kLi, kWang})
    RC_ASSERT(ids(roster.posts_held(account, {20})) == walk([&](const Post& each) {
                return std::ranges::any_of(each.holders, [&](const Holder& holder) {
                  return holder.account == account && holds_at(holder, {20});
                });
              }));
  for (const std::string& role : roles) {
    RC_ASSERT(ids(roster.posts_of_role(role)) ==
              walk([&](const Post& each) { return each.role == role; }));
    for (const TerritoryCode& code : codes) {
      RC_ASSERT(ids(roster.posts_on(role, territory_unit(code))) == walk([&](const Post& each) {
                  return each.role == role && each.unit == territory_unit(code);
                }));
      RC_ASSERT(sorted(ids(roster.posts_covering(role, code))) == walk([&](const Post& each) {
                  if (each.role != role) return false;
                  const auto ground = each.unit.kind == Unit::Kind::territory
                                          ? each.unit.code
                                          : roster.organisation(each.unit.code)->territory;
                  return covers(ground.value(), code);
                }));
    }
    for (const Organisation* owner : roster.organisations())
      RC_ASSERT(ids(roster.posts_in(role, owner->key, kToday)) == walk([&](const Post& each) {
                  return each.role == role && roster.organisation_of(each, kToday) == owner;
                }));
  }
  std::optional<TerritoryCode> ground;
  bool has_grounds = false;
  for (const Post* each : roster.all_posts()) {
    if (each->unit.kind != Unit::Kind::territory || (has_grounds && !ground)) continue;
    ground = has_grounds ? common_code(*ground, each->unit.code) : each->unit.code;
    has_grounds = true;
  }
  RC_ASSERT(roster.common_ground() == ground);
}

}  // namespace
}  // namespace gewu::kernel
