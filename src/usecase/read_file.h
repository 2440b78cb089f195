#pragma once

#include "store/blobs.h"
#include "usecase/caller.h"

namespace gewu::usecase {

/// A file as somebody may have it who sees the field or the step that names it.
struct ShownFile {
  std::string name;
  store::Blob blob;
};

/// `not_found` for a file that nothing names which this caller sees on this matter, exactly as
/// when there is none: knowing a hash opens nothing.
Result<ShownFile> read_file(Office& office, const Caller& caller, MatterId matter,
                            std::string_view sha256);

}  // namespace gewu::usecase
