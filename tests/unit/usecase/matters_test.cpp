#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/spans.h"
#include "jobs/timers.h"
#include "support/shipped_office.h"
#include "usecase/check_data.h"
#include "usecase/find_matters.h"
#include "usecase/notices.h"
#include "usecase/preview_matter.h"
#include "usecase/read_matter.h"
#include "usecase/read_me.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;

TEST(Matters, a_resident_without_account_gets_a_receipt_that_opens_his_matter_alone) {
  ShippedOffice office;
  const auto mine = office.submit(), other = office.submit();
  EXPECT_FALSE(mine.receipt.empty());
  EXPECT_FALSE(mine.matter->number.empty());
  const auto caller = must(find_receipt(*office.office, mine.receipt));
  const auto view = must(read_matter(*office.office, caller, mine.matter->id));
  EXPECT_TRUE(view.is_author);
  EXPECT_EQ(read_matter(*office.office, caller, other.matter->id).error().key, "not_found");
  EXPECT_EQ(read_matter(*office.office, caller, MatterId{1}).error(),
            read_matter(*office.office, caller, other.matter->id).error());
}

TEST(Matters, a_place_of_another_county_or_far_from_all_that_is_drawn_lies_outside) {
  ShippedOffice office;
  const auto key_of = [&](const kernel::Place& place, const char* locality) {
    Submission appeal = office.appeal();
    appeal.locality = locality;
    std::get<std::vector<kernel::NamedValue>>(appeal.values)[1].value = kernel::make_large(place);
    const auto done = submit_matter(*office.office, appeal);
    return done ? std::string("taken") : done.error().key;
  };
  kernel::Place elsewhere;
  elsewhere.territory = "222402";
  EXPECT_EQ(key_of(elsewhere, "yanji"), "appeal.place.outside");
  EXPECT_EQ(key_of(elsewhere, "yanbian"), "taken");
  kernel::Place point;
  point.point = kernel::LonLat{2'352'200, 48'856'600};
  EXPECT_EQ(key_of(point, "yanji"), "appeal.place.outside");
  // Ground of the county that is not drawn.
  point.point = kernel::LonLat{129'600'000, 43'050'000};
  EXPECT_EQ(key_of(point, "yanji"), "taken");
}

TEST(Matters, a_text_that_holds_a_nul_is_refused_wherever_it_is_written) {
  ShippedOffice office;
  const std::string cut("路灯\0不亮", 13);
  const auto key_of = [&](std::size_t field, kernel::Value value) {
    Submission appeal = office.appeal();
    std::get<std::vector<kernel::NamedValue>>(appeal.values)[field].value = std::move(value);
    const auto done = submit_matter(*office.office, appeal);
    return done ? std::string("taken") : done.error().key;
  };
  EXPECT_EQ(key_of(0, cut), "appeal.text.kind");
  kernel::Place place;
  place.territory = test::kGrid;
  place.address = cut;
  EXPECT_EQ(key_of(1, kernel::make_large(place)), "appeal.place.kind");
  EXPECT_EQ(key_of(2, kernel::make_large(kernel::Contact{cut, "13900001234", ""})),
            "appeal.contact.kind");
  EXPECT_EQ(key_of(2, kernel::make_large(kernel::Contact{"金某某", cut, ""})),
            "appeal.contact.kind");
}

