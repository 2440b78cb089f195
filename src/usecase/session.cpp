#include "usecase/session.h"

#include "base/text.h"
#include "security/bytes.h"
#include "security/token.h"

namespace gewu::usecase {

namespace {

constexpr std::int64_t kSeenStepMs = 60'000;
constexpr std::size_t kAgentMax = 160;
constexpr std::size_t kIdBytes = 12;

std::string id_of(const security::Sha256& token_hash) {
  return security::base64url_encode(security::ByteView(token_hash).first(kIdBytes));
}

bool is_over(const store::Session& session, Instant now) {
  return session.expires_at <= now || now - session.last_seen_at >= kSessionIdleMs;
}

/// Printable ASCII alone: it is shown again, and comes from outside.
std::string cut_agent(std::string_view agent) {
  std::string kept;
  for (const char symbol : agent.substr(0, kAgentMax))
    if (symbol >= ' ' && symbol <= '~') kept.push_back(symbol);
  return kept;
}

}  // namespace

Result<SignedIn> open_session(Office& office, AccountId account, std::string_view agent) {
  const auto token = security::issue_session_token(office.random);
  const auto csrf = security::issue_session_token(office.random);
  const Instant now = office.clock.now();
  const store::Session session{token.stored, account, now, now, now + kSessionLongestMs,
                               csrf.text, cut_agent(agent)};
  GEWU_CHECK(office.store.write_session(session));
  return SignedIn{token.text, csrf.text, account, session.expires_at, ""};
}

Result<SignedInCaller> find_session(Office& office, std::string_view token) {
  const auto absent = [] { return refuse(ErrorCode::unauthenticated, "session.absent"); };
  const auto hash = security::read_session_token(token);
  if (!hash) return absent();
  GEWU_TRY(session, office.store.find_session(*hash));
  if (!session) return absent();
  const Instant now = office.clock.now();
  if (is_over(*session, now)) return absent();
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
  signed_in.session = id_of(*hash);
  signed_in.may_administer = account->may_administer;
  signed_in.may_import_past = account->may_import_past;
  signed_in.may_secure = account->may_secure;
  signed_in.may_audit = account->may_audit;
  return signed_in;
}

Status check_csrf(const SignedInCaller& signed_in, std::string_view given) {
  if (!security::equal_constant_time(security::view_of(signed_in.csrf), security::view_of(given)))
    return refuse(ErrorCode::forbidden, "session.csrf");
  return {};
}

Status sign_out(Office& office, std::string_view token) {
  const auto hash = security::read_session_token(token);
  if (!hash) return {};
  return office.store.end_session(*hash);
}

Result<std::vector<SessionLine>> list_sessions(Office& office, AccountId account) {
  GEWU_TRY(sessions, office.store.find_sessions(account));
  const Instant now = office.clock.now();
  std::vector<SessionLine> lines;
  for (const store::Session& session : sessions)
    if (!is_over(session, now))
      lines.push_back({id_of(session.token_hash), session.agent, session.opened_at,
                       session.last_seen_at, session.expires_at});
  return lines;
}

Status end_session(Office& office, AccountId account, std::string_view id) {
  GEWU_TRY(sessions, office.store.find_sessions(account));
  for (const store::Session& session : sessions)
    if (id_of(session.token_hash) == id) return office.store.end_session(session.token_hash);
  return refuse(ErrorCode::not_found, "session.unknown");
}

Status end_other_sessions(Office& office, AccountId account, std::string_view keep) {
  GEWU_TRY(sessions, office.store.find_sessions(account));
  for (const store::Session& session : sessions)
    if (id_of(session.token_hash) != keep)
      GEWU_CHECK(office.store.end_session(session.token_hash));
  return {};
}

}  // namespace gewu::usecase
