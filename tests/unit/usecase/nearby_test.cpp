// What anybody may know of open matters around a point, and how he says that it concerns him too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/place/square.h"
#include "support/shipped_office.h"
#include "usecase/nearby_matters.h"
#include "usecase/read_matter.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class NearbyTest : public ::testing::Test {
 protected:
  ShippedOffice office;
  Caller centre = office.seat("centre_1", "zhang");
  kernel::LonLat here = middle_of_grid();

  kernel::LonLat middle_of_grid() {
    const auto directory = office.store->directory();
    const kernel::Territory* grid = directory->territory->find(test::kGrid);
    std::int64_t lon = 0, lat = 0, points = 0;
    for (const kernel::LonLat point : grid->boundary->rings.front()) {
      lon += point.lon_e6;
      lat += point.lat_e6;
      ++points;
    }
    return {static_cast<std::int32_t>(lon / points), static_cast<std::int32_t>(lat / points)};
  }
  Submitted report(const std::string& address = "光明街5号") {
    kernel::Place place;
    place.point = here;
    place.address = address;
    auto submission = office.appeal("门前路灯不亮");
    std::get<std::vector<kernel::NamedValue>>(submission.values)[1].value =
        kernel::make_large(place);
    return must(submit_matter(*office.office, submission));
  }
  void accept(MatterId id, const std::string& category) {
    must(office.act(centre, id, "accept", {{"category", kernel::Key{category}}}));
  }
  std::vector<NearbyMatter> nearby(kernel::LonLat point, const Caller& caller = {}) {
    return must(find_nearby(*office.office, caller, {"", "appeal", point})).matters;
  }
  Result<Submitted> join(MatterId id, std::optional<RequestStamp> request = std::nullopt) {
    Submission submission;
    submission.type = "echo";
    submission.values = std::vector<kernel::NamedValue>{{"about", kernel::Link{id}}};
    submission.request = std::move(request);
    return submit_matter(*office.office, submission);
  }
};

TEST_F(NearbyTest, tells_of_public_things_alone_once_they_have_a_category) {
  const auto lamp = report().matter->id;
  const auto home = report().matter->id;
  EXPECT_THAT(nearby(here), IsEmpty());
  accept(lamp, "lighting");
  accept(home, "housing");
  const auto found = nearby(here);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found.front().id, lamp);
  EXPECT_EQ(found.front().what->key, "lighting");
  EXPECT_EQ(found.front().metres, 0);
  EXPECT_FALSE(found.front().joined);
  ASSERT_TRUE(found.front().join);
  EXPECT_EQ(found.front().join->type->name, "echo");
  // Whoever may see more is told no more here.
  EXPECT_THAT(nearby(here, centre), SizeIs(1));
}

TEST_F(NearbyTest, ends_with_distance_and_refuses_what_is_no_place) {
  accept(report().matter->id, "lighting");
  EXPECT_THAT(nearby({here.lon_e6, here.lat_e6 + 1'800}), SizeIs(1));
  EXPECT_EQ(nearby({here.lon_e6, here.lat_e6 + 1'800}).front().metres, 200);
  EXPECT_THAT(nearby({here.lon_e6, here.lat_e6 + 9'000}), IsEmpty());
  const auto off = find_nearby(*office.office, {}, {"", "appeal", {0, 91'000'000}});
  EXPECT_EQ(off.error().key, "territory.point");
  EXPECT_EQ(find_nearby(*office.office, {}, {"", "no_such", here}).error().key, "not_found");
}

TEST_F(NearbyTest, a_coarse_place_is_a_square_without_words_for_the_public_only) {
  const auto mine = report();
  accept(mine.matter->id, "lighting");
  const auto place_for = [&](const Caller& caller) {
    const auto view = must(read_matter(*office.office, caller, mine.matter->id));
    for (const kernel::SeenField& field : view.row.seen.fields)
      if (const auto* place = field.value.get_shared<kernel::Place>()) return *place;
    return kernel::Place{};
  };
  const kernel::Place seen = place_for({});
  EXPECT_EQ(seen.address, "");
  ASSERT_TRUE(seen.point);
  EXPECT_EQ(*seen.point, kernel::middle_of_square(here));
  EXPECT_NE(*seen.point, here);
  EXPECT_EQ(place_for(centre).address, "光明街5号");
  Caller unnamed = centre;  // without the post named, what his posts open comes before the public
  unnamed.post = {};
  EXPECT_EQ(place_for(unnamed).address, "光明街5号");
  EXPECT_EQ(*place_for(must(find_receipt(*office.office, mine.receipt))).point, here);
}

TEST_F(NearbyTest, who_joins_is_counted_has_his_own_receipt_and_opens_no_other) {
  const auto mine = report();
  accept(mine.matter->id, "lighting");
  const auto joined = must(join(mine.matter->id));
  EXPECT_FALSE(joined.receipt.empty());
  EXPECT_NE(joined.receipt, mine.receipt);
  const Caller bearer = must(find_receipt(*office.office, joined.receipt));
  EXPECT_EQ(bearer.receipt_of, joined.matter->id);
  const auto about = must(read_matter(*office.office, bearer, mine.matter->id));
  EXPECT_EQ(about.row.seen.audience, "public");
  EXPECT_FALSE(about.is_author);
  EXPECT_THAT(about.actions, IsEmpty());
  // A few are not counted in public.
  EXPECT_FALSE(nearby(here).front().joined);
  for (int i = 0; i < 4; ++i) must(join(mine.matter->id));
  EXPECT_EQ(nearby(here).front().joined, 5);
}

TEST_F(NearbyTest, the_same_request_again_is_the_same_echo_and_a_guessed_id_is_refused) {
  const auto mine = report();
  EXPECT_EQ(join(mine.matter->id).error().key, "echo.about.kind");
  accept(mine.matter->id, "lighting");
  const RequestStamp stamp{"0b8f8c3e-5d3c-4c55-9d58-0f4f0d6f5a10", {}};
  const auto first = must(join(mine.matter->id, stamp));
  const auto again = must(join(mine.matter->id, stamp));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.matter->id, first.matter->id);
  EXPECT_FALSE(again.receipt.empty());
  EXPECT_FALSE(join(MatterId{987'654}).has_value());
}

}  // namespace
}  // namespace gewu::usecase