TEST(Matters, the_author_sees_his_contact_and_the_centre_only_after_unseal) {
  ShippedOffice office;
  const auto mine = office.submit();
  const auto contact_of = [&](const MatterView& view) -> const kernel::SeenField* {
    for (const auto& field : view.row.seen.fields)
      if (view.row.seen.matter->type->fields[field.field].name == "contact") return &field;
    return nullptr;
  };
  const auto author = must(find_receipt(*office.office, mine.receipt));
  const auto own = must(read_matter(*office.office, author, mine.matter->id));
  ASSERT_TRUE(contact_of(own));
  ASSERT_TRUE(contact_of(own)->value.get_shared<kernel::Contact>());
  EXPECT_EQ(contact_of(own)->value.get_shared<kernel::Contact>()->phone, "13900001234");

  auto desk = office.seat("caller_beishan_street", "caller");
  desk.session_opened = office.clock.now();
  const auto closed = must(read_matter(*office.office, desk, mine.matter->id));
  const auto* field = contact_of(closed);
  if (field) {
    EXPECT_TRUE(field->is_sealed);
    EXPECT_FALSE(field->value.get_shared<kernel::Contact>());
  }
  const auto opened = office.act(desk, mine.matter->id, "unseal", {{"ground", kernel::Key{"call_back"}}});
  ASSERT_TRUE(opened) << test::key_of(opened.error());
  EXPECT_TRUE(opened->shows_sealed);
  const auto after = must(read_matter(*office.office, desk, mine.matter->id));
  ASSERT_TRUE(contact_of(after));
  ASSERT_TRUE(contact_of(after)->value.get_shared<kernel::Contact>());
  // Another session of the same account has not given a reason.
  desk.session_opened = office.clock.now() + 1;
  const auto next = must(read_matter(*office.office, desk, mine.matter->id));
  ASSERT_TRUE(contact_of(next));
  EXPECT_FALSE(contact_of(next)->value.get_shared<kernel::Contact>());
}

TEST(Matters, form_faults_of_an_invisible_matter_answer_like_no_matter) {
  ShippedOffice office;
  const auto mine = office.submit();
  MatterAction wrong;
  wrong.matter = mine.matter->id;
  wrong.action = "accept";
  wrong.values = must(codec::parse_json(R"({"category":5})"));
  const auto hidden = act_on_matter(*office.office, wrong);
  wrong.matter = MatterId{12345};
  EXPECT_EQ(hidden.error(), act_on_matter(*office.office, wrong).error());
  wrong.matter = mine.matter->id;
  wrong.caller = office.seat("centre_1", "zhang");
  EXPECT_EQ(act_on_matter(*office.office, wrong).error().key, "appeal.category.kind");
}

TEST(Matters, a_stale_version_and_an_unheld_post_are_refused) {
  ShippedOffice office;
  const auto mine = office.submit();
  const auto centre = office.seat("centre_1", "zhang");
  MatterAction action;
  action.caller = centre;
  action.matter = mine.matter->id;
  action.action = "note";
  action.values = std::vector<kernel::NamedValue>{{"text", std::string("已联系")}};
  action.version = 99;
  EXPECT_EQ(act_on_matter(*office.office, action).error().key, "matter.version");
  action.version.reset();
  action.caller.post = office.store->directory()->roster->post_by_key("caller_beishan_street")->id;
  EXPECT_EQ(act_on_matter(*office.office, action).error().key, "post.not_held");
  action.caller.account = {};
  EXPECT_EQ(act_on_matter(*office.office, action).error().key, "session.absent");
  action.caller = centre;
  action.request = RequestStamp{"not-a-uuid", {}};
  EXPECT_EQ(act_on_matter(*office.office, action).error().key, "request.id");
}

TEST(Matters, an_author_reads_notes_to_him_and_not_those_among_posts) {
  ShippedOffice office;
  const auto mine = office.submit();
  const auto centre = office.seat("centre_1", "zhang");
  must(office.act(centre, mine.matter->id, "note", {{"text", std::string("内部意见")}}));
  must(office.act(centre, mine.matter->id, "note",
                  {{"text", std::string("请稍候")}, {"audience", kernel::Key{"author"}}}));
  const auto author = must(find_receipt(*office.office, mine.receipt));
  const auto told = must(read_timeline(*office.office, author, mine.matter->id));
  std::vector<std::string> notes;
  for (const auto& entry : told.entries)
    for (const auto& input : entry.event.input)
      if (const auto* text = input.value.get<std::string>()) notes.push_back(*text);
  EXPECT_THAT(notes, ::testing::Contains("请稍候"));
  EXPECT_THAT(notes, ::testing::Not(::testing::Contains("内部意见")));
  const auto all = must(read_timeline(*office.office, centre, mine.matter->id));
  EXPECT_GT(all.entries.size(), told.entries.size());
  EXPECT_EQ(all.entries.front().name, "官员zhang");
  for (const auto& entry : told.entries)
    EXPECT_TRUE(entry.event.actor.kind == kernel::Actor::Kind::post || entry.name.empty());
}

