#pragma once

#include "usecase/caller.h"

namespace gewu::usecase {

struct MyPost {
  const kernel::Post* post = nullptr;               ///< in `directory`
  const kernel::Organisation* organisation = nullptr;
  const kernel::Locality* locality = nullptr;       ///< null: its unit lies in none
  bool deputy = false;
  std::size_t unread = 0;                           ///< notices of the post
};

struct Me {
  kernel::DirectoryPtr directory;
  std::optional<store::Account> account;            ///< absent: nobody is signed in
  std::vector<MyPost> posts;
  std::size_t unread = 0;
  const kernel::Locality* locality = nullptr;       ///< of the first post, else the office's own
};

/// The locality in which a post works, by its unit or its organisation's ground; null: in none.
const kernel::Locality* locality_of_post(const kernel::Directory& directory,
                                         const kernel::Post& post, Instant now);

/// Who asks, through which posts he may act, and where.
Result<Me> read_me(Office& office, const Caller& caller);

/// The locality that a request means: the named one, else that of the named or first post, else
/// the office's own (nearest up from the ground that all its territory posts share). `not_found` for a
/// name that there is not, or when nothing was published yet.
Result<const kernel::Locality*> choose_locality(const kernel::Directory& directory,
                                                const Caller& caller, Instant now,
                                                std::string_view name);

/// Opening actions of a type that the caller may take as far as role and sign-in tell; whether
/// his post covers the place is known only once there is one.
std::vector<const kernel::ActionSpec*> openings_for(const kernel::Type& type,
                                                    const kernel::Directory& directory,
                                                    const Caller& caller, Instant now);

}  // namespace gewu::usecase
