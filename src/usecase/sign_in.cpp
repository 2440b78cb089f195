#include "usecase/sign_in.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "security/bytes.h"
#include "security/one_time_code.h"
#include "security/token.h"
#include "usecase/administrators.h"
#include "usecase/change_directory.h"

namespace gewu::usecase {

namespace {

constexpr std::size_t kQueueMax = 32;
constexpr int kWrongMax = 10;           ///< of one browser, or one network, for a login
constexpr int kWrongMaxElsewhere = 100;  ///< for a login from all browsers that it never used
constexpr std::int64_t kWrongWindowMs = 15 * 60'000;
constexpr std::size_t kWrongKept = 10'000;
constexpr std::size_t kPasswordMin = 10;
constexpr std::size_t kPasswordBytesMax = 1'024;
constexpr std::size_t kDeviceSaltSize = 16;
/// Where the hash of a first administrator's token lies; with three, each has one.
struct FirstToken {
  Duty duty;
  const char* key;
};
constexpr FirstToken kFirstTokens[] = {{Duty::system, "first_administrator"},
                                       {Duty::security, "first_security"},
                                       {Duty::audit, "first_audit"}};
constexpr const char* kDeviceKey = "device_key";

Result<std::optional<FirstToken>> find_first(Office& office, const security::Sha256& given) {
  for (const FirstToken& first : kFirstTokens) {
    GEWU_TRY(kept, office.store.read_office(first.key));
    const auto expected = kept ? security::parse_sha256(*kept) : std::nullopt;
    if (expected && security::equal_constant_time(given, *expected)) return std::optional(first);
  }
  return std::optional<FirstToken>();
}

Status check_password(std::string_view password) {
  if (!is_utf8(password) || password.size() > kPasswordBytesMax ||
      count_code_points(password) < kPasswordMin)
    return refuse(ErrorCode::invalid, "account.password");
  return {};
}

std::unexpected<Error> refused() {
  return refuse(ErrorCode::unauthenticated, "sign_in.refused");
}

/// The network that an address lies in, roughly: the first three numbers, or four groups. Whoever
/// has one address of it mostly has the others too.
std::string network_of(std::string_view peer) {
  const char separator = peer.find(':') == std::string_view::npos ? '.' : ':';
  const auto parts = split(peer, separator);
  std::string network;
  const std::size_t kept = separator == '.' ? 3 : 4;
  for (std::size_t i = 0; i < parts.size() && i < kept; ++i)
    network += std::string(parts[i]) + separator;
  return network;
}

std::string account_bucket(AccountId account) { return "account " + std::to_string(account.value); }

}  // namespace

/// The one place at the desk: waits for it, known browsers first, or is sent away when too many
/// wait.
class SignInDesk::Turn {
 public:
  static Result<std::unique_ptr<Turn>> take(SignInDesk& desk, Lane lane) {
    std::unique_lock lock(desk.mutex_);
    const bool is_known = lane == Lane::known;
    std::size_t& waiting = is_known ? desk.waiting_known_ : desk.waiting_other_;
    if (waiting >= kQueueMax) return refuse(ErrorCode::too_many, "sign_in.busy");
    ++waiting;
    desk.freed_.wait(lock, [&] {
      return !desk.busy_ && (is_known || desk.waiting_known_ == 0);
    });
    --waiting;
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
    // All: the one that was told first may have to let a known browser pass.
    desk_.freed_.notify_all();
  }

