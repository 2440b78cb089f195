#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "gateway/gateway.h"
#include "usecase/session.h"

namespace gewu::usecase {

/// Sign-in through another system (单点登录) that knows the staff: an account here for the login that
/// it names, else nobody. It makes no accounts and gives no posts. Any number of threads; a few
/// people at once, since each may wait for the other system.
class SingleSignOn {
 public:
  SingleSignOn(Office& office, gateway::IdentityProvider& provider)
      : office_(office), provider_(provider) {}

  const std::vector<std::pair<std::string, std::string>>& label() const {
    return provider_.label();
  }

  struct Begun {
    std::string url;   ///< where the browser goes
    std::string seed;  ///< for a cookie of this browser: all secrets of this sign-in follow from it
  };
  /// `too_many` `sso.busy`, `unavailable` `sso.unavailable`.
  Result<Begun> begin();

  /// What the browser brought back. `unauthenticated` `sso.state` (not begun in this browser, or
  /// long ago), `sso.answer` (what the provider said cannot be believed), `sso.account` (no account
  /// for that person, or disabled), `sso.second_factor` (the account has a second factor and the
  /// provider asked for a password alone); `too_many` `sso.busy`, `unavailable` `sso.unavailable`.
  Result<SignedIn> finish(std::string_view code, std::string_view state, std::string_view seed,
                          std::string_view agent);

 private:
  class Turn;

  Office& office_;
  gateway::IdentityProvider& provider_;
  std::atomic<int> waiting_ = 0;
};

}  // namespace gewu::usecase
