#pragma once

#include <string>
#include <vector>

#include "cli/open_office.h"
#include "usecase/keep_roots.h"

namespace gewu::cli {

/// Where the signed roots of the journal go.
struct WitnessOptions {
  std::vector<std::string> files, urls;
};

/// The key in KEYS/roots.key, made where there is none and no root was ever signed (its public
/// half stands beside it as roots.pub); and the witnesses. `not_found` `root.key.absent` when it
/// is gone though roots were signed with it: another key would be another past.
Result<usecase::RootKeeper> open_root_keeper(OpenOffice& opened, const OfficePlace& place,
                                             const WitnessOptions& witnesses);

}  // namespace gewu::cli
