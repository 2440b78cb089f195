#include "usecase/sign_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "security/bytes.h"
#include "security/one_time_code.h"
#include "security/token.h"
#include "support/shipped_office.h"
#include "usecase/credentials.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;

class SignIn : public ::testing::Test {
 protected:
  void SetUp() override {
    NewAccount account;
    account.login = "zhang";
    account.password_hash = must(desk.hash("correct horse"));
    id = must(make_account(*office.office, account, "test"));
  }
  Result<SignedIn> sign_in(std::string_view login, std::string_view password,
                           std::string_view code = {}) {
    return desk.sign_in({login, password, code, "", "10.0.0.7", "a browser"});
  }
  ShippedOffice office;
  SignInDesk desk{*office.office, security::kPasswordCostOfTests};
  AccountId id;
};

TEST_F(SignIn, a_session_stands_until_it_is_ended_idle_or_old) {
  const auto signed_in = must(sign_in("zhang", "correct horse"));
  const auto found = must(find_session(*office.office, signed_in.token));
  EXPECT_EQ(found.caller.account, id);
  EXPECT_TRUE(check_csrf(found, signed_in.csrf));
  EXPECT_EQ(check_csrf(found, "x").error().key, "session.csrf");
  EXPECT_EQ(check_csrf(found, "").error().key, "session.csrf");
  must(sign_out(*office.office, signed_in.token));
  EXPECT_EQ(find_session(*office.office, signed_in.token).error().key, "session.absent");

  const auto idle = must(sign_in("zhang", "correct horse"));
  office.clock.set(office.clock.now() + kSessionIdleMs);
  EXPECT_EQ(find_session(*office.office, idle.token).error().key, "session.absent");

  const auto old = must(sign_in("zhang", "correct horse"));
  for (std::int64_t passed = 0; passed < kSessionLongestMs; passed += kSessionIdleMs / 2) {
    EXPECT_TRUE(find_session(*office.office, old.token));
    office.clock.set(office.clock.now() + kSessionIdleMs / 2);
  }
  EXPECT_EQ(find_session(*office.office, old.token).error().key, "session.absent");
}

TEST_F(SignIn, wrong_unknown_and_disabled_answer_alike) {
  const auto wrong = sign_in("zhang", "wrong horse!");
  const auto unknown = sign_in("nobody", "correct horse");
  auto account = *must(office.store->find_account(id));
  const auto session = must(sign_in("zhang", "correct horse"));
  account.disabled = true;
  must(change_account(*office.office, account));
  const auto disabled = sign_in("zhang", "correct horse");
  EXPECT_EQ(wrong.error(), unknown.error());
  EXPECT_EQ(wrong.error(), disabled.error());
  EXPECT_EQ(wrong.error().key, "sign_in.refused");
  EXPECT_EQ(find_session(*office.office, session.token).error().key, "session.absent");
}

