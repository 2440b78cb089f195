#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "codec/json.h"
#include "kernel/matter/matter.h"
#include "security/hash.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// Who asks, as a door knows him: by session, by the post that the request names, by a code.
struct Caller {
  AccountId account;       ///< none: nobody is signed in
  PostId post;             ///< named by the request; none: not named
  MatterId receipt_of;     ///< the matter whose receipt code (回执码) was shown
  bool by_link = false;    ///< of that matter an answer link (答复链接) was shown instead
  Instant session_opened;  ///< sealed values opened since then may be shown again
  std::string request;     ///< the door's id of the request, for the logs
};

/// Values as a request gives them: JSON by field name (openapi `Values`), or already read.
using GivenValues = std::variant<std::vector<kernel::NamedValue>, codec::Json>;

/// The id that a client gives a request, so that sending it twice changes nothing (engine.md 2).
struct RequestStamp {
  std::string id;            ///< UUID; other forms are `invalid` `request.id`
  security::Sha256 body{};   ///< of method, route and body
};

/// The actor before the law. `forbidden` `post.not_held` when the account does not hold the post
/// that the request names; `unauthenticated` `session.absent` when nobody is signed in to hold it.
Result<kernel::Actor> actor_of(const Caller& caller, const kernel::Directory& directory,
                               Instant now);

/// The key of a request in the scope of its caller.
Result<std::optional<store::RequestKey>> key_of(const std::optional<RequestStamp>& stamp,
                                                const Caller& caller);

/// A matter as a request names it: its decimal id, or `request:UUID`, the one that an earlier
/// request of the same caller opened. `not_found` for anything else.
Result<MatterId> find_named(Office& office, const Caller& caller, std::string_view name);

/// The author's own matter by his receipt code. `not_found` for a code that nobody has; `invalid`
/// `token.receipt.…` for a mistyped one.
Result<Caller> find_receipt(Office& office, std::string_view code);

}  // namespace gewu::usecase
