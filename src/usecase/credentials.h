#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/spans.h"
#include "usecase/sign_in.h"

namespace gewu::usecase {

/// Another password for my own account, proven by the one I have; every other session of mine ends.
/// Errors of `SignInDesk::check_own_password` and `hash`.
Status change_password(Office& office, SignInDesk& desk, const SignedInCaller& me,
                       std::string_view current, std::string_view wanted);

inline constexpr std::int64_t kResetMs = kMsPerDay;  ///< a token for a new password stands

/// A one-use token by which an account sets a new password, for an administrator to hand over: he
/// never learns the password. Earlier tokens of the account stop working when one is used.
/// `forbidden` as check_duty(system); `not_found` `account.unknown`; with three administrators
/// `conflict` `administrator.has_duty` for another administrator's: he sets his from the command
/// line.
Result<std::string> issue_password_reset(Office& office, const SignedInCaller& by,
                                         std::string_view login);
/// Sets the password and ends all sessions; a second factor stays. `forbidden`
/// `account.reset_token` when the token is not one, was used or is too old; `invalid`
/// `account.password`. Whose it was.
Result<AccountId> use_password_reset(Office& office, SignInDesk& desk, std::string_view token,
                                     std::string_view password);

/// What an authenticator app is given, once.
struct SecondFactorOffer {
  std::string secret;       ///< base32, for typing
  std::string uri;          ///< otpauth:, for a QR code
};
/// A new secret, in force when `confirm_second_factor` has shown that the app has it.
/// `conflict` `account.second_factor_there`; errors of `check_own_password`.
Result<SecondFactorOffer> offer_second_factor(Office& office, SignInDesk& desk,
                                              const SignedInCaller& me, std::string_view password);
/// Ten recovery codes, shown this once; other sessions end. `invalid` `sign_in.code`, `not_found`
/// `account.second_factor_none` when none was offered.
Result<std::vector<std::string>> confirm_second_factor(Office& office, const SignedInCaller& me,
                                                       std::string_view code);
/// Whether one of the account's posts is of a role for which its place asks for a second factor
/// (`roles: {auditor: {second_factor: true}}`), and the account has none yet: until then its
/// sessions reach nothing but the account's own settings.
Result<bool> lacks_second_factor(Office& office, AccountId account);
/// Errors of `check_own_password`; `not_found` `account.second_factor_none`; `conflict`
/// `account.second_factor_required` while a role asks for it.
Status remove_second_factor(Office& office, SignInDesk& desk, const SignedInCaller& me,
                            std::string_view password);
/// Whether codes are asked for at sign-in, and how many recovery codes are left.
struct SecondFactorState {
  bool is_on = false;
  std::size_t recovery_left = 0;
};
Result<SecondFactorState> read_second_factor(Office& office, AccountId account);

}  // namespace gewu::usecase