TEST_F(SignIn, guessing_has_to_wait) {
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(sign_in("zhang", "wrong horse!"));
  office.clock.set(office.clock.now() + 60'001);
  const std::vector<ErrorDetail> left{{"seconds", "840"}, {"minutes", "14"}};
  EXPECT_EQ(sign_in("zhang", "correct horse").error().key, "sign_in.wait");
  EXPECT_EQ(sign_in("zhang", "correct horse").error().details, left);
  office.clock.set(office.clock.now() + 14 * 60'000);
  EXPECT_TRUE(sign_in("zhang", "correct horse"));
}

TEST_F(SignIn, nobody_is_locked_out_of_the_browser_he_works_with) {
  const auto mine = must(sign_in("zhang", "correct horse"));
  const auto from = [&](int network, std::string_view password, std::string_view device) {
    const std::string peer = "10.0." + std::to_string(network) + ".9";
    return desk.sign_in({"zhang", password, "", device, peer, ""});
  };
  // A hundred networks guess: first each one waits, then all that the login never used.
  for (int i = 0; i < 10; ++i) EXPECT_EQ(from(1, "wrong horse!", "").error().key, "sign_in.refused");
  EXPECT_EQ(from(1, "correct horse", "").error().key, "sign_in.wait");
  EXPECT_TRUE(from(2, "correct horse", ""));
  for (int i = 0; i < 90; ++i)
    EXPECT_EQ(from(3 + i, "wrong horse!", "").error().key, "sign_in.refused");
  EXPECT_EQ(from(200, "correct horse", "").error().key, "sign_in.wait");
  EXPECT_TRUE(from(200, "correct horse", mine.device));
  // The token of another login, or a made-up one, is worth nothing.
  EXPECT_EQ(from(201, "correct horse", mine.device + "A").error().key, "sign_in.wait");
  EXPECT_EQ(from(201, "correct horse", "x.y").error().key, "sign_in.wait");
  // Whoever sits at that browser waits too when he guesses, and only there.
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(from(200, "wrong horse!", mine.device));
  EXPECT_EQ(from(200, "correct horse", mine.device).error().key, "sign_in.wait");
}

TEST_F(SignIn, a_second_factor_is_asked_for_once_it_is_confirmed) {
  auto& vault_office = *office.office;
  const auto first = must(sign_in("zhang", "correct horse"));
  const auto me = must(find_session(vault_office, first.token));
  EXPECT_EQ(offer_second_factor(vault_office, desk, me, "wrong horse!").error().key,
            "account.password_wrong");
  must(offer_second_factor(vault_office, desk, me, "correct horse"));
  EXPECT_TRUE(sign_in("zhang", "correct horse"));  // offered is not confirmed
  const auto secret = must(office.store->find_second_factor(id))->secret;
  const auto code_at = [&](std::int64_t later) {
    return security::one_time_code(secret, security::code_step(office.clock.now()) + later);
  };
  EXPECT_EQ(confirm_second_factor(vault_office, me, "000000").error().key, "sign_in.code");
  const auto recovery = must(confirm_second_factor(vault_office, me, code_at(0)));
  EXPECT_EQ(recovery.size(), 10U);
  EXPECT_EQ(must(list_sessions(vault_office, id)).size(), 1U);

  EXPECT_EQ(sign_in("zhang", "correct horse").error().key, "sign_in.code_needed");
  EXPECT_EQ(sign_in("zhang", "wrong horse!", code_at(1)).error().key, "sign_in.refused");
  EXPECT_EQ(sign_in("zhang", "correct horse", code_at(0)).error().key, "sign_in.code");  // used
  EXPECT_TRUE(sign_in("zhang", "correct horse", code_at(1)));
  EXPECT_EQ(sign_in("zhang", "correct horse", code_at(1)).error().key, "sign_in.code");
  EXPECT_TRUE(sign_in("zhang", "correct horse", recovery[3]));
  EXPECT_EQ(sign_in("zhang", "correct horse", recovery[3]).error().key, "sign_in.code");
  EXPECT_EQ(must(read_second_factor(vault_office, id)).recovery_left, 9U);
  EXPECT_EQ(offer_second_factor(vault_office, desk, me, "correct horse").error().key,
            "account.second_factor_there");
  must(remove_second_factor(vault_office, desk, me, "correct horse"));
  EXPECT_TRUE(sign_in("zhang", "correct horse"));
}

TEST_F(SignIn, i_see_and_end_my_sessions_and_nobody_elses) {
  const auto here = must(sign_in("zhang", "correct horse"));
  const auto there = must(sign_in("zhang", "correct horse"));
  const auto me = must(find_session(*office.office, here.token));
  const auto lines = must(list_sessions(*office.office, id));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].agent, "a browser");
  const auto other = lines[0].id == me.session ? lines[1].id : lines[0].id;
  EXPECT_EQ(end_session(*office.office, AccountId{1}, other).error().key, "session.unknown");
  must(end_session(*office.office, id, other));
  EXPECT_EQ(find_session(*office.office, there.token).error().key, "session.absent");
  EXPECT_TRUE(find_session(*office.office, here.token));
}

