#pragma once

#include <string>

#include "base/random.h"
#include "base/result.h"
#include "security/key.h"

namespace gewu::cli {

/// A file in sealed boxes of 1 MiB each, bound to their place and to the last one, so that none can
/// be left out, moved or cut off. `unavailable` `file.write`, `not_found` `file.absent`.
Status seal_file(const std::string& from, const std::string& to, const security::Key& key,
                 Random& random);
/// The other way. `invalid` `backup.form`; `internal` `sealed_box.broken`.
Status open_sealed_file(const std::string& from, const std::string& to, const security::Key& key);

}  // namespace gewu::cli
