#include "decide_office.h"

// The loop of an appeal, step by step: order of evaluation, refusal keys, clocks, effects.

namespace gewu::test {
namespace {

const Date kDue = *parse_date("2026-09-28");

TEST(DecideAct, an_appeal_starts_its_clock_and_gets_a_number_wish) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  EXPECT_EQ(office.state(a), "received");
  EXPECT_EQ(office.due_of(a, "accept"), "2026-09-22 11:00");
  const SnapshotPtr matter = office.load(a);
  EXPECT_EQ(matter->territory, kGrid);
  EXPECT_EQ(matter->owner, organisation_unit("beishan_street"));
  EXPECT_EQ(matter->handler, matter->owner);
  EXPECT_TRUE(matter->has_receipt);
  EXPECT_EQ(*matter->find_field("channel"), Value(Key{"web"}));
  EXPECT_EQ(office.figure("appeal.came_in"), 1);
  EXPECT_EQ(office.figure("appeal.open_now"), 1);
}

TEST(DecideAct, whole_loop_with_a_bounce_and_a_promise_that_stands) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  EXPECT_EQ(office.act(a, "accept", office.at_post(1)), "appeal.accept.category");
  EXPECT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")}), "");
  EXPECT_EQ(office.load(a)->handler, organisation_unit("lighting_office"));
  EXPECT_EQ(office.clock_of(a, "accept"), "met");
  EXPECT_EQ(office.due_of(a, "promise"), "2026-09-28 17:00");
  EXPECT_EQ(office.act(a, "split", office.at_post(3), {Office::tasks({"lighting_office"}, kDue)}),
            "");
  ASSERT_EQ(office.all_of("task").size(), 1u);
  const MatterId t = office.all_of("task").front();
  EXPECT_EQ(office.load(t)->parent, a);
  EXPECT_EQ(office.load(t)->handler, organisation_unit("lighting_office"));
  EXPECT_EQ(office.due_of(t, "deal"), "2026-09-28 24:00");
  EXPECT_EQ(office.events.back().messages.front().posts, std::vector{PostId{6}});
  office.go("2026-09-23 09:00");
  EXPECT_EQ(office.act(t, "return", office.at_post(6)), "task.return.reason.required");
  EXPECT_EQ(office.act(t, "return", office.at_post(6), {Office::text("reason", "非本单位")}), "");
  EXPECT_EQ(office.state(a), "handling");
  EXPECT_EQ(office.act(t, "resend", office.at_post(3)), "");
  EXPECT_EQ(office.act(t, "return", office.at_post(6), {Office::text("reason", "非本单位")}), "");
  EXPECT_EQ(office.state(a), "escalated") << "bounced twice";
  EXPECT_EQ(office.act(t, "withdraw", office.at_post(3)), "");
  EXPECT_EQ(office.act(a, "split", office.at_post(3), {Office::tasks({"housing_office"}, kDue)}),
            "");
  const MatterId t2 = office.all_of("task").back();
  EXPECT_EQ(office.act(t2, "take", office.at_post(7, 900)), "");
  EXPECT_EQ(office.act(t2, "report", office.at_post(7, 900)), "task.report.result");
  EXPECT_EQ(office.act(t2, "report", office.at_post(7, 900), {Office::text("result", "已修")}), "");
  EXPECT_EQ(office.act(t2, "pass", office.at_post(3, 900)), "task.pass.apart");
  EXPECT_EQ(office.act(t2, "pass", office.at_post(3)), "");
  EXPECT_EQ(office.state(a), "calling");
  EXPECT_EQ(office.clock_of(a, "promise"), "met");
  EXPECT_EQ(office.due_of(a, "call_back"), "2026-09-27 17:00");
  EXPECT_EQ(office.act(a, "call", office.at_post(2, 900), {{"reached", Value(true)}}),
            "appeal.call.apart");
  EXPECT_EQ(office.act(a, "call", office.at_post(2), {{"reached", Value(true)}}), "");
  EXPECT_EQ(office.act(a, "reply", Office::author_of(a), {Office::key("answer", "not_solved")}),
            "");
  EXPECT_EQ(office.state(a), "reopened");
  EXPECT_EQ(office.clock_of(a, "promise"), "running");
  EXPECT_EQ(office.due_of(a, "promise"), "2026-09-28 17:00");
  EXPECT_EQ(office.act(a, "reply", Office::author_of(a), {Office::key("answer", "solved")}),
            "appeal.reply.from");
  office.go("2026-09-28 17:00");
  office.tick();
  EXPECT_EQ(office.lamp(a), Lamp::red);
  EXPECT_EQ(*office.load(a)->find_field("listed"), Value(true));
  EXPECT_EQ(office.all_of("supervision").size(), 1u);
  EXPECT_EQ(office.figure("supervision.open_now"), 1);
}

