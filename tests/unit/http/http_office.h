#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "codec/json.h"
#include "http/gate.h"
#include "security/secure_random.h"
#include "store/memory_vault.h"
#include "store/sqlite/sqlite_store.h"
#include "unit/matter/decide_definitions.h"
#include "unit/matter/definition_fixture.h"
#include "usecase/change_directory.h"
#include "usecase/publish_definitions.h"

// A whole office in memory behind a gate, without sockets: a town with two streets, people on
// their posts, and the system of the tests of decide.

namespace gewu::test {

inline const std::string kGrid = "222401002001007";
inline const std::string kOtherGrid = "222401003001002";

/// One request as a browser or a phone would send it.
struct Ask {
  std::string method = "GET";
  std::string target = "/api/me";
  std::string body;
  std::map<std::string, std::string> headers;
  std::string peer = "192.0.2.1";
};

/// What a signed-in browser carries.
struct Browser {
  std::string cookie, csrf;
};

class HttpOffice {
 public:
  explicit HttpOffice(http::ServerOptions given = {}) : options(std::move(given)) {
    store::sqlite::OpenOptions open;
    open.path = ":memory:";
    open.clock = &clock;
    open.random = &random;
    open.vault = &vault;
    open.apply_directory = usecase::apply_directory_events;
    auto opened = store::sqlite::open_store(std::move(open));
    if (!opened) {
      ADD_FAILURE() << opened.error().key;
      return;
    }
    store = std::move(*opened);
    office = std::make_unique<usecase::Office>(usecase::Office{*store, clock, random});
    settle();
    options.log = [this](const std::string& line) { log.push_back(line); };
    options.password_cost = security::kPasswordCostOfTests;
    desk = std::make_unique<usecase::SignInDesk>(*office, security::kPasswordCostOfTests);
    live = std::make_unique<http::LiveFeed>(
        http::LiveFeed::Answers{
            [](const auto&, const auto& matters) { return std::vector<bool>(matters.size()); },
            [](const auto&) { return std::size_t{0}; }},
        random);
    gate = std::make_unique<http::Gate>(*office, *desk, *live, options);
  }

