#include "security/one_time_code.h"
#include "unit/http/http_office.h"

// What people do with their own account at the door.

namespace gewu::test {
namespace {

constexpr const char* kPassword = R"({"password":"a long password"})";

std::string cookie_of(const http::Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers)
    if (key == "Set-Cookie" && value.starts_with(name + "="))
      return value.substr(name.size() + 1, value.find(';') - name.size() - 1);
  return "";
}

TEST(GateAccount, a_browser_that_signed_in_is_not_locked_out_by_guesses) {
  HttpOffice office;
  const std::string right = R"({"login":"centre","password":"a long password"})";
  const std::string wrong = R"({"login":"centre","password":"not that one"})";
  const std::string device = cookie_of(office.post("/api/sign-in", right), "gewu_device");
  ASSERT_FALSE(device.empty());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(office.post("/api/sign-in", wrong).status, 401);
  const auto waits = office.post("/api/sign-in", right);
  EXPECT_EQ(waits.status, 429);
  EXPECT_EQ(HttpOffice::key_of(waits), "sign_in.wait");
  EXPECT_EQ(HttpOffice::header(waits, "Retry-After"), "900");
  const auto known = office.ask({.method = "POST", .target = "/api/sign-in", .body = right,
                                 .headers = {{"cookie", "gewu_device=" + device}}});
  EXPECT_EQ(known.status, 200) << known.body;
}

TEST(GateAccount, sessions_are_listed_and_ended) {
  HttpOffice office;
  const Browser here = office.browser("centre"), there = office.browser("centre");
  const auto other = office.browser("officer");
  const auto mine = HttpOffice::json(office.get("/api/account/sessions", here));
  ASSERT_EQ(mine.array_at("sessions")->size(), 2U);
  std::string id;
  for (const codec::Json& line : *mine.array_at("sessions"))
    if (!line.find("current")) id = *line.string_at("id");
  EXPECT_EQ(office.post("/api/account/sessions/" + id + "/end", "", other).status, 404);
  EXPECT_EQ(office.post("/api/account/sessions/" + id + "/end", "", here).status, 204);
  EXPECT_EQ(office.get("/api/account/sessions", there).status, 401);
  const Browser third = office.browser("centre");
  EXPECT_EQ(office.post("/api/account/sessions/end-others", "", here).status, 204);
  EXPECT_EQ(office.get("/api/account/sessions", third).status, 401);
  EXPECT_EQ(office.get("/api/account/sessions", here).status, 200);
  EXPECT_EQ(office.get("/api/account/sessions", other).status, 200);
  EXPECT_EQ(office.get("/api/account/sessions").status, 401);
}

TEST(GateAccount, one_time_codes_are_set_up_and_asked_for) {
  HttpOffice office;
  const Browser browser = office.browser("centre");
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/account/second-factor", "{}", browser)),
            "account.form");
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/account/second-factor",
                                           R"({"password":"not that one"})", browser)),
            "account.password_wrong");
  const auto offer =
      HttpOffice::json(office.post("/api/account/second-factor", kPassword, browser));
  EXPECT_TRUE(offer.string_at("uri")->starts_with("otpauth://totp/"));
  const auto account = office.store->find_account("centre");
  const auto secret = (*office.store->find_second_factor((*account)->id))->secret;
  EXPECT_EQ(offer.string_at("secret"), security::base32_encode(secret));
  const auto code = security::one_time_code(secret, security::code_step(office.clock.now()));
  const auto confirmed = HttpOffice::json(office.post("/api/account/second-factor/confirm",
                                                      R"({"code":")" + code + "\"}", browser));
  ASSERT_EQ(confirmed.array_at("recovery")->size(), 10U);
  const std::string recovery(*(*confirmed.array_at("recovery"))[0].as_string());

  const std::string sign_in = R"({"login":"centre","password":"a long password")";
  const auto asked = office.post("/api/sign-in", sign_in + "}");
  EXPECT_EQ(asked.status, 401);
  EXPECT_EQ(HttpOffice::key_of(asked), "sign_in.code_needed");
  EXPECT_EQ(cookie_of(asked, "gewu_session"), "");
  EXPECT_EQ(office.post("/api/sign-in", sign_in + R"(,"code":")" + recovery + "\"}").status, 200);
  const auto state = HttpOffice::json(office.get("/api/account/sessions", browser));
  EXPECT_EQ(state.find("recovery_left")->as_integer(), 9);
  EXPECT_EQ(office.post("/api/account/second-factor/remove", kPassword, browser).status, 204);
  EXPECT_EQ(office.post("/api/sign-in", sign_in + "}").status, 200);
}

