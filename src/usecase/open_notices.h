#pragma once

#include <string>
#include <vector>

#include "usecase/read_room.h"

namespace gewu::usecase {

/// What stands on a billboard (公示栏): as everybody sees it.
struct OpenNotice {
  MatterRow row;
  const kernel::ViewSpec* board = nullptr;   ///< in the type of today
};

struct OpenNotices {
  kernel::DirectoryPtr directory;
  std::vector<OpenNotice> notices;           ///< the newest first, at most fifty
};

/// Matters of types with a public view that everybody may see now, of a place and what lies in it; of
/// the whole office for the empty code. `not_found` for a place in no locality. The same answer for
/// whoever asks.
Result<OpenNotices> list_open_notices(Office& office, const std::string& place);
/// One of them; `not_found` for every other matter.
Result<OpenNotices> read_open_notice(Office& office, MatterId id);

}  // namespace gewu::usecase
