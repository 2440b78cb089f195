#include <array>

#include "base/spans.h"
#include "http/routes.h"
#include "unit/http/http_office.h"
#include "unit/http/with_settings.h"
#include "usecase/audit_log.h"
#include "usecase/draw_unseals.h"
#include "usecase/log_buffer.h"
#include "usecase/read_log.h"

// Who saw personal values, and what was done to the office: as the logs keep it and as whoever
// audits reads it.

namespace gewu::test {
namespace {

using codec::Json;

class Logs : public testing::Test {
 protected:
  Logs() {
    auto auditor = **office.store->find_account("housing");
    auditor.may_audit = true;
    EXPECT_TRUE(usecase::change_account(*office.office, auditor));
    auditor_ = office.browser("housing");
  }

  std::vector<Json> lines(const std::string& target) {
    const auto reply = office.get(target, auditor_);
    EXPECT_EQ(reply.status, 200) << target << " " << reply.body;
    const Json json = HttpOffice::json(reply);
    const auto* found = json.array_at("lines");
    return found ? std::vector<Json>(found->begin(), found->end()) : std::vector<Json>{};
  }
  std::vector<std::string> kinds(const std::string& query = "") {
    std::vector<std::string> found;
    for (const Json& line : lines("/api/audit/reads" + query))
      found.insert(found.begin(), std::string(*line.string_at("kind")));
    return found;
  }
  std::string submitted() { return std::string(*office.submit().string_at("id")); }
  http::Response act(const std::string& id, const Browser& browser, const std::string& action,
                     const std::string& values) {
    return office.post("/api/matters/" + id + "/actions",
                       R"({"action":")" + action + R"(","values":)" + values + "}", browser);
  }
  http::Response unseal(const std::string& id, const Browser& browser) {
    return act(id, browser, "unseal", R"({"ground":"call_back","reason":"回访"})");
  }

  HttpOffice office;
  Browser auditor_;
};

TEST_F(Logs, staff_who_act_by_a_residents_receipt_stand_in_the_audit_log) {
  const auto submitted = office.submit();
  const std::string receipt(*submitted.string_at("receipt"));
  const Browser centre = office.browser("centre");
  const auto tried = office.post("/api/receipts/" + receipt + "/actions",
                                 R"({"action":"withdraw","values":{}})", centre);
  EXPECT_EQ(HttpOffice::key_of(tried), "author.staff_session");
  const auto found = lines("/api/audit/log?event=author_refused");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].string_at("login"), "centre");
  EXPECT_EQ(found[0].string_at("key"), "author.staff_session");
  EXPECT_EQ(found[0].string_at("subject"), "withdraw");
  EXPECT_EQ(found[0].boolean_at("success"), false);
}

TEST_F(Logs, a_sealed_contact_that_is_opened_is_in_the_log_of_reads_and_its_value_is_not) {
  const std::string id = submitted();
  const Browser caller = office.browser("caller");
  EXPECT_EQ(office.get("/api/matters/" + id, caller).status, 200);
  EXPECT_EQ(kinds(), std::vector<std::string>{"page"});  // what a resident writes is personal
  ASSERT_EQ(unseal(id, caller).status, 200);
  EXPECT_EQ(kinds(), (std::vector<std::string>{"page", "unseal", "sealed"}));
  office.get("/api/matters/" + id, caller);
  EXPECT_EQ(kinds(), (std::vector<std::string>{"page", "unseal", "sealed", "sealed"}));
  office.get("/api/matters?rows=20", caller);
  EXPECT_EQ(kinds().back(), "list");
  office.get("/api/search?q=%E7%81%AF%E4%B8%8D%E4%BA%AE", caller);
  EXPECT_EQ(kinds().back(), "search");
  const auto all = lines("/api/audit/reads?matter=" + id + "&login=caller");
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0].string_at("login"), "caller");
  EXPECT_EQ(all[0].string_at("matter"), id);
  EXPECT_TRUE(all[0].string_at("request")->size() == 9U);
  EXPECT_EQ(all[0].find("post")->string_at("role"), "caller");
  EXPECT_FALSE(all[0].find("outside"));
  const std::string body = office.get("/api/audit/reads", auditor_).body;
  for (const char* secret : {"李小明", "13812341234"})
    EXPECT_EQ(body.find(secret), std::string::npos);
  EXPECT_EQ(kinds("?login=officer"), std::vector<std::string>{});
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/audit/reads?matter=none", auditor_)), "not_found");
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/audit/reads?login=none", auditor_)),
            "account.unknown");
}

