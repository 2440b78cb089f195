// What lists, totals, search and the questions of sight say, and to whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/spans.h"
#include "support/shipped_office.h"
#include "usecase/check_data.h"
#include "usecase/find_matters.h"
#include "usecase/list_posts.h"
#include "usecase/open_totals.h"
#include "usecase/pass_time.h"
#include "usecase/read_matter.h"
#include "usecase/read_room.h"
#include "usecase/read_sight.h"
#include "usecase/saved_views.h"
#include "usecase/search.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kHere = "desk_222401002001";
constexpr const char* kElsewhere = "desk_222401001001";

std::optional<std::int64_t> total(ShippedOffice& office, const Caller& caller,
                                  store::WorkQuery list = {}) {
  MatterQuestion question;
  question.caller = caller;
  question.list = std::move(list);
  return must(find_matters(*office.office, question)).total;
}

std::vector<MatterId> found(ShippedOffice& office, const Caller& caller,
                            const std::string& words) {
  SearchQuestion question;
  question.caller = caller;
  question.words = words;
  question.of = FoundGroup::matters;
  std::vector<MatterId> ids;
  for (const MatterRow& row : must(search(*office.office, question)).matters)
    ids.push_back(row.seen.matter->id);
  return ids;
}

TEST(Lists, a_total_rises_with_what_is_opened_and_falls_with_what_ends) {
  ShippedOffice office;
  const auto centre = office.seat("centre_1", "zhang");
  EXPECT_EQ(total(office, centre), 0);
  const auto first = office.submit().matter->id;
  office.submit();
  office.submit();
  EXPECT_EQ(total(office, centre), 3);
  EXPECT_EQ(total(office, office.seat(kHere, "here")), 3);
  EXPECT_EQ(total(office, office.seat(kElsewhere, "there")), 0);
  store::WorkQuery received;
  received.states = {"appeal.received"};
  must(office.act(centre, first, "accept", {{"category", kernel::Key{"lighting"}}}));
  EXPECT_EQ(total(office, centre), 3);
  EXPECT_EQ(total(office, centre, received), 2);
  store::WorkQuery whistles;
  whistles.types = {"whistle"};
  EXPECT_EQ(total(office, centre, whistles), 0);
  store::WorkQuery red;
  red.lamp = kernel::Lamp::red;
  EXPECT_EQ(total(office, centre, red), std::nullopt);
}

TEST(Lists, a_total_never_counts_what_its_reader_may_not_see) {
  ShippedOffice office;
  office.submit();
  office.submit();
  // A finance officer takes part in no appeal: for him there are none, in rows as in totals.
  const kernel::Roster& roster = *office.store->directory()->roster;
  std::string post;
  for (const kernel::Post* one : roster.posts_of_role("finance"))
    if (one->unit.kind == kernel::Unit::Kind::territory && post.empty() &&
        kernel::covers(one->unit.code, test::kGrid))
      post = one->key;
  for (const std::string& key : {post, std::string("registrar_1")}) {
    if (key.empty()) continue;
    const auto caller = office.seat(key, key);
    MatterQuestion question;
    question.caller = caller;
    question.list.types = {"appeal"};
    const auto page = must(find_matters(*office.office, question));
    EXPECT_EQ(page.total, static_cast<std::int64_t>(page.rows.size())) << key;
  }
}

/// The ids of every page of a list, and how many pages there were.
struct Walked {
  std::vector<MatterId> ids;
  std::vector<std::size_t> sizes;
};

Walked walk(ShippedOffice& office, const Caller& caller, bool backwards) {
  MatterQuestion question;
  question.caller = caller;
  question.list.rows = 20;
  question.list.backwards = backwards;
  Walked walked;
  for (;;) {
    const auto page = must(find_matters(*office.office, question));
    auto ids = ids_of(page.rows);
    walked.sizes.push_back(ids.size());
    walked.ids.insert(backwards ? walked.ids.begin() : walked.ids.end(), ids.begin(), ids.end());
    const std::string& next = backwards ? page.previous : page.next;
    if (next.empty()) return walked;
    // A cursor names a row that was shown, never one between.
    const std::string named = std::to_string((backwards ? ids.front() : ids.back()).value);
    EXPECT_THAT(next, ::testing::EndsWith("." + named));
    question.list.cursor = next;
  }
}

