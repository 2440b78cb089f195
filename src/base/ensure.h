#pragma once

#include <source_location>
#include <stdexcept>

namespace gewu {

/// A broken invariant of ours. http and jobs catch it at the door, log it and answer `internal`;
/// the transaction is not committed.
struct BrokenInvariant : std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] void ensure_failed(const char* what, std::source_location where);

/// Stays on in release. User input never reaches it.
inline void ensure(bool condition, const char* what = "invariant",
                   std::source_location where = std::source_location::current()) {
  if (!condition) [[unlikely]]
    ensure_failed(what, where);
}

}  // namespace gewu
