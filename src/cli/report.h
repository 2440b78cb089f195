#pragma once

#include <string>

#include "base/result.h"

namespace gewu::cli {

/// Key, details and what was met with it, one a line, to stderr.
void tell(const Error& error);
/// Exit status of an error: 2 where the office or a file cannot be had, else 1.
int exit_status(const Error& error);
/// Tells and gives the status: `return fail(error)`.
int fail(const Error& error);

}  // namespace gewu::cli
