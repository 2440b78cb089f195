// Answer links, from the message that carries one to the event that it gave: once, and told by the
// journal alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/matter/built_in.h"
#include "security/token.h"
#include "support/calling_appeal.h"
#include "usecase/answer_link.h"
#include "usecase/audit_journal.h"
#include "usecase/check_data.h"

namespace gewu {
namespace {

using kernel::Key;
using test::code_in;
using test::must;
using usecase::GivenValues;

class AnswerLinks : public ::testing::Test {
 protected:
  AnswerLinks() : people_(office_) {
    const auto submitted = office_.submit();
    receipt_ = submitted.receipt;
    appeal_ = submitted.matter->id;
    test::bring_to_calling(office_, people_, appeal_);
  }
  /// The code that the author gets now.
  std::string sent_code() {
    kept_.messages.clear();
    must(test::send(office_, kept_));
    for (const auto& message : kept_.messages)
      if (!code_in(message).empty()) return code_in(message);
    return "";
  }
  std::string answer(const std::string& code, const char* said = "solved") {
    const auto link = usecase::find_answer_link(*office_.office, code);
    if (!link) return link.error().key;
    const auto taken =
        usecase::answer_by_link(*office_.office, *link,
                                std::vector<kernel::NamedValue>{{"answer", Key{said}}}, {});
    return taken ? "done" : taken.error().key;
  }
  std::string asked(const std::string& code) {
    const auto link = usecase::find_answer_link(*office_.office, code);
    if (!link) return link.error().key;
    const auto question = usecase::read_answer_question(*office_.office, *link);
    return question ? question->view.actions.front().action : question.error().key;
  }
  void expect_whole() {
    EXPECT_THAT(must(usecase::check_data(*office_.office)).differences, ::testing::IsEmpty());
  }