 private:
  SignInDesk& desk_;
};

std::int64_t SignInDesk::left_to_wait(const std::string& bucket, int most, Instant now) {
  const auto known = wrong_.find(bucket);
  if (known == wrong_.end()) return 0;
  const std::int64_t passed_ms = now - known->second.since;
  if (passed_ms >= kWrongWindowMs) {
    wrong_.erase(known);
    return 0;
  }
  return known->second.times >= most ? kWrongWindowMs - passed_ms : 0;
}

Status SignInDesk::check_wait(const std::vector<std::pair<std::string, int>>& buckets,
                              Instant now) {
  const std::lock_guard lock(mutex_);
  std::int64_t wait_ms = 0;
  for (const auto& [bucket, most] : buckets)
    wait_ms = std::max(wait_ms, left_to_wait(bucket, most, now));
  if (wait_ms == 0) return {};
  const auto rounded_up = [&](std::int64_t unit_ms) {
    return std::to_string((wait_ms + unit_ms - 1) / unit_ms);
  };
  return refuse(ErrorCode::too_many, "sign_in.wait",
                {{"seconds", rounded_up(1'000)}, {"minutes", rounded_up(60'000)}});
}

void SignInDesk::count_wrong(const std::vector<std::pair<std::string, int>>& buckets,
                             Instant now) {
  const std::lock_guard lock(mutex_);
  if (wrong_.size() >= kWrongKept)
    std::erase_if(wrong_, [&](const auto& entry) {
      return now - entry.second.since >= kWrongWindowMs;
    });
  for (const auto& [bucket, most] : buckets) {
    // A flood of made-up names must not take all memory, nor push out those that count.
    if (wrong_.size() >= kWrongKept && !wrong_.contains(bucket)) continue;
    Wrong& wrong = wrong_[bucket];
    if (wrong.times == 0) wrong.since = now;
    ++wrong.times;
  }
}

/// Made when it is first needed. It guards who waits for whom, never who comes in.
Result<std::string> SignInDesk::device_key() {
  GEWU_TRY(kept, office_.store.read_office(kDeviceKey));
  if (kept) return *kept;
  const std::string made = security::issue_session_token(office_.random).text;
  GEWU_CHECK(office_.store.write_office(kDeviceKey, made));
  return made;
}

Result<std::string> SignInDesk::issue_device(std::string_view login) {
  GEWU_TRY(key, device_key());
  security::Bytes salt(kDeviceSaltSize);
  office_.random.fill(salt);
  const auto proof =
      security::hmac_sha256(security::view_of(key), {salt, security::view_of(login)});
  return security::base64url_encode(salt) + "." + security::base64url_encode(proof);
}

Result<bool> SignInDesk::knows_device(std::string_view device, std::string_view login) {
  const auto parts = split(device, '.');
  if (parts.size() != 2) return false;
  const auto salt = security::base64url_decode(parts[0]);
  const auto proof = security::base64url_decode(parts[1]);
  if (!salt || salt->size() != kDeviceSaltSize || !proof) return false;
  GEWU_TRY(key, device_key());
  const auto expected =
      security::hmac_sha256(security::view_of(key), {*salt, security::view_of(login)});
  return security::equal_constant_time(*proof, expected);
}

bool SignInDesk::is_password(const std::string& hash, std::string_view password) {
  bool is_right = false;
  hasher_.run([&] {
    if (hash.empty()) security::spend_password_time(password, cost_);
    else is_right = security::verify_password(hash, password);
  });
  return is_right;
}

Result<std::string> SignInDesk::make_hash(std::string_view password) {
  Result<std::string> made;
  hasher_.run([&] { made = security::hash_password(password, cost_); });
  return made;
}

Status SignInDesk::check_second_factor(AccountId account, std::string_view code, Instant now) {
  GEWU_TRY(factor, office_.store.find_second_factor(account));
  if (!factor || !factor->confirmed) return {};
  if (code.empty()) return refuse(ErrorCode::unauthenticated, "sign_in.code_needed");
  if (const auto step = security::match_code(factor->secret, code, now, factor->last_step)) {
    factor->last_step = *step;
    return office_.store.write_second_factor(*factor);
  }
  if (const auto hash = security::read_receipt_code(code)) {
    const auto left = std::ranges::find(factor->recovery, *hash);
    if (left != factor->recovery.end()) {
      factor->recovery.erase(left);
      return office_.store.write_second_factor(*factor);
    }
  }
  return refuse(ErrorCode::unauthenticated, "sign_in.code");
}

Result<SignedIn> SignInDesk::sign_in(const SignInAttempt& attempt) {
  const std::string login(attempt.login.substr(0, 64));
  const Instant now = office_.clock.now();
  if (attempt.password.size() > kPasswordBytesMax) return refused();
  GEWU_TRY(is_known, knows_device(attempt.device, login));
  std::vector<std::pair<std::string, int>> buckets;
  if (is_known) {
    buckets = {{"device " + std::string(attempt.device), kWrongMax}};
  } else {
    buckets = {{"network " + network_of(attempt.peer) + " " + login, kWrongMax},
               {"login " + login, kWrongMaxElsewhere}};
  }
  GEWU_CHECK(check_wait(buckets, now));
  GEWU_TRY(account, office_.store.find_account(std::string(attempt.login)));
  std::optional<std::string> better;
  {
    GEWU_TRY(turn, Turn::take(*this, is_known ? Lane::known : Lane::other));
    GEWU_CHECK(check_wait(buckets, now));  // others may have guessed while this one waited
    const bool may = account && !account->disabled && !account->password.empty();
    if (!is_password(may ? account->password : "", attempt.password)) {
      count_wrong(buckets, now);
      return refused();
    }
    // Inside the turn, so that a code given twice at once is taken once.
    if (auto proven = check_second_factor(account->id, attempt.code, now); !proven) {
      if (proven.error().key == "sign_in.code") count_wrong(buckets, now);
      return std::unexpected(proven.error());
    }
    if (security::needs_rehash(account->password, cost_))
      if (auto hash = make_hash(attempt.password)) better = std::move(*hash);
  }
  {
    // Only its own: a right password must not wipe out what others were counted for.
    const std::lock_guard lock(mutex_);
    wrong_.erase(buckets.front().first);
  }
  if (better) {
    account->password = std::move(*better);
    GEWU_CHECK(change_account(office_, *account));
  }
  GEWU_TRY(signed_in, open_session(office_, account->id, attempt.agent));
  GEWU_TRY(device, issue_device(login));
  signed_in.device = std::move(device);
  return signed_in;
}

Status SignInDesk::check_own_code(AccountId account, std::string_view code) {
  const Instant now = office_.clock.now();
  const std::vector<std::pair<std::string, int>> buckets = {
      {"code " + std::to_string(account.value), kWrongMax}};
  GEWU_CHECK(check_wait(buckets, now));
  const auto proven = check_second_factor(account, code, now);
  if (!proven && proven.error().key == "sign_in.code") count_wrong(buckets, now);
  return proven;
}

Result<std::string> SignInDesk::hash(std::string_view password) {
  GEWU_CHECK(check_password(password));
  GEWU_TRY(turn, Turn::take(*this, Lane::known));
  return make_hash(password);
}

Status SignInDesk::check_own_password(AccountId id, std::string_view password) {
  const Instant now = office_.clock.now();
  const std::vector<std::pair<std::string, int>> buckets{{account_bucket(id), kWrongMax}};
  GEWU_CHECK(check_wait(buckets, now));
  GEWU_TRY(account, office_.store.find_account(id));
  GEWU_TRY(turn, Turn::take(*this, Lane::known));
  const bool may = account && password.size() <= kPasswordBytesMax;
  if (is_password(may ? account->password : "", password)) return {};
  count_wrong(buckets, now);
  return refuse(ErrorCode::forbidden, "account.password_wrong");
}

Result<SignedIn> SignInDesk::make_first_administrator(std::string_view token,
                                                      std::string_view login,
                                                      std::string_view password) {
  const auto wrong_token = [] { return refuse(ErrorCode::forbidden, "sign_in.token"); };
  const auto given = security::read_administrator_token(token);
  if (!given) return wrong_token();
  GEWU_TRY(first, find_first(office_, *given));
  if (!first) return wrong_token();
  GEWU_TRY(hash, this->hash(password));
  // Of two that use the token at once, one finds it used.
  const std::lock_guard lock(administrator_mutex_);
  GEWU_TRY(still, find_first(office_, *given));
  if (!still) return wrong_token();
  NewAccount administrator;
  administrator.login = login;
  administrator.display_name = login;
  administrator.password_hash = std::move(hash);
  // One for all duties, unless three were asked for.
  administrator.may_administer = first->duty == Duty::system;
  administrator.may_import_past = first->duty == Duty::system;
  administrator.may_secure = first->duty == Duty::security;
  administrator.may_audit = first->duty == Duty::audit;
  GEWU_TRY(account, make_account(office_, administrator, "init"));
  GEWU_CHECK(office_.store.write_office(first->key, ""));
  GEWU_TRY(signed_in, open_session(office_, account));
  GEWU_TRY(device, issue_device(login));
  signed_in.device = std::move(device);
  return signed_in;
}

Result<std::vector<FirstAdministrator>> issue_first_tokens(Office& office) {
  const bool is_three = has_three_administrators(*directory_of(office));
  std::vector<FirstAdministrator> issued;
  for (const FirstToken& first : kFirstTokens) {
    if (!is_three && first.duty != Duty::system) continue;
    const auto token = security::issue_administrator_token(office.random);
    GEWU_CHECK(office.store.write_office(first.key, security::hex_encode(token.stored)));
    issued.push_back({first.duty, token.text});
  }
  return issued;
}

}  // namespace gewu::usecase