TEST_F(Logs, the_author_reads_his_own_without_a_line_and_sees_who_opened_it) {
  const Json opened = office.submit();
  const std::string id(*opened.string_at("id"));
  const std::string receipt(*opened.string_at("receipt"));
  EXPECT_EQ(office.get("/api/receipts/" + receipt).status, 200);
  EXPECT_EQ(kinds(), std::vector<std::string>{});
  ASSERT_EQ(unseal(id, office.browser("caller")).status, 200);
  const std::string told = office.get("/api/receipts/" + receipt + "/timeline").body;
  EXPECT_NE(told.find("\"unseal\""), std::string::npos);
  EXPECT_NE(told.find("回访"), std::string::npos);     // why
  EXPECT_EQ(told.find("人caller"), std::string::npos);  // who by name stays inside
}

TEST_F(Logs, a_day_has_so_many_unsealings_and_the_next_one_again) {
  publish_with(office, "unseal_most: {kind: number, default: 2}");
  const Browser caller = office.browser("caller");
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(submitted());
  // Whoever may not, uses none of them up.
  EXPECT_GE(unseal(ids[0], office.browser("officer")).status, 400);
  EXPECT_EQ(unseal(ids[0], caller).status, 200);
  EXPECT_EQ(act(ids[1], caller, "unseal", "{}").status, 400);  // without a ground: given back
  EXPECT_EQ(unseal(ids[1], caller).status, 200);
  const auto third = unseal(ids[2], caller);
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(HttpOffice::key_of(third), "unseal.quota");
  const auto alarms = lines("/api/audit/log?event=unusual_reading");
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].string_at("key"), "unseals=2");
  unseal(ids[3], caller);
  EXPECT_EQ(lines("/api/audit/log?event=unusual_reading").size(), 1U);  // once a day
  const auto refused = lines("/api/audit/log?event=unseal&success=false&login=caller");
  EXPECT_FALSE(refused.empty());
  office.clock.set(office.clock.now() + kMsPerDay);
  EXPECT_EQ(unseal(ids[2], office.browser("caller")).status, 200);
}

TEST_F(Logs, an_opening_that_is_drawn_goes_to_whoever_stands_above) {
  publish_with(office, "unseal_drawn: {kind: number, default: 100}");
  const std::string id = submitted();
  ASSERT_EQ(unseal(id, office.browser("caller")).status, 200);
  const auto drawn = lines("/api/audit/log?event=unseal_drawn");
  ASSERT_EQ(drawn.size(), 1U);
  EXPECT_EQ(drawn[0].string_at("login"), "caller");
  EXPECT_TRUE(drawn[0].string_at("subject")->ends_with(" caller"));
  const auto told = [&](const char* login) {
    const std::string body = office.get("/api/notices", office.browser(login)).body;
    return body.find("unseal_drawn") != std::string::npos;
  };
  // A colleague reads the name, not only the login that the log keeps.
  const Json notices = HttpOffice::json(office.get("/api/notices", office.browser("centre")));
  EXPECT_EQ(notices.array_at("notices")->at(0).string_at("person"), "人caller");
  EXPECT_TRUE(told("centre")) << "its role is a supervisor's";
  EXPECT_FALSE(told("officer"));
  EXPECT_FALSE(told("caller"));
  ASSERT_EQ(unseal(submitted(), office.browser("caller")).status, 200);
  EXPECT_EQ(lines("/api/audit/log?event=unseal_drawn").size(), 2U) << "each by itself";
  const auto inventory = office.store->take_inventory();
  ASSERT_TRUE(inventory);
  for (const std::string& difference : inventory->differences)
    EXPECT_FALSE(difference.starts_with("notice") || difference.starts_with("audit_log"))
        << difference;
}

