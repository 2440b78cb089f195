#include <gtest/gtest.h>

#include "gateway/http_call.h"
#include "gateway/openid_provider.h"

namespace gewu::test {
namespace {

constexpr const char* kGood = R"({"issuer":"https://id.example","client_id":"gewu",
  "redirect_uri":"https://office.example/api/sign-in/provider/return",
  "login_claim":"preferred_username","label":{"zh":"统一认证","en":"Staff sign-in"}})";

std::string refused(std::string text, std::string_view part, std::string_view by) {
  text.replace(text.find(part), part.size(), by);
  const auto read = gateway::read_openid_options(text);
  if (read) return "";
  EXPECT_EQ(read.error().key, "sso.options");
  return read.error().details.front().value;
}

TEST(OpenIdOptions, name_what_is_missing_or_unsafe) {
  const auto read = gateway::read_openid_options(kGood);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->login_claim, "preferred_username");
  EXPECT_EQ(read->label.size(), 2U);
  EXPECT_EQ(read->scopes, std::vector<std::string>{"openid"});
  EXPECT_EQ(refused(kGood, "{", "["), "json");
  EXPECT_EQ(refused(kGood, "https://id.example", "http://id.example"), "issuer");
  EXPECT_EQ(refused(kGood, "https://id.example", "http://127.0.0.1:9"), "");
  EXPECT_EQ(refused(kGood, "\"client_id\"", "\"client\""), "client_id");
  EXPECT_EQ(refused(kGood, "/provider/return", "/elsewhere"), "redirect_uri");
  EXPECT_EQ(refused(kGood, "\"login_claim\"", "\"claim\""), "login_claim");
  EXPECT_EQ(refused(kGood, "\"label\"", "\"name\""), "label");
  EXPECT_EQ(refused(kGood, "\"client_id\"", "\"scopes\":[\"profile\"],\"client_id\""), "scopes");
}

TEST(HttpUrl, is_taken_apart) {
  const auto target = gateway::parse_http_url("https://id.example:8443/a/b?c=d");
  ASSERT_TRUE(target);
  EXPECT_TRUE(target->is_tls);
  EXPECT_EQ(target->host, "id.example");
  EXPECT_EQ(target->port, "8443");
  EXPECT_EQ(target->path, "/a/b?c=d");
  EXPECT_EQ(gateway::parse_http_url("http://id.example")->path, "/");
  for (const char* wrong : {"", "id.example", "ftp://id.example", "https://", "https://me@id.example",
                            "https://id.example/ä b"})
    EXPECT_FALSE(gateway::parse_http_url(wrong)) << wrong;
}

}  // namespace
}  // namespace gewu::test
