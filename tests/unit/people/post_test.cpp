#include "kernel/people/post.h"

#include <gtest/gtest.h>

#include <unordered_set>

#include "kernel/people/role.h"
#include "unit/people/seats.h"

namespace gewu::kernel {
namespace {


Post vacant_post(int seats = 1) {
  Post post;
  post.id = PostId{7};
  post.key = "dispatcher_east";
  post.role = "dispatcher";
  post.unit = territory_unit("110101001");
  post.seats = seats;
  return post;
}

TEST(Post, a_seat_is_held_from_its_instant_until_left) {
  const Post seated = seat(vacant_post(), kLi, {100}).value();
  EXPECT_EQ(seated.state, PostState::filled);
  EXPECT_TRUE(holders_at(seated, {99}).empty());
  EXPECT_EQ(holders_at(seated, {100}), (std::vector{kLi}));
  const Post left = leave(seated, kLi, {200}).value();
  EXPECT_EQ(left.state, PostState::vacant);
  EXPECT_EQ(holders_at(left, {199}), (std::vector{kLi}));
  EXPECT_TRUE(holders_at(left, {200}).empty());
  const Post next = seat(left, kWang, {200}).value();
  EXPECT_EQ(holders_at(next, {200}), (std::vector{kWang}));
  EXPECT_EQ(next.holders.size(), 2u);  // the past stays
}

TEST(Post, refuses_more_people_than_seats) {
  const Post two = seat(seat(vacant_post(2), kLi, {0}).value(), kWang, {0}).value();
  EXPECT_EQ(key_of(seat(two, kZhao, {0})), "post.seat.full");
  EXPECT_EQ(key_of(seat(two, kLi, {0})), "post.seat.held");
  EXPECT_EQ(leave(two, kLi, {5})->state, PostState::filled);
  EXPECT_EQ(key_of(leave(two, kZhao, {5})), "post.leave.not_held");
  // One who leaves later still has the seat now.
  const Post leaving = leave(two, kLi, {50}).value();
  EXPECT_EQ(key_of(seat(leaving, kZhao, {40})), "post.seat.full");
  EXPECT_TRUE(seat(leaving, kZhao, {50}));
}

TEST(Post, a_deputy_takes_no_seat_and_goes_by_himself) {
  const Post seated = seat(vacant_post(), kLi, {0}).value();
  const Post deputised = deputise(seated, kWang, {10}, Instant{20}).value();
  EXPECT_EQ(holders_at(deputised, {15}), (std::vector{kLi, kWang}));
  EXPECT_EQ(holders_at(deputised, {20}), (std::vector{kLi}));
  EXPECT_EQ(deputise(vacant_post(), kWang, {0}, std::nullopt)->state, PostState::vacant);
  EXPECT_EQ(key_of(deputise(seated, kWang, {10}, Instant{10})), "post.holder");
  EXPECT_EQ(key_of(deputise(deputised, kWang, {15}, std::nullopt)), "post.seat.held");
  EXPECT_TRUE(deputise(deputised, kWang, {20}, std::nullopt));
}

TEST(Post, an_abolished_post_has_a_past_and_no_future) {
  Post post = seat(vacant_post(2), kLi, {0}).value();
  post = seat(post, kWang, {100}).value();
  const Post abolished = abolish(post, {50}).value();
  EXPECT_EQ(abolished.state, PostState::abolished);
  EXPECT_EQ(holders_at(abolished, {49}), (std::vector{kLi}));
  EXPECT_TRUE(holders_at(abolished, {50}).empty());
  EXPECT_TRUE(holders_at(abolished, {100}).empty());
  EXPECT_EQ(key_of(seat(abolished, kZhao, {60})), "post.abolished");
  EXPECT_EQ(key_of(deputise(abolished, kZhao, {60}, std::nullopt)), "post.abolished");
  EXPECT_EQ(key_of(abolish(abolished, {60})), "post.abolished");
}

TEST(Post, states_have_one_spelling) {
  for (const PostState state : {PostState::filled, PostState::vacant, PostState::abolished})
    EXPECT_EQ(parse_post_state(post_state_name(state)), state);
  EXPECT_EQ(parse_post_state("empty"), std::nullopt);
}

TEST(Unit, the_same_text_of_another_kind_is_another_unit) {
  const std::unordered_set<Unit> units{territory_unit("11"), organisation_unit("11"),
                                       row_unit("11"), territory_unit("11")};
  EXPECT_EQ(units.size(), 3u);
  EXPECT_LT(territory_unit("11"), territory_unit("1101"));
  EXPECT_TRUE(fits(Role{"officer", {"经办"}, Unit::Kind::organisation}, organisation_unit("gas")));
  EXPECT_FALSE(fits(Role{"officer", {"经办"}, Unit::Kind::organisation}, territory_unit("11")));
}

}  // namespace
}  // namespace gewu::kernel
