// Who serves a place and what lies nearest, asked over the route as anybody does.
#include <gtest/gtest.h>

#include "unit/http/with_settings.h"

namespace gewu::test {
namespace {

using codec::Json;

constexpr std::string_view kRegisters = R"YAML(
---
type: hall
version: 1
label: 场所
register: true
reference: true
keepers: [dispatcher, other_keeper]
title: "{name}"
fields:
  name: {kind: text, required: true, label: 名称}
  place: {kind: place, required: true, label: 地点}
  hours: {kind: text, label: 开放时间}
  keeper: {kind: text, label: 管理备注}
belongs: {territory: grid_of(place)}
see: {public: {fields: [name, place, hours], in: [in_force]}}
---
type: store_room
version: 1
label: 库房
register: true
reference: true
keepers: [dispatcher, other_keeper]
title: "{name}"
fields:
  name: {kind: text, required: true, label: 名称}
  place: {kind: place, required: true, label: 地点}
belongs: {territory: grid_of(place)}
see: {public: {fields: [name], in: [in_force]}}
---
type: shelter
version: 1
label: 驿站
register: true
reference: true
keepers: [dispatcher, other_keeper]
title: "{name}"
fields:
  name: {kind: text, required: true, label: 名称}
  place: {kind: place, required: true, label: 地点}
belongs: {territory: grid_of(place)}
see: {public: {fields: [name, place], coarse: [place], in: [in_force]}}
)YAML";

class OpenPlace : public ::testing::Test {
 protected:
  OpenPlace() {
    std::string system(kSystem);
    const auto put = [&](std::string_view before, std::string_view after) {
      const auto at = system.find(before);
      ASSERT_NE(at, std::string::npos) << before;
      system.replace(at, before.size(), after);
    };
    put("grid_worker: {label: 网格员, unit: territory}",
        "grid_worker: {label: 网格员, unit: territory, duty: {zh: 走访网格, en: Walks the grid}}\n"
        "  other_keeper: {label: 管理员, unit: territory}");
    put("builtin_state: {transferred: 已移交}",
        "builtin_state: {transferred: 已移交, in_force: 有效, retired: 停用}\n"
        "  builtin_action: {create: 登记, amend: 修改, retire: 停用}");
    publish_system(office, system + std::string(kRegisters));
    std::vector<usecase::DirectoryChange> changes;
    add_post(changes, "worker", "grid_worker", kGrid);
    add_post(changes, "worker_above", "grid_worker", "222401002001");
    add_post(changes, "worker_elsewhere", "grid_worker", kOtherGrid);
    kernel::Organisation community;
    community.key = "community";
    community.label.zh = "示例社区";
    community.kind = "community";
    community.valid_from = *parse_date("2000-01-01");
    community.territory = community.in_charge_of = "222401002001";
    community.phone = "0433-000 0001";
    changes.push_back(kernel::OrganisationChange{community});
    EXPECT_TRUE(usecase::change_directory(*office.office, changes, "test"));
    usecase::NewAccount account;
    account.login = "worker";
    account.display_name = "金某某";
    account.password_hash =
        *security::hash_password("a long password", security::kPasswordCostOfTests);
    account.posts = {"worker"};
    EXPECT_TRUE(usecase::make_account(*office.office, account, "test"));
  }

  static void add_post(std::vector<usecase::DirectoryChange>& changes, const std::string& key,
                       const std::string& role, const std::string& code) {
    kernel::Post post;
    post.key = key;
    post.role = role;
    post.unit = kernel::territory_unit(code);
    changes.push_back(kernel::PostChange{post});
  }
  std::string keep(const std::string& type, const std::string& name, const std::string& lon,
                   const std::string& more = "") {
    const auto reply = office.post("/api/matters",
                                   R"({"type":")" + type + R"(","action":"create","values":{"name":")" +
                                       name + R"(","place":{"lon":")" + lon +
                                       R"(","lat":"42.905"})" + more + "}}",
                                   office.browser("dispatcher"));
    EXPECT_EQ(reply.status, 201) << reply.body;
    return std::string(HttpOffice::json(reply).string_at("id").value_or(""));
  }
  Json ask(const std::string& code = kGrid) {
    const auto reply = office.get("/api/public/places/" + code);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return HttpOffice::json(reply);
  }
  static std::vector<std::string> texts(const Json& json, const char* list, const char* member) {
    std::vector<std::string> found;
    for (const Json& one : *json.array_at(list))
      found.emplace_back(one.string_at(member).value_or("none"));
    return found;
  }

  HttpOffice office;
};

