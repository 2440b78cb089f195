#include "usecase/credentials.h"

#include <algorithm>

#include "security/one_time_code.h"
#include "security/token.h"
#include "usecase/administrators.h"
#include "usecase/change_directory.h"
#include "usecase/read_me.h"

namespace gewu::usecase {

namespace {

constexpr std::size_t kRecoveryCodes = 10;
/// How the office is called in an authenticator app.
constexpr std::string_view kIssuer = "Gewu";

std::unexpected<Error> no_factor() {
  return refuse(ErrorCode::not_found, "account.second_factor_none");
}

/// Where three administrators are separate, a password alone opens none of their doors.
Result<bool> is_one_of_three(const Office& office, AccountId account) {
  if (!has_three_administrators(*directory_of(office))) return false;
  GEWU_TRY(known, office.store.find_account(account));
  return known && (known->may_administer || known->may_secure || known->may_audit);
}

/// Whether a role of one of his posts asks for it. Asked at each request: they are few.
bool is_asked_by_role(const Office& office, AccountId account) {
  const auto directory = directory_of(office);
  const Instant now = office.clock.now();
  const bool is_three = has_three_administrators(*directory);
  return std::ranges::any_of(
      directory->roster->posts_held(account, now), [&](const kernel::Post* post) {
        const kernel::Locality* place = locality_of_post(*directory, *post, now);
        if (place == nullptr) return false;
        const auto role = place->roles.find(post->role);
        return role != place->roles.end() &&
               (role->second.second_factor || (is_three && role->second.audits));
      });
}

Result<bool> is_asked_for(const Office& office, AccountId account) {
  if (is_asked_by_role(office, account)) return true;
  return is_one_of_three(office, account);
}

}  // namespace

Status change_password(Office& office, SignInDesk& desk, const SignedInCaller& me,
                       std::string_view current, std::string_view wanted) {
  GEWU_CHECK(desk.check_own_password(me.caller.account, current));
  GEWU_TRY(hash, desk.hash(wanted));
  GEWU_TRY(account, office.store.find_account(me.caller.account));
  if (!account) return refuse(ErrorCode::not_found, "account.unknown");
  account->password = std::move(hash);
  GEWU_CHECK(change_account(office, *account));
  return end_other_sessions(office, account->id, me.session);
}

Result<std::string> issue_password_reset(Office& office, const SignedInCaller& by,
                                         std::string_view login) {
  GEWU_CHECK(check_duty(office, by, {Duty::system}));
  GEWU_TRY(account, office.store.find_account(std::string(login)));
  if (!account) return refuse(ErrorCode::not_found, "account.unknown");
  // Whoever hands out the link could use it: with three, nobody opens another administrator's door.
  if ((account->may_administer || account->may_secure || account->may_audit) &&
      account->id != by.caller.account && has_three_administrators(*directory_of(office)))
    return refuse(ErrorCode::conflict, "administrator.has_duty");
  const auto token = security::issue_administrator_token(office.random);
  GEWU_CHECK(office.store.write_password_reset(
      {token.stored, account->id, office.clock.now() + kResetMs}));
  return token.text;
}

Result<AccountId> use_password_reset(Office& office, SignInDesk& desk, std::string_view token,
                                     std::string_view password) {
  const auto wrong = [] { return refuse(ErrorCode::forbidden, "account.reset_token"); };
  const auto hash_of_token = security::read_administrator_token(token);
  if (!hash_of_token) return wrong();
  // The password is judged first, so that a short one does not use the token up.
  GEWU_TRY(hash, desk.hash(password));
  GEWU_TRY(reset, office.store.take_password_reset(*hash_of_token));
  if (!reset || reset->expires_at <= office.clock.now()) return wrong();
  GEWU_TRY(account, office.store.find_account(reset->account));
  if (!account || account->disabled) return wrong();
  account->password = std::move(hash);
  GEWU_CHECK(change_account(office, *account));
  GEWU_CHECK(end_other_sessions(office, account->id, ""));
  return account->id;
}

Result<SecondFactorOffer> offer_second_factor(Office& office, SignInDesk& desk,
                                              const SignedInCaller& me,
                                              std::string_view password) {
  GEWU_CHECK(desk.check_own_password(me.caller.account, password));
  GEWU_TRY(known, office.store.find_second_factor(me.caller.account));
  if (known && known->confirmed)
    return refuse(ErrorCode::conflict, "account.second_factor_there");
  GEWU_TRY(account, office.store.find_account(me.caller.account));
  if (!account) return refuse(ErrorCode::not_found, "account.unknown");
  store::SecondFactor factor;
  factor.account = account->id;
  factor.secret = security::new_code_secret(office.random);
  GEWU_CHECK(office.store.write_second_factor(factor));
  return SecondFactorOffer{security::base32_encode(factor.secret),
                           security::code_uri(factor.secret, kIssuer, account->login)};
}

Result<std::vector<std::string>> confirm_second_factor(Office& office, const SignedInCaller& me,
                                                       std::string_view code) {
  GEWU_TRY(factor, office.store.find_second_factor(me.caller.account));
  if (!factor || factor->confirmed) return no_factor();
  const auto step = security::match_code(factor->secret, code, office.clock.now(), 0);
  if (!step) return refuse(ErrorCode::invalid, "sign_in.code");
  factor->last_step = *step;
  factor->confirmed = true;
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    const auto issued = security::issue_receipt_code(office.random);
    factor->recovery.push_back(issued.stored);
    codes.push_back(issued.text);
  }
  GEWU_CHECK(office.store.write_second_factor(*factor));
  GEWU_CHECK(end_other_sessions(office, me.caller.account, me.session));
  return codes;
}

Result<bool> lacks_second_factor(Office& office, AccountId account) {
  GEWU_TRY(is_asked, is_asked_for(office, account));
  if (!is_asked) return false;
  GEWU_TRY(factor, office.store.find_second_factor(account));
  return !factor || !factor->confirmed;
}

Status remove_second_factor(Office& office, SignInDesk& desk, const SignedInCaller& me,
                            std::string_view password) {
  GEWU_CHECK(desk.check_own_password(me.caller.account, password));
  GEWU_TRY(is_asked, is_asked_for(office, me.caller.account));
  if (is_asked)
    return refuse(ErrorCode::conflict, "account.second_factor_required");
  GEWU_TRY(factor, office.store.find_second_factor(me.caller.account));
  if (!factor) return no_factor();
  store::SecondFactor none;
  none.account = me.caller.account;
  return office.store.write_second_factor(none);
}

Result<SecondFactorState> read_second_factor(Office& office, AccountId account) {
  GEWU_TRY(factor, office.store.find_second_factor(account));
  if (!factor || !factor->confirmed) return SecondFactorState{};
  return SecondFactorState{true, factor->recovery.size()};
}

}  // namespace gewu::usecase
