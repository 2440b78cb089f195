#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/result.h"
#include "kernel/people/organisation.h"
#include "kernel/people/unit.h"

namespace gewu::kernel {

/// State of a post: the spelling of the built-in type `post`.
enum class PostState { filled, vacant, abolished };

std::string_view post_state_name(PostState state);
std::optional<PostState> parse_post_state(std::string_view name);

/// Somebody who sits on a post for a time, [from, until). A deputy (副职、代理) acts with the same
/// rights and takes no seat.
struct Holder {
  AccountId account;
  Instant from;
  std::optional<Instant> until;
  bool deputy = false;
  bool operator==(const Holder&) const = default;
};

/// A seat (岗位): role, the unit it sits on and the organisation it belongs to. Duties follow the
/// post, not the person. Without an `organisation` it belongs to its unit, or to the office in
/// charge of it (Roster::organisation_of).
struct Post {
  PostId id;
  std::string key;  ///< its name in tables and scenarios
  std::string role;
  Unit unit;
  std::optional<OrganisationKey> organisation;
  int seats = 1;
  std::vector<Holder> holders;  ///< past and present, in the order they were seated
  PostState state = PostState::vacant;
  bool operator==(const Post&) const = default;
};

constexpr bool holds_at(const Holder& holder, Instant instant) {
  return holder.from <= instant && (!holder.until.has_value() || instant < *holder.until);
}

/// Accounts that may act for the post at that instant, deputies after holders.
std::vector<AccountId> holders_at(const Post& post, Instant instant);

/// The built-in actions of a post. Each gives the post as it is afterwards; refusals carry
/// `post.seat.full`, `post.seat.held`, `post.leave.not_held` or `post.abolished`.
Result<Post> seat(Post post, AccountId account, Instant from);
Result<Post> deputise(Post post, AccountId account, Instant from, std::optional<Instant> until);
Result<Post> leave(Post post, AccountId account, Instant until);
Result<Post> abolish(Post post, Instant until);

}  // namespace gewu::kernel