TEST(Lists, the_default_is_the_posts_own_unit_and_no_other_is_shown) {
  ShippedOffice office;
  office.submit();
  const auto here = office.seat("dispatcher_beishan_street", "li");
  const auto there = office.seat("dispatcher_xinxing_street", "pu");
  MatterQuestion question;
  question.caller = here;
  EXPECT_EQ(must(find_matters(*office.office, question)).rows.size(), 1u);
  question.caller = there;
  EXPECT_EQ(must(find_matters(*office.office, question)).rows.size(), 0u);
  question.list.unit = "222401002";
  EXPECT_EQ(find_matters(*office.office, question).error().key, "unit.not_covered");
  question.list.unit = "999999";
  EXPECT_EQ(find_matters(*office.office, question).error().key, "unit.not_covered");
  question.caller = {};
  EXPECT_EQ(find_matters(*office.office, question).error().key, "session.absent");
  question.caller = here;
  question.list.unit.clear();
  question.list.rows = 7;
  EXPECT_EQ(find_matters(*office.office, question).error().key, "list.rows");
}

TEST(Lists, a_number_finds_its_matter_for_those_who_may_see_it) {
  ShippedOffice office;
  const auto mine = office.submit();
  MatterQuestion question;
  question.words = " " + mine.matter->number + " ";
  question.caller = office.seat("dispatcher_beishan_street", "li");
  EXPECT_EQ(must(find_matters(*office.office, question)).rows.size(), 1u);
  question.caller = office.seat("dispatcher_xinxing_street", "pu");
  EXPECT_EQ(must(find_matters(*office.office, question)).rows.size(), 0u);
}

TEST(Me, tells_account_posts_and_locality) {
  ShippedOffice office;
  const auto nobody = must(read_me(*office.office, {}));
  EXPECT_FALSE(nobody.account);
  ASSERT_TRUE(nobody.locality);
  const auto caller = office.seat("dispatcher_beishan_street", "li");
  const auto me = must(read_me(*office.office, caller));
  ASSERT_TRUE(me.account);
  EXPECT_EQ(me.account->login, "li");
  ASSERT_EQ(me.posts.size(), 1u);
  EXPECT_EQ(me.posts[0].post->key, "dispatcher_beishan_street");
  EXPECT_EQ(me.posts[0].organisation->key, "beishan_street");
  EXPECT_EQ(me.locality->name, "yanji");
  EXPECT_EQ(choose_locality(*me.directory, caller, office.clock.now(), "nowhere").error().key,
            "not_found");
}

TEST(Time, timers_fire_what_is_due_and_notices_arrive) {
  ShippedOffice office;
  const auto mine = office.submit();
  const auto centre = office.seat("centre_1", "zhang");
  office.clock.set(office.clock.now() + 20 * kMsPerDay);
  std::vector<std::string> faults;
  must(jobs::Timers::run_once(*office.office,
                              [&](const std::string& line) { faults.push_back(line); }));
  EXPECT_THAT(faults, ::testing::IsEmpty());
  const auto matter = office.store->read()->load(mine.matter->id);
  EXPECT_GT(matter->version, mine.matter->version);
  const auto list = must(list_notices(*office.office, centre));
  for (const auto& row : list.rows) EXPECT_EQ(row.notice.post, centre.post);
  if (!list.rows.empty()) {
    EXPECT_GT(list.unread, 0u);
    must(mark_notices_read(*office.office, centre, list.rows.front().notice.id));
    EXPECT_EQ(must(list_notices(*office.office, centre)).unread, 0u);
  }
  EXPECT_EQ(list_notices(*office.office, {}).error().key, "session.absent");
}

TEST(Time, a_timer_that_runs_can_be_stopped_at_once) {
  ShippedOffice office;
  jobs::Timers timers(*office.office);
  timers.start();
  timers.stop();
  timers.start();
}