TEST_F(SignIn, another_password_ends_the_other_sessions) {
  const auto here = must(sign_in("zhang", "correct horse"));
  const auto there = must(sign_in("zhang", "correct horse"));
  const auto me = must(find_session(*office.office, here.token));
  EXPECT_EQ(change_password(*office.office, desk, me, "correct horse", "short").error().key,
            "account.password");
  must(change_password(*office.office, desk, me, "correct horse", "battery staple"));
  EXPECT_TRUE(find_session(*office.office, here.token));
  EXPECT_FALSE(find_session(*office.office, there.token));
  EXPECT_EQ(sign_in("zhang", "correct horse").error().key, "sign_in.refused");
  EXPECT_TRUE(sign_in("zhang", "battery staple"));
}

TEST_F(SignIn, an_administrator_lets_set_a_password_that_he_does_not_learn) {
  SignedInCaller administrator, nobody;
  administrator.may_administer = true;
  EXPECT_EQ(issue_password_reset(*office.office, nobody, "zhang").error().key,
            "account.administer");
  EXPECT_EQ(issue_password_reset(*office.office, administrator, "li").error().key,
            "account.unknown");
  const auto session = must(sign_in("zhang", "correct horse"));
  const auto first = must(issue_password_reset(*office.office, administrator, "zhang"));
  const auto token = must(issue_password_reset(*office.office, administrator, "zhang"));
  EXPECT_EQ(use_password_reset(*office.office, desk, token, "short").error().key,
            "account.password");
  must(use_password_reset(*office.office, desk, token, "battery staple"));
  EXPECT_EQ(find_session(*office.office, session.token).error().key, "session.absent");
  EXPECT_TRUE(sign_in("zhang", "battery staple"));
  for (const std::string& used : {token, first, std::string("nonsense")})
    EXPECT_EQ(use_password_reset(*office.office, desk, used, "battery staple").error().key,
              "account.reset_token");
  const auto late = must(issue_password_reset(*office.office, administrator, "zhang"));
  office.clock.set(office.clock.now() + kResetMs);
  EXPECT_EQ(use_password_reset(*office.office, desk, late, "battery staple").error().key,
            "account.reset_token");
}

TEST_F(SignIn, passwords_are_long_enough) {
  EXPECT_EQ(desk.hash("short").error().key, "account.password");
  EXPECT_EQ(desk.hash("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff").error().key,
            "account.password");
  EXPECT_TRUE(desk.hash("一二三四五六七八九十"));
}

TEST_F(SignIn, the_first_administrators_token_is_used_once) {
  const auto token = security::issue_administrator_token(office.random);
  must(office.store->write_office("first_administrator", security::hex_encode(token.stored)));
  const auto other = security::issue_administrator_token(office.random);
  EXPECT_EQ(desk.make_first_administrator(other.text, "admin", "correct horse").error().key,
            "sign_in.token");
  EXPECT_EQ(desk.make_first_administrator("x", "admin", "correct horse").error().key,
            "sign_in.token");
  EXPECT_EQ(desk.make_first_administrator(token.text, "a b", "correct horse").error().key,
            "account.login");
  std::atomic<int> made = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      const std::string login = "admin" + std::to_string(i);
      if (desk.make_first_administrator(token.text, login, "correct horse")) ++made;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
}

TEST_F(SignIn, sessions_are_kept_by_hash_and_a_broken_cookie_is_none) {
  EXPECT_EQ(find_session(*office.office, "").error().key, "session.absent");
  EXPECT_EQ(find_session(*office.office, std::string(43, 'A')).error().key, "session.absent");
  EXPECT_TRUE(sign_out(*office.office, "nonsense"));
}

}  // namespace
}  // namespace gewu::usecase
