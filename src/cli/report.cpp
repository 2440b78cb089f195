#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "cli/words.h"

namespace gewu::cli {

namespace {

std::string line_of(const Error& error, Language language) {
  std::string place, rest;
  for (const ErrorDetail& detail : error.details) {
    if (detail.name == "file") place = detail.value + place;
    else if (detail.name == "line") place += ":" + detail.value;
    else rest += fmt::format("{}{}={}", rest.empty() ? "" : ", ", detail.name, detail.value);
  }
  std::string line = place.empty() ? error.key : place + ": " + error.key;
  if (!rest.empty()) line += " (" + rest + ")";
  return line + ": " + words_of(error.key, error.code, language);
}

}  // namespace

void tell(const Error& error) {
  fmt::print(stderr, "{}\n", line_of(error, language_of_terminal()));
  for (const Error& other : error.others) tell(other);
}

void tell(const kernel::Message& message) {
  std::string line = kernel::to_line(message);
  const Language language = language_of_terminal();
  const std::string_view advice = kernel::advice(message.key);
  const std::string words = words_of(message.key, ErrorCode::invalid, language);
  if (!advice.empty() && line.ends_with(advice))
    line.replace(line.size() - advice.size(), advice.size(), words);
  else
    line += ": " + words;
  fmt::print("{}\n", line);
}

Error in_file(Error error, const std::string& path) {
  const auto names_file = [](const ErrorDetail& detail) { return detail.name == "file"; };
  if (std::ranges::none_of(error.details, names_file)) error.details.push_back({"file", path});
  for (Error& other : error.others) other = in_file(std::move(other), path);
  return error;
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
