#include "usecase/sign_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "security/bytes.h"
#include "support/shipped_office.h"

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
  ShippedOffice office;
  SignInDesk desk{*office.office, security::kPasswordCostOfTests};
  AccountId id;
};

TEST_F(SignIn, a_session_stands_until_it_is_ended_idle_or_old) {
  const auto signed_in = must(desk.sign_in("zhang", "correct horse"));
  const auto found = must(find_session(*office.office, signed_in.token));
  EXPECT_EQ(found.caller.account, id);
  EXPECT_TRUE(check_csrf(found, signed_in.csrf));
  EXPECT_EQ(check_csrf(found, "x").error().key, "session.csrf");
  EXPECT_EQ(check_csrf(found, "").error().key, "session.csrf");
  must(sign_out(*office.office, signed_in.token));
  EXPECT_EQ(find_session(*office.office, signed_in.token).error().key, "session.absent");

  const auto idle = must(desk.sign_in("zhang", "correct horse"));
  office.clock.set(office.clock.now() + kSessionIdleMs);
  EXPECT_EQ(find_session(*office.office, idle.token).error().key, "session.absent");

  const auto old = must(desk.sign_in("zhang", "correct horse"));
  for (std::int64_t passed = 0; passed < kSessionLongestMs; passed += kSessionIdleMs / 2) {
    EXPECT_TRUE(find_session(*office.office, old.token));
    office.clock.set(office.clock.now() + kSessionIdleMs / 2);
  }
  EXPECT_EQ(find_session(*office.office, old.token).error().key, "session.absent");
}

TEST_F(SignIn, wrong_unknown_and_disabled_answer_alike) {
  const auto wrong = desk.sign_in("zhang", "wrong horse!");
  const auto unknown = desk.sign_in("nobody", "correct horse");
  auto account = *must(office.store->find_account(id));
  const auto session = must(desk.sign_in("zhang", "correct horse"));
  account.disabled = true;
  must(change_account(*office.office, account));
  const auto disabled = desk.sign_in("zhang", "correct horse");
  EXPECT_EQ(wrong.error(), unknown.error());
  EXPECT_EQ(wrong.error(), disabled.error());
  EXPECT_EQ(wrong.error().key, "sign_in.refused");
  EXPECT_EQ(find_session(*office.office, session.token).error().key, "session.absent");
}

TEST_F(SignIn, guessing_has_to_wait) {
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(desk.sign_in("zhang", "wrong horse!"));
  EXPECT_EQ(desk.sign_in("zhang", "correct horse").error().key, "sign_in.wait");
  office.clock.set(office.clock.now() + 15 * 60'000);
  EXPECT_TRUE(desk.sign_in("zhang", "correct horse"));
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
