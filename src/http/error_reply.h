#pragma once

#include "base/result.h"
#include "http/message.h"

namespace gewu::kernel {
class Directory;
}

namespace gewu::codec {
class JsonWriter;
}

namespace gewu::http {

/// The one table from code to HTTP status.
int status_of(ErrorCode code);
/// The spelling of a code in JSON.
const char* to_text(ErrorCode code);

/// The same inside another reply: a row of many that was refused.
void write_error(codec::JsonWriter& out, const Error& error, const kernel::Directory& directory);

/// An error as openapi `Error`: key, details, further failures, the request's id. A named `must`
/// of a definition carries its label, since the client cannot translate what a place wrote.
Response error_response(const Error& error, const Request& request,
                        const kernel::Directory* directory);

}  // namespace gewu::http