TEST(Lists, what_is_hidden_neither_fills_pages_nor_makes_cursors) {
  ShippedOffice office;
  const auto centre = office.seat("centre_1", "zhang");
  // Who keeps the lists of duties takes part in no appeal: he sees what is public, on the same
  // ground among the same open matters.
  const auto keeper = office.seat("duty_keeper_1", "keeper");
  std::vector<MatterId> open_to_all;
  for (int i = 0; i < 69; ++i) {
    office.clock.set(office.clock.now() + 60'000);
    const MatterId id = office.submit().matter->id;
    if (i % 3 != 0) continue;
    must(office.act(centre, id, "accept", {{"category", kernel::Key{"lighting"}}}));
    open_to_all.push_back(id);
  }
  EXPECT_THAT(walk(office, centre, false).sizes, ElementsAre(20, 20, 20, 9));
  for (const bool backwards : {false, true}) {
    const Walked walked = walk(office, keeper, backwards);
    EXPECT_THAT(walked.sizes, ElementsAre(20, 3));
    EXPECT_THAT(walked.ids, ::testing::UnorderedElementsAreArray(open_to_all));
    EXPECT_EQ(walked.ids, walk(office, keeper, !backwards).ids);
  }
}

TEST(Lists, nodes_carry_their_open_counts_for_whom_they_are_covered) {
  ShippedOffice office;
  office.submit();
  office.submit();
  const auto here = office.seat(kHere, "here");
  const std::vector<std::string> codes{"222401002001", test::kGrid, "222401001001"};
  EXPECT_THAT(must(count_open(*office.office, here, codes)),
              ElementsAre(std::optional<std::int64_t>(2), std::optional<std::int64_t>(2),
                          std::nullopt));
  EXPECT_THAT(must(count_open(*office.office, Caller{}, codes)),
              ElementsAre(std::nullopt, std::nullopt, std::nullopt));
}

MatterPage in_view(ShippedOffice& office, const Caller& caller, const std::string& type,
                   const std::string& view) {
  MatterQuestion question;
  question.caller = caller;
  question.list.types = {type};
  question.view = view;
  return must(find_matters(*office.office, question));
}

TEST(Lists, a_view_holds_what_its_condition_says_and_its_total_is_of_that) {
  ShippedOffice office;
  const auto centre = office.seat("centre_1", "zhang");
  const auto dispatcher = office.seat("dispatcher_beishan_street", "li");
  const auto late = office.submit().matter->id;
  const auto other = office.submit().matter->id;
  for (const MatterId about : {late, other}) {
    must(office.act(centre, about, "accept", {{"category", kernel::Key{"lighting"}}}));
    Submission listing;
    listing.caller = dispatcher;
    listing.type = "supervision";
    listing.values = std::vector<kernel::NamedValue>{{"about", kernel::Link{about}},
                                                     {"why", kernel::Key{"chosen"}}};
    must(submit_matter(*office.office, listing));
  }
  EXPECT_EQ(in_view(office, centre, "appeal", "call_back").total, 0);
  EXPECT_EQ(in_view(office, centre, "supervision", "pressing").total, 2);
  EXPECT_EQ(in_view(office, centre, "supervision", "to_strike").total, 0);
  EXPECT_THAT(in_view(office, centre, "supervision", "late").rows, IsEmpty());
  // Told by more than its state: nothing is late until its time is over.
  office.clock.set(*parse_instant("2026-12-22T01:00:00Z"));
  must(pass_all_time(*office.office, 100));
  const auto page = in_view(office, centre, "supervision", "late");
  EXPECT_EQ(page.total, static_cast<std::int64_t>(page.rows.size()));
  EXPECT_GE(page.rows.size(), 2U);
  EXPECT_EQ(in_view(office, office.seat(kElsewhere, "there"), "supervision", "late").total, 0);
}

TEST(Lists, a_view_that_there_is_not_or_of_no_one_type_is_refused) {
  ShippedOffice office;
  MatterQuestion question;
  question.caller = office.seat("centre_1", "zhang");
  question.view = "call_back";
  EXPECT_EQ(find_matters(*office.office, question).error().key, "list.view");
  question.list.types = {"appeal", "whistle"};
  EXPECT_EQ(find_matters(*office.office, question).error().key, "list.view");
  question.list.types = {"whistle"};
  EXPECT_EQ(find_matters(*office.office, question).error().key, "list.view");
}

TEST(Lists, a_number_is_found_among_the_types_that_are_asked_for) {
  ShippedOffice office;
  MatterQuestion question;
  question.caller = office.seat(kHere, "here");
  question.words = office.submit().matter->number;
  question.list.types = {"appeal"};
  EXPECT_EQ(must(find_matters(*office.office, question)).rows.size(), 1U);
  question.list.types = {"whistle"};
  EXPECT_THAT(must(find_matters(*office.office, question)).rows, IsEmpty());
}

TEST(Search, finds_chinese_and_korean_words_of_two_characters_and_one) {
  ShippedOffice office;
  const auto here = office.seat(kHere, "here");
  const auto sewer = office.submit("三号楼下污水管破裂").matter->id;
  office.clock.set(office.clock.now() + 1'000);
  const auto korean = office.submit("가로등이 고장났습니다").matter->id;
  EXPECT_THAT(found(office, here, "污水"), ElementsAre(sewer));
  EXPECT_THAT(found(office, here, "裂"), ElementsAre(sewer));
  EXPECT_THAT(found(office, here, "고장"), ElementsAre(korean));
  EXPECT_THAT(found(office, here, "污水 破裂"), ElementsAre(sewer));
  EXPECT_THAT(found(office, here, "污水 고장"), IsEmpty());
  EXPECT_THAT(found(office, here, "污管"), IsEmpty());
  // A sealed contact is nobody's to be found by.
  EXPECT_THAT(found(office, here, "13900001234"), IsEmpty());
  EXPECT_THAT(found(office, here, "金某某"), IsEmpty());
}

TEST(Search, a_number_is_found_whole_and_pages_go_from_new_to_old) {
  ShippedOffice office;
  const auto here = office.seat(kHere, "here");
  std::vector<MatterId> all;
  std::string number;
  for (int i = 0; i < 5; ++i) {
    office.clock.set(office.clock.now() + 1'000);
    const auto submitted = office.submit("井盖丢失");
    all.push_back(submitted.matter->id);
    number = submitted.matter->number;
  }
  EXPECT_THAT(found(office, here, number), ElementsAre(all.back()));
  SearchQuestion question;
  question.caller = here;
  question.words = "井盖";
  question.rows = 2;
  std::vector<MatterId> seen;
  for (int page = 0; page < 5; ++page) {
    const auto result = must(search(*office.office, question));
    for (const MatterRow& row : result.matters) seen.push_back(row.seen.matter->id);
    if (!result.next.has_value()) break;
    question.before = result.next;
  }
  std::ranges::reverse(all);
  EXPECT_EQ(seen, all);
}

TEST(Search, a_hidden_matter_leaves_no_trace) {
  ShippedOffice office;
  const auto elsewhere = office.seat(kElsewhere, "there");
  SearchQuestion question;
  question.caller = elsewhere;
  question.words = "污水";
  const auto before = must(search(*office.office, question));
  for (int i = 0; i < 15; ++i) office.submit("污水管破裂");
  const auto after = must(search(*office.office, question));
  EXPECT_THAT(after.matters, IsEmpty());
  EXPECT_FALSE(after.next.has_value());
  EXPECT_EQ(before.posts.size(), after.posts.size());
  question.caller = Caller{};
  EXPECT_EQ(search(*office.office, question).error().key, "session.absent");
  question.caller = elsewhere;
  question.words = " ，。 ";
  EXPECT_EQ(search(*office.office, question).error().key, "search.words");
}

TEST(Search, places_organisations_and_people_by_their_posts) {
  ShippedOffice office;
  const auto centre = office.seat("centre_1", "zhang");
  SearchQuestion question;
  question.caller = centre;
  question.words = "路灯";
  const auto lighting = must(search(*office.office, question));
  ASSERT_THAT(lighting.organisations, ::testing::SizeIs(::testing::Ge(1u)));
  EXPECT_EQ(lighting.organisations.front()->key, "lighting_office");
  question.words = "官员zhang";
  const auto people = must(search(*office.office, question));
  ASSERT_THAT(people.posts, ::testing::SizeIs(1));
  EXPECT_EQ(people.posts.front().post.post->key, "centre_1");
  ASSERT_THAT(people.posts.front().people, ::testing::SizeIs(1));
  EXPECT_EQ(people.posts.front().people.front().name, "官员zhang");
  // A member who holds no post finds places, not people.
  usecase::NewAccount account;
  account.login = "resident";
  account.display_name = "居民";
  question.caller = Caller{};
  question.caller.account = must(make_account(*office.office, account, "test"));
  EXPECT_THAT(must(search(*office.office, question)).posts, IsEmpty());
}

TEST(Search, erased_words_are_found_no_more) {
  ShippedOffice office;
  const auto centre = office.seat("centre_1", "zhang");
  const auto matter = office.submit("污水管破裂").matter->id;
  must(office.act(centre, matter, "refuse",
                  {{"ground", kernel::Key{"not_ours"}}, {"reason", std::string("重复")}, {"right_door", std::string("物业")}}));
  EXPECT_THAT(found(office, centre, "污水"), ElementsAre(matter));
  office.clock.set(office.clock.now() + 6 * 366 * kMsPerDay);
  must(pass_all_time(*office.office, 100));
  EXPECT_TRUE(office.store->read()->load(matter)->erased_any);
  EXPECT_THAT(found(office, centre, "污水"), IsEmpty());
  EXPECT_THAT(must(check_data(*office.office)).differences, IsEmpty());
}

TEST(Posts, are_chosen_by_role_nearest_first_and_by_staff_alone) {
  ShippedOffice office;
  PostQuestion question;
  question.caller = office.seat("centre_1", "zhang");
  question.role = "desk";
  question.territory = test::kGrid;
  const auto list = must(list_posts(*office.office, question));
  ASSERT_THAT(list.posts, ::testing::SizeIs(1));
  EXPECT_EQ(list.posts.front().post.post->key, kHere);
  question.territory.clear();
  question.unit = "222401001001";
  const auto there = must(list_posts(*office.office, question));
  ASSERT_THAT(there.posts, ::testing::SizeIs(1));
  EXPECT_EQ(there.posts.front().post.post->key, kElsewhere);
  question.rows = 1'000;
  EXPECT_EQ(list_posts(*office.office, question).error().key, "post.rows");
  question.caller = Caller{};
  EXPECT_EQ(list_posts(*office.office, question).error().key, "session.absent");
}

TEST(Sight, who_sees_is_just_who_may_see) {
  ShippedOffice office;
  office.seat("centre_1", "zhang");
  const auto here = office.seat(kHere, "here");
  const auto matter = office.submit().matter->id;
  const auto sight = must(read_sight(*office.office, here, matter));
  EXPECT_EQ(sight.why.line.audience, "role");
  ASSERT_THAT(sight.why.posts, ::testing::SizeIs(1));
  EXPECT_EQ(sight.why.posts.front().post.post->key, kHere);
  std::vector<PostId> named;
  for (const LineOfSight& line : sight.who)
    named.insert(named.end(), line.line.posts.begin(), line.line.posts.end());
  std::ranges::sort(named);
  EXPECT_EQ(std::ranges::adjacent_find(named), named.end());
  // Every post of the office, asked by itself, against the answer.
  std::vector<PostId> seeing;
  const ReadRoom room(*office.office);
  const auto snapshot = room.source().load(matter);
  for (const kernel::Post* post : room.directory()->roster->all_posts()) {
    kernel::Actor actor;
    actor.kind = kernel::Actor::Kind::post;
    actor.post = post->id;
    const auto seen = must(kernel::see_matter(room.chamber(), snapshot, actor));
    if (!seen) continue;
    if (seen->line && !kernel::comes_before_roles(*seen->line)) continue;  // open to everybody
    seeing.push_back(post->id);
  }
  std::ranges::sort(seeing);
  EXPECT_GT(seeing.size(), 5u);
  EXPECT_EQ(named, seeing);
}

TEST(Sight, others_learn_their_own_line_and_strangers_nothing) {
  ShippedOffice office;
  const auto mine = office.submit();
  const auto author = must(find_receipt(*office.office, mine.receipt));
  const auto own = must(read_sight(*office.office, author, mine.matter->id));
  EXPECT_EQ(own.why.line.audience, "author");
  EXPECT_THAT(own.who, IsEmpty());
  const auto stranger = office.seat(kElsewhere, "there");
  EXPECT_EQ(read_sight(*office.office, stranger, mine.matter->id).error(),
            read_sight(*office.office, stranger, MatterId{12345}).error());
}

TEST(Near, likely_duplicates_are_suggested_to_staff_and_merged_ones_listed) {
  ShippedOffice office;
  const auto centre = office.seat("centre_1", "zhang");
  const auto first = office.submit("三号楼门前路灯不亮已经三天").matter->id;
  const auto second = office.submit("三号楼门前路灯不亮三天了").matter->id;
  office.submit("污水管破裂").matter->id;
  const auto place = [&](MatterId id) { return must(read_matter(*office.office, centre, id)); };
  // Texts alike but no point and no address to compare: nothing is suggested.
  EXPECT_THAT(place(second).near, IsEmpty());
  kernel::Place corner;
  corner.territory = test::kGrid;
  corner.address = "光明街5号";
  auto submission = office.appeal("三号楼门前路灯不亮已经三天了");
  std::get<std::vector<kernel::NamedValue>>(submission.values)[1].value =
      kernel::make_large(corner);
  const auto third = must(submit_matter(*office.office, submission)).matter->id;
  submission = office.appeal("路灯不亮三天");
  std::get<std::vector<kernel::NamedValue>>(submission.values)[1].value =
      kernel::make_large(corner);
  const auto fourth_submitted = must(submit_matter(*office.office, submission));
  const auto fourth = fourth_submitted.matter->id;
  const auto near = place(fourth).near;
  ASSERT_FALSE(near.empty());
  EXPECT_EQ(near.front().row.seen.matter->id, third);
  EXPECT_TRUE(near.front().same_address);
  const auto author = must(find_receipt(*office.office, fourth_submitted.receipt));
  EXPECT_THAT(must(read_matter(*office.office, author, fourth)).near, IsEmpty());
  must(office.act(centre, second, "merge", {{"into", kernel::Link{first}}}));
  const auto merged = place(first).duplicates;
  ASSERT_THAT(merged, ::testing::SizeIs(1));
  EXPECT_EQ(merged.front().seen.matter->id, second);
  must(office.act(centre, second, "unmerge", {{"ground", kernel::Key{"not_a_duplicate"}}}));
  EXPECT_THAT(place(first).duplicates, IsEmpty());
}

TEST(Bulk, each_row_has_its_own_answer_and_a_repeated_one_gives_it_anew) {
  ShippedOffice office;
  const auto centre = office.seat("centre_1", "zhang");
  std::vector<MatterAction> actions;
  for (int i = 0; i < 3; ++i) {
    MatterAction action;
    action.caller = centre;
    action.matter = i == 1 ? MatterId{12345} : office.submit().matter->id;
    action.action = "accept";
    action.values = std::vector<kernel::NamedValue>{{"category", kernel::Key{"lighting"}}};
    RequestStamp stamp;
    stamp.id = "00000000-0000-4000-8000-00000000000" + std::to_string(i);
    action.request = stamp;
    actions.push_back(std::move(action));
  }
  const auto results = must(act_on_matters(*office.office, actions));
  ASSERT_EQ(results.size(), 3u);
  EXPECT_TRUE(results[0]);
  EXPECT_EQ(results[1].error().key, "not_found");
  EXPECT_TRUE(results[2]);
  EXPECT_EQ(office.state_of(actions[0].matter), "accepted");
  EXPECT_EQ(office.state_of(actions[2].matter), "accepted");
  const auto again = must(act_on_matters(*office.office, actions));
  EXPECT_TRUE(again[0]->repeated);
  EXPECT_TRUE(again[2]->repeated);
  actions.resize(51, actions[0]);
  EXPECT_EQ(act_on_matters(*office.office, actions).error().key, "bulk.rows");
}

TEST(SavedViews, belong_to_one_account_and_are_replaced_by_name) {
  ShippedOffice office;
  const auto zhang = office.seat("centre_1", "zhang"), li = office.seat(kHere, "li");
  const auto names = [&](const Caller& caller) {
    std::vector<std::string> all;
    for (const SavedView& view : must(list_saved_views(*office.office, caller)))
      all.push_back(view.name + "=" + view.filter);
    return all;
  };
  must(save_view(*office.office, zhang, {"红灯", "lamp=red"}));
  must(save_view(*office.office, zhang, {" 红灯 ", "lamp=red&type=appeal"}));
  must(save_view(*office.office, zhang, {"a", ""}));
  EXPECT_THAT(names(zhang), ElementsAre("a=", "红灯=lamp=red&type=appeal"));
  EXPECT_THAT(names(li), IsEmpty());
  EXPECT_EQ(drop_saved_view(*office.office, li, "红灯").error().key, "not_found");
  must(drop_saved_view(*office.office, zhang, "红灯"));
  EXPECT_THAT(names(zhang), ElementsAre("a="));
  EXPECT_EQ(save_view(*office.office, zhang, {"  ", ""}).error().key, "view.name");
  EXPECT_EQ(save_view(*office.office, zhang, {"x", std::string(2'001, 'y')}).error().key,
            "view.filter");
  EXPECT_EQ(save_view(*office.office, Caller{}, {"x", ""}).error().key, "session.absent");
  for (int i = 0; i < 49; ++i)
    must(save_view(*office.office, zhang, {"v" + std::to_string(i), ""}));
  EXPECT_EQ(save_view(*office.office, zhang, {"one more", ""}).error().key, "view.count");
}

}  // namespace
}  // namespace gewu::usecase