TEST(DecideAct, silence_is_never_satisfaction) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")});
  office.act(a, "split", office.at_post(3), {Office::tasks({"lighting_office"}, kDue)});
  const MatterId t = office.all_of("task").front();
  office.act(t, "take", office.at_post(6));
  office.act(t, "report", office.at_post(6), {Office::text("result", "已修")});
  office.act(t, "pass", office.at_post(3));
  ASSERT_EQ(office.state(a), "calling");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(office.act(a, "call", office.at_post(2), {{"reached", Value(false)}}), "");
  EXPECT_EQ(office.act(a, "not_reached", office.at_post(2)), "appeal.not_reached.when");
  EXPECT_EQ(office.act(a, "call", office.at_post(2), {{"reached", Value(false)}}), "");
  EXPECT_EQ(office.act(a, "call", office.at_post(2), {{"reached", Value(false)}}),
            "appeal.call.most");
  EXPECT_EQ(office.act(a, "not_reached", office.at_post(2)), "");
  EXPECT_EQ(office.load(a)->outcome, "no_answer");
  EXPECT_EQ(office.figure("appeal.open_now"), 0);
  EXPECT_EQ(office.act(a, "reopen", office.at_post(1)), "appeal.reopen.by");
  EXPECT_EQ(office.act(a, "reopen", Office::author_of(a)), "");
  EXPECT_EQ(office.load(a)->outcome, "");
  EXPECT_EQ(office.clock_of(a, "promise"), "running");
  EXPECT_EQ(office.act(a, "withdraw", Office::author_of(a)), "");
  EXPECT_EQ(office.load(a)->outcome, "withdrawn");
  EXPECT_EQ(office.clock_of(a, "promise"), "void");
}

TEST(DecideAct, a_duplicate_joins_and_is_taken_apart_again) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId m = office.appeal();
  const MatterId n = office.appeal();
  const auto merge = [&](MatterId matter, MatterId into) {
    return office.act(matter, "merge", office.at_post(1), {{"into", Value(Link{into})}});
  };
  EXPECT_EQ(merge(n, n), "appeal.merge.other");
  EXPECT_EQ(merge(n, MatterId{5}), "appeal.merge.into.kind");
  EXPECT_EQ(merge(n, m), "");
  EXPECT_EQ(office.load(n)->outcome, "merged");
  EXPECT_EQ(office.clock_of(n, "accept"), "void");
  EXPECT_TRUE(office.events.back().messages.front().to_author);
  EXPECT_EQ(merge(m, n), "appeal.merge.open appeal.merge.no_chain");
  office.go("2026-09-22 10:00");
  EXPECT_EQ(office.act(n, "unmerge", office.at_post(3)), "appeal.unmerge.ground.required");
  EXPECT_EQ(office.act(n, "unmerge", office.at_post(3),
                       {Office::key("ground", "not_a_duplicate")}), "");
  EXPECT_EQ(office.state(n), "received");
  EXPECT_TRUE(office.load(n)->find_field("into")->is_missing());
  EXPECT_EQ(office.clock_of(n, "accept"), "running");
  EXPECT_EQ(office.due_of(n, "accept"), "2026-09-22 11:00");
  EXPECT_EQ(merge(n, m), "");
  EXPECT_EQ(office.act(n, "unmerge", office.at_post(1),
                       {Office::key("ground", "not_a_duplicate")}), "");
  EXPECT_EQ(merge(n, m), "");
  EXPECT_EQ(office.act(n, "unmerge", office.at_post(1),
                       {Office::key("ground", "not_a_duplicate")}), "appeal.unmerge.most");
}

