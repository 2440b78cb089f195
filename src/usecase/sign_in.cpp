#include "usecase/sign_in.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "security/bytes.h"
#include "usecase/change_directory.h"

namespace gewu::usecase {

namespace {

constexpr std::size_t kQueueMax = 32;
constexpr int kWrongMax = 10;
constexpr std::int64_t kWrongWindowMs = 15 * 60'000;
constexpr std::size_t kWrongKept = 10'000;
constexpr std::int64_t kSeenStepMs = 60'000;
constexpr std::size_t kPasswordMin = 10;
constexpr std::size_t kPasswordBytesMax = 1'024;
constexpr const char* kAdministratorKey = "first_administrator";

Status check_password(std::string_view password) {
  if (!is_utf8(password) || password.size() > kPasswordBytesMax ||
      count_code_points(password) < kPasswordMin)
    return refuse(ErrorCode::invalid, "account.password");
  return {};
}

std::unexpected<Error> refused() {
  return refuse(ErrorCode::unauthenticated, "sign_in.refused");
}

}  // namespace

/// The one place at the desk: waits for it, or is sent away when too many wait.
class SignInDesk::Turn {
 public:
  static Result<std::unique_ptr<Turn>> take(SignInDesk& desk) {
    std::unique_lock lock(desk.mutex_);
    if (desk.waiting_ >= kQueueMax) return refuse(ErrorCode::too_many, "sign_in.busy");
    ++desk.waiting_;
    desk.freed_.wait(lock, [&] { return !desk.busy_; });
    --desk.waiting_;
    desk.busy_ = true;
    return std::make_unique<Turn>(desk);
  }
  explicit Turn(SignInDesk& desk) : desk_(desk) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    {
      const std::lock_guard lock(desk_.mutex_);
      desk_.busy_ = false;
    }
    desk_.freed_.notify_one();
  }

 private:
  SignInDesk& desk_;
};

Status SignInDesk::check_wait(const std::string& login, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto known = wrong_.find(login);
  if (known == wrong_.end()) return {};
  if (now - known->second.since >= kWrongWindowMs) {
    wrong_.erase(known);
    return {};
  }
  if (known->second.times < kWrongMax) return {};
  return refuse(ErrorCode::too_many, "sign_in.wait");
}

void SignInDesk::count_wrong(const std::string& login, Instant now) {
  const std::lock_guard lock(mutex_);
  if (wrong_.size() >= kWrongKept)
    std::erase_if(wrong_, [&](const auto& entry) {
      return now - entry.second.since >= kWrongWindowMs;
    });
  // A flood of made-up names must not take all memory, nor push out those that count.
  if (wrong_.size() >= kWrongKept && !wrong_.contains(login)) return;
  Wrong& wrong = wrong_[login];
  if (wrong.times == 0) wrong.since = now;
  ++wrong.times;
}

Result<SignedIn> SignInDesk::sign_in(std::string_view login, std::string_view password) {
  const std::string name(login.substr(0, 64));
  const Instant now = office_.clock.now();
  if (password.size() > kPasswordBytesMax) return refused();
  GEWU_CHECK(check_wait(name, now));
  GEWU_TRY(account, office_.store.find_account(std::string(login)));
  std::optional<std::string> better;
  {
    GEWU_TRY(turn, Turn::take(*this));
    GEWU_CHECK(check_wait(name, now));  // others may have guessed while this one waited
    const bool may = account && !account->disabled && !account->password.empty();
    if (!may) security::spend_password_time(password, cost_);
    if (!may || !security::verify_password(account->password, password)) {
      count_wrong(name, now);
      return refused();
    }
    if (security::needs_rehash(account->password, cost_))
      if (auto hash = security::hash_password(password, cost_)) better = std::move(*hash);
  }
  {
    const std::lock_guard lock(mutex_);
    wrong_.erase(name);
  }
  if (better) {
    account->password = std::move(*better);
    GEWU_CHECK(change_account(office_, *account));
  }
  return open_session(office_, account->id);
}

Result<std::string> SignInDesk::hash(std::string_view password) {
  GEWU_CHECK(check_password(password));
  GEWU_TRY(turn, Turn::take(*this));
  return security::hash_password(password, cost_);
}

Result<SignedIn> SignInDesk::make_first_administrator(std::string_view token,
                                                      std::string_view login,
                                                      std::string_view password) {
  const auto wrong_token = [] { return refuse(ErrorCode::forbidden, "sign_in.token"); };
  const auto given = security::read_administrator_token(token);
  if (!given) return wrong_token();
  GEWU_TRY(kept, office_.store.read_office(kAdministratorKey));
  const auto expected = kept ? security::parse_sha256(*kept) : std::nullopt;
  if (!expected || !security::equal_constant_time(*given, *expected)) return wrong_token();
  GEWU_TRY(hash, this->hash(password));
  // Of two that use the token at once, one finds it used.
  const std::lock_guard lock(administrator_mutex_);
  GEWU_TRY(still, office_.store.read_office(kAdministratorKey));
  if (still != kept) return wrong_token();
  NewAccount administrator;
  administrator.login = login;
  administrator.display_name = login;
  administrator.password_hash = std::move(hash);
  administrator.may_administer = true;
  administrator.may_import_past = true;
  GEWU_TRY(account, make_account(office_, administrator, "init"));
  GEWU_CHECK(office_.store.write_office(kAdministratorKey, ""));
  return open_session(office_, account);
}

Result<std::string> issue_first_token(Office& office) {
  const auto token = security::issue_administrator_token(office.random);
  GEWU_CHECK(office.store.write_office(kAdministratorKey, security::hex_encode(token.stored)));
  return token.text;
}

Result<SignedIn> open_session(Office& office, AccountId account) {
  const auto token = security::issue_session_token(office.random);
  const auto csrf = security::issue_session_token(office.random);
  const Instant now = office.clock.now();
  const store::Session session{token.stored, account, now, now, now + kSessionLongestMs,
                               csrf.text};
  GEWU_CHECK(office.store.write_session(session));
  return SignedIn{token.text, csrf.text, account, session.expires_at};
}

Result<SignedInCaller> find_session(Office& office, std::string_view token) {
  const auto absent = [] { return refuse(ErrorCode::unauthenticated, "session.absent"); };
  const auto hash = security::read_session_token(token);
  if (!hash) return absent();
  GEWU_TRY(session, office.store.find_session(*hash));
  if (!session) return absent();
  const Instant now = office.clock.now();
  if (session->expires_at <= now || now - session->last_seen_at >= kSessionIdleMs) return absent();
  GEWU_TRY(account, office.store.find_account(session->account));
  if (!account || account->disabled) return absent();
  if (now - session->last_seen_at >= kSeenStepMs) {
    session->last_seen_at = now;
    GEWU_CHECK(office.store.write_session(*session));
  }
  SignedInCaller signed_in;
  signed_in.caller.account = session->account;
  signed_in.caller.session_opened = session->opened_at;
  signed_in.csrf = session->csrf;
  signed_in.may_administer = account->may_administer;
  signed_in.may_import_past = account->may_import_past;
  return signed_in;
}

Status check_csrf(const SignedInCaller& signed_in, std::string_view given) {
  if (!security::equal_constant_time(security::view_of(signed_in.csrf),
                                        security::view_of(given)))
    return refuse(ErrorCode::forbidden, "session.csrf");
  return {};
}

Status sign_out(Office& office, std::string_view token) {
  const auto hash = security::read_session_token(token);
  if (!hash) return {};
  return office.store.end_session(*hash);
}

}  // namespace gewu::usecase
