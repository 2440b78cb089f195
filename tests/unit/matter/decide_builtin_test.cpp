#include "decide_office.h"

// Built-in actions, sight and what is offered.

namespace gewu::test {
namespace {

TEST(DecideBuiltIn, a_wrong_place_goes_to_the_right_desk_under_the_same_due) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId f = office.appeal();
  const auto reroute = [&](std::int64_t post, const std::string& grid) {
    return office.act(f, "reroute", office.at_post(post),
                      {{"place", make_large(Place{.territory = grid})},
                       Office::key("ground", "wrong_place"), Office::text("reason", "在新兴")});
  };
  EXPECT_EQ(reroute(10, kOtherGrid), "appeal.reroute.by") << "a grid worker receives nothing";
  EXPECT_EQ(reroute(3, "123"), "appeal.reroute.place.kind");
  EXPECT_EQ(reroute(3, kOtherGrid), "");
  EXPECT_EQ(office.state(f), "received");
  EXPECT_EQ(office.load(f)->territory, kOtherGrid);
  EXPECT_EQ(office.load(f)->owner, organisation_unit("xinxing_street"));
  EXPECT_EQ(office.load(f)->handler, organisation_unit("xinxing_street"));
  EXPECT_EQ(office.due_of(f, "accept"), "2026-09-22 11:00");
  EXPECT_EQ(office.load(f)->find_clock("accept")->owner, organisation_unit("xinxing_street"));
  EXPECT_EQ(reroute(3, kGrid), "not_found") << "no longer his";
  std::int64_t here = 0, there = 0;
  for (const Event& event : office.events)
    for (const Delta& delta : event.figures)
      if (delta.indicator == "appeal.open_now")
        (delta.territory == kGrid ? here : there) += delta.count;
  EXPECT_EQ(here, 0);
  EXPECT_EQ(there, 1);
}

TEST(DecideBuiltIn, into_another_locality_it_is_opened_there) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId e = office.appeal();
  office.go("2026-09-22 10:00");
  EXPECT_EQ(office.act(e, "reroute", office.at_post(1),
                       {{"place", make_large(Place{.territory = kFarGrid})},
                        Office::key("ground", "wrong_place"), Office::text("reason", "在县里")}),
            "");
  const SnapshotPtr here = office.load(e);
  EXPECT_EQ(office.state(e), "transferred");
  EXPECT_EQ(here->outcome, "transferred");
  EXPECT_EQ(here->territory, kGrid);
  const SnapshotPtr there = office.load(here->transferred_to);
  ASSERT_NE(there, nullptr);
  EXPECT_EQ(there->territory, kFarGrid);
  EXPECT_EQ(there->type->locality == "county" || there->type == here->type, true);
  EXPECT_TRUE(there->has_receipt);
  EXPECT_EQ(there->opened_at, here->opened_at);
  EXPECT_EQ(*there->find_field("text"), *here->find_field("text"));
  EXPECT_EQ(office.due_of(there->id, "accept"), "2026-09-22 11:00") << "first start kept";
  EXPECT_EQ(office.clock_of(e, "accept"), "void");
}

TEST(DecideBuiltIn, notes_claims_and_seals) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  EXPECT_EQ(office.act(a, "note", office.at_post(1)), "appeal.note.text.required");
  EXPECT_EQ(office.act(a, "note", Office::resident(), {Office::text("text", "x")}), "not_found");
  EXPECT_EQ(office.act(a, "note", Office::author_of(a), {Office::text("text", "补充")}), "");
  EXPECT_EQ(office.events.back().actor.kind, Actor::Kind::author);
  EXPECT_TRUE(office.events.back().input.front().personal);
  EXPECT_TRUE(office.load(a)->find_action("note")->input.empty()) << "no personal value kept";
  EXPECT_EQ(office.act(a, "note", office.at_post(1),
                       {Office::text("text", "您好"), Office::key("audience", "author")}), "");
  EXPECT_TRUE(office.events.back().messages.front().to_author);
  EXPECT_EQ(office.act(a, "claim", office.at_post(3)), "");
  EXPECT_EQ(office.load(a)->claimed_by, AccountId{103});
  EXPECT_EQ(office.act(a, "release", office.at_post(3)), "");
  EXPECT_FALSE(office.load(a)->claimed_by.has_value());
  EXPECT_EQ(office.act(a, "unseal", office.at_post(6), {Office::key("ground", "verify")}),
            "not_found");
  EXPECT_EQ(office.act(a, "unseal", office.at_post(1), {Office::key("ground", "verify")}),
            "appeal.unseal.by");
  const auto unseal = [&](std::vector<kernel::NamedValue> values) {
    return office.act(a, "unseal", office.at_post(2), std::move(values));
  };
  EXPECT_EQ(unseal({}), "appeal.unseal.ground.required");
  EXPECT_EQ(unseal({Office::text("reason", "回访")}), "appeal.unseal.ground.required");
  EXPECT_EQ(unseal({Office::key("ground", "weather")}), "appeal.unseal.ground.required")
      << "of another list";
  EXPECT_EQ(unseal({Office::key("ground", "verify"), Office::text("reason", " ")}),
            "appeal.unseal.reason.required");
  EXPECT_EQ(unseal({Office::key("ground", "verify"), Office::text("reason", "门牌不清")}), "");
  EXPECT_TRUE(office.last_decision.shows_sealed);
}

