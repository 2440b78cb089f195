#pragma once

#include <string>

#include "base/result.h"
#include "kernel/matter/definition_message.h"

namespace gewu::cli {

/// Place, key, details and words in the language of the terminal, one a line, to stderr; then what
/// was met with it.
void tell(const Error& error);
/// The same of a definition, to stdout: it is the answer that was asked for.
void tell(const kernel::Message& message);
/// The refusal as one that names its file, unless it does.
Error in_file(Error error, const std::string& path);
/// Exit status of an error: 2 where the office or a file cannot be had, else 1.
int exit_status(const Error& error);
/// Tells and gives the status: `return fail(error)`.
int fail(const Error& error);

}  // namespace gewu::cli
