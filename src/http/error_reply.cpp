#include "http/error_reply.h"

#include "base/text.h"
#include "codec/json_writer.h"
#include "http/render.h"
#include "kernel/matter/directory.h"

namespace gewu::http {
namespace {

using namespace gewu::kernel;

struct CodeRow {
  ErrorCode code;
  int status;
  const char* text;
};
constexpr CodeRow kCodes[] = {
    {ErrorCode::invalid, 400, "invalid"},
    {ErrorCode::unauthenticated, 401, "unauthenticated"},
    {ErrorCode::forbidden, 403, "forbidden"},
    {ErrorCode::not_found, 404, "not_found"},
    {ErrorCode::conflict, 409, "conflict"},
    {ErrorCode::too_large, 413, "too_large"},
    {ErrorCode::too_many, 429, "too_many"},
    {ErrorCode::unavailable, 503, "unavailable"},
    {ErrorCode::internal, 500, "internal"},
};

const CodeRow& row_of(ErrorCode code) {
  for (const CodeRow& row : kCodes)
    if (row.code == code) return row;
  return kCodes[8];
}

/// The label of a `must` that `TYPE.ACTION.NAME` names, in whichever locality has it.
const Label* label_of_must(std::string_view key, const Directory& directory) {
  const auto parts = split(key, '.');
  if (parts.size() != 3) return nullptr;
  for (const auto& [name, locality] : directory.localities) {
    const TypePtr type = locality->find_type(parts[0]);
    const ActionSpec* action = type ? type->find_action(parts[1]) : nullptr;
    if (!action) continue;
    for (const MustSpec& must : action->must)
      if (must.name == parts[2]) return &must.label;
  }
  return nullptr;
}

void write_error(codec::JsonWriter& out, const Error& error, const std::string& request,
                 const Directory* directory) {
  out.begin_object().member("code", row_of(error.code).text).member("key", error.key);
  if (directory)
    if (const Label* label = label_of_must(error.key, *directory))
      write_label(out, "label", *label);
  // What went wrong inside is for the log, not for the caller.
  if (!error.details.empty() && error.code != ErrorCode::internal &&
      error.code != ErrorCode::unavailable) {
    out.key("details").begin_object();
    for (const ErrorDetail& detail : error.details) out.member(detail.name, detail.value);
    out.end_object();
  }
  if (!error.others.empty()) {
    out.key("others").begin_array();
    for (const Error& other : error.others) write_error(out, other, "", directory);
    out.end_array();
  }
  // A missing and a hidden thing answer alike, to the byte.
  if (!request.empty() && error.code != ErrorCode::not_found) out.member("request", request);
  out.end_object();
}

}  // namespace

int status_of(ErrorCode code) { return row_of(code).status; }
const char* to_text(ErrorCode code) { return row_of(code).text; }

void write_error(codec::JsonWriter& out, const Error& error, const Directory& directory) {
  write_error(out, error, "", &directory);
}

Response error_response(const Error& error, const Request& request,
                        const kernel::Directory* directory) {
  Response response;
  response.status = status_of(error.code);
  codec::JsonWriter out(response.body);
  write_error(out, error, request.id, directory);
  if (error.code == ErrorCode::too_many || error.code == ErrorCode::unavailable) {
    std::string seconds = "1";
    for (const ErrorDetail& detail : error.details)
      if (detail.name == "seconds") seconds = detail.value;
    response.headers.emplace_back("Retry-After", seconds);
  }
  return response;
}

}  // namespace gewu::http