TEST_F(OpenPlace, posts_of_the_grid_and_its_community_without_their_people) {
  const auto reply = office.get("/api/public/places/" + kGrid);
  ASSERT_EQ(reply.status, 200) << reply.body;
  const Json json = HttpOffice::json(reply);
  // The grid's own first; a dispatcher has no duty and is not told of, nor the worker elsewhere.
  EXPECT_EQ(texts(json, "posts", "role"), (std::vector<std::string>{"grid_worker", "grid_worker"}));
  const Json& own = json.array_at("posts")->at(0);
  EXPECT_EQ(own.find("unit")->string_at("code"), kGrid);
  EXPECT_EQ(own.find("duty")->string_at("en"), "Walks the grid");
  EXPECT_EQ(own.string_at("phone"), "0433-000 0001");
  EXPECT_FALSE(own.boolean_at("vacant").value_or(false));
  EXPECT_TRUE(json.array_at("posts")->at(1).boolean_at("vacant").value_or(false));
  EXPECT_EQ(reply.body.find("金某某"), std::string::npos);
  EXPECT_EQ(reply.body.find("holders"), std::string::npos);
  EXPECT_EQ(texts(json, "offices", "key"),
            (std::vector<std::string>{"community", "beishan_street"}));
}

TEST_F(OpenPlace, what_everybody_may_go_to_is_told_nearest_first) {
  const std::string far = keep("hall", "远的", "129.509");
  const std::string near = keep("hall", "近的", "129.506", R"(,"hours":"每天","keeper":"钥匙在门房")");
  keep("store_room", "库房甲", "129.505");
  keep("shelter", "驿站甲", "129.505");
  const auto reply = office.get("/api/public/places/" + kGrid);
  const Json json = HttpOffice::json(reply);
  EXPECT_EQ(texts(json, "facilities", "id"), (std::vector<std::string>{near, far}));
  const Json& first = json.array_at("facilities")->at(0);
  EXPECT_EQ(first.string_at("title"), "近的");
  EXPECT_EQ(first.integer_at("metres"), 81);  // 0.001° of longitude at 42.905°
  ASSERT_EQ(first.array_at("facts")->size(), 1u);
  EXPECT_EQ(first.array_at("facts")->at(0).string_at("name"), "hours");
  // Neither what only its keepers read, nor a place that is told of in squares only.
  EXPECT_EQ(reply.body.find("门房"), std::string::npos);
  EXPECT_EQ(reply.body.find("库房甲"), std::string::npos);
  EXPECT_EQ(reply.body.find("驿站甲"), std::string::npos);
  const auto retired = office.post("/api/matters/" + near + "/actions", R"({"action":"retire"})",
                                   office.browser("dispatcher"));
  ASSERT_EQ(retired.status, 200) << retired.body;
  EXPECT_EQ(texts(ask(), "facilities", "id"), (std::vector<std::string>{far}));
}

TEST_F(OpenPlace, places_above_have_offices_and_no_posts_and_unknown_ones_nothing) {
  const Json street = ask("222401002");
  EXPECT_TRUE(street.array_at("posts")->empty());
  EXPECT_EQ(texts(street, "offices", "key"), (std::vector<std::string>{"beishan_street"}));
  EXPECT_EQ(texts(street, "children", "code"), (std::vector<std::string>{"222401002001"}));
  EXPECT_TRUE(ask("22").array_at("offices")->empty());
  for (const char* code : {"222401099", "x", "222401002001007999"}) {
    const auto reply = office.get(std::string("/api/public/places/") + code);
    EXPECT_EQ(reply.status, 404) << code;
    // What is logged is the pattern: where somebody looked is his own affair.
    ASSERT_FALSE(office.log.empty());
    EXPECT_EQ(office.log.back().find("places/" + std::string(code)), std::string::npos);
  }
}

TEST_F(OpenPlace, an_office_publishes_no_mobile_number) {
  const auto is_taken = [&](const char* phone) {
    kernel::Organisation organisation;
    organisation.key = "tested";
    organisation.label.zh = "试";
    organisation.kind = "department";
    organisation.valid_from = *parse_date("2000-01-01");
    organisation.phone = phone;
    std::vector<usecase::DirectoryChange> changes{kernel::OrganisationChange{organisation}};
    const auto changed = usecase::change_directory(*office.office, changes, "test");
    if (!changed) {
      EXPECT_EQ(changed.error().key, "organisation.phone") << phone;
    }
    return changed.has_value();
  };
  for (const char* phone : {"", "12345", "0433-2510000", "+86 433 2510000", "400-100-1000", "96000"})
    EXPECT_TRUE(is_taken(phone)) << phone;
  for (const char* phone : {"13812345678", "138 1234 5678", "+86 138-1234-5678", "12", "call me",
                            "0433-2510000-2510000-2510000"})
    EXPECT_FALSE(is_taken(phone)) << phone;
}

}  // namespace
}  // namespace gewu::test