  test::ShippedOffice office_;
  test::StreetPeople people_;
  test::KeptMessages kept_;
  std::string receipt_;
  MatterId appeal_;
};

TEST_F(AnswerLinks, one_is_sent_to_the_contact_and_answers_once) {
  must(test::send(office_, kept_));
  const auto message = std::ranges::find_if(
      kept_.messages, [](const auto& sent) { return !code_in(sent).empty(); });
  ASSERT_NE(message, kept_.messages.end());
  EXPECT_EQ(message->to, "13900001234");
  EXPECT_THAT(message->link, ::testing::StartsWith("https://office.example/m/answer#"));
  const std::string code = code_in(*message);
  EXPECT_EQ(asked(code), "reply");
  EXPECT_EQ(answer(code), "done");
  EXPECT_EQ(office_.state_of(appeal_), "closed");
  EXPECT_EQ(answer(code, "not_solved"), "answer_link.used");
  EXPECT_EQ(asked(code), "answer_link.used");
  EXPECT_EQ(office_.state_of(appeal_), "closed");
  const auto event = must(office_.store->read_timeline(appeal_, 1)).front();
  EXPECT_EQ(event.action, "reply");
  EXPECT_EQ(event.actor.kind, kernel::Actor::Kind::author);
  EXPECT_TRUE(event.actor.by_link);
  std::vector<std::string> marks;
  for (const auto& entry : must(usecase::audit_journal(*office_.office)))
    marks.emplace_back(to_text(entry.mark));
  EXPECT_THAT(marks, ::testing::ElementsAre("answered_by_link"));
  kept_.messages.clear();
  must(test::send(office_, kept_));
  EXPECT_THAT(kept_.messages, ::testing::IsEmpty()) << "what was sent is not sent again";
  expect_whole();
}

TEST_F(AnswerLinks, another_number_is_given_by_the_link_that_the_old_one_got) {
  const auto author = must(usecase::find_receipt(*office_.office, receipt_));
  const auto contact = [](const char* phone) {
    return std::vector<kernel::NamedValue>{
        {"contact", kernel::make_large(kernel::Contact{"金某", phone})}};
  };
  const auto refusal = [&](const usecase::Caller& by, const char* action,
                           std::vector<kernel::NamedValue> values = {}) {
    const auto taken = office_.act(by, appeal_, action, std::move(values));
    return taken ? std::string("done") : taken.error().key;
  };
  EXPECT_EQ(refusal(author, "ask_contact"), "contact.no_messages");
  office_.office->sends_messages = true;
  must(test::send(office_, kept_));
  EXPECT_EQ(refusal(people_.caller, "ask_contact"), "appeal.ask_contact.by");
  EXPECT_EQ(refusal(people_.caller, "change_contact", contact("13700000001")),
            "appeal.change_contact.by");
  EXPECT_EQ(refusal(author, "change_contact", contact("13700000001")), "appeal.change_contact.by")
      << "the receipt alone changes nothing";
  EXPECT_EQ(refusal(author, "ask_contact"), "done");
  kept_.messages.clear();
  must(test::send(office_, kept_));
  ASSERT_THAT(kept_.messages, ::testing::SizeIs(1));
  EXPECT_EQ(kept_.messages.front().to, "13900001234");
  const std::string code = code_in(kept_.messages.front());
  EXPECT_EQ(asked(code), "change_contact");
  const auto link = must(usecase::find_answer_link(*office_.office, code));
  EXPECT_EQ(usecase::answer_by_link(*office_.office, link, std::vector<kernel::NamedValue>{}, {})
                .error().key,
            "appeal.change_contact.contact.required");
  must(usecase::answer_by_link(*office_.office, link, contact("13700000001"), {}));
  EXPECT_EQ(asked(code), "answer_link.used");
  // Whoever is told next is told there.
  EXPECT_EQ(refusal(author, "ask_contact"), "done");
  kept_.messages.clear();
  must(test::send(office_, kept_));
  ASSERT_THAT(kept_.messages, ::testing::SizeIs(1));
  EXPECT_EQ(kept_.messages.front().to, "13700000001");
  for (int more = 2; more < kernel::kAskContactMost; ++more)
    EXPECT_EQ(refusal(author, "ask_contact"), "done");
  EXPECT_EQ(refusal(author, "ask_contact"), "appeal.ask_contact.most");
  std::vector<std::string> marks;
  for (const auto& entry : must(usecase::audit_journal(*office_.office)))
    marks.emplace_back(to_text(entry.mark));
  EXPECT_THAT(marks, ::testing::Contains("contact_changed"));
  expect_whole();
}

TEST_F(AnswerLinks, what_it_shows_holds_no_contact) {
  const auto link = must(usecase::find_answer_link(*office_.office, sent_code()));
  const auto question = must(usecase::read_answer_question(*office_.office, link));
  const auto& seen = question.view.row.seen;
  for (const auto& shown : seen.fields)
    EXPECT_NE(seen.matter->type->fields[shown.field].name, "contact");
  EXPECT_THAT(question.view.actions, ::testing::SizeIs(1));
  EXPECT_THAT(question.view.parts, ::testing::IsEmpty());
  EXPECT_THAT(question.timeline.entries, ::testing::Not(::testing::IsEmpty()));
}

TEST_F(AnswerLinks, one_that_is_sent_again_revokes_the_one_before) {
  kept_.answer = refuse(ErrorCode::unavailable, "messenger.unavailable");
  EXPECT_EQ(test::send(office_, kept_).error().key, "messenger.unavailable");
  ASSERT_THAT(kept_.messages, ::testing::SizeIs(1));
  const std::string first = code_in(kept_.messages.front());
  kept_.answer = Status{};
  const std::string second = sent_code();
  ASSERT_NE(second, "");
  EXPECT_EQ(answer(first), "answer_link.revoked");
  expect_whole();
  EXPECT_EQ(answer(second), "done");
  expect_whole();
}

TEST_F(AnswerLinks, what_is_refused_for_good_is_not_tried_again) {
  kept_.answer = refuse(ErrorCode::invalid, "messenger.refused");
  EXPECT_THAT(must(test::send(office_, kept_)).refused, ::testing::SizeIs(1));
  kept_.answer = Status{};
  EXPECT_EQ(sent_code(), "");
}

TEST_F(AnswerLinks, one_ends_when_the_matter_goes_on_and_does_not_come_back) {
  const std::string code = sent_code();
  must(office_.act(people_.caller, appeal_, "reply", {{"answer", Key{"not_solved"}}}));
  EXPECT_EQ(asked(code), "answer_link.left");
  test::bring_to_calling(office_, people_, appeal_);
  ASSERT_EQ(office_.state_of(appeal_), "calling");
  EXPECT_EQ(answer(code), "answer_link.left");
  EXPECT_EQ(answer(sent_code(), "not_solved"), "done");
  expect_whole();
}

TEST_F(AnswerLinks, one_that_waits_too_long_is_not_sent_and_one_that_was_expires) {
  const std::string code = sent_code();
  office_.clock.set(office_.clock.now() + (usecase::kAnswerLinkMs - 1));
  EXPECT_EQ(asked(code), "reply");
  office_.clock.set(office_.clock.now() + 1);
  EXPECT_EQ(asked(code), "answer_link.expired");
  EXPECT_EQ(answer(code), "answer_link.expired");
  const auto second = office_.submit();
  test::bring_to_calling(office_, people_, second.matter->id);
  office_.clock.set(office_.clock.now() + (usecase::kMessageLatestMs + 1));
  EXPECT_EQ(sent_code(), "");
}

TEST_F(AnswerLinks, a_code_is_for_its_own_matter_and_action) {
  const auto link = must(usecase::find_answer_link(*office_.office, sent_code()));
  usecase::MatterAction action;
  action.caller = link.caller;
  action.matter = appeal_;
  action.action = "note";
  action.values = std::vector<kernel::NamedValue>{{"text", std::string("别处")}};
  action.link = link.code;
  EXPECT_EQ(usecase::act_on_matter(*office_.office, action).error().key, "answer_link.unknown");
  EXPECT_EQ(answer("AAAA"), "token.answer.form");
  EXPECT_EQ(answer(receipt_), "token.answer.mistyped") << "a receipt is no link";
  EXPECT_EQ(answer(security::issue_answer_code(office_.random).text), "answer_link.unknown");
}

TEST_F(AnswerLinks, an_erasure_takes_them) {
  const std::string code = sent_code();
  EXPECT_EQ(answer(code), "done");
  const auto author = must(usecase::find_receipt(*office_.office, receipt_));
  must(office_.act(author, appeal_, "erase"));
  EXPECT_EQ(asked(code), "answer_link.unknown");
  expect_whole();
}

TEST_F(AnswerLinks, an_answer_that_is_refused_leaves_the_link) {
  const std::string code = sent_code();
  EXPECT_NE(answer(code, "splendid"), "done");
  EXPECT_EQ(asked(code), "reply");
  EXPECT_EQ(answer(code), "done");
}

}  // namespace
}  // namespace gewu
