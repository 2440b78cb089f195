#include "cli/report.h"

#include <fmt/format.h>

#include <cstdio>

namespace gewu::cli {

namespace {

std::string line_of(const Error& error) {
  std::string place, rest;
  for (const ErrorDetail& detail : error.details) {
    if (detail.name == "file") place = detail.value + place;
    else if (detail.name == "line") place += ":" + detail.value;
    else rest += fmt::format(" {}={}", detail.name, detail.value);
  }
  return place.empty() ? error.key + rest : place + ": " + error.key + rest;
}

}  // namespace

void tell(const Error& error) {
  fmt::print(stderr, "{}\n", line_of(error));
  for (const Error& other : error.others) tell(other);
}

int exit_status(const Error& error) {
  switch (error.code) {
    case ErrorCode::unavailable:
    case ErrorCode::internal: return 2;
    case ErrorCode::invalid:
    case ErrorCode::unauthenticated:
    case ErrorCode::forbidden:
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::too_large:
    case ErrorCode::too_many: return 1;
  }
  return 2;
}

int fail(const Error& error) {
  tell(error);
  return exit_status(error);
}

}  // namespace gewu::cli
