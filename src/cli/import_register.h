#pragma once

#include <string>

#include "cli/verbs.h"
#include "usecase/office.h"

namespace gewu::cli {

/// `gewu import rows`: compares the file with the rows that are kept and prints what differs; takes
/// it up where the import asks for no review, or with the digest of what was printed.
int import_register_file(usecase::Office& office, const ImportOptions& options,
                         const std::string& csv);

}  // namespace gewu::cli
