#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace gewu {

/// The closed list of what can go wrong. One table (http/error_table, cli) maps a code to
/// HTTP status, Open311 code and exit status.
enum class ErrorCode {
  invalid,
  unauthenticated,
  forbidden,
  not_found,
  conflict,
  too_large,
  too_many,
  unavailable,
  internal,
};

/// A named fact about an error, e.g. {"file", "systems/appeals/appeal.yaml"}. Never personal data.
struct ErrorDetail {
  std::string name;
  std::string value;
  bool operator==(const ErrorDetail&) const = default;
};

/// Why something was refused. `key` is stable ("appeal.accept.category"), translated in
/// web/src/locales and asserted in tests. `others` holds further failures met together.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string key;
  std::vector<ErrorDetail> details;
  std::vector<Error> others;
  bool operator==(const Error&) const = default;
};

template <typename Value>
using Result = std::expected<Value, Error>;

/// Nothing, or an error.
using Status = Result<void>;

inline std::unexpected<Error> refuse(ErrorCode code, std::string key,
                                     std::vector<ErrorDetail> details = {}) {
  return std::unexpected<Error>(Error{code, std::move(key), std::move(details), {}});
}

}  // namespace gewu

#define GEWU_CONCAT_INNER(a, b) a##b
#define GEWU_CONCAT(a, b) GEWU_CONCAT_INNER(a, b)

/// GEWU_TRY(name, expression): declares `name` with the value of a Result, or returns its error.
#define GEWU_TRY(name, expression) GEWU_TRY_INNER(name, expression, GEWU_CONCAT(result_, __LINE__))
#define GEWU_TRY_INNER(name, expression, temporary)                       \
  auto temporary = (expression);                                          \
  if (!temporary) return std::unexpected(std::move(temporary).error());   \
  auto name = std::move(temporary).value()

/// GEWU_CHECK(expression): returns the error of a Status.
#define GEWU_CHECK(expression)                                                                     \
  do {                                                                                             \
    if (auto gewu_status = (expression); !gewu_status)                                             \
      return std::unexpected(std::move(gewu_status).error());                                      \
  } while (false)
