#include "usecase/draw_unseals.h"

#include <algorithm>

#include "store/log_book.h"
#include "store/root_book.h"
#include "usecase/administrators.h"
#include "usecase/coverage.h"
#include "usecase/log_settings.h"
#include "usecase/read_me.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kDrawnEvent = "unseal_drawn";
constexpr const char* kSupervisors = "supervisors";
// The closing zero ends the label, so that it is the beginning of no other.
constexpr std::string_view kDrawLabel{"gewu/unseal-draw/1\0", 19};

bool is_free_of(const Post& post, AccountId account, const std::vector<const Post*>& held) {
  return !post.holders.empty() && std::ranges::find(held, &post) == held.end() &&
         std::ranges::none_of(post.holders,
                              [&](const Holder& holder) { return holder.account == account; });
}

bool supervises(const Post& post, const Directory& directory, Instant now) {
  const Locality* place = locality_of_post(directory, post, now);
  if (place == nullptr) return false;
  const auto roles = place->lists.find(kSupervisors);
  if (roles == place->lists.end()) return false;
  const ListRow* row = roles->second.find(post.role);
  return row != nullptr && !row->off;
}

/// Those over `unit` that have no other of them between.
std::vector<PostId> nearest_above(const Unit& unit, AccountId account, const Directory& directory,
                                  Instant now) {
  const auto held = directory.roster->posts_held(account, now);
  std::vector<const Post*> above;
  for (const Post* post : directory.roster->all_posts())
    if (is_free_of(*post, account, held) && supervises(*post, directory, now) &&
        covers_unit_of(*post, unit, directory, now))
      above.push_back(post);
  std::vector<PostId> nearest;
  for (const Post* post : above) {
    const bool is_farther = std::ranges::any_of(above, [&](const Post* other) {
      return covers_unit_of(*post, other->unit, directory, now) &&
             !covers_unit_of(*other, post->unit, directory, now);
    });
    if (!is_farther) nearest.push_back(post->id);
  }
  return nearest;
}

}  // namespace

bool is_drawn(const security::Sha256& line, std::int64_t percent) {
  const security::Sha256 draw =
      security::sha256({security::view_of(kDrawLabel), security::ByteView(line)});
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | draw[i];
  return number % 100 < static_cast<std::uint64_t>(std::clamp<std::int64_t>(percent, 0, 100));
}

Status draw_unseal(Office& office, const ActionTaken& taken) {
  if (taken.events.empty()) return {};
  const Event& step = taken.events.front();
  const DirectoryPtr directory = directory_of(office);
  const Locality* place = directory->locality_of(taken.matter->territory);
  const std::int64_t percent = place ? value_of(*place, kUnsealDrawn) : kUnsealDrawn.standard;
  GEWU_TRY(line, office.store.root_book().find_line(step.id));
  if (!line || !is_drawn(line->hash, percent)) return {};
  GEWU_TRY(account, office.store.find_account(step.actor.account));
  store::AuditRecord record;
  record.at = office.clock.now();
  record.event = kDrawnEvent;
  record.account = step.actor.account;
  record.source = "server";
  record.subject = taken.matter->number + " " + (account ? account->login : std::string());
  const Post* post = directory->roster->post(step.actor.post);
  std::vector<PostId> told;
  if (post != nullptr)
    told = nearest_above(post->unit, step.actor.account, *directory, record.at);
  if (told.empty()) told = audit_posts(*directory, record.at);
  // Each is told by itself, however many there were today.
  constexpr Instant kNever{INT64_MAX};
  GEWU_TRY(raised, office.store.log_book().raise(std::move(record), kNever, told));
  static_cast<void>(raised);
  return {};
}

}  // namespace gewu::usecase