TEST(DrawUnseals, of_a_hundred_so_many_and_the_same_ones_again) {
  std::array<int, 3> drawn{};
  constexpr int kLines = 20'000;
  for (int i = 0; i < kLines; ++i) {
    const auto line = security::sha256(std::to_string(i));
    EXPECT_EQ(usecase::is_drawn(line, 2), usecase::is_drawn(line, 2));
    EXPECT_TRUE(!usecase::is_drawn(line, 2) || usecase::is_drawn(line, 10));
    drawn[0] += usecase::is_drawn(line, 0);
    drawn[1] += usecase::is_drawn(line, 2);
    drawn[2] += usecase::is_drawn(line, 100);
  }
  EXPECT_EQ(drawn[0], 0);
  EXPECT_NEAR(drawn[1], kLines * 2 / 100, 100);  // five times its deviation
  EXPECT_EQ(drawn[2], kLines);
}

TEST_F(Logs, whoever_reads_unusually_much_is_told_of_once_a_day) {
  publish_with(office, "read_matters_most: {kind: number, default: 2}\n"
                       "read_night_most: {kind: number, default: 1}\n"
                       "read_outside_most: {kind: number, default: 50}");
  Browser caller = office.browser("caller");
  const auto read = [&](int times) {
    for (int i = 0; i < times; ++i) ASSERT_EQ(unseal(submitted(), caller).status, 200);
  };
  const auto alarms = [&] { return lines("/api/audit/log?event=unusual_reading"); };
  read(2);
  std::int64_t seen = *usecase::watch_reading(*office.office, 0);
  EXPECT_TRUE(alarms().empty());
  read(1);
  seen = *usecase::watch_reading(*office.office, seen);
  ASSERT_EQ(alarms().size(), 1U);
  EXPECT_EQ(alarms()[0].string_at("key"), "matters=3");
  EXPECT_EQ(alarms()[0].string_at("login"), "caller");
  read(1);
  seen = *usecase::watch_reading(*office.office, seen);
  EXPECT_EQ(alarms().size(), 1U);
  // 22:30 of the same day in the place's zone is night; another day has an alarm of its own.
  office.clock.set(*parse_instant("2026-11-10T14:30:00Z"));
  auditor_ = office.browser("housing");
  caller = office.browser("caller");
  read(2);
  seen = *usecase::watch_reading(*office.office, seen);
  ASSERT_EQ(alarms().size(), 2U);
  EXPECT_EQ(alarms()[0].string_at("key"), "night=2");
}

