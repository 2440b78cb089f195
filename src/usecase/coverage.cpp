#include "usecase/coverage.h"

#include <algorithm>

#include "kernel/matter/access.h"

namespace gewu::usecase {

using namespace gewu::kernel;

Result<std::vector<const Post*>> posts_of(const Caller& caller, const Directory& directory,
                                          Instant now) {
  if (!caller.account.has_value()) return refuse(ErrorCode::unauthenticated, "session.absent");
  auto held = directory.roster->posts_held(caller.account, now);
  if (caller.post.has_value()) {
    std::erase_if(held, [&](const Post* post) { return post->id != caller.post; });
    if (held.empty()) return refuse(ErrorCode::forbidden, "post.not_held");
  }
  if (held.empty()) return refuse(ErrorCode::forbidden, "post.none");
  return held;
}

bool covers_unit_of(const Post& post, const Unit& unit, const Directory& directory, Instant now) {
  const Organisation* organisation = directory.roster->organisation_of(post, day_of(now));
  if (covers_unit(post.unit, organisation ? organisation->key : std::string(), unit, directory))
    return true;
  if (post.unit.kind != Unit::Kind::organisation || unit.kind != Unit::Kind::territory)
    return false;
  const Organisation* own = directory.roster->organisation(post.unit.code);
  if (!own) return false;
  const auto& ground = own->territory ? own->territory : own->in_charge_of;
  return ground && covers(*ground, unit.code);
}

Status check_covered(const std::vector<const Post*>& posts, const Unit& unit,
                     const Directory& directory, Instant now) {
  const bool is_covered = std::ranges::any_of(
      posts, [&](const Post* post) { return covers_unit_of(*post, unit, directory, now); });
  if (!is_covered) return refuse(ErrorCode::forbidden, "unit.not_covered");
  return {};
}

}  // namespace gewu::usecase
