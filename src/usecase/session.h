#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/spans.h"
#include "usecase/caller.h"

namespace gewu::usecase {

/// A session as it is given to a browser: the token goes into the cookie, never anywhere else.
struct SignedIn {
  std::string token;
  std::string csrf;         ///< repeated by every request that changes something
  AccountId account;
  Instant expires_at;
  std::string device;       ///< for the cookie by which this browser is known; may be empty
};

/// Somebody whose session stands.
struct SignedInCaller {
  Caller caller;
  std::string csrf;
  std::string session;      ///< `SessionLine::id` of this session
  bool may_administer = false;
  bool may_import_past = false;
  bool may_secure = false;
  bool may_audit = false;
};

/// One of my sessions, as its owner sees it.
struct SessionLine {
  std::string id;           ///< from the token's hash: opens nothing
  std::string agent;
  Instant opened_at, last_seen_at, expires_at;
};

inline constexpr std::int64_t kSessionIdleMs = 12 * kMsPerHour;      ///< unused for so long: over
inline constexpr std::int64_t kSessionLongestMs = 30 * kMsPerDay;

/// A session of an account that has proven itself. `agent` is what the browser calls itself.
Result<SignedIn> open_session(Office& office, AccountId account, std::string_view agent = {});
/// The session of a cookie; renews it when it was last seen over a minute ago.
/// `unauthenticated` `session.absent` (no such, over, or its account disabled).
Result<SignedInCaller> find_session(Office& office, std::string_view token);
/// Compares in constant time. `forbidden` `session.csrf`.
Status check_csrf(const SignedInCaller& signed_in, std::string_view given);
/// Ends it; a token that nobody has is no error.
Status sign_out(Office& office, std::string_view token);

/// Those of an account that still stand, the last seen first.
Result<std::vector<SessionLine>> list_sessions(Office& office, AccountId account);
/// Ends one of the account's own. `not_found` `session.unknown`.
Status end_session(Office& office, AccountId account, std::string_view id);
/// Ends all of an account but one (its id; empty: all).
Status end_other_sessions(Office& office, AccountId account, std::string_view keep);

}  // namespace gewu::usecase
