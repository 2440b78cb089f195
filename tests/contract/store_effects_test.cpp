// What effects do beside their matter: entries of the directory, counts without a name, messages to
// the author of another matter. All of it in the transaction of the event, and whole after it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shipped_office.h"
#include "usecase/check_data.h"
#include "usecase/gather_tallies.h"

namespace gewu {
namespace {

using kernel::Key;
using kernel::territory_unit;
using test::must;
using test::ShippedOffice;

class StoreEffects : public ::testing::Test {
 protected:
  kernel::SnapshotPtr open(const usecase::Caller& by, const std::string& type,
                           const std::string& action, std::vector<kernel::NamedValue> values) {
    usecase::Submission submission;
    submission.caller = by;
    submission.type = type;
    submission.action = action;
    submission.values = std::move(values);
    submission.locality = "yanji";
    return must(usecase::submit_matter(*office_.office, submission)).matter;
  }
  void expect_whole() {
    const auto checked = must(usecase::check_data(*office_.office));
    EXPECT_THAT(checked.differences, ::testing::IsEmpty());
  }

  ShippedOffice office_;
};

TEST_F(StoreEffects, a_seat_makes_its_post_and_ends_it) {
  const auto dispatcher = office_.seat("dispatcher_beishan_street", "li");
  const auto seat = open(dispatcher, "chief_seat", "create",
                         {{"kind", Key{"grid"}}, {"place", territory_unit(test::kGrid)}});
  const auto* post = seat->find_field("post")->get<kernel::PostRef>();
  ASSERT_NE(post, nullptr);
  const auto before = office_.store->directory();
  const kernel::Post* made = before->roster->post(post->id);
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(made->role, "grid_chief");
  EXPECT_EQ(made->unit, territory_unit(test::kGrid));
  EXPECT_EQ(made->organisation, "beishan_street");
  must(office_.act(dispatcher, seat->id, "abolish", {}));
  EXPECT_EQ(office_.store->directory()->roster->post(post->id)->state,
            kernel::PostState::abolished);
  expect_whole();
}

TEST_F(StoreEffects, nobody_but_who_sits_there_says_how_to_reach_the_chief) {
  const auto dispatcher = office_.seat("dispatcher_beishan_street", "li");
  const auto seat = open(dispatcher, "chief_seat", "create",
                         {{"kind", Key{"grid"}}, {"place", territory_unit(test::kGrid)}});
  must(office_.act(dispatcher, seat->id, "seat", {{"origin", Key{"resident"}}}));
  const std::vector<kernel::NamedValue> words = {{"reached", kernel::Value(std::string("3号楼"))}};
  const auto refused = office_.act(dispatcher, seat->id, "show", words);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "chief_seat.show.by");
  const auto id = seat->find_field("post")->get<kernel::PostRef>()->id;
  const std::string key = office_.store->directory()->roster->post(id)->key;
  const auto chief = office_.seat(key, "wang");
  must(office_.act(chief, seat->id, "show", words));
  EXPECT_EQ(*office_.store->read()->load(seat->id)->find_field("reached"), words.front().value);
  must(office_.act(dispatcher, seat->id, "leave", {}));
  EXPECT_TRUE(office_.store->read()->load(seat->id)->find_field("reached")->is_missing());
}

TEST_F(StoreEffects, counts_wait_without_a_name_until_they_are_gathered) {
  const auto first = office_.seat("desk_222401002001", "jin");
  const auto notice = open(first, "disclosure_notice", "draft",
                           {{"text", kernel::Value(std::string("三月收支"))},
                            {"kind", Key{"finance"}},
                            {"scope", Key{"community"}}});
  const auto second = office_.seat("desk_222401002001", "piao");
  must(office_.act(second, notice->id, "check", {{"clean", kernel::Value(true)}}));
  must(office_.act(office_.seat("dispatcher_beishan_street", "li"), notice->id, "put_up", {}));
  const std::int64_t version = office_.store->read()->load(notice->id)->version;

  for (int i = 0; i < 2; ++i) must(office_.act({}, notice->id, "view", {}));
  EXPECT_EQ(office_.store->read()->load(notice->id)->version, version);
  const auto waiting = must(office_.store->read_tallies(10));
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting.front(), (kernel::TallyMark{notice->id, "view", 2}));

  EXPECT_EQ(must(usecase::gather_tallies(*office_.office, 10)), 1u);
  EXPECT_THAT(must(office_.store->read_tallies(10)), ::testing::IsEmpty());
  const auto timeline = must(office_.store->read_timeline(notice->id, 1));
  EXPECT_EQ(timeline.front().actor.kind, kernel::Actor::Kind::system);
  const auto counted = office_.store->read()->load(notice->id);
  EXPECT_EQ(*counted->find_field("views"), kernel::Value(kernel::Number{2 * kernel::kMicros}));
  EXPECT_EQ(counted->version, version + 1);
  EXPECT_EQ(must(usecase::gather_tallies(*office_.office, 10)), 0u);
  expect_whole();
}

}  // namespace
}  // namespace gewu
