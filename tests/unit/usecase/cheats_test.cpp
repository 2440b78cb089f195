// Thirty cheats and some more of those who are measured by the figures (reliability 8.1): each is refused, or
// told in the audit report, or found by whoever checks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/matter/given.h"
#include "security/chain.h"
#include "security/token.h"
#include "support/calling_appeal.h"
#include "unit/usecase/tampering.h"
#include "usecase/answer_link.h"
#include "usecase/audit_journal.h"
#include "usecase/check_data.h"

namespace gewu::usecase {
namespace {

using kernel::Key;
using test::must;
using test::RecordedOffice;
using test::ShippedOffice;
using ::testing::HasSubstr;

/// A street with its people, and an appeal that was sent to the lighting office.
class Street {
 public:
  Street() {
    centre = office.seat("centre_1", "centre");
    desk = office.seat("desk_222401002001", "desk");
    dispatcher = office.seat("dispatcher_beishan_street", "dispatcher");
    caller = office.seat("caller_beishan_street", "caller");
    officer = office.seat("officer_lighting_office", "officer");
    const Submitted sent = office.submit();
    appeal = sent.matter->id;
    author = must(find_receipt(*office.office, sent.receipt));
    must(office.act(centre, appeal, "accept", {{"category", Key{"lighting"}}}));
  }
  /// What comes of an attempt: the refusal, or "done".
  std::string attempt(const Caller& who, const std::string& action,
                      std::vector<kernel::NamedValue> values = {}) {
    const auto taken = office.act(who, appeal, action, std::move(values));
    return taken ? "done" : taken.error().key;
  }
  std::string extend(const Caller& who, const char* by, const char* ground = "weather") {
    std::vector<kernel::NamedValue> values{{"by", *kernel::parse_limit(by)}};
    if (*ground) values.push_back({"ground", Key{ground}});
    return attempt(who, "promise.extend", std::move(values));
  }
  std::vector<std::string> marks() {
    std::vector<std::string> marks;
    for (const AuditEntry& entry : must(audit_journal(*office.office)))
      marks.emplace_back(to_text(entry.mark));
    return marks;
  }
  Instant first_due() {
    return office.store->read()->load(appeal)->find_clock("promise")->first_due;
  }
  Instant due() { return office.store->read()->load(appeal)->find_clock("promise")->due; }

