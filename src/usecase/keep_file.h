#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/matter.h"
#include "usecase/caller.h"

namespace gewu::usecase {

/// An upload (附件) as it was sent.
struct Upload {
  Caller caller;
  std::string name;        ///< what the sender calls it
  std::string content;
};

/// Puts an upload on the shelf and says how a file field names it. What it is, its bytes say; a
/// picture is drawn anew first. Nothing names it yet: without a matter it is swept after a day.
/// `too_large` `upload.too_large`; `invalid` `upload.type`, `upload.picture`, `upload.pixels`;
/// `forbidden` `upload.pictures_only` (somebody without account sends a document); `unavailable`
/// `store.full`, `upload.busy`, `upload.off`.
Result<kernel::FileRef> keep_file(Office& office, const Upload& upload);

/// Files that a request names, checked against the shelf inside the writer's turn: `invalid`
/// `upload.absent` (`field`) and `upload.count` (`field`, `max`). What the request says of their kind
/// and size is replaced by what the shelf knows, and their names are cleaned.
Status settle_files(Office& office, const kernel::Type& type, const kernel::Name& action,
                    std::vector<kernel::NamedValue>& values);

/// Removes what has lain for a day without any matter that names it; how many.
Result<std::size_t> sweep_files(Office& office);

}  // namespace gewu::usecase
