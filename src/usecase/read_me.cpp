#include "usecase/read_me.h"

#include <algorithm>

#include "usecase/coverage.h"
#include "usecase/export_matters.h"

namespace gewu::usecase {

using namespace gewu::kernel;

const Locality* locality_of_post(const Directory& directory, const Post& post, Instant now) {
  if (post.unit.kind == Unit::Kind::territory) return directory.locality_of(post.unit.code);
  const Organisation* organisation = directory.roster->organisation_of(post, day_of(now));
  if (!organisation) return nullptr;
  const auto& ground =
      organisation->territory ? organisation->territory : organisation->in_charge_of;
  return ground ? directory.locality_of(*ground) : nullptr;
}

namespace {

/// The office's own: the one nearest up from the ground that all its territory posts share; an
/// office without such posts has the one that lies highest.
const Locality* own_locality(const Directory& directory) {
  if (const auto& ground = directory.roster->common_ground())
    if (const Locality* own = directory.locality_of(*ground)) return own;
  const Locality* own = nullptr;
  for (const auto& [name, locality] : directory.localities)
    if (!own || locality->territory.size() < own->territory.size()) own = locality.get();
  return own;
}

bool is_deputy(const Post& post, AccountId account, Instant now) {
  return std::ranges::any_of(post.holders, [&](const Holder& holder) {
    return holder.account == account && holder.deputy && holds_at(holder, now);
  });
}

}  // namespace

Result<Me> read_me(Office& office, const Caller& caller) {
  Me me;
  me.directory = office.store.directory();
  const Directory& directory = *me.directory;
  const Instant now = office.clock.now();
  if (caller.account.has_value()) {
    GEWU_TRY(account, office.store.find_account(caller.account));
    me.account = std::move(account);
    for (const Post* post : directory.roster->posts_held(caller.account, now)) {
      me.posts.push_back({post, directory.roster->organisation_of(*post, day_of(now)),
                          locality_of_post(directory, *post, now),
                          is_deputy(*post, caller.account, now)});
      GEWU_TRY(of_post, office.store.count_unread({post->id}, now));
      me.posts.back().unread = of_post;
      me.unread += of_post;
    }
  }
  if (auto locality = choose_locality(directory, caller, now, {})) me.locality = *locality;
  return me;
}

Result<const Locality*> choose_locality(const Directory& directory, const Caller& caller,
                                        Instant now, std::string_view name) {
  if (!name.empty()) {
    const Locality* named = directory.find_locality(name);
    if (!named) return refuse(ErrorCode::not_found, "not_found");
    return named;
  }
  if (caller.account.has_value()) {
    for (const Post* post : directory.roster->posts_held(caller.account, now)) {
      if (caller.post.has_value() && post->id != caller.post) continue;
      if (const Locality* locality = locality_of_post(directory, *post, now)) return locality;
    }
  }
  const Locality* own = own_locality(directory);
  if (!own) return refuse(ErrorCode::not_found, "not_found");
  return own;
}

std::vector<const ActionSpec*> openings_for(const Type& type, const Directory& directory,
                                            const Caller& caller, Instant now) {
  std::vector<const Post*> held;
  if (caller.account.has_value()) held = directory.roster->posts_held(caller.account, now);
  const auto may = [&](const Audience& audience) {
    switch (audience.kind) {
      case Audience::Kind::everyone: return true;
      case Audience::Kind::member: return caller.account.has_value();
      case Audience::Kind::role:
        return std::ranges::any_of(held, [&](const Post* post) {
          return post->role == audience.role &&
                 (!caller.post.has_value() || post->id == caller.post);
        });
      case Audience::Kind::holder: return !held.empty();
      case Audience::Kind::author:
      case Audience::Kind::others:
      case Audience::Kind::system: return false;
    }
    return false;
  };
  std::vector<const ActionSpec*> openings;
  // Asked for at a list, which says what it holds.
  if (type.name == kExportType) return openings;
  for (const ActionSpec& action : type.actions)
    if (action.opens && !action.is_auto && std::ranges::any_of(action.by, may))
      openings.push_back(&action);
  return openings;
}

}  // namespace gewu::usecase