  ShippedOffice office;
  Caller centre, desk, dispatcher, caller, officer, author;
  MatterId appeal;
};

TEST(Cheats, with_clocks_are_refused_or_told) {
  Street street;
  // 1 to 4: longer than may be, without or with an idle ground, by whoever is measured.
  EXPECT_NE(street.extend(street.centre, "6 day_working"), "done");
  EXPECT_NE(street.extend(street.centre, "3 day_working", ""), "done");
  EXPECT_NE(street.extend(street.centre, "3 day_working", "mood"), "done");
  EXPECT_NE(street.extend(street.dispatcher, "3 day_working"), "done");
  // 5, 6: once and with a ground it is told; twice it is not to be had.
  EXPECT_EQ(street.extend(street.centre, "3 day_working"), "done");
  EXPECT_NE(street.extend(street.centre, "1 day_working"), "done");
  EXPECT_THAT(street.marks(), ::testing::Contains("extended"));
  // 7, 8: an exemption by the handling side; by the centre it is told.
  EXPECT_NE(street.attempt(street.officer, "promise.exempt", {{"ground", Key{"weather"}}}), "done");
  EXPECT_EQ(street.attempt(street.centre, "promise.exempt", {{"ground", Key{"weather"}}}), "done");
  EXPECT_THAT(street.marks(), ::testing::Contains("exempted"));
  // 9: another category for the sake of a longer promise shows what was promised first.
  const Instant first = street.first_due();
  const Instant due = street.due();
  static_cast<void>(street.attempt(street.centre, "reclassify", {{"category", Key{"other"}}}));
  EXPECT_EQ(street.first_due(), first);
  EXPECT_LE(street.due(), due);
  // 10: no category at all, so that no promise runs.
  EXPECT_EQ(street.attempt(street.centre, "reclassify", {{"category", kernel::Value()}}),
            "appeal.reclassify.category");
  // 10b: who asks the author stops the clock as well; the desk, then the one of the centre who asked.
  const Instant running = street.office.clock.now();
  const MatterId asked = must(submit_matter(*street.office.office, street.office.appeal("漏水")))
                             .matter->id;
  const auto by = [&](const Caller& who, const char* action, std::vector<kernel::NamedValue> values) {
    const auto taken = street.office.act(who, asked, action, std::move(values));
    return taken ? std::string("done") : taken.error().key;
  };
  const kernel::NamedValue ground{"ground", Key{"waiting_resident"}};
  EXPECT_EQ(by(street.centre, "ask_more", {ground, {"question", std::string("几号楼？")}}), "done");
  EXPECT_EQ(by(street.desk, "grant_pause", {ground}), "appeal.grant_pause.by");
  EXPECT_EQ(by(street.centre, "grant_pause", {ground}), "appeal.grant_pause.apart");
  // 10c: an appeal that ran into its due is merged into one that came later.
  street.office.clock.set(running + kMsPerHour);
  const MatterId later = must(submit_matter(*street.office.office, street.office.appeal("又漏水")))
                             .matter->id;
  EXPECT_EQ(street.attempt(street.centre, "merge", {{"into", kernel::Link{later}}}),
            "appeal.merge.earlier");
}

/// What a desk wrote down for a resident, brought to where the resident is asked: the desk's answer
/// is refused, and what else it does as the author is told under its post.
void office_hours(Street& street) {
  auto written = street.office.appeal("楼道灯坏了");
  written.caller = street.desk;
  const MatterId id = must(submit_matter(*street.office.office, written)).matter->id;
  const auto by = [&](const Caller& who, MatterId matter, const char* action,
                      std::vector<kernel::NamedValue> values = {}) {
    const auto taken = street.office.act(who, matter, action, std::move(values));
    return taken ? std::string("done") : taken.error().key;
  };
  EXPECT_EQ(by(street.centre, id, "accept", {{"category", Key{"lighting"}}}), "done");
  kernel::Row task;
  task.cells = {{"by_whom", kernel::organisation_unit("lighting_office")},
                {"share", Key{"lead"}},
                {"what", std::string("换灯")},
                {"due", *parse_date("2026-09-28")}};
  EXPECT_EQ(by(street.dispatcher, id, "split",
               {{"tasks", kernel::make_set({kernel::make_large(std::move(task))})}}),
            "done");
  const MatterId part = must(street.office.store->find_parts(id, 10)).front()->id;
  const Caller second = street.office.seat("dispatcher_beishan_street", "second");
  EXPECT_EQ(by(street.officer, part, "take"), "done");
  EXPECT_EQ(by(street.officer, part, "report", {{"result", std::string("已换")}}), "done");
  EXPECT_EQ(by(second, part, "pass"), "done");
  ASSERT_EQ(street.office.state_of(id), "calling");
  Caller unposted = street.desk;
  unposted.post = {};
  for (const Caller& who : {street.desk, unposted})
    EXPECT_EQ(by(who, id, "reply", {{"answer", Key{"solved"}}}), "appeal.reply.apart");
  EXPECT_EQ(by(street.caller, id, "reply", {{"answer", Key{"solved"}}}), "done");
  // The resident comes back to the desk: that is no praise, so it may be done for him, and is told.
  EXPECT_EQ(by(unposted, id, "reopen"), "done");
  const auto entries = must(audit_journal(*street.office.office));
  const auto& last = entries.back();
  EXPECT_EQ(std::string(to_text(entries[entries.size() - 2].mark)) + " " + to_text(last.mark),
            "answered_on_behalf reopened");
  EXPECT_EQ(entries[entries.size() - 2].actor.post, street.desk.post);
}

/// Two answers by codes: the report counts each by the way it came, and none is taken twice.
void held_codes() {
  ShippedOffice office;
  const test::StreetPeople people(office);
  test::KeptMessages kept;
  const Submitted by_link = office.submit(), by_receipt = office.submit();
  for (const Submitted* each : {&by_link, &by_receipt})
    test::bring_to_calling(office, people, each->matter->id);
  must(test::send(office, kept));
  const auto link = must(find_answer_link(*office.office, test::code_in(kept.messages.front())));
  const std::vector<kernel::NamedValue> solved{{"answer", Key{"solved"}}};
  must(answer_by_link(*office.office, link, solved, {}));
  EXPECT_EQ(answer_by_link(*office.office, link, solved, {}).error().key, "answer_link.used");
  const auto author = must(find_receipt(*office.office, by_receipt.receipt));
  must(office.act(author, by_receipt.matter->id, "reply", solved));
  std::vector<std::string> marks;
  for (const AuditEntry& entry : must(audit_journal(*office.office)))
    marks.emplace_back(to_text(entry.mark));
  EXPECT_THAT(marks, ::testing::ElementsAre("answered_by_link", "answered_by_receipt"));
}

TEST(Cheats, with_outcomes_are_refused_or_told) {
  Street street;
  // 11 to 14: the measured side answers for the resident, reopens, withdraws, or closes at once.
  EXPECT_NE(street.attempt(street.centre, "reply", {{"answer", Key{"solved"}}}), "done");
  EXPECT_NE(street.attempt(street.dispatcher, "reply", {{"answer", Key{"solved"}}}), "done");
  EXPECT_NE(street.attempt(street.officer, "withdraw"), "done");
  EXPECT_NE(street.attempt(street.dispatcher, "all_done"), "done");
  // 15: closed without an answer before anybody called.
  EXPECT_NE(street.attempt(street.caller, "not_reached"), "done");
  // 16: refused after it was accepted.
  EXPECT_NE(street.attempt(street.centre, "refuse",
                           {{"ground", Key{"not_ours"}}, {"reason", std::string("不归我管")}, {"right_door", std::string("无")}}),
            "done");
  // 17: merged into itself.
  EXPECT_NE(street.attempt(street.centre, "merge",
                           {{"into", kernel::Link{street.appeal}}}),
            "done");
  // 18: an appeal that a desk writes itself is told as such.
  auto own = street.office.appeal("一切都好");
  own.caller = street.desk;
  must(submit_matter(*street.office.office, own));
  EXPECT_THAT(street.marks(), ::testing::Contains("entered_on_behalf"));
  // 18b: nor does the desk speak for the one whose appeal it is, by its post or without any.
  office_hours(street);
  // 18c: a clerk with a resident's code. What comes by it is told apart; that no session, device or
  // address of staff may use one is the door's (http/author_guard.h).
  held_codes();
  // 19: somebody else's post.
  Caller borrowed = street.officer;
  borrowed.post = street.centre.post;
  EXPECT_EQ(street.attempt(borrowed, "note", {{"text", std::string("x")}}), "post.not_held");
  // 20: a code that nobody gave out.
  SeededRandom random(3);
  EXPECT_EQ(find_receipt(*street.office.office, security::issue_receipt_code(random).text)
                .error()
                .key,
            "not_found");
}

/// 31, 32: what was drawn of a street is neither seen nor answered there, nor by one of its people
/// through a post above. 33, whoever writes the lots himself, is in draws_test.
TEST(Cheats, with_what_was_drawn_are_refused) {
  test::ShippedOffice office;
  const Caller caller = office.seat("caller_beishan_street", "caller");
  const Caller lead = office.seat("street_lead_beishan_street", "lead");
  Caller disguised = office.seat("centre_1", "disguised");
  kernel::Place place;
  place.territory = test::kGrid;
  const auto give = [&](const char* type, const char* state,
                        std::vector<kernel::NamedValue> values) {
    MatterId id;
    store::CommitRequest request;
    request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
      kernel::GivenMatter given{type, "yanji", state, values, {}};
      GEWU_TRY(decision,
               kernel::give_matter({turn.directory, turn.source, turn.now, turn.ids}, given));
      store::Writing writing;
      writing.decision = std::move(decision);
      id = writing.decision.steps.front().event.matter;
      return writing;
    };
    must(office.store->commit(std::move(request)));
    return id;
  };
  const MatterId appeal = give("appeal", "calling",
                               {{"place", kernel::make_large(std::move(place))},
                                {"category", Key{"lighting"}}});
  // The same person calls back for the street and sits in the centre.
  disguised.post = caller.post;
  const kernel::Post* post = office.store->directory()->roster->post(caller.post);
  kernel::Post seated = *post;
  seated.seats = 3;
  seated.holders.push_back({disguised.account, Instant{}, std::nullopt, false});
  must(change_directory(*office.office, {kernel::PostChange{seated}}, "test"));
  must(office.act(disguised, appeal, "reply", {{"answer", Key{"solved"}}}));
  const MatterId drawn = give("recheck", "drawn", {{"about", kernel::Link{appeal}}});
  const auto attempt = [&](const Caller& who) {
    const auto taken =
        office.act(who, drawn, "call", {{"reached", kernel::Value(true)}});
    return taken ? std::string("done") : taken.error().key;
  };
  EXPECT_EQ(attempt(caller), "not_found");
  EXPECT_EQ(attempt(lead), "not_found");
  disguised.post = office.store->directory()->roster->post_by_key("centre_1")->id;
  EXPECT_EQ(attempt(disguised), "recheck.call.apart");
  EXPECT_EQ(attempt(office.seat("centre_1", "honest")), "done");
}

/// What the check says first after somebody wrote into the file.
std::string found_after(const std::string& sql) {
  RecordedOffice recorded;
  test::Hand hand(recorded.path());
  hand.run(sql);
  const auto check = check_data(recorded.office());
  if (!check) return check.error().key;
  return check->differences.empty() ? "nothing" : check->differences.front();
}

TEST(Cheats, with_the_file_are_found) {
  // 21: an event rewritten; 22: one taken out; 23: the last one taken out and the head set back.
  EXPECT_EQ(found_after("update event set body = replace(body, 'lighting', 'heating_')"
                        " where sequence = (select min(sequence) from event"
                        " where body like '%lighting%')")
                .substr(0, 6),
            "chain ");
  EXPECT_EQ(found_after("delete from event where sequence = 7"), "sequence 8");
  EXPECT_THAT(found_after("delete from event where sequence = (select sequence from stream);"
                          "update stream set sequence = sequence - 1, head ="
                          " (select hash from event order by sequence desc limit 1)"),
              HasSubstr("beyond the journal"));
  // 24: a figure made larger; 25: a record behind it taken out.
  EXPECT_THAT(found_after("update cell set count = count + 1 where indicator ="
                          " (select min(indicator) from cell)"),
              HasSubstr("cell "));
  EXPECT_THAT(found_after("delete from figure_row where indicator ="
                          " (select min(indicator) from figure_row)"),
              HasSubstr("figure_row"));
  // 26: a deadline moved in the snapshot alone.
  EXPECT_NE(found_after("update matter set snapshot ="
                        " replace(snapshot, '\"due\":17', '\"due\":18')"),
            "nothing");
  // 27: the author's matter taken over; 28: an official's account taken over.
  EXPECT_THAT(found_after("update matter set receipt = randomblob(32)"
                          " where id = (select min(id) from matter)"),
              HasSubstr("receipt"));
  EXPECT_THAT(found_after("update account set password = 'mine' where login = 'zhang'"),
              HasSubstr("account"));
  // 28b: a link that was used made to live again, or a link of one's own.
  EXPECT_THAT(found_after("update answer_link set ended = '' where ended <> ''"),
              HasSubstr("answer_link"));
  EXPECT_THAT(found_after("insert into answer_link select randomblob(32), matter, action,"
                          " issued_at, until, ended from answer_link limit 1"),
              HasSubstr("answer_link"));
  // 29: somebody put on a post.
  EXPECT_THAT(found_after("update directory_entry set body = replace(body, '\"account\":',"
                          " '\"account\":1')"),
              HasSubstr("directory"));
}

/// 30: the whole journal written anew behind a changed line, with hashes that fit.
TEST(Cheats, a_journal_that_was_written_anew_is_told_by_its_roots) {
  RecordedOffice recorded;
  test::Hand hand(recorded.path());
  const auto bodies = hand.column("select body from event order by sequence");
  security::Sha256 head = security::chain_start("sqlite");
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    std::string body = bodies[i];
    if (i == 20)
      if (const auto at = body.find("\"at\":1"); at != std::string::npos) body[at + 12] ^= 1;
    head = security::chain_next(head, security::view_of(body));
    hand.run("update event set body = cast(x'" + security::hex_encode(security::view_of(body)) +
             "' as text), hash = x'" + security::hex_encode(head) +
             "' where sequence = " + std::to_string(i + 1));
  }
  hand.run("update stream set head = x'" + security::hex_encode(head) + "'");
  const auto differences = must(check_data(recorded.office())).differences;
  EXPECT_THAT(differences, ::testing::Contains(HasSubstr("root 1: line ")));
}

}  // namespace
}  // namespace gewu::usecase
