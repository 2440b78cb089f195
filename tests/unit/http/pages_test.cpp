#include "http/pages.h"

#include <gtest/gtest.h>

namespace gewu::http {
namespace {

constexpr Page kFiles[] = {
    {"assets/index-C3f9.js", "script", "packed", "t1"},
    {"index.html", "<!doctype html>", "html", "t2"},
    {"mark.svg", "<svg/>", "", "t3"},
    {"sw.js", "worker", "", "t4"},
};

Response ask(std::string_view target, std::vector<std::pair<std::string, std::string>> headers = {},
             std::span<const Page> among = kFiles) {
  Request request;
  EXPECT_TRUE(parse_target(target, request));
  request.headers = std::move(headers);
  Error failure;
  return answer_page(request, among, failure);
}

std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "";
}

TEST(Pages, an_asset_never_changes_and_all_else_is_asked_for_anew) {
  const auto asset = ask("/assets/index-C3f9.js");
  EXPECT_EQ(asset.status, 200);
  EXPECT_EQ(asset.body, "script");
  EXPECT_EQ(asset.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(header(asset, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(ask("/sw.js"), "Cache-Control"), "no-cache");
  EXPECT_EQ(header(ask("/"), "Cache-Control"), "no-cache");
}

TEST(Pages, a_path_of_the_app_gets_its_index) {
  for (const char* path : {"/", "/desk", "/matters/17", "/index.html", "/m/mine.now"}) {
    const auto page = ask(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.body, "<!doctype html>") << path;
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8") << path;
  }
}

TEST(Pages, an_old_asset_and_other_doors_are_no_pages) {
  for (const char* path : {"/assets/index-old.js", "/assets/", "/open311/v2", "/tiles/1/1/1",
                           "/files/1"}) {
    const auto page = ask(path);
    EXPECT_EQ(page.status, 404) << path;
    EXPECT_NE(page.body.find("http.no_page\""), std::string::npos) << page.body;
    EXPECT_EQ(header(page, "Cache-Control"), "no-store");
  }
  EXPECT_NE(ask("/", {}, {}).body.find("http.no_pages"), std::string::npos);
}

TEST(Pages, gzip_only_for_those_who_take_it) {
  const auto packed = ask("/", {{"accept-encoding", "br, gzip"}});
  EXPECT_EQ(packed.body, "html");
  EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(header(packed, "Vary"), "Accept-Encoding");
  for (const char* other : {"br", "gzip;q=0", "gzip; q=0.0", "xgzip"}) {
    const auto plain = ask("/", {{"accept-encoding", other}});
    EXPECT_EQ(plain.body, "<!doctype html>") << other;
    EXPECT_EQ(header(plain, "Content-Encoding"), "") << other;
    EXPECT_EQ(header(plain, "Vary"), "Accept-Encoding") << other;
  }
  EXPECT_EQ(ask("/mark.svg", {{"accept-encoding", "gzip"}}).body, "<svg/>");
}

TEST(Pages, what_a_browser_has_is_not_sent_again) {
  const auto same = ask("/", {{"if-none-match", "\"t2\""}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(ask("/", {{"if-none-match", "\"t1\""}}).status, 200);
  // Packed bytes are others, so that they have a tag of their own.
  EXPECT_EQ(ask("/", {{"if-none-match", "\"t2\""}, {"accept-encoding", "gzip"}}).status, 200);
  EXPECT_EQ(ask("/", {{"if-none-match", "\"t2-gzip\""}, {"accept-encoding", "gzip"}}).status, 304);
}

TEST(Pages, load_nothing_from_elsewhere_and_no_inline_code) {
  const std::string policy = header(ask("/"), "Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'self'"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

}  // namespace
}  // namespace gewu::http
