#pragma once

#include <string>
#include <vector>

#include "usecase/list_posts.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

/// A post that serves a place (服务本地的岗位): its name and what it does, never who holds it.
struct ServingPost {
  MyPost post;                ///< `deputy` and `unread` say nothing here
  kernel::Label duty;         ///< of its role
  bool is_vacant = false;
};

/// A thing that everybody may go to (服务点): the row of a register whose point everybody may see.
struct Facility {
  MatterRow row;              ///< as everybody sees it
  kernel::LonLat point;
  std::string address;
  std::optional<std::int64_t> metres;  ///< as the crow flies, from the middle of the place
};

/// What everybody is told of a place, the same for whoever asks.
struct OpenPlace {
  kernel::DirectoryPtr directory;
  const kernel::Territory* place = nullptr;
  std::vector<const kernel::Territory*> above;           ///< from the top down
  std::vector<const kernel::Territory*> below;
  const kernel::Locality* locality = nullptr;            ///< null: it lies in none
  std::vector<const kernel::Organisation*> offices;      ///< in charge here, the nearest first
  std::vector<ServingPost> posts;                        ///< the nearest first
  std::vector<Facility> facilities;                      ///< the nearest first, at most thirty
};

/// Who serves a place, and what lies nearest. Posts are those of roles with a `duty`, on the place and
/// on what lies above it up to its community, and of lanes and the like that run through it. A
/// position is never asked for: whoever knows his own counts the distances himself. `not_found` for
/// a code that does not stand today.
Result<OpenPlace> read_open_place(Office& office, const std::string& code);

}  // namespace gewu::usecase