TEST_F(Logs, a_canary_is_planted_by_the_route_and_its_reader_is_told_of) {
  auto keeper = **office.store->find_account("centre");
  keeper.may_secure = true;
  EXPECT_TRUE(usecase::change_account(*office.office, keeper));
  const Browser security = office.browser("centre");
  const std::string body =
      R"({"type":"appeal","state":"withdrawn","values":{"text":"楼道堆物","place":{"territory":")" +
      kGrid + R"(","address":"路口"},"contact":{"name":"编某某","phone":"13000000007"}}})";
  const auto planted = office.post("/api/canaries", body, security);
  ASSERT_EQ(planted.status, 201) << planted.body;
  const std::string id(*HttpOffice::json(planted).string_at("matter"));
  EXPECT_EQ(office.post("/api/canaries", body, office.browser("officer")).status, 403);
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/canaries", R"({"type":"appeal"})", security)),
            "canary.state");
  EXPECT_EQ(HttpOffice::key_of(office.post(
                "/api/canaries", R"({"type":"appeal","state":"withdrawn","who":1})", security)),
            "json.unknown");
  const auto list = office.get("/api/canaries", security);
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.body.find("13000000007"), std::string::npos) << "what it says is not needed";
  const Json listed = HttpOffice::json(list);
  ASSERT_EQ(listed.array_at("canaries")->size(), 1U);
  EXPECT_EQ(listed.array_at("canaries")->at(0).string_at("matter"), id);
  const auto lines_of = [&](const std::string& event) {
    return lines("/api/audit/log?event=" + event + "&success=true");
  };
  ASSERT_EQ(lines_of("canary_plant").size(), 1U);
  EXPECT_EQ(lines_of("canary_plant")[0].string_at("subject"), "canary 1");
  EXPECT_EQ(lines_of("canary_list").size(), 1U);
  const Browser reader = office.browser("caller");
  const std::string page = office.get("/api/matters/" + id, reader).body;
  EXPECT_EQ(page.find("canary"), std::string::npos);
  EXPECT_TRUE(usecase::watch_reading(*office.office, 0));
  ASSERT_EQ(lines_of("canary_read").size(), 1U);
  EXPECT_EQ(lines_of("canary_read")[0].string_at("key"), "canary=1");
  EXPECT_EQ(lines_of("canary_read")[0].string_at("login"), "caller");
}

TEST_F(Logs, signing_in_and_what_administrators_do_are_lines_whether_let_through_or_not) {
  const std::string right = R"({"login":"centre","password":"a long password"})";
  const std::string wrong = R"({"login":"centre","password":"not that one"})";
  EXPECT_EQ(office.post("/api/sign-in", wrong).status, 401);
  EXPECT_EQ(office.post("/api/sign-in", R"({"login":"my secret word","password":"x"})").status,
            401);
  EXPECT_EQ(office.post("/api/sign-in", right).status, 200);
  const auto ins = lines("/api/audit/log?event=sign_in");
  ASSERT_EQ(ins.size(), 3U);
  EXPECT_EQ(ins[0].boolean_at("success"), true);
  EXPECT_EQ(ins[0].string_at("login"), "centre");
  EXPECT_EQ(ins[0].string_at("peer"), "192.0.2.1");
  EXPECT_EQ(ins[1].boolean_at("success"), false);
  EXPECT_FALSE(ins[1].find("subject"));  // somebody may have typed his password there
  EXPECT_EQ(ins[2].string_at("subject"), "centre");
  EXPECT_EQ(ins[2].string_at("key"), "sign_in.refused");
  const Browser centre = office.browser("centre");
  EXPECT_EQ(office.post("/api/accounts/officer/disable", "{}", centre).status, 403);
  auto account = **office.store->find_account("centre");
  account.may_administer = true;
  ASSERT_TRUE(usecase::change_account(*office.office, account));
  EXPECT_EQ(office.post("/api/accounts/officer/disable", "{}", centre).status, 204);
  const auto disabled = lines("/api/audit/log?event=account_disable");
  ASSERT_EQ(disabled.size(), 2U);
  EXPECT_EQ(disabled[0].boolean_at("success"), true);
  EXPECT_EQ(disabled[0].string_at("subject"), "officer");
  EXPECT_EQ(disabled[1].string_at("key"), "account.administer");
  // Reading the log is a line in it, by whoever it was.
  const auto reading = lines("/api/audit/log?event=audit_read&login=housing");
  ASSERT_FALSE(reading.empty());
  EXPECT_EQ(reading[0].string_at("subject"), "log event");
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/audit/log", office.browser("officer"))),
            "session.absent");
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/audit/log", office.browser("caller"))),
            "account.audit");
}

