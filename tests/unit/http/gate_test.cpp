#include <set>
#include <source_location>

#include "base/ensure.h"
#include "unit/http/http_office.h"

namespace gewu::test {
namespace {

TEST(Gate, nowhere_and_wrong_method) {
  HttpOffice office;
  const auto nowhere = office.get("/api/nothing");
  EXPECT_EQ(nowhere.status, 404);
  EXPECT_EQ(HttpOffice::key_of(nowhere), "http.route");
  const auto method = office.ask({.method = "DELETE", .target = "/api/matters"});
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(HttpOffice::key_of(method), "http.method");
  EXPECT_EQ(HttpOffice::header(method, "Allow"), "GET, HEAD, POST");
  EXPECT_EQ(office.ask({.method = "POST", .target = "/desk"}).status, 405);
  EXPECT_EQ(office.ask({.method = "HEAD", .target = "/api/health"}).status, 200);
}

TEST(Gate, every_reply_carries_what_keeps_browsers_from_guessing) {
  HttpOffice office;
  for (const char* target : {"/api/me", "/api/nothing", "/"}) {
    const auto reply = office.get(target);
    EXPECT_EQ(HttpOffice::header(reply, "X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(HttpOffice::header(reply, "Referrer-Policy"), "no-referrer") << target;
    EXPECT_EQ(HttpOffice::header(reply, "Cross-Origin-Opener-Policy"), "same-origin") << target;
    EXPECT_NE(HttpOffice::header(reply, "Content-Security-Policy")
                  .find("frame-ancestors 'none'"), std::string::npos) << target;
    if (target != std::string("/")) {
      EXPECT_EQ(HttpOffice::header(reply, "Cache-Control"), "no-store") << target;
    }
  }
}

TEST(GateSession, signing_in_gives_a_cookie_that_scripts_cannot_read) {
  HttpOffice office;
  const auto reply =
      office.post("/api/sign-in", R"({"login":"centre","password":"a long password"})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const std::string cookie = HttpOffice::header(reply, "Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("gewu_session=")) << cookie;
  EXPECT_NE(cookie.find("; HttpOnly; SameSite=Lax"), std::string::npos);
  EXPECT_EQ(cookie.find("Secure"), std::string::npos);  // loopback, no proxy
  const std::string token = cookie.substr(13, cookie.find(';') - 13);
  EXPECT_EQ(reply.body.find(token), std::string::npos);
  const auto me = HttpOffice::json(office.get("/api/me", {token, ""}));
  EXPECT_EQ(me.find("account")->string_at("login"), "centre");
  EXPECT_EQ(me.string_at("csrf"), HttpOffice::json(reply).string_at("csrf"));
}

TEST(GateSession, the_cookie_is_secure_behind_a_proxy_that_ends_tls) {
  http::ServerOptions behind;
  behind.proxy = "127.0.0.1";
  HttpOffice office(behind);
  const auto reply = office.ask(
      {.method = "POST", .target = "/api/sign-in",
       .body = R"({"login":"centre","password":"a long password"})",
       .headers = {{"x-forwarded-for", "198.51.100.1"}, {"x-forwarded-proto", "https"}},
       .peer = "127.0.0.1"});
  EXPECT_NE(HttpOffice::header(reply, "Set-Cookie").find("; Secure"), std::string::npos);
  EXPECT_EQ(HttpOffice::header(reply, "Strict-Transport-Security"), "max-age=31536000");
  EXPECT_EQ(HttpOffice::header(office.get("/api/me"), "Strict-Transport-Security"), "");
}

TEST(GateSession, a_wrong_password_and_an_unknown_name_answer_alike) {
  HttpOffice office;
  const auto wrong = office.post("/api/sign-in", R"({"login":"centre","password":"not that one"})");
  const auto nobody =
      office.post("/api/sign-in", R"({"login":"nobody","password":"not that one"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(HttpOffice::key_of(wrong), "sign_in.refused");
  EXPECT_EQ(HttpOffice::key_of(nobody), "sign_in.refused");
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/sign-in", R"({"login":1})")), "sign_in.form");
}

TEST(GateSession, signing_out_ends_it_and_clears_the_cookie) {
  HttpOffice office;
  const Browser browser = office.browser("centre");
  const auto reply = office.post("/api/sign-out", "{}", browser);
  EXPECT_EQ(reply.status, 204);
  EXPECT_NE(HttpOffice::header(reply, "Set-Cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_FALSE(HttpOffice::json(office.get("/api/me", browser)).find("account"));
  EXPECT_EQ(office.get("/api/notices", browser).status, 401);
  EXPECT_EQ(office.post("/api/sign-out", "{}", browser).status, 204);  // again is no error
}

TEST(GateSession, whoever_has_none_may_not_ask_for_lists) {
  HttpOffice office;
  for (const char* target : {"/api/matters", "/api/notices", "/api/indicators", "/api/live"}) {
    const auto reply = office.get(target);
    EXPECT_EQ(reply.status, 401) << target;
    EXPECT_EQ(HttpOffice::key_of(reply), "session.absent") << target;
  }
}

TEST(GateSession, one_that_is_over_may_read_as_the_public_but_changes_nothing_in_its_name) {
  HttpOffice office;
  const Browser browser = office.browser("centre");
  office.clock.set(office.clock.now() + usecase::kSessionIdleMs);
  EXPECT_EQ(office.get("/api/types", browser).status, 200);
  const auto submit = office.post(
      "/api/matters", R"({"type":"appeal","values":{"text":"x","place":{"territory":")" + kGrid +
                          R"("}}})", browser);
  EXPECT_EQ(submit.status, 401);
  EXPECT_EQ(HttpOffice::key_of(submit), "session.absent");
}

TEST(GateForgery, a_change_in_a_session_needs_its_csrf) {
  HttpOffice office;
  Browser browser = office.browser("centre");
  const std::string right = browser.csrf;
  for (const std::string& wrong : {std::string(), std::string("x"), right + "x"}) {
    browser.csrf = wrong;
    const auto reply = office.post("/api/notices/read", R"({"up_to":"1"})", browser);
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(HttpOffice::key_of(reply), "session.csrf");
  }
  browser.csrf = right;
  EXPECT_EQ(office.post("/api/notices/read", R"({"up_to":"1"})", browser).status, 204);
}

TEST(GateForgery, another_sites_page_changes_nothing_even_without_a_session) {
  HttpOffice office;
  const auto from = [&](const std::string& site) {
    return office.ask({.method = "POST", .target = "/api/sign-in",
                       .body = R"({"login":"centre","password":"a long password"})",
                       .headers = {{"sec-fetch-site", site}}});
  };
  EXPECT_EQ(HttpOffice::key_of(from("cross-site")), "http.cross_site");
  EXPECT_EQ(HttpOffice::key_of(from("same-site")), "http.cross_site");
  EXPECT_EQ(from("same-origin").status, 200);
  EXPECT_EQ(from("none").status, 200);
}

TEST(GateForgery, a_body_must_say_that_it_is_json) {
  HttpOffice office;
  for (const char* type :
       {"text/plain", "application/x-www-form-urlencoded", "application/jsonx"}) {
    const auto reply = office.ask({.method = "POST", .target = "/api/sign-in", .body = "{}",
                                   .headers = {{"content-type", type}}});
    EXPECT_EQ(HttpOffice::key_of(reply), "http.content_type") << type;
  }
  const auto reply =
      office.ask({.method = "POST", .target = "/api/sign-in", .body = "{}",
                  .headers = {{"content-type", "application/json; charset=utf-8"}}});
  EXPECT_EQ(HttpOffice::key_of(reply), "sign_in.form");
}

TEST(GatePost, must_be_a_number_and_held) {
  HttpOffice office;
  const Browser browser = office.browser("centre");
  const auto with = [&](const std::string& post) {
    return office.ask({.target = "/api/notices",
                       .headers = {{"cookie", "gewu_session=" + browser.cookie},
                                   {"gewu-post", post}}});
  };
  for (const char* bad : {"", "centre", "0", "-1", "1.5"})
    EXPECT_EQ(HttpOffice::key_of(with(bad)), "post.form") << bad;
  EXPECT_EQ(HttpOffice::key_of(with("999999999")), "post.not_held");
  const auto me = HttpOffice::json(office.get("/api/me", browser));
  EXPECT_EQ(with(std::string(*(*me.array_at("posts"))[0].string_at("id"))).status, 200);
}

TEST(GateJson, unread_keys_doubled_keys_and_depth_are_refused) {
  HttpOffice office;
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/sign-in", R"({"login":"a","login":"b"})")),
            "json.duplicate");
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/sign-in", "{")), "json.syntax");
  EXPECT_EQ(HttpOffice::key_of(office.post(
                "/api/sign-in", std::string(20, '[') + std::string(20, ']'))), "json.depth");
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/matters", R"({"type":"appeal","kind":1})")),
            "json.unknown");
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/matters", "[]")), "type.required");
}

TEST(GateLimits, an_address_that_asks_too_much_is_told_when_to_come_again) {
  http::ServerOptions options;
  options.peer_requests_max = 5;
  HttpOffice office(std::move(options));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(office.get("/api/health").status, 200);
  const auto refused = office.get("/api/health");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(HttpOffice::key_of(refused), "http.too_many");
  EXPECT_EQ(HttpOffice::header(refused, "Retry-After"), "12");
  EXPECT_EQ(HttpOffice::json(refused).find("details")->string_at("seconds"), "12");
  EXPECT_EQ(office.ask({.target = "/api/health", .peer = "192.0.2.2"}).status, 200);
  office.clock.set(office.clock.now() + 12'000);
  EXPECT_EQ(office.get("/api/health").status, 200);
}

TEST(GateLimits, an_account_is_counted_from_wherever_it_asks) {
  http::ServerOptions options;
  options.account_requests_max = 3;
  HttpOffice office(std::move(options));
  const Browser browser = office.browser("centre");
  const auto from = [&](const std::string& peer) {
    return office.ask({.target = "/api/me",
                       .headers = {{"cookie", "gewu_session=" + browser.cookie}},
                       .peer = peer}).status;
  };
  EXPECT_EQ(from("192.0.2.1"), 200);
  EXPECT_EQ(from("192.0.2.2"), 200);
  EXPECT_EQ(from("192.0.2.3"), 200);
  EXPECT_EQ(from("192.0.2.4"), 429);
  EXPECT_EQ(office.get("/api/me").status, 200);
}

TEST(GateLog, a_failure_is_one_line_without_anything_that_somebody_typed) {
  HttpOffice office;
  office.get("/api/receipts/SECRET-CODE?x=secret-word");
  office.post("/api/sign-in", R"({"login":"secret-login","password":"secret-password"})");
  ASSERT_EQ(office.log.size(), 2U);
  for (const std::string& line : office.log) {
    EXPECT_EQ(line.find("secret"), std::string::npos) << line;
    EXPECT_EQ(line.find("SECRET"), std::string::npos) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
  const auto line = codec::parse_json(office.log[0]);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->string_at("method"), "GET");
  EXPECT_EQ(line->string_at("route"), "/api/receipts/{code}");
  EXPECT_EQ(line->integer_at("status"), 400);
  EXPECT_EQ(line->string_at("request")->size(), 9U);
  EXPECT_EQ(line->integer_at("ms"), 0);
  office.log.clear();
  office.get("/api/health");
  EXPECT_TRUE(office.log.empty());
}

TEST(GateLog, a_reply_names_the_request_as_the_log_does) {
  HttpOffice office;
  std::set<std::string> ids;
  for (int i = 0; i < 50; ++i) {
    const auto reply = HttpOffice::json(office.get("/api/matters"));
    const auto line = codec::parse_json(office.log.back());
    EXPECT_EQ(reply.string_at("request"), line->string_at("request"));
    ids.emplace(*reply.string_at("request"));
  }
  EXPECT_EQ(ids.size(), 50U);
}

/// A clock that breaks an invariant of ours when it is asked the third time.
class BrokenClock : public Clock {
 public:
  Instant now() override {
    if (++asked_ == 3) ensure_failed("clock of the test", std::source_location::current());
    return {};
  }

 private:
  int asked_ = 0;
};

TEST(Gate, a_broken_invariant_ends_the_request_and_nothing_else) {
  HttpOffice office;
  BrokenClock clock;
  usecase::Office broken{*office.store, clock, office.random};
  http::Gate gate(broken, *office.desk, *office.live, office.options);  // asks once
  const auto reply = gate.answer(office.request_of({.target = "/api/types"})).response;
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(HttpOffice::key_of(reply), "internal");
  EXPECT_EQ(reply.body.find("clock"), std::string::npos);
  EXPECT_NE(office.log.back().find("clock of the test"), std::string::npos);
  EXPECT_EQ(gate.answer(office.request_of({.target = "/api/types"})).response.status, 200);
}

}  // namespace
}  // namespace gewu::test