TEST(DecideAct, sight_version_and_unknown_names) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal(kOtherGrid);
  EXPECT_EQ(office.act(a, "merge", office.at_post(3), {}), "not_found") << "another street";
  EXPECT_EQ(office.act(a, "accept", Office::resident()), "not_found");
  EXPECT_EQ(office.act(MatterId{1}, "accept", office.at_post(1)), "not_found");
  EXPECT_EQ(office.act(a, "fly", office.at_post(1)), "action.unknown");
  EXPECT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")}, 7),
            "matter.version");
  EXPECT_EQ(office.act(a, "accept", office.at_post(1),
                       {Office::key("category", "lighting"), Office::text("speed", "x")}),
            "form.unknown");
  EXPECT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "no_such")}),
            "appeal.category.kind");
  EXPECT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")}, 1),
            "");
  EXPECT_EQ(office.load(a)->version, 2);
}

TEST(DecideAct, of_several_posts_one_is_to_be_chosen) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  Actor account;
  account.kind = Actor::Kind::member;
  account.account = AccountId{101};
  EXPECT_EQ(office.act(a, "accept", account, {Office::key("category", "lighting")}), "");
  EXPECT_EQ(office.events.back().actor.post, PostId{1});
  EXPECT_EQ(office.events.back().actor.role, "centre");
  Post second = *office.directory()->roster->post(PostId{3});
  second.holders.push_back({.account = AccountId{101}, .from = Instant{0}, .until = {},
                            .deputy = true});
  auto changed = std::make_shared<Directory>(*office.directory());
  changed->roster = std::make_shared<const Roster>(*office.directory()->roster->with(second));
  office.set_directory(changed);
  const MatterId b = office.appeal();
  EXPECT_EQ(office.act(b, "merge", account, {{"into", Value(Link{a})}}), "post.choose");
}

TEST(DecideAct, form_of_an_opening) {
  Office office;
  office.go("2026-09-22 09:00");
  const auto place = NamedValue{"place", make_large(Place{.territory = kGrid})};
  const auto refusal = [&](std::vector<NamedValue> values) {
    const auto opened = office.open("appeal", Office::resident(), std::move(values));
    if (opened) return std::string("opened");
    std::string keys = opened.error().key;
    for (const Error& other : opened.error().others) keys += " " + other.key;
    return keys;
  };
  EXPECT_EQ(refusal({place}), "appeal.text.required");
  EXPECT_EQ(refusal({place, Office::text("text", "  ")}), "appeal.text.required");
  EXPECT_EQ(refusal({place, {"text", Value(true)}}), "appeal.text.kind");
  std::string long_text;
  for (int i = 0; i < 51; ++i) long_text += "灯";
  EXPECT_EQ(refusal({place, Office::text("text", long_text)}), "appeal.text.length_max");
  EXPECT_EQ(refusal({place, Office::text("text", "灯"), {"listed", Value(true)}}), "form.unknown");
  EXPECT_EQ(refusal({place, Office::text("text", "灯"), Office::key("category", "lighting")}),
            "form.unknown") << "not asked at the opening";
  EXPECT_EQ(refusal({{"place", make_large(Place{.territory = "99"})}, Office::text("text", "灯")}),
            "locality.choose");
  const Value file = make_large(FileRef{"ab", "a.jpg", "image/jpeg", 1});
  EXPECT_EQ(refusal({place, Office::text("text", "灯"), {"photos", make_set({file, file, file})}}),
            "appeal.photos.max");
  EXPECT_EQ(refusal({place, Office::text("text", "灯"), {"photos", file}}), "appeal.photos.kind");
  EXPECT_TRUE(office.events.empty());
  EXPECT_EQ(refusal({place, Office::text("text", "灯")}), "opened");
  const auto unknown = office.open("no_such", Office::resident(), {place});
  EXPECT_EQ(unknown.error().key, "not_found");
}

}  // namespace
}  // namespace gewu::test