TEST_F(Logs, every_event_of_a_route_is_one_that_the_log_knows) {
  for (const http::Route& route : http::routes()) {
    const bool is_known = route.audit == nullptr || usecase::is_audit_event(route.audit);
    EXPECT_TRUE(is_known) << route.pattern;
  }
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/audit/log?event=x", auditor_)), "audit.event");
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/audit/log?from=x", auditor_)), "audit.instant");
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/audit/log?success=x", auditor_)), "audit.success");
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/audit/log?rows=501", auditor_)), "audit.rows");
}

TEST_F(Logs, a_storm_of_refusals_is_one_line_and_reads_wait_for_their_second_or_an_auditor) {
  usecase::LogBuffer buffer;
  office.office->logs = &buffer;
  const std::string wrong = R"({"login":"centre","password":"not that one"})";
  for (int i = 0; i < 5; ++i) office.post("/api/sign-in", wrong);
  const std::string id = submitted();
  ASSERT_EQ(unseal(id, office.browser("caller")).status, 200);
  for (int i = 0; i < 3; ++i) office.get("/api/matters/" + id, office.browser("caller"));
  store::AuditQuery sign_ins;
  sign_ins.event = "sign_in";
  EXPECT_TRUE(office.store->log_book().find_audits(sign_ins)->empty());
  EXPECT_TRUE(office.store->log_book().find_reads({})->empty());
  // Whoever reads the log sees what waits.
  const auto ins = lines("/api/audit/log?event=sign_in");
  ASSERT_EQ(ins.size(), 1U);
  EXPECT_EQ(ins[0].integer_at("times"), 5);
  EXPECT_EQ(kinds(), (std::vector<std::string>{"unseal", "sealed"}));
  // A list that is asked for again shows the same rows: once a day is enough.
  for (int i = 0; i < 3; ++i) {
    office.get("/api/matters?rows=20", office.browser("caller"));
    ASSERT_TRUE(buffer.flush(*office.store));
  }
  EXPECT_EQ(kinds().size(), 3U);
  EXPECT_EQ(kinds().back(), "list");
  office.office->logs = nullptr;
}

TEST_F(Logs, pages_go_on_where_the_last_one_ended) {
  for (int i = 0; i < 5; ++i) office.get("/api/audit/reads", auditor_);
  const Json first = HttpOffice::json(office.get("/api/audit/log?rows=2", auditor_));
  ASSERT_EQ(first.array_at("lines")->size(), 2U);
  const std::string next(*first.string_at("next"));
  const auto second = lines("/api/audit/log?rows=2&cursor=" + next);
  ASSERT_EQ(second.size(), 2U);
  EXPECT_LT(parse_integer(*second[0].string_at("id")), parse_integer(next));
}

TEST_F(Logs, lines_go_when_their_time_is_over_and_the_rest_still_proves_itself) {
  publish_with(office, "read_log_days: {kind: number, default: 1}");  // six months all the same
  ASSERT_EQ(unseal(submitted(), office.browser("caller")).status, 200);
  office.get("/api/audit/log", auditor_);
  office.clock.set(office.clock.now() + 183 * kMsPerDay);
  EXPECT_EQ(*usecase::drop_old_logs(*office.office), 0U);
  auditor_ = office.browser("housing");
  EXPECT_EQ(kinds().size(), 2U);
  office.clock.set(office.clock.now() + 2 * kMsPerDay);
  auditor_ = office.browser("housing");
  EXPECT_EQ(*usecase::drop_old_logs(*office.office), 2U);
  EXPECT_EQ(kinds().size(), 0U);
  const auto removed = lines("/api/audit/log?event=logs_removed");
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_EQ(removed[0].string_at("subject"), "2");
  ASSERT_EQ(unseal(submitted(), office.browser("caller")).status, 200);
  const auto inventory = office.store->take_inventory();
  ASSERT_TRUE(inventory);
  for (const std::string& difference : inventory->differences)
    EXPECT_FALSE(difference.starts_with("read_log") || difference.starts_with("audit_log") ||
                 difference.starts_with("log_end") || difference.starts_with("notice"))
        << difference;
}

}  // namespace
}  // namespace gewu::test
