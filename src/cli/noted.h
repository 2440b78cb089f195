#pragma once

#include <string>

#include "base/result.h"
#include "usecase/office.h"

namespace gewu::cli {

/// What the command line did to the office, or failed to do, in its audit log; gives back `done`, or
/// why the line could not be written.
Status noted(usecase::Office& office, const char* event, std::string subject, Status done);

}  // namespace gewu::cli