TEST(Matters, the_receipt_of_a_transferred_matter_opens_the_one_that_took_its_place) {
  ShippedOffice office;
  const auto mine = office.submit();
  kernel::Place place;
  place.territory = "220521001001";
  const auto gone = must(office.act(office.seat("centre_1", "zhang"), mine.matter->id, "reroute",
                                    {{"place", kernel::make_large(std::move(place))},
                                     {"ground", kernel::Key{"wrong_place"}},
                                     {"reason", std::string("在别处")}}));
  ASSERT_TRUE(gone.matter->transferred_to.has_value());
  const auto author = must(find_receipt(*office.office, mine.receipt));
  EXPECT_EQ(author.receipt_of, gone.matter->transferred_to);
  const auto view = must(read_matter(*office.office, author, gone.matter->transferred_to));
  EXPECT_TRUE(view.is_author);
  EXPECT_NE(view.row.seen.matter->number, "");
}

TEST(Matters, whoever_wrote_it_down_for_another_is_not_its_author_where_it_was_brought) {
  ShippedOffice office;
  auto written = office.appeal("楼道灯坏了");
  written.caller = office.seat("desk_222401002001", "desk");
  const auto id = must(submit_matter(*office.office, written)).matter->id;
  kernel::Place place;
  place.territory = "220521001001";
  const auto gone = must(office.act(office.seat("centre_1", "zhang"), id, "reroute",
                                    {{"place", kernel::make_large(std::move(place))},
                                     {"ground", kernel::Key{"wrong_place"}},
                                     {"reason", std::string("在别处")}}));
  const MatterId there = gone.matter->transferred_to;
  ASSERT_TRUE(there.has_value());
  EXPECT_FALSE(office.store->read()->load(there)->author_account.has_value());
  Caller unposted = written.caller;
  unposted.post = {};
  EXPECT_EQ(office.act(unposted, there, "withdraw").error().key, "not_found");
}

TEST(Matters, a_refusal_that_was_kept_stands_in_the_timeline_of_posts) {
  ShippedOffice office;
  const auto mine = office.submit();
  const auto centre = office.seat("centre_1", "zhang");
  const auto refused = office.act(centre, mine.matter->id, "accept");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "appeal.accept.category");
  const auto timeline = must(read_timeline(*office.office, centre, mine.matter->id));
  const auto kept = std::ranges::count_if(timeline.entries, [](const TimelineEntry& entry) {
    return entry.event.kind == kernel::Event::Kind::refusal && entry.event.action == "accept";
  });
  EXPECT_EQ(kept, 1);
  const auto author = must(find_receipt(*office.office, mine.receipt));
  for (const auto& entry : must(read_timeline(*office.office, author, mine.matter->id)).entries)
    EXPECT_NE(entry.event.kind, kernel::Event::Kind::refusal);
}

/// A task that no permit lets in, at a community of the town.
Submission unlisted_task(const Caller& caller, const std::string& community) {
  Submission submission;
  submission.caller = caller;
  submission.type = "community_task";
  submission.action = "send";
  submission.values = std::vector<kernel::NamedValue>{
      {"kind", kernel::Key{"survey"}},
      {"community", kernel::territory_unit(community)},
      {"what", std::string("入户登记")}};
  return submission;
}

std::int64_t refused_tasks(ShippedOffice& office) {
  store::CellQuery query;
  query.indicator = "community_task.refused";
  query.unit = "222401";
  query.from = *parse_date("2026-09-01");
  query.until = *parse_date("2026-10-01");
  std::int64_t count = 0;
  for (const store::Cell& cell : must(office.store->read_cells(query))) count += cell.count;
  return count;
}

