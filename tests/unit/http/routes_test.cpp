#include "http/routes.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "codec/yaml.h"

namespace gewu::http {
namespace {

FoundRoute find(Method method, const std::string& target) {
  Request request;
  EXPECT_TRUE(parse_target(target, request));
  return find_route(routes(), method, request.segments);
}

TEST(Routes, literals_and_captures) {
  const auto matter = find(Method::get, "/api/matters/17/timeline");
  ASSERT_TRUE(matter.route);
  EXPECT_EQ(matter.route->resource, &read_timeline);
  EXPECT_EQ(matter.captured, std::vector<std::string>{"17"});
  const auto at = find(Method::get, "/api/territory/at?lon=1&lat=2");
  ASSERT_TRUE(at.route);
  EXPECT_EQ(at.route->resource, &find_territory);
}

TEST(Routes, what_is_nowhere_and_what_is_there_with_another_method) {
  for (const char* nowhere : {"/api", "/api/", "/api/matters/", "/api/matters//timeline",
                              "/api/matters/1/timeline/", "/api/Me", "/matters"}) {
    const auto found = find(Method::get, nowhere);
    EXPECT_FALSE(found.route) << nowhere;
    EXPECT_EQ(found.allow, "") << nowhere;
  }
  EXPECT_EQ(find(Method::del, "/api/matters").allow, "GET, HEAD, POST");
  EXPECT_EQ(find(Method::get, "/api/sign-in").allow, "POST");
  EXPECT_TRUE(find(Method::head, "/api/me").route);
  EXPECT_FALSE(find(Method::head, "/api/sign-in").route);
}

TEST(Routes, what_changes_state_is_a_post_and_the_other_way_round) {
  for (const Route& route : routes())
    EXPECT_EQ(route.changes_state, route.method == Method::post) << route.pattern;
}

/// "get /api/matters/{}" of every path of the contract.
std::set<std::string> contract_routes() {
  std::ifstream file(std::string(GEWU_SOURCE_DIR) + "/openapi.yaml");
  std::stringstream text;
  text << file.rdbuf();
  std::set<std::string> found;
  bool in_paths = false;
  std::string path, line;
  while (std::getline(text, line)) {
    if (!line.empty() && line[0] != ' ') in_paths = line == "paths:";
    if (!in_paths) continue;
    if (line.starts_with("  /")) path = "/api" + line.substr(2, line.rfind(':') - 2);
    else if (line == "    get:") found.insert("GET " + path);
    else if (line == "    post:") found.insert("POST " + path);
  }
  return found;
}

TEST(Routes, are_those_of_the_contract) {
  std::set<std::string> ours;
  for (const Route& route : routes())
    EXPECT_TRUE(ours.insert(std::string(method_name(route.method)) + " " + route.pattern).second)
        << route.pattern << " stands twice";
  EXPECT_EQ(ours, contract_routes());
  EXPECT_GT(ours.size(), 20U);
}

}  // namespace
}  // namespace gewu::http