  http::Request request_of(const Ask& ask) const {
    http::Request request;
    const std::map<std::string, http::Method> methods = {
        {"GET", http::Method::get},   {"HEAD", http::Method::head},
        {"POST", http::Method::post}, {"PUT", http::Method::put},
        {"DELETE", http::Method::del}};
    request.method = methods.at(ask.method);
    EXPECT_TRUE(http::parse_target(ask.target, request)) << ask.target;
    for (const auto& [name, value] : ask.headers) request.headers.emplace_back(name, value);
    request.body = ask.body;
    if (!ask.body.empty() && !ask.headers.contains("content-type"))
      request.headers.emplace_back("content-type", "application/json");
    request.peer = ask.peer;
    return request;
  }
  http::Response ask(const Ask& ask) { return gate->answer(request_of(ask)).response; }
  http::Response get(const std::string& target, const Browser& browser = {}) {
    Ask asked{.target = target};
    if (!browser.cookie.empty()) asked.headers["cookie"] = "gewu_session=" + browser.cookie;
    return ask(asked);
  }
  http::Response post(const std::string& target, const std::string& body,
                      const Browser& browser = {}) {
    Ask asked{.method = "POST", .target = target, .body = body};
    if (!browser.cookie.empty()) {
      asked.headers["cookie"] = "gewu_session=" + browser.cookie;
      asked.headers["gewu-csrf"] = browser.csrf;
    }
    return ask(asked);
  }
  /// A session of the account that holds a post (login = key of the post).
  Browser browser(const std::string& login) {
    const auto account = store->find_account(login);
    if (!account || !*account) {
      ADD_FAILURE() << "no account " << login;
      return {};
    }
    const auto session = usecase::open_session(*office, (*account)->id);
    return {session->token, session->csrf};
  }
  /// A resident's appeal; gives the reply.
  codec::Json submit(const std::string& grid = kGrid) {
    const auto reply = post("/api/matters", R"({"type":"appeal","values":{"text":"灯不亮","place":)"
                                            R"({"territory":")" + grid +
                                                R"(","address":"路口"},"contact":)"
                                                R"({"name":"李小明","phone":"13812341234"}}})");
    EXPECT_EQ(reply.status, 201) << reply.body;
    return json(reply);
  }
  static codec::Json json(const http::Response& response) {
    auto parsed = codec::parse_json(response.body);
    EXPECT_TRUE(parsed) << response.body;
    return parsed ? *parsed : codec::Json();
  }
  static std::string key_of(const http::Response& response) {
    return std::string(json(response).string_at("key").value_or("none"));
  }
  static std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
      if (key == name) return value;
    return "";
  }

  ManualClock clock{*parse_instant("2026-11-09T02:00:00Z")};
  security::SecureRandom random;
  store::MemoryVault vault{random};
  std::unique_ptr<store::Store> store;
  std::unique_ptr<usecase::Office> office;
  http::ServerOptions options;
  std::vector<std::string> log;
  std::unique_ptr<usecase::SignInDesk> desk;
  std::unique_ptr<http::LiveFeed> live;
  std::unique_ptr<http::Gate> gate;

 private:
  static kernel::Territory node(std::string code, kernel::Level level) {
    kernel::Territory territory;
    territory.code = std::move(code);
    territory.level = level;
    territory.name.zh = "地" + territory.code;
    territory.valid_from = *parse_date("2000-01-01");
    territory.drawn = true;
    return territory;
  }

  void settle() {
    using kernel::Level;
    std::vector<usecase::DirectoryChange> changes;
    const auto territory = [&](const std::string& code, Level level) {
      changes.push_back(kernel::TerritoryChange{node(code, level)});
    };
    territory("22", Level::province);
    territory("2224", Level::prefecture);
    territory("222401", Level::county);
    territory("222401002", Level::subdistrict);
    territory("222401002001", Level::community);
    kernel::Territory grid = node(kGrid, Level::grid);
    grid.boundary = kernel::Boundary{{{{129'500'000, 42'900'000},
                                       {129'510'000, 42'900'000},
                                       {129'510'000, 42'910'000},
                                       {129'500'000, 42'910'000},
                                       {129'500'000, 42'900'000}}}};
    grid.centre = kernel::LonLat{129'505'000, 42'905'000};
    changes.push_back(kernel::TerritoryChange{grid});
    territory("222401003", Level::subdistrict);
    territory("222401003001", Level::community);
    territory(kOtherGrid, Level::grid);
    const auto organisation = [&](const std::string& key, const std::string& ground,
                                  const std::string& in_charge_of) {
      kernel::Organisation made;
      made.key = key;
      made.label.zh = key;
      made.kind = "department";
      made.valid_from = *parse_date("2000-01-01");
      if (!ground.empty()) made.territory = ground;
      if (!in_charge_of.empty()) made.in_charge_of = in_charge_of;
      changes.push_back(kernel::OrganisationChange{made});
    };
    organisation("town_hall", "222401", "222401");
    organisation("beishan_street", "222401002", "222401002");
    organisation("xinxing_street", "222401003", "222401003");
    organisation("lighting_office", "222401", "");
    organisation("housing_office", "222401", "");
    organisation("call_centre", "222401", "");
    const auto seat = [&](const std::string& key, const std::string& role, kernel::Unit unit) {
      kernel::Post made;
      made.key = key;
      made.role = role;
      made.unit = std::move(unit);
      changes.push_back(kernel::PostChange{made});
      posts.push_back(key);
    };
    using kernel::organisation_unit;
    using kernel::territory_unit;
    seat("centre", "centre", territory_unit("222401"));
    seat("caller", "caller", territory_unit("222401"));
    seat("dispatcher", "dispatcher", territory_unit("222401002"));
    seat("dispatcher_two", "dispatcher", territory_unit("222401002"));
    seat("other_dispatcher", "dispatcher", territory_unit("222401003"));
    seat("officer", "officer", organisation_unit("lighting_office"));
    seat("housing", "officer", organisation_unit("housing_office"));
    seat("unit_head", "unit_head", organisation_unit("housing_office"));
    must(usecase::change_directory(*office, changes, "test"));
    auto files = files_of(kSystem, "systems/common");
    for (kernel::DefinitionFile& place : files_of(kPlaces)) files.push_back(std::move(place));
    std::erase_if(files,
                  [](const auto& file) { return file.path.find("county") != file.path.npos; });
    must(usecase::publish_definitions(*office, files, "test"));
    for (const std::string& key : posts) {
      usecase::NewAccount account;
      account.login = key;
      account.display_name = "人" + key;
      account.password_hash =
          *security::hash_password("a long password", security::kPasswordCostOfTests);
      account.posts = {key};
      must(usecase::make_account(*office, account, "test"));
    }
  }

  template <typename Outcome>
  static void must(const Outcome& outcome) {
    std::string others;
    if (!outcome)
      for (const Error& other : outcome.error().others) {
        others += "\n" + other.key;
        for (const ErrorDetail& detail : other.details)
          others += " " + detail.name + "=" + detail.value;
      }
    ASSERT_TRUE(outcome) << outcome.error().key << others;
  }

  std::vector<std::string> posts;
};

}  // namespace gewu::test
