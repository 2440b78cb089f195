#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "kernel/matter/office_compile.h"

namespace gewu::cli {

/// Every definition below DIR/systems and DIR/localities (and DIR/tests/localities with `tests`),
/// parsed. All faults of form are in `others` of one error `definition.files`.
Result<std::vector<kernel::DefinitionFile>> read_definitions(const std::string& folder,
                                                             bool tests);

/// Prints messages as file:line, key, what to do.
void print_messages(const kernel::Messages& messages);

}  // namespace gewu::cli
