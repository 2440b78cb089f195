#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "security/password.h"
#include "usecase/administrators.h"
#include "usecase/session.h"
#include "usecase/yielding_thread.h"

namespace gewu::usecase {

/// Who asks to be let in, and from where.
struct SignInAttempt {
  std::string_view login, password;
  std::string_view code;    ///< of the authenticator app, or a recovery code; empty: none given
  std::string_view device;  ///< what `SignedIn::device` gave this browser before
  std::string_view peer;    ///< its address
  std::string_view agent;   ///< what it calls itself
};

/// The desk where people sign in (登录). One password is hashed at a time and a few wait, since a
/// storm of sign-ins must not stop the office; more are sent away with `too_many` `sign_in.busy`.
///
/// Guessing has to wait (`too_many` `sign_in.wait` with `seconds` and `minutes`): ten wrong answers within 15 minutes for a
/// login from one network, a hundred from everywhere. A browser in which this login signed in
/// before carries a token and is counted by itself, and goes first in the queue: nobody can lock
/// somebody else out of the browser that he works with.
///
/// One for a process; safe to share.
class SignInDesk {
 public:
  explicit SignInDesk(Office& office, security::PasswordCost cost = security::kPasswordCost)
      : office_(office), cost_(cost) {}

  /// `unauthenticated` `sign_in.refused` for a wrong password, an unknown login and a disabled
  /// account alike, and equally late. After a right password of an account with a second factor:
  /// `sign_in.code_needed` without a code, `sign_in.code` for a wrong one or one used before.
  Result<SignedIn> sign_in(const SignInAttempt& attempt);

  /// Uses a one-use token that `gewu init` printed: it says what he may. `forbidden` `sign_in.token` when it is not
  /// the one, or was used; `invalid` `account.login`, `account.password`.
  Result<SignedIn> make_first_administrator(std::string_view token, std::string_view login,
                                            std::string_view password);

  /// A password's hash by the same one worker. `invalid` `account.password` under 10 code points.
  Result<std::string> hash(std::string_view password);
  /// Whether it is the account's own, by the same one worker and counted as a sign-in would be.
  /// `forbidden` `account.password_wrong`, `too_many` `sign_in.wait`, `sign_in.busy`.
  Status check_own_password(AccountId account, std::string_view password);
  /// For what asks for a second factor anew (exports): nothing is asked of an account without one.
  /// `unauthenticated` `sign_in.code_needed`, `sign_in.code`; `too_many` `sign_in.wait`.
  Status check_own_code(AccountId account, std::string_view code);

 private:
  class Turn;
  struct Wrong {
    int times = 0;
    Instant since;
  };
  enum class Lane { known, other };

  /// Milliseconds until the bucket's window is over; 0: nobody has to wait.
  std::int64_t left_to_wait(const std::string& bucket, int most, Instant now);
  Status check_wait(const std::vector<std::pair<std::string, int>>& buckets, Instant now);
  void count_wrong(const std::vector<std::pair<std::string, int>>& buckets, Instant now);
  /// An empty hash is nobody's password, and takes as long to find out.
  bool is_password(const std::string& hash, std::string_view password);
  Result<std::string> make_hash(std::string_view password);
  Status check_second_factor(AccountId account, std::string_view code, Instant now);
  Result<std::string> device_key();
  /// Names the browser for this login, so that it is known when it comes again.
  Result<std::string> issue_device(std::string_view login);
  Result<bool> knows_device(std::string_view device, std::string_view login);

  Office& office_;
  security::PasswordCost cost_;
  std::mutex mutex_;
  std::mutex administrator_mutex_;
  std::condition_variable freed_;
  bool busy_ = false;
  std::size_t waiting_known_ = 0, waiting_other_ = 0;
  std::map<std::string, Wrong> wrong_;
  YieldingThread hasher_;
};

/// A one-use token for a first administrator, and what he will be.
struct FirstAdministrator {
  Duty duty = Duty::system;
  std::string token;
};
/// New ones in place of any before, shown this once: one for the administrator of everything, or
/// where the office asks for three, one for each of them.
Result<std::vector<FirstAdministrator>> issue_first_tokens(Office& office);

}  // namespace gewu::usecase
