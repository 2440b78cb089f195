#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "security/password.h"
#include "security/token.h"
#include "usecase/caller.h"

namespace gewu::usecase {

/// A session as it is given to a browser: the token goes into the cookie, never anywhere else.
struct SignedIn {
  std::string token;
  std::string csrf;         ///< repeated by every request that changes something
  AccountId account;
  Instant expires_at;
};

/// Somebody whose session stands.
struct SignedInCaller {
  Caller caller;
  std::string csrf;
  bool may_administer = false;
  bool may_import_past = false;
};

inline constexpr std::int64_t kSessionIdleMs = 12LL * 3'600'000;      ///< unused for so long: over
inline constexpr std::int64_t kSessionLongestMs = 30LL * 86'400'000;

/// The desk where people sign in (登录). One password is hashed at a time, a few wait, more are
/// sent away with `too_many` `sign_in.busy`, since a storm of sign-ins must not stop the office.
/// Ten wrong passwords for a login within 15 minutes: `too_many` `sign_in.wait`, whoever asks.
/// One for a process; safe to share.
class SignInDesk {
 public:
  explicit SignInDesk(Office& office, security::PasswordCost cost = security::kPasswordCost)
      : office_(office), cost_(cost) {}

  /// `unauthenticated` `sign_in.refused` for a wrong password, an unknown login and a disabled
  /// account alike, and equally late.
  Result<SignedIn> sign_in(std::string_view login, std::string_view password);

  /// Uses the one-use token that `gewu init` printed. `forbidden` `sign_in.token` when it is not
  /// the one, or was used; `invalid` `account.login`, `account.password`.
  Result<SignedIn> make_first_administrator(std::string_view token, std::string_view login,
                                            std::string_view password);

  /// A password's hash by the same one worker. `invalid` `account.password` under 10 code points.
  Result<std::string> hash(std::string_view password);

 private:
  class Turn;
  Status check_wait(const std::string& login, Instant now);
  void count_wrong(const std::string& login, Instant now);

  Office& office_;
  security::PasswordCost cost_;
  std::mutex mutex_;
  std::mutex administrator_mutex_;
  std::condition_variable freed_;
  bool busy_ = false;
  std::size_t waiting_ = 0;
  struct Wrong {
    int times = 0;
    Instant since;
  };
  std::map<std::string, Wrong> wrong_;
};

/// A new one-use token for the first administrator, in place of any before it; shown this once.
Result<std::string> issue_first_token(Office& office);

/// The session of a cookie; renews it when it was last seen over a minute ago.
/// `unauthenticated` `session.absent` (no such, over, or its account disabled).
Result<SignedInCaller> find_session(Office& office, std::string_view token);
/// Compares in constant time. `forbidden` `session.csrf`.
Status check_csrf(const SignedInCaller& signed_in, std::string_view given);
/// Ends it; a token that nobody has is no error.
Status sign_out(Office& office, std::string_view token);
/// A session without password, for tests and the demonstration's own doors.
Result<SignedIn> open_session(Office& office, AccountId account);

}  // namespace gewu::usecase
