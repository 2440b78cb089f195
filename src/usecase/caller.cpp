#include "usecase/caller.h"

#include <algorithm>

#include "kernel/matter/access.h"
#include "security/token.h"
#include "security/uuid.h"
#include "usecase/given_values.h"

namespace gewu::usecase {

using namespace gewu::kernel;

Result<Actor> actor_of(const Caller& caller, const Directory& directory, Instant now) {
  Actor actor;
  actor.account = caller.account;
  actor.receipt_of = caller.receipt_of;
  actor.by_link = caller.by_link;
  if (!caller.post.has_value()) {
    if (caller.account.has_value()) actor.kind = Actor::Kind::member;
    else if (caller.receipt_of.has_value()) actor.kind = Actor::Kind::author;
    return actor;
  }
  if (!caller.account.has_value()) return refuse(ErrorCode::unauthenticated, "session.absent");
  const auto held = directory.roster->posts_held(caller.account, now);
  const bool holds = std::ranges::any_of(
      held, [&](const Post* post) { return post->id == caller.post; });
  if (!holds) return refuse(ErrorCode::forbidden, "post.not_held");
  actor.kind = Actor::Kind::post;
  actor.post = caller.post;
  return with_post(actor, directory, now);
}

Result<std::optional<store::RequestKey>> key_of(const std::optional<RequestStamp>& stamp,
                                                const Caller& caller) {
  if (!stamp) return std::optional<store::RequestKey>();
  const auto uuid = security::parse_uuid(stamp->id);
  if (!uuid) return refuse(ErrorCode::invalid, "request.id");
  std::string scope = "public";
  if (caller.account.has_value())
    scope = "account:" + std::to_string(caller.account.value);
  else if (caller.receipt_of.has_value())
    scope = (caller.by_link ? "link:" : "receipt:") + std::to_string(caller.receipt_of.value);
  return std::optional(
      store::RequestKey{std::move(scope), security::format_uuid(*uuid), stamp->body});
}

Result<MatterId> find_named(Office& office, const Caller& caller, std::string_view name) {
  constexpr std::string_view kRequest = "request:";
  const auto absent = [] { return refuse(ErrorCode::not_found, "not_found"); };
  if (!name.starts_with(kRequest)) {
    const auto id = parse_matter_id(name);
    return id ? Result<MatterId>(*id) : absent();
  }
  const auto key = key_of(RequestStamp{std::string(name.substr(kRequest.size())), {}}, caller);
  if (!key) return absent();
  GEWU_TRY(found, office.store.find_request((*key)->scope, (*key)->id));
  return found ? Result<MatterId>(found->matter) : absent();
}

Result<Caller> find_receipt(Office& office, std::string_view code) {
  GEWU_TRY(hash, security::read_receipt_code(code));
  GEWU_TRY(matter, office.store.find_receipt(hash));
  if (!matter) return refuse(ErrorCode::not_found, "not_found");
  Caller caller;
  caller.receipt_of = *matter;
  return caller;
}

}  // namespace gewu::usecase
