#include "kernel/people/post.h"

#include <algorithm>
#include <utility>

namespace gewu::kernel {
namespace {

/// Before `until` the person sits on the post, from then on no more: later stays are taken back.
void end_stay(Holder& holder, Instant until) {
  if (!holder.until || until < *holder.until) holder.until = until;
}

bool is_later(const Holder& holder, Instant instant) {
  return !holder.until || instant < *holder.until;
}

/// Filled while somebody who takes a seat still sits on it or will.
PostState state_from(const Post& post, Instant instant) {
  const bool taken = std::ranges::any_of(post.holders, [&](const Holder& holder) {
    return !holder.deputy && is_later(holder, instant);
  });
  return taken ? PostState::filled : PostState::vacant;
}

Status check_new_stay(const Post& post, AccountId account, Instant from,
                      std::optional<Instant> until) {
  if (post.state == PostState::abolished) return refuse(ErrorCode::conflict, "post.abolished");
  const bool held = std::ranges::any_of(post.holders, [&](const Holder& holder) {
    return holder.account == account && is_later(holder, from) && (!until || holder.from < *until);
  });
  if (held) return refuse(ErrorCode::conflict, "post.seat.held");
  return {};
}

}  // namespace

std::string_view post_state_name(PostState state) {
  switch (state) {
    case PostState::filled:
      return "filled";
    case PostState::vacant:
      return "vacant";
    case PostState::abolished:
      return "abolished";
  }
  std::unreachable();
}

std::optional<PostState> parse_post_state(std::string_view name) {
  for (const PostState state : {PostState::filled, PostState::vacant, PostState::abolished})
    if (post_state_name(state) == name) return state;
  return std::nullopt;
}

std::vector<AccountId> holders_at(const Post& post, Instant instant) {
  std::vector<AccountId> accounts;
  for (const bool deputies : {false, true})
    for (const Holder& holder : post.holders)
      if (holder.deputy == deputies && holds_at(holder, instant))
        accounts.push_back(holder.account);
  return accounts;
}

Result<Post> seat(Post post, AccountId account, Instant from) {
  GEWU_CHECK(check_new_stay(post, account, from, std::nullopt));
  const auto taken = std::ranges::count_if(
      post.holders, [&](const Holder& holder) { return !holder.deputy && is_later(holder, from); });
  if (taken >= post.seats)
    return refuse(ErrorCode::conflict, "post.seat.full", {{"seats", std::to_string(post.seats)}});
  post.holders.push_back({account, from, std::nullopt, false});
  post.state = PostState::filled;
  return post;
}

Result<Post> deputise(Post post, AccountId account, Instant from, std::optional<Instant> until) {
  if (until && *until <= from) return refuse(ErrorCode::invalid, "post.holder");
  GEWU_CHECK(check_new_stay(post, account, from, until));
  post.holders.push_back({account, from, until, true});
  return post;
}

Result<Post> leave(Post post, AccountId account, Instant until) {
  bool found = false;
  for (Holder& holder : post.holders) {
    if (holder.account != account || !is_later(holder, until) || until <= holder.from) continue;
    end_stay(holder, until);
    found = true;
  }
  if (!found) return refuse(ErrorCode::conflict, "post.leave.not_held");
  if (post.state == PostState::filled) post.state = state_from(post, until);
  return post;
}

Result<Post> abolish(Post post, Instant until) {
  if (post.state == PostState::abolished) return refuse(ErrorCode::conflict, "post.abolished");
  std::erase_if(post.holders, [&](const Holder& holder) { return until <= holder.from; });
  for (Holder& holder : post.holders) end_stay(holder, until);
  post.state = PostState::abolished;
  return post;
}

}  // namespace gewu::kernel
