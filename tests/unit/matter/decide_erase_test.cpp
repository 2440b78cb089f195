#include "decide_office.h"

// What is erased by time, and what its author may have erased.

namespace gewu::test {
namespace {

constexpr std::string_view kBegin = "2026-09-22 09:00";

Decision must_pass(Office& office, MatterId matter) {
  office.now = *next_wake(*office.load(matter));
  auto decision = pass_time(office.chamber(), matter);
  EXPECT_TRUE(decision) << (decision ? "" : decision.error().key);
  return decision ? *std::move(decision) : Decision{};
}

TEST(DecideErase, a_line_destroys_its_key_and_what_was_said_goes_with_the_line_for_all) {
  Office office;
  office.go(kBegin);
  const MatterId a = office.appeal();
  EXPECT_EQ(office.act(a, "note", Office::author_of(a), {Office::text("text", "我是三号楼")}), "");
  EXPECT_EQ(office.last_decision.steps.front().event.input.front().key_slot, 2)
      << "the key of the line `all`";
  EXPECT_EQ(office.act(a, "withdraw", Office::author_of(a)), "");
  EXPECT_EQ(office.clock_of(a, "erase.rest"), "none") << "every personal value has a line";
  const Decision contact = must_pass(office, a);
  EXPECT_EQ(contact.steps.front().event.change.erased_keys, std::vector<std::uint8_t>{1});
  office.go("2032-01-01 09:00");
  office.tick();
  const SnapshotPtr after = office.load(a);
  EXPECT_TRUE(after->find_field("text")->is<Erased>());
  EXPECT_TRUE(after->find_field("contact")->is<Erased>());
  EXPECT_EQ(office.events.back().change.erased_keys, std::vector<std::uint8_t>{2});
}

TEST(DecideErase, what_no_line_names_is_kept_as_long_as_the_place_says) {
  Office office;
  office.go(kBegin);
  const MatterId a = office.appeal();
  ASSERT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")}), "");
  const auto listed = office.open("supervision", office.at_post(5),
                                  {{"about", Value(Link{a})}, Office::key("why", "chosen")});
  ASSERT_TRUE(listed) << listed.error().key;
  EXPECT_EQ(office.act(*listed, "note", office.at_post(5), {Office::text("text", "张某来电")}), "");
  EXPECT_EQ(office.act(*listed, "answer", office.at_post(6), {Office::text("result", "已修")}), "");
  EXPECT_EQ(office.clock_of(*listed, "erase.rest"), "none");
  EXPECT_EQ(office.act(*listed, "strike", office.at_post(5)), "");
  EXPECT_EQ(office.due_of(*listed, "erase.rest"), "2029-09-22 24:00");
  const Decision erased = must_pass(office, *listed);
  const Event& event = erased.steps.front().event;
  EXPECT_EQ(event.kind, Event::Kind::erase);
  EXPECT_EQ(event.action, "erase.rest@erase");
  EXPECT_EQ(event.change.erased_keys, std::vector<std::uint8_t>{0});
  EXPECT_TRUE(erased.steps.front().after->erased_any);
  EXPECT_TRUE(erased.steps.front().after->find_field("result") != nullptr);
}

TEST(DecideErase, the_author_has_everything_erased_once_it_is_final) {
  Office office;
  office.go(kBegin);
  const MatterId a = office.appeal();
  EXPECT_EQ(office.act(a, "note", Office::author_of(a), {Office::text("text", "请快些")}), "");
  EXPECT_EQ(office.act(a, "erase", Office::author_of(a)), "appeal.erase.from") << "it is open";
  EXPECT_EQ(office.act(a, "withdraw", Office::author_of(a)), "");
  EXPECT_EQ(office.act(a, "erase", office.at_post(1)), "appeal.erase.by") << "nobody for him";
  EXPECT_EQ(office.act(a, "erase", Office::resident()), "not_found");
  EXPECT_EQ(office.act(a, "erase", Office::author_of(a)), "");
  const SnapshotPtr after = office.load(a);
  for (const char* field : {"text", "place", "contact"})
    EXPECT_TRUE(after->find_field(field)->is<Erased>()) << field;
  EXPECT_EQ(office.last_decision.steps.front().event.change.erased_keys,
            (std::vector<std::uint8_t>{0, 1, 2}));
  EXPECT_EQ(office.clock_of(a, "erase.contact"), "met");
  EXPECT_FALSE(next_wake(*after).has_value()) << "nothing is left to be erased";
  EXPECT_EQ(office.act(a, "erase", Office::author_of(a)), "appeal.erase.from") << "once";
}

TEST(DecideErase, who_entered_it_at_a_desk_has_no_right_over_it) {
  Office office;
  office.go(kBegin);
  const auto told = office.open("appeal", office.at_post(4, 77),
                                {{"text", Value(std::string("来电反映"))},
                                 {"place", make_large(Place{.territory = kGrid})},
                                 {"contact", make_large(Contact{"李", "138", ""})}});
  ASSERT_TRUE(told) << told.error().key;
  Actor clerk;
  clerk.account = AccountId{77};
  EXPECT_EQ(office.act(*told, "withdraw", clerk), "");
  EXPECT_EQ(office.act(*told, "erase", clerk), "appeal.erase.by");
}

TEST(DecideErase, an_offer_stands_only_where_it_would_be_taken) {
  Office office;
  office.go(kBegin);
  const MatterId a = office.appeal();
  const auto offers = [&](const Actor& actor) {
    const auto offered = offer_actions(office.chamber(), office.load(a), actor);
    return std::ranges::any_of(*offered, [](const auto& one) { return one.action == "erase"; });
  };
  EXPECT_FALSE(offers(Office::author_of(a)));
  EXPECT_EQ(office.act(a, "withdraw", Office::author_of(a)), "");
  EXPECT_TRUE(offers(Office::author_of(a)));
  EXPECT_FALSE(offers(office.at_post(1)));
  EXPECT_EQ(office.act(a, "erase", Office::author_of(a)), "");
  EXPECT_FALSE(offers(Office::author_of(a)));
}

TEST(DecideErase, copies_in_parts_go_too) {
  Office office;
  office.go(kBegin);
  const MatterId a = office.appeal();
  ASSERT_EQ(office.act(a, "accept", office.at_post(1), {Office::key("category", "lighting")}), "");
  ASSERT_EQ(office.act(a, "split", office.at_post(3),
                       {Office::tasks({"lighting_office"}, *parse_date("2026-09-25"))}), "");
  EXPECT_EQ(office.act(a, "withdraw", Office::author_of(a)), "");
  EXPECT_EQ(office.act(a, "erase", Office::author_of(a)), "");
  ASSERT_EQ(office.last_decision.steps.size(), 2u);
  const Event& part = office.last_decision.steps.back().event;
  EXPECT_EQ(part.matter, office.all_of("task").front());
  EXPECT_EQ(part.kind, Event::Kind::erase);
  EXPECT_EQ(part.action, "erase.author");
}

}  // namespace
}  // namespace gewu::test
