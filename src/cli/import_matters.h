#pragma once

#include <string>

#include "cli/verbs.h"
#include "usecase/office.h"

namespace gewu::cli {

/// `gewu import matters FILE --mapping M`: refused rows go to a table that can be mended and
/// imported again (FILE.refused.csv unless named).
int import_matters_file(usecase::Office& office, const ImportOptions& options,
                        const std::string& csv);

}  // namespace gewu::cli