TEST(Matters, an_opening_that_a_rule_refused_is_kept_and_counted_once_an_hour) {
  ShippedOffice office;
  office.clock.set(office.clock.now() + 30 * 60'000);
  const auto officer = office.seat("officer_statistics", "shen");
  const auto send = [&](const std::string& community) {
    const auto sent = submit_matter(*office.office, unlisted_task(officer, community));
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().key, "community_task.send.basis");
  };
  send("222401002001");
  EXPECT_EQ(refused_tasks(office), 1);
  office.clock.set(office.clock.now() + 40 * 60'000);  // another hour of the clock, within one
  send("222401002001");
  EXPECT_EQ(refused_tasks(office), 1) << "the same post, rule and place within the hour";
  send("222401003001");
  EXPECT_EQ(refused_tasks(office), 2) << "another place";
  office.clock.set(office.clock.now() + 61 * 60'000);
  send("222401002001");
  EXPECT_EQ(refused_tasks(office), 3) << "an hour later it counts again";
  const auto check = must(check_data(*office.office));
  EXPECT_THAT(check.differences, ::testing::IsEmpty());
  // No matter came of any of them.
  std::size_t tasks = 0;
  must(office.store->each_matter([&](const kernel::SnapshotPtr& matter) -> Status {
    tasks += matter->type->name == "community_task" ? 1 : 0;
    return {};
  }));
  EXPECT_EQ(tasks, 0u);
}

TEST(Matters, an_opening_refused_for_its_form_or_to_a_resident_is_not_kept) {
  ShippedOffice office;
  const auto officer = office.seat("officer_statistics", "shen");
  const auto before = must(check_data(*office.office)).events;
  Submission empty = unlisted_task(officer, "222401002001");
  std::erase_if(std::get<std::vector<kernel::NamedValue>>(empty.values),
                [](const kernel::NamedValue& value) { return value.name == "what"; });
  const auto formless = submit_matter(*office.office, empty);
  ASSERT_FALSE(formless);
  EXPECT_EQ(formless.error().key, "community_task.what.required");
  const auto stranger = submit_matter(*office.office, unlisted_task({}, "222401002001"));
  ASSERT_FALSE(stranger);
  EXPECT_EQ(must(check_data(*office.office)).events, before);
  EXPECT_EQ(refused_tasks(office), 0);
}

TEST(Preview, says_the_deadlines_that_would_follow_and_stores_nothing) {
  ShippedOffice office;
  const auto centre = office.seat("centre_1", "zhang");
  const auto mine = office.submit().matter;
  MatterAction accept;
  accept.caller = centre;
  accept.matter = mine->id;
  accept.action = "accept";
  accept.values = std::vector<kernel::NamedValue>{{"category", kernel::Key{"lighting"}}};
  const auto foreseen = must(preview_action(*office.office, accept));
  ASSERT_EQ(foreseen.matters.size(), 1U);
  EXPECT_EQ(office.state_of(mine->id), "received");
  EXPECT_EQ(office.store->read()->load(mine->id)->version, mine->version);
  const auto due_of = [](const kernel::Snapshot& matter) {
    const auto clock = std::ranges::find(matter.clocks, "promise", &kernel::ClockState::name);
    return clock == matter.clocks.end() ? std::optional<Instant>() : std::optional(clock->due);
  };
  const auto promised = due_of(*foreseen.matters.front().matter);
  ASSERT_TRUE(promised);
  EXPECT_EQ(promised, due_of(*must(act_on_matter(*office.office, accept)).matter));

  auto opening = office.appeal();
  opening.caller = office.seat("desk_222401002001", "desk");
  const auto opened = must(preview_submission(*office.office, opening));
  ASSERT_EQ(opened.matters.size(), 1U);
  EXPECT_EQ(opened.matters.front().matter->type->name, "appeal");
  EXPECT_FALSE(office.store->read()->load(opened.matters.front().matter->id));
}

TEST(Preview, refuses_as_the_act_would_and_tells_strangers_nothing) {
  ShippedOffice office;
  const auto mine = office.submit().matter;
  MatterAction accept;
  accept.matter = mine->id;
  accept.action = "accept";
  accept.values = std::vector<kernel::NamedValue>{};
  EXPECT_EQ(preview_action(*office.office, accept).error().key, "session.absent");
  EXPECT_EQ(preview_submission(*office.office, office.appeal()).error().key, "session.absent");
  accept.caller = office.seat("centre_1", "zhang");
  const auto refused = preview_action(*office.office, accept);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, act_on_matter(*office.office, accept).error().key);
  accept.caller = office.seat("desk_222401001001", "elsewhere");
  EXPECT_EQ(preview_action(*office.office, accept).error().key, "not_found");
}

}  // namespace
}  // namespace gewu::usecase
