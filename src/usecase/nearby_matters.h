#pragma once

#include <optional>
#include <string>
#include <vector>

#include "usecase/caller.h"

namespace gewu::usecase {

/// How a passer-by says that he is concerned too (同诉): the opening of a type of its own, whose
/// link field names the matter.
struct JoinForm {
  kernel::TypePtr type;
  const kernel::ActionSpec* action = nullptr;  ///< in `type`
  const kernel::FieldSpec* field = nullptr;    ///< in `type`
};

/// An open matter that anybody may know of who stands near it: no words of its author.
struct NearbyMatter {
  MatterId id;
  kernel::TypePtr type;
  const kernel::ListRow* what = nullptr;       ///< the row of its category, in `type`
  std::size_t state = 0;                       ///< index into Type::states
  std::int64_t metres = 0;                     ///< between middles of squares, in whole 100 m
  Date day;                                    ///< on which it was opened, in the office's zone
  std::optional<std::int64_t> joined;          ///< how many joined it; small numbers stay unsaid
  std::optional<JoinForm> join;
};

struct Nearby {
  kernel::DirectoryPtr directory;
  std::vector<NearbyMatter> matters;           ///< nearest first, at most five
};

/// Open matters of a type within some 300 m of a point, as far as `see` of the type lets everybody
/// see them and tells a place and a category: one without either is not told of. The same answer
/// for everybody, also for those who may see more. `invalid` `territory.point` for a point off the
/// earth, `not_found` for a type that the locality has not.
struct NearbyQuestion {
  std::string locality;                        ///< empty: that of the caller
  kernel::Name type;
  kernel::LonLat point;
};
Result<Nearby> find_nearby(Office& office, const Caller& caller, const NearbyQuestion& question);

}  // namespace gewu::usecase
