#include "http/staff_marks.h"

#include <gtest/gtest.h>

#include "unit/http/http_office.h"

namespace gewu {
namespace {

using http::Network;
using http::StaffMarks;
using test::Ask;
using test::Browser;
using test::HttpOffice;

const Instant kNow = *parse_instant("2026-11-09T02:00:00Z");

std::vector<Network> networks(std::initializer_list<const char*> texts) {
  std::vector<Network> read;
  for (const char* text : texts) read.push_back(*http::parse_network(text));
  return read;
}

TEST(StaffMarks, networks_are_read_and_others_refused) {
  for (const char* bad : {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.0/",
                          "::/129", "office", "10.0.0.0/8/8"})
    EXPECT_FALSE(http::parse_network(bad)) << bad;
  SeededRandom random(1);
  StaffMarks marks(nullptr, random, networks({"10.20.0.0/15", "192.0.2.7", "2001:db8::/33"}), 60);
  for (const char* in : {"10.20.0.1", "10.21.255.255", "192.0.2.7", "2001:db8:7fff::1",
                         "::ffff:10.20.0.1"})
    EXPECT_TRUE(marks.is_address(in, kNow)) << in;
  for (const char* out : {"10.22.0.1", "192.0.2.8", "2001:db8:8000::1", "", "somebody"})
    EXPECT_FALSE(marks.is_address(out, kNow)) << out;
}

TEST(StaffMarks, an_address_counts_for_a_while_and_loopback_never) {
  SeededRandom random(1);
  StaffMarks marks(nullptr, random, {}, 60), off(nullptr, random, {}, 0);
  for (StaffMarks* each : {&marks, &off})
    for (const char* peer : {"203.0.113.9", "127.0.0.1", "2001:db8:1:2::5"})
      each->note_address(peer, kNow);
  EXPECT_TRUE(marks.is_address("203.0.113.9", kNow + 59 * kMsPerMinute));
  EXPECT_FALSE(marks.is_address("203.0.113.9", kNow + 60 * kMsPerMinute));
  EXPECT_FALSE(marks.is_address("203.0.113.10", kNow));
  EXPECT_TRUE(marks.is_address("2001:db8:1:2:ffff::1", kNow)) << "one line has a whole /64";
  EXPECT_FALSE(marks.is_address("127.0.0.1", kNow));
  EXPECT_FALSE(off.is_address("203.0.113.9", kNow));
}

TEST(StaffMarks, a_mark_is_believed_as_long_as_it_was_given_here) {
  SeededRandom random(1);
  const auto key = security::Key::generate(random);
  const StaffMarks marks(&key, random, {}, 60), again(&key, random, {}, 60);
  const std::string mark = marks.issue(kNow);
  EXPECT_TRUE(again.is_mark(mark, kNow)) << "after the office was started anew";
  EXPECT_TRUE(marks.is_mark(mark, kNow + (http::kStaffMarkMs - 1)));
  EXPECT_FALSE(marks.is_mark(mark, kNow + http::kStaffMarkMs));
  EXPECT_FALSE(marks.is_stale(mark, kNow + (kMsPerDay - 1)));
  EXPECT_TRUE(marks.is_stale(mark, kNow + kMsPerDay));
  const StaffMarks other(nullptr, random, {}, 60);
  EXPECT_FALSE(other.is_mark(mark, kNow));
  for (std::size_t i = 0; i < mark.size(); ++i) {
    std::string changed = mark;
    changed[i] = changed[i] == '1' ? '2' : '1';
    if (changed == mark) continue;
    EXPECT_FALSE(marks.is_mark(changed, kNow)) << changed;
  }
  for (const char* none : {"", ".", "1.2", "x.y.z"}) EXPECT_FALSE(marks.is_mark(none, kNow));
}

/// An office with an appeal, and somebody of the staff at 198.51.100.1.
struct Street {
  explicit Street(http::ServerOptions options = {}) : office(std::move(options)) {
    receipt = *office.submit().string_at("receipt");
    staff = office.browser("centre");
  }
  http::Response act(const char* action, const std::string& cookie, const std::string& peer) {
    Ask ask{.method = "POST",
            .target = "/api/receipts/" + receipt + "/actions",
            .body = std::string(R"({"action":")") + action + R"(","values":{}})",
            .peer = peer};
    if (!cookie.empty()) ask.headers["cookie"] = cookie;
    return office.ask(ask);
  }
  http::Response work(const std::string& cookie) {
    return office.ask({.target = "/api/me", .headers = {{"cookie", cookie}},
                       .peer = "198.51.100.1"});
  }
  HttpOffice office;
  std::string receipt;
  Browser staff;
};

std::string cookie_named(const http::Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers)
    if (key == "Set-Cookie" && value.starts_with(name + "="))
      return value.substr(0, value.find(';'));
  return "";
}

TEST(AuthorGuard, no_session_device_or_address_of_staff_acts_by_a_receipt) {
  Street street;
  const std::string session = "gewu_session=" + street.staff.cookie;
  const auto seen = street.work(session);
  const std::string mark = cookie_named(seen, "gewu_staff");
  ASSERT_FALSE(mark.empty());
  EXPECT_EQ(cookie_named(street.work(session + "; " + mark), "gewu_staff"), "") << "it has one";
  const auto key = [&](const std::string& cookie, const std::string& peer, const char* action) {
    const auto reply = street.act(action, cookie, peer);
    EXPECT_EQ(reply.status, 403) << reply.body;
    return HttpOffice::key_of(reply);
  };
  EXPECT_EQ(key(session, "203.0.113.1", "withdraw"), "author.staff_session");
  EXPECT_EQ(key(session, "203.0.113.1", "note"), "author.staff_session");
  EXPECT_EQ(street.office.post("/api/sign-out", "{}", street.staff).status, 204);
  EXPECT_EQ(key(session + "; " + mark, "203.0.113.2", "withdraw"), "author.staff_device");
  EXPECT_EQ(key("", "198.51.100.1", "withdraw"), "author.staff_address");
  // Reading stays; and an hour later the address is anybody's again.
  EXPECT_EQ(street.office.get("/api/receipts/" + street.receipt).status, 200);
  street.office.clock.set(street.office.clock.now() + kMsPerHour);
  EXPECT_EQ(street.act("withdraw", "", "198.51.100.1").status, 200);
}

TEST(AuthorGuard, networks_of_the_office_stand_while_the_hour_is_switched_off) {
  http::ServerOptions options;
  options.staff_networks = networks({"10.0.0.0/8"});
  options.staff_address_minutes = 0;
  Street street(std::move(options));
  street.work("gewu_session=" + street.staff.cookie);
  EXPECT_EQ(HttpOffice::key_of(street.act("withdraw", "", "10.1.2.3")), "author.staff_address");
  // What the office is not measured by is the resident's to say from the desk's network too.
  EXPECT_NE(HttpOffice::key_of(street.act("note", "", "10.1.2.3")), "author.staff_address");
  EXPECT_EQ(street.act("withdraw", "", "198.51.100.1").status, 200);
}

TEST(GateSession, with_tls_the_cookie_is_of_this_host_alone) {
  http::ServerOptions behind;
  behind.proxy = "127.0.0.1";
  HttpOffice office(behind);
  const std::map<std::string, std::string> tls{{"x-forwarded-for", "198.51.100.1"},
                                               {"x-forwarded-proto", "https"}};
  const auto reply = office.ask({.method = "POST",
                                 .target = "/api/sign-in",
                                 .body = R"({"login":"centre","password":"a long password"})",
                                 .headers = tls,
                                 .peer = "127.0.0.1"});
  const std::string cookie = cookie_named(reply, "__Host-gewu_session");
  ASSERT_FALSE(cookie.empty());
  auto with = tls;
  with["cookie"] = cookie;
  const auto me = office.ask({.headers = with, .peer = "127.0.0.1"});
  EXPECT_TRUE(HttpOffice::json(me).find("account"));
  EXPECT_FALSE(cookie_named(me, "__Host-gewu_staff").empty());
  // One of the plain name may be some other host's.
  with["cookie"] = cookie.substr(std::string("__Host-").size());
  EXPECT_FALSE(HttpOffice::json(office.ask({.headers = with, .peer = "127.0.0.1"})).find("account"));
}

}  // namespace
}  // namespace gewu
