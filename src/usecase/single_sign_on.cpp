#include "usecase/single_sign_on.h"

#include "security/hash.h"

namespace gewu::usecase {

namespace {

constexpr int kAtOnceMax = 8;
constexpr std::size_t kSeedSize = 32;
constexpr std::size_t kCodeBytesMax = 4 * 1024;

std::unexpected<Error> refused(const char* key) {
  return refuse(ErrorCode::unauthenticated, key);
}

/// Nothing is kept here between the two halves of a sign-in: state, nonce and verifier are three
/// values that only the holder of the seed can make.
gateway::SignInSecrets secrets_of(security::ByteView seed) {
  const auto derive = [&](std::string_view what) {
    return security::base64url_encode(security::hmac_sha256(seed, security::view_of(what)));
  };
  return {derive("state"), derive("nonce"), derive("verifier")};
}

}  // namespace

/// One of the few that may wait for the provider at once.
class SingleSignOn::Turn {
 public:
  explicit Turn(std::atomic<int>& waiting) : waiting_(waiting) {
    is_mine_ = ++waiting_ <= kAtOnceMax;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { --waiting_; }
  Status check() const {
    if (is_mine_) return {};
    return refuse(ErrorCode::too_many, "sso.busy");
  }

 private:
  std::atomic<int>& waiting_;
  bool is_mine_ = false;
};

Result<SingleSignOn::Begun> SingleSignOn::begin() {
  const Turn turn(waiting_);
  GEWU_CHECK(turn.check());
  security::Bytes seed(kSeedSize);
  office_.random.fill(seed);
  GEWU_TRY(url, provider_.begin(secrets_of(seed)));
  return Begun{std::move(url), security::base64url_encode(seed)};
}

Result<SignedIn> SingleSignOn::finish(std::string_view code, std::string_view state,
                                      std::string_view seed, std::string_view agent) {
  const auto bytes = security::base64url_decode(seed);
  if (!bytes || bytes->size() != kSeedSize) return refused("sso.state");
  const gateway::SignInSecrets secrets = secrets_of(*bytes);
  if (!security::equal_constant_time(security::view_of(secrets.state), security::view_of(state)))
    return refused("sso.state");
  if (code.empty() || code.size() > kCodeBytesMax) return refused("sso.answer");
  const Turn turn(waiting_);
  GEWU_CHECK(turn.check());
  GEWU_TRY(identity, provider_.finish(std::string(code), secrets, office_.clock.now()));
  GEWU_TRY(account, office_.store.find_account(identity.login));
  if (!account || account->disabled) return refused("sso.account");
  GEWU_TRY(factor, office_.store.find_second_factor(account->id));
  if (factor && factor->confirmed && !identity.with_second_factor)
    return refused("sso.second_factor");
  return open_session(office_, account->id, agent);
}

}  // namespace gewu::usecase
