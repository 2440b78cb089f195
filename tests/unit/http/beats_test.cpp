// When something was done that arrives late: by the server's own signed word, never by the phone's.
#include "http/beats.h"

#include "base/spans.h"
#include "unit/http/http_office.h"

namespace gewu::test {
namespace {

const Instant kHeard{1'763'000'000'000};

TEST(Beats, are_of_one_account_and_of_one_key) {
  security::SecureRandom random;
  const auto key = security::Key::generate(random);
  const http::Beats beats(&key, random), again(&key, random), other(nullptr, random);
  const std::string beat = beats.beat_of(AccountId{7}, kHeard);
  EXPECT_EQ(beats.instant_of(beat, AccountId{7}), kHeard);
  EXPECT_EQ(again.instant_of(beat, AccountId{7}), kHeard) << "after a restart";
  EXPECT_FALSE(beats.instant_of(beat, AccountId{8}));
  EXPECT_FALSE(other.instant_of(beat, AccountId{7}));
  std::string later = beat;
  later[0] = '2';
  for (const std::string& made_up : {later, beat + "0", beat.substr(0, beat.size() - 1),
                                     std::string("."), std::string(), std::string("1763000000000"),
                                     "-" + beat, std::string(300, '9') + ".00"})
    EXPECT_FALSE(beats.instant_of(made_up, AccountId{7})) << made_up;
}

class Late : public ::testing::Test {
 protected:
  /// Accepts a new appeal six hours after the phone was last heard of, as if it had been done so
  /// long after that; the reply, and the clock that it stopped.
  http::Response accept(const std::string& since, const std::string& beat_of = "centre") {
    const Browser centre = office_.browser("centre");
    const std::string id(office_.submit().string_at("id").value_or(""));
    const auto heard = office_.get("/api/me", office_.browser(beat_of));
    heard_at_ = office_.clock.now();
    office_.clock.set(heard_at_ + 6 * kMsPerHour);
    auto reply = office_.ask({.method = "POST",
                              .target = "/api/matters/" + id + "/actions",
                              .body = R"({"action":"accept","values":{"category":"lighting"}})",
                              .headers = {{"cookie", "gewu_session=" + centre.cookie},
                                          {"gewu-csrf", centre.csrf},
                                          {"gewu-beat", HttpOffice::header(heard, "Gewu-Beat")},
                                          {"gewu-since", since}}});
    const auto matter = office_.store->read()->load(MatterId{*parse_integer(id)});
    clock_ = *matter->find_clock("accept");
    return reply;
  }

  HttpOffice office_;
  Instant heard_at_;
  kernel::ClockState clock_;
};

TEST_F(Late, counts_from_when_it_was_done_and_is_marked) {
  const auto reply = accept(std::to_string(kMsPerHour));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(clock_.ended, heard_at_ + kMsPerHour);
  EXPECT_TRUE(clock_.late_arrival);
}

TEST_F(Late, is_never_later_than_its_arrival) {
  ASSERT_EQ(accept(std::to_string(7 * kMsPerHour)).status, 200);
  EXPECT_EQ(clock_.ended, office_.clock.now());
  EXPECT_FALSE(clock_.late_arrival);
}

TEST_F(Late, by_somebody_elses_beat_counts_from_its_arrival) {
  ASSERT_EQ(accept(std::to_string(kMsPerHour), "dispatcher").status, 200);
  EXPECT_EQ(clock_.ended, office_.clock.now());
  EXPECT_FALSE(clock_.late_arrival);
}

TEST_F(Late, so_long_that_it_makes_no_sense_is_refused) {
  for (const char* since : {"", "-1", "soon", "1.5", "99999999999999"}) {
    const auto reply = accept(since);
    EXPECT_EQ(reply.status, 400) << since;
    EXPECT_EQ(HttpOffice::key_of(reply), "beat.since") << since;
    EXPECT_EQ(clock_.status, kernel::ClockStatus::running) << "nothing was half done";
  }
}

TEST(Beats, are_given_to_whoever_is_signed_in_alone) {
  HttpOffice office;
  EXPECT_EQ(HttpOffice::header(office.get("/api/types"), "Gewu-Beat"), "");
  const Browser centre = office.browser("centre");
  EXPECT_NE(HttpOffice::header(office.get("/api/me", centre), "Gewu-Beat"), "");
  const auto left = office.post("/api/sign-out", "{}", centre);
  EXPECT_LT(left.status, 300) << left.body;
  EXPECT_EQ(HttpOffice::header(left, "Gewu-Beat"), "") << "nothing stays on the device";
}

}  // namespace
}  // namespace gewu::test
