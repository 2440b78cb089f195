#include "usecase/administrators.h"

#include <algorithm>

#include "usecase/read_me.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kThree = "three_administrators";

bool audits(const Directory& directory, const Post& post, Instant now) {
  const Locality* place = locality_of_post(directory, post, now);
  if (place == nullptr) return false;
  const auto role = place->roles.find(post.role);
  return role != place->roles.end() && role->second.audits;
}

const char* key_of(Duty duty) {
  switch (duty) {
    case Duty::system: return "administrator.system";
    case Duty::security: return "administrator.security";
    case Duty::audit: return "administrator.audit";
  }
  return "account.administer";
}

}  // namespace

bool has_three_administrators(const Directory& directory) {
  return std::ranges::any_of(directory.localities, [](const auto& entry) {
    const Setting* setting = entry.second->find_setting(kThree);
    const bool* is_on = setting ? setting->value.template get<bool>() : nullptr;
    return is_on && *is_on;
  });
}

std::vector<Duty> duties_of(const Office& office, const SignedInCaller& by) {
  std::vector<Duty> duties;
  if (by.may_administer) duties.push_back(Duty::system);
  if (by.may_secure) duties.push_back(Duty::security);
  const DirectoryPtr directory = directory_of(office);
  const Instant now = office.clock.now();
  const auto held = directory->roster->posts_held(by.caller.account, now);
  if (by.may_audit || std::ranges::any_of(held, [&](const Post* post) {
        return audits(*directory, *post, now);
      }))
    duties.push_back(Duty::audit);
  return duties;
}

bool is_staff(const Office& office, const SignedInCaller& by) {
  if (by.may_administer || by.may_secure || by.may_audit || by.may_import_past) return true;
  const DirectoryPtr directory = directory_of(office);
  return !directory->roster->posts_held(by.caller.account, office.clock.now()).empty();
}

Status check_duty(const Office& office, const SignedInCaller& by, std::vector<Duty> any_of) {
  const std::vector<Duty> duties = duties_of(office, by);
  const auto has = [&](Duty duty) { return std::ranges::find(duties, duty) != duties.end(); };
  const bool fits = std::ranges::any_of(any_of, has);
  if (!has_three_administrators(*directory_of(office))) {
    if (fits || has(Duty::system)) return {};
    const bool is_audit = any_of == std::vector{Duty::audit};
    return refuse(ErrorCode::forbidden, is_audit ? "account.audit" : "account.administer");
  }
  if (!fits) return refuse(ErrorCode::forbidden, key_of(any_of.front()));
  if (duties.size() > 1) return refuse(ErrorCode::forbidden, "administrator.two");
  return {};
}

std::vector<const char*> open_doors(const Office& office, const SignedInCaller& by) {
  std::vector<const char*> doors;
  for (const auto& [duty, name] : {std::pair{Duty::system, "system"},
                                   std::pair{Duty::security, "security"},
                                   std::pair{Duty::audit, "audit"}})
    if (check_duty(office, by, {duty})) doors.push_back(name);
  return doors;
}

std::vector<PostId> audit_posts(const Directory& directory, Instant now) {
  std::vector<PostId> posts;
  for (const Post* post : directory.roster->all_posts())
    if (audits(directory, *post, now) &&
        std::ranges::any_of(post->holders,
                            [&](const Holder& holder) { return holds_at(holder, now); }))
      posts.push_back(post->id);
  return posts;
}

}  // namespace gewu::usecase