TEST(GateAccount, a_password_is_changed_by_its_owner_and_reset_by_a_token) {
  HttpOffice office;
  const Browser browser = office.browser("centre");
  const std::string body = R"({"current":"a long password","password":"another long one"})";
  EXPECT_EQ(office.post("/api/account/password", body, browser).status, 204);
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/account/password", body, browser)),
            "account.password_wrong");
  // Nobody but an administrator hands out tokens, and no token is guessed.
  EXPECT_EQ(HttpOffice::key_of(
                office.post("/api/password-resets", R"({"login":"officer"})", browser)),
            "account.administer");
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/password-resets/use",
                                           R"({"token":"x","password":"another long one"})")),
            "account.reset_token");
  auto account = **office.store->find_account("centre");
  account.may_administer = true;
  ASSERT_TRUE(usecase::change_account(*office.office, account));
  const auto made = office.post("/api/password-resets", R"({"login":"officer"})", browser);
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string token(*HttpOffice::json(made).string_at("token"));
  EXPECT_EQ(office.post("/api/password-resets/use",
                        R"({"token":")" + token + R"(","password":"a third long one"})")
                .status,
            204);
  EXPECT_EQ(office.post("/api/sign-in",
                        R"({"login":"officer","password":"a third long one"})").status,
            200);
}

TEST(GateAccount, a_role_may_ask_for_a_second_factor_and_opens_nothing_without) {
  HttpOffice office;
  const Browser head = office.browser("unit_head");
  const auto me = HttpOffice::json(office.get("/api/me", head));
  EXPECT_EQ(me.boolean_at("second_factor_required"), true);
  for (const char* closed : {"/api/matters", "/api/notices", "/api/live", "/api/posts"}) {
    const auto reply = office.get(closed, head);
    EXPECT_EQ(reply.status, 403) << closed;
    EXPECT_EQ(HttpOffice::key_of(reply), "account.second_factor_required") << closed;
  }
  const auto opened = office.submit();
  const std::string id(opened.string_at("id").value_or(""));
  // What needs no session is answered as to anybody: nothing of the post shows.
  EXPECT_EQ(office.get("/api/matters/" + id, head).status, 404);
  EXPECT_EQ(office.get("/api/types", head).status, 200);
  EXPECT_EQ(HttpOffice::key_of(office.post("/api/matters", R"({"type":"appeal","values":{}})", head)),
            "account.second_factor_required");

  EXPECT_EQ(office.post("/api/account/second-factor", kPassword, head).status, 200);
  EXPECT_EQ(office.get("/api/matters", head).status, 403);  // offered is not confirmed
  const auto account = office.store->find_account("unit_head");
  const auto secret = (*office.store->find_second_factor((*account)->id))->secret;
  const std::string code =
      security::one_time_code(secret, security::code_step(office.clock.now()));
  EXPECT_EQ(
      office.post("/api/account/second-factor/confirm", R"({"code":")" + code + "\"}", head).status,
      200);
  EXPECT_EQ(office.get("/api/matters", head).status, 200);
  EXPECT_FALSE(HttpOffice::json(office.get("/api/me", head)).boolean_at("second_factor_required"));
  const auto kept = office.post("/api/account/second-factor/remove", kPassword, head);
  EXPECT_EQ(HttpOffice::key_of(kept), "account.second_factor_required");
  EXPECT_EQ(office.get("/api/matters", office.browser("officer")).status, 200);
}

}  // namespace
}  // namespace gewu::test
