#pragma once

#include <map>
#include <string>
#include <vector>

#include "kernel/matter/office_compile.h"

namespace gewu::kernel {

/// Sorts the files, resolves extensions and overlays, and gives the merged node of every locality,
/// only with what its systems bring. Under the name "" stands every system at once, as written.
std::map<Name, PublishedLocality> merge_office(const std::vector<DefinitionFile>& files,
                                               Messages& messages);

}  // namespace gewu::kernel