TEST(DecideBuiltIn, who_sees_what) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  const auto fields = [&](const Actor& actor) {
    const auto seen = see_matter(office.chamber(), office.load(a), actor);
    std::string names;
    if (!seen || !*seen) return std::string("nothing");
    for (const SeenField& field : (*seen)->fields)
      names += office.load(a)->type->fields[field.field].name +
               (field.is_sealed ? "(sealed) " : " ");
    return names;
  };
  EXPECT_EQ(fields(Office::resident()), "nothing");
  EXPECT_NE(fields(Office::author_of(a)).find("contact "), std::string::npos);
  EXPECT_EQ(fields(office.at_post(1)).find("contact"), std::string::npos);
  EXPECT_NE(fields(office.at_post(1)).find("text "), std::string::npos);
  EXPECT_NE(fields(office.at_post(2)).find("contact(sealed) "), std::string::npos);
  EXPECT_EQ(fields(office.at_post(9)), "nothing") << "another street";
  EXPECT_EQ(fields(office.at_post(7)), "nothing");
  office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")});
  office.act(a, "split", office.at_post(3),
             {Office::tasks({"housing_office"}, *parse_date("2026-09-28"))});
  EXPECT_EQ(fields(office.at_post(7)), "text place category photos ");
  Actor account;
  account.kind = Actor::Kind::member;
  account.account = AccountId{107};
  EXPECT_EQ(fields(account), "text place category photos ") << "through his post";
}

TEST(DecideBuiltIn, what_is_offered_is_what_would_be_taken) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId a = office.appeal();
  const auto offered = [&](MatterId matter, const Actor& actor) {
    const auto actions = offer_actions(office.chamber(), office.load(matter), actor);
    std::string names;
    for (const OfferedAction& action : *actions)
      names += action.action + (action.possible ? " " : "(" + action.barred_key + ") ");
    return names;
  };
  EXPECT_EQ(offered(a, office.at_post(1)), "ask_more accept merge note claim reroute ");
  EXPECT_EQ(offered(a, Office::author_of(a)), "withdraw note ask_contact ");
  EXPECT_EQ(offered(a, Office::resident()), "");
  EXPECT_EQ(offered(a, office.at_post(2)), "note unseal ");
  office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")});
  office.act(a, "split", office.at_post(3),
             {Office::tasks({"housing_office"}, *parse_date("2026-09-28"))});
  const MatterId t = office.all_of("task").front();
  office.act(t, "take", office.at_post(7, 900));
  office.act(t, "report", office.at_post(7, 900), {Office::text("result", "已修")});
  EXPECT_NE(offered(t, office.at_post(3, 900)).find("pass(task.pass.apart)"), std::string::npos);
  EXPECT_NE(offered(t, office.at_post(3)).find("pass "), std::string::npos);
}

TEST(DecideBuiltIn, refusals_that_are_results) {
  Office office;
  office.go("2026-09-22 09:00");
  const MatterId n = office.appeal();
  const ActRequest request{.matter = n, .action = "merge", .actor = office.at_post(1),
                           .values = {{"into", Value(Link{n})}}, .version = {}, .arrival = {}};
  const auto refused = act_on_matter(office.chamber(), request);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(is_kept_refusal(*office.load(n)->type, "merge", refused.error()));
  const auto kept = kept_refusal_event(office.chamber(), request, refused.error());
  ASSERT_TRUE(kept);
  const Event& event = kept->steps.front().event;
  EXPECT_EQ(event.kind, Event::Kind::refusal);
  EXPECT_EQ(event.refused.front().key, "appeal.merge.other");
  EXPECT_TRUE(event.input.empty());
  EXPECT_EQ(kept->steps.front().after->find_action("merge"), nullptr) << "it was not taken";
  Error form{ErrorCode::invalid, "appeal.merge.into.required", {}, {}};
  EXPECT_FALSE(is_kept_refusal(*office.load(n)->type, "merge", form));
  EXPECT_TRUE(kept_refusal_event(office.chamber(), request, form)->steps.empty());
}

}  // namespace
}  // namespace gewu::test
