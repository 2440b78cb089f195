#include "simulation/dealer.h"

#include <gtest/gtest.h>

#include <set>

namespace gewu::simulation {
namespace {

Behaviour behaviour_with(const Weights& deck, const Total& total) {
  Behaviour behaviour;
  behaviour.decks["thing.open.kind"] = deck;
  behaviour.totals["thing.open.amount"] = total;
  return behaviour;
}

std::int64_t deal_all(Dealer& dealer, std::int64_t times) {
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < times; ++i) sum += std::stoll(*dealer.deal("thing.open", "amount"));
  return sum;
}

TEST(Dealer, numbers_of_a_total_add_up_whatever_the_seed) {
  const Behaviour behaviour = behaviour_with({}, {.of = 1002, .total = 3637});
  for (const std::uint64_t seed : {1U, 2U, 99U}) {
    Chance chance(seed);
    Dealer dealer(behaviour, chance, 100);
    EXPECT_EQ(deal_all(dealer, 1002), 3637);
    EXPECT_EQ(deal_all(dealer, 1002), 3637) << "a deck that is used up begins anew";
  }
}

TEST(Dealer, a_deck_has_each_value_so_often) {
  const Behaviour behaviour = behaviour_with({{"true", 798}, {"false", 606}}, {.of = 1});
  Chance chance(7);
  Dealer dealer(behaviour, chance, 100);
  int yes = 0;
  for (int i = 0; i < 1404; ++i) yes += *dealer.deal("thing.open", "kind") == "true" ? 1 : 0;
  EXPECT_EQ(yes, 798);
}

TEST(Dealer, what_was_refused_is_dealt_again) {
  const Behaviour behaviour = behaviour_with({}, {.of = 10, .total = 57});
  Chance chance(7);
  Dealer dealer(behaviour, chance, 100);
  dealer.deal("thing.open", "amount");
  dealer.take_back(dealer.dealt());
  EXPECT_EQ(deal_all(dealer, 10), 57);
  EXPECT_EQ(dealer.dealt().size(), 10U);
  EXPECT_TRUE(dealer.dealt().empty()) << "told once";
}

TEST(Dealer, a_repeat_is_dealt_to_so_many_and_no_more) {
  Behaviour behaviour;
  behaviour.repeats["thing.open.log"] = {.of = 10, .total = 57};
  Chance chance(7);
  Dealer dealer(behaviour, chance, 100);
  std::int64_t sum = 0;
  for (int i = 0; i < 10; ++i) sum += dealer.times("thing.open.log", 1);
  EXPECT_EQ(sum, 57);
  EXPECT_EQ(dealer.times("thing.open.log", 1), 0);
  EXPECT_EQ(dealer.times("thing.open.other", 1), 1) << "of which the plan says nothing";
}

TEST(Dealer, an_unknown_deck_deals_nothing_and_a_smaller_year_has_smaller_decks) {
  const Behaviour behaviour = behaviour_with({}, {.of = 100, .total = 300});
  Chance chance(7);
  Dealer dealer(behaviour, chance, 10);
  EXPECT_FALSE(dealer.deal("thing.open", "other"));
  EXPECT_FALSE(dealer.deal("open", "amount"));
  EXPECT_EQ(deal_all(dealer, 10), 30);
  EXPECT_EQ(scale_count(3, 1), 1);
  EXPECT_EQ(scale_count(0, 100), 0);
}

}  // namespace
}  // namespace gewu::simulation
