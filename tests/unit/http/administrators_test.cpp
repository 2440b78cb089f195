#include <algorithm>
#include <cstdio>
#include <set>

#include "http/routes.h"
#include "security/one_time_code.h"
#include "unit/http/http_office.h"
#include "unit/http/with_settings.h"
#include "usecase/administrators.h"

// Every route of administration against every kind of administrator, with three of them and without.

namespace gewu::test {
namespace {

using usecase::Duty;

/// A route, a request that gets as far as its right is asked for, and whose it is with three.
struct Door {
  const char* method;
  const char* pattern;
  const char* target;
  const char* body;
  std::vector<Duty> of;
};

const std::vector<Duty> kBoth{Duty::system, Duty::security};

const std::vector<Door> kDoors{
    {"GET", "/api/accounts", "/api/accounts", "", kBoth},
    {"POST", "/api/accounts", "/api/accounts", R"({"login":"no spaces"})", {Duty::system}},
    {"GET", "/api/accounts/{login}", "/api/accounts/nobody", "", kBoth},
    {"POST", "/api/accounts/{login}/disable", "/api/accounts/nobody/disable", "{}", {Duty::system}},
    {"POST", "/api/accounts/{login}/enable", "/api/accounts/nobody/enable", "{}", {Duty::system}},
    {"POST", "/api/accounts/{login}/posts", "/api/accounts/nobody/posts",
     R"({"post":"1","as":"leave"})", {Duty::security}},
    {"POST", "/api/accounts/{login}/rights", "/api/accounts/nobody/rights", "{}",
     {Duty::security}},
    {"POST", "/api/accounts/{login}/second-factor/drop", "/api/accounts/nobody/second-factor/drop",
     "{}", {Duty::security}},
    {"POST", "/api/password-resets", "/api/password-resets", R"({"login":"nobody"})",
     {Duty::system}},
    {"GET", "/api/all-posts", "/api/all-posts", "", kBoth},
    {"POST", "/api/imports/{table}", "/api/imports/posts", R"({"csv":"key,role,unit\n"})",
     {Duty::system}},
    {"GET", "/api/definitions", "/api/definitions", "", kBoth},
    {"GET", "/api/definitions/{locality}/{type}", "/api/definitions/no/no", "", kBoth},
    {"GET", "/api/publication", "/api/publication", "", kBoth},
    {"POST", "/api/publication/check", "/api/publication/check", "{}", kBoth},
    {"POST", "/api/publication/propose", "/api/publication/propose", "{}", kBoth},
    {"POST", "/api/publication/withdraw", "/api/publication/withdraw", "{}", kBoth},
    {"POST", "/api/publication/confirm", "/api/publication/confirm", "{}", kBoth},
    {"GET", "/api/drawings", "/api/drawings", "", kBoth},
    {"POST", "/api/territory/{code}/drawing/check", "/api/territory/222401002/drawing/check",
     R"({"grids":"{}","valid_from":"2026-01-01"})", kBoth},
    {"POST", "/api/territory/{code}/drawing/propose", "/api/territory/222401002/drawing/propose",
     R"({"grids":"{}","valid_from":"2026-01-01"})", kBoth},
    {"POST", "/api/territory/{code}/drawing/withdraw", "/api/territory/222401002/drawing/withdraw",
     R"({"sha256":"x"})", kBoth},
    {"POST", "/api/territory/{code}/drawing/confirm", "/api/territory/222401002/drawing/confirm",
     R"({"sha256":"x"})", kBoth},
    {"GET", "/api/office", "/api/office", "", kBoth},
    {"GET", "/api/office/backups", "/api/office/backups", "", kBoth},
    {"POST", "/api/office/backups", "/api/office/backups", "{}", {Duty::system}},
    {"GET", "/api/calendar-notice", "/api/calendar-notice", "", kBoth},
    {"POST", "/api/calendar-notice", "/api/calendar-notice", R"({"fingerprint":"x"})", kBoth},
    {"GET", "/api/canaries", "/api/canaries", "", {Duty::security}},
    {"POST", "/api/canaries", "/api/canaries", R"({"type":"none","state":"none"})",
     {Duty::security}},
    {"GET", "/api/audit/log", "/api/audit/log", "", {Duty::audit}},
    {"GET", "/api/audit/reads", "/api/audit/reads", "", {Duty::audit}},
};

/// An account and the duties that it was given.
struct Kind {
  const char* login;
  std::vector<Duty> has;
};
const std::vector<Kind> kKinds{
    {"dispatcher", {}},
    {"centre", {Duty::system}},
    {"caller", {Duty::security}},
    {"officer", {Duty::audit}},
    {"housing", {Duty::system, Duty::audit}},
};

bool is_among(const std::vector<Duty>& duties, Duty duty) {
  return std::ranges::find(duties, duty) != duties.end();
}

void give(HttpOffice& office, const Kind& kind) {
  auto account = **office.store->find_account(kind.login);
  account.may_administer = is_among(kind.has, Duty::system);
  account.may_secure = is_among(kind.has, Duty::security);
  account.may_audit = is_among(kind.has, Duty::audit);
  ASSERT_TRUE(usecase::change_account(*office.office, account));
}

/// Signed in, with a second factor: where there are three, none of them comes in without.
Browser with_factor(HttpOffice& office, const char* login) {
  Browser browser = office.browser(login);
  store::SecondFactor factor;
  factor.account = (**office.store->find_account(login)).id;
  factor.secret = security::new_code_secret(office.office->random);
  factor.confirmed = true;
  EXPECT_TRUE(office.store->write_second_factor(factor));
  return browser;
}

/// The key of what stands in the way; empty: the door is open, whatever lies behind it.
std::string barred(HttpOffice& office, const Door& door, const Browser& browser) {
  const auto reply = std::string_view(door.method) == "GET"
                         ? office.get(door.target, browser)
                         : office.post(door.target, door.body, browser);
  if (reply.status < 400) return "";
  const std::string key = HttpOffice::key_of(reply);
  const bool is_right = key.starts_with("administrator.") || key == "account.administer" ||
                        key == "account.audit" || reply.status == 401;
  return is_right ? key : "";
}

std::string with_three(const Door& door, const Kind& kind) {
  const bool fits =
      std::ranges::any_of(door.of, [&](Duty duty) { return is_among(kind.has, duty); });
  if (fits) return kind.has.size() > 1 ? "administrator.two" : "";
  switch (door.of.front()) {
    case Duty::system: return "administrator.system";
    case Duty::security: return "administrator.security";
    case Duty::audit: return "administrator.audit";
  }
  return "?";
}

std::string without(const Door& door, const Kind& kind) {
  if (is_among(kind.has, Duty::system)) return "";
  const bool fits =
      std::ranges::any_of(door.of, [&](Duty duty) { return is_among(kind.has, duty); });
  if (fits) return "";
  return door.of == std::vector{Duty::audit} ? "account.audit" : "account.administer";
}

void try_every_door(HttpOffice& office,
                    std::string (*expected)(const Door& door, const Kind& kind)) {
  std::size_t tried = 0;
  for (const Kind& kind : kKinds) {
    give(office, kind);
    const Browser browser = with_factor(office, kind.login);
    for (const Door& door : kDoors) {
      EXPECT_EQ(barred(office, door, browser), expected(door, kind))
          << kind.login << " " << door.method << " " << door.pattern;
      ++tried;
    }
  }
  for (const Door& door : kDoors) EXPECT_EQ(barred(office, door, {}), "session.absent");
  std::printf("%zu doors, %zu kinds of administrator, %zu requests\n", kDoors.size(),
              kKinds.size(), tried);
}

TEST(Administrators, the_table_holds_every_route_of_administration) {
  std::set<std::pair<std::string, std::string>> known, there;
  for (const Door& door : kDoors) known.emplace(door.method, door.pattern);
  for (const http::Route& route : http::routes()) {
    const std::string_view pattern = route.pattern;
    for (const char* begins : {"/api/accounts", "/api/all-posts", "/api/imports",
                               "/api/definitions", "/api/office", "/api/audit", "/api/canaries",
                               "/api/calendar-notice", "/api/password-resets", "/api/publication",
                               "/api/drawings", "/api/territory/{code}/drawing"})
      if (pattern.starts_with(begins) && pattern != "/api/password-resets/use")
        there.emplace(http::method_name(route.method), pattern);
  }
  EXPECT_EQ(known, there);
}

TEST(Administrators, without_the_setting_one_may_do_everything) {
  HttpOffice office;
  try_every_door(office, without);
}

TEST(Administrators, with_three_each_has_doors_of_his_own) {
  HttpOffice office;
  publish_with(office, "three_administrators: {kind: yes_no, default: true}");
  try_every_door(office, with_three);
}

TEST(Administrators, with_three_nobody_gathers_two_duties) {
  HttpOffice office;
  publish_with(office, "three_administrators: {kind: yes_no, default: true}");
  for (const Kind& kind : kKinds)
    if (kind.has.size() == 1) give(office, kind);
  const Browser system = with_factor(office, "centre"), security = with_factor(office, "caller");
  const auto key = [&](const char* target, const char* body, const Browser& browser) {
    const auto reply = office.post(target, body, browser);
    return reply.status < 400 ? std::string() : HttpOffice::key_of(reply);
  };
  EXPECT_EQ(key("/api/accounts/unit_head/rights", R"({"system":true,"audit":true})", security),
            "administrator.two");
  EXPECT_EQ(key("/api/accounts/caller/rights", R"({"audit":true})", security), "account.self");
  EXPECT_EQ(key("/api/accounts/unit_head/rights", R"({"audit":true})", security), "");
  EXPECT_TRUE((**office.store->find_account("unit_head")).may_audit);
  // Seats come with rights: the system administrator gives none, by any way.
  EXPECT_EQ(key("/api/accounts", R"({"login":"new_one","posts":["1"]})", system),
            "administrator.security");
  const auto judged = HttpOffice::json(office.post(
      "/api/imports/accounts", R"({"csv":"login,post\nnew_two,dispatcher\n"})", system));
  EXPECT_EQ(judged.array_at("refused")->front().string_at("key"), "administrator.security");
  EXPECT_EQ(key("/api/accounts", R"({"login":"new_one"})", system), "");
  // Nor does he open or close another administrator's door.
  EXPECT_EQ(key("/api/password-resets", R"({"login":"officer"})", system),
            "administrator.has_duty");
  EXPECT_EQ(key("/api/accounts/officer/disable", "{}", system), "administrator.has_duty");
  EXPECT_EQ(key("/api/password-resets", R"({"login":"dispatcher"})", system), "");
}

TEST(Administrators, none_of_three_comes_in_by_a_password_alone) {
  constexpr const char* kAsked = "account.second_factor_required";
  HttpOffice office;
  for (const Kind& kind : kKinds) give(office, kind);
  const auto key = [&](const Browser& browser) {
    return HttpOffice::key_of(office.get("/api/accounts/nobody", browser));
  };
  EXPECT_NE(key(office.browser("centre")), kAsked) << "without three";
  publish_with(office, "three_administrators: {kind: yes_no, default: true}");
  for (const Kind& kind : kKinds) {
    const Browser browser = office.browser(kind.login);
    const bool is_asked = !kind.has.empty();
    EXPECT_EQ(key(browser) == kAsked, is_asked) << kind.login;
    const auto me = HttpOffice::json(office.get("/api/me", browser));
    EXPECT_EQ(me.boolean_at("second_factor_required").value_or(false), is_asked) << kind.login;
  }
  const Browser system = with_factor(office, "centre");
  EXPECT_NE(key(system), kAsked);
  const auto removed = office.post("/api/account/second-factor/remove", R"({"password":"a long password"})", system);
  EXPECT_EQ(HttpOffice::key_of(removed), kAsked);
}

TEST(Administrators, what_a_first_token_makes) {
  HttpOffice office;
  EXPECT_EQ(usecase::issue_first_tokens(*office.office)->size(), 1U);
  publish_with(office, "three_administrators: {kind: yes_no, default: true}");
  const auto tokens = usecase::issue_first_tokens(*office.office);
  ASSERT_TRUE(tokens);
  ASSERT_EQ(tokens->size(), 3U);
  const char* doors[] = {"system", "security", "audit"};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string body = R"({"token":")" + (*tokens)[i].token + R"(","login":"first)" +
                             std::to_string(i) + R"(","password":"a long password"})";
    const auto made = office.post("/api/first-administrator", body);
    ASSERT_EQ(made.status, 201) << made.body;
    const auto me = HttpOffice::json(made);
    const auto* open = me.find("account")->array_at("doors");
    ASSERT_TRUE(open);
    ASSERT_EQ(open->size(), 1U);
    EXPECT_EQ(open->front().as_string(), doors[i]);
    EXPECT_EQ(HttpOffice::key_of(office.post("/api/first-administrator", body)), "sign_in.token");
  }
}

}  // namespace
}  // namespace gewu::test
