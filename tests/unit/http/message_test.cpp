#include "http/message.h"

#include <gtest/gtest.h>

namespace gewu::http {
namespace {

Request parsed(std::string_view target) {
  Request request;
  EXPECT_TRUE(parse_target(target, request)) << target;
  return request;
}

TEST(Target, path_and_query_are_decoded_in_their_order) {
  const Request request = parsed("/api/lists/%E5%88%97?a=1+2&b=%2B&a=&c");
  EXPECT_EQ(request.path, "/api/lists/列");
  ASSERT_EQ(request.segments.size(), 3U);
  EXPECT_EQ(request.segments[2], "列");
  EXPECT_EQ(request.parameter("a"), "1 2");
  EXPECT_EQ(request.parameters("a").size(), 2U);
  EXPECT_EQ(request.parameter("b"), "+");
  EXPECT_EQ(request.parameter("c"), "");
  EXPECT_FALSE(request.parameter("d"));
}

TEST(Target, a_plus_in_the_path_is_a_plus) { EXPECT_EQ(parsed("/a+b").path, "/a+b"); }

TEST(Target, what_could_name_another_resource_or_is_no_text_is_refused) {
  for (const char* bad : {"", "api", "http://x/", "*", "/%", "/%2", "/%zz", "/a%2Fb", "/a/../b",
                          "/a/./b", "/%2e%2e/b", "/a%00b", "/%ff", "/?a=%C3", "/?%00=1"}) {
    Request request;
    const auto status = parse_target(bad, request);
    ASSERT_FALSE(status) << bad;
    EXPECT_EQ(status.error().key, "http.target") << bad;
  }
}

TEST(RequestCookie, is_found_by_its_whole_name) {
  Request request;
  request.headers = {{"cookie", "xgewu_session=1; gewu_session=two ;other=3"}};
  EXPECT_EQ(request.cookie("gewu_session"), "two");
  EXPECT_EQ(request.cookie("other"), "3");
  EXPECT_FALSE(request.cookie("session"));
}

TEST(Peer, only_a_proxy_on_this_machine_may_name_another) {
  const auto learnt = [](const char* peer, const char* proxy) {
    Request request;
    request.peer = peer;
    request.headers = {{"x-forwarded-for", "1.1.1.1, 198.51.100.1"},
                       {"x-forwarded-proto", "https"}};
    learn_peer(request, proxy);
    return request;
  };
  // Nobody is believed unless he is the proxy that was named, not even on this machine.
  for (const auto& [peer, proxy] : {std::pair("192.0.2.7", ""), std::pair("127.0.0.1", ""),
                                    std::pair("192.0.2.7", "10.0.0.1")}) {
    const Request direct = learnt(peer, proxy);
    EXPECT_EQ(direct.peer, peer);
    EXPECT_FALSE(direct.from_proxy);
    EXPECT_FALSE(comes_by_tls(direct));
  }
  const Request proxied = learnt("10.0.0.1", "10.0.0.1");
  EXPECT_EQ(proxied.peer, "198.51.100.1");
  // A proxy that adds a line of its own leaves what the client wrote above it.
  Request added;
  added.peer = "10.0.0.1";
  added.headers = {{"x-forwarded-for", "1.1.1.1"}, {"x-forwarded-for", "198.51.100.9"}};
  learn_peer(added, "10.0.0.1");
  EXPECT_EQ(added.peer, "198.51.100.9");
  EXPECT_TRUE(proxied.from_proxy);
  EXPECT_TRUE(comes_by_tls(proxied));
}

}  // namespace
}  // namespace gewu::http
