#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/result.h"

// Load cases with expected answers. A wrong answer fails a bench; a slow one never does.

namespace gewu::bench {

/// The demonstration whose answers the cases know.
inline constexpr const char* kLocality = "yanji";

/// What a run is given. `make_demo` comes from cli, since only cli reads the files of a place.
struct Options {
  std::string only;                ///< the case to run; empty: all
  double seconds = 3;              ///< that each timed part lasts
  std::size_t matters = 1'000'000; ///< how large the large office is
  bool smoke = false;              ///< everything small: proves answers, measures nothing
  std::string folder;              ///< scratch; must exist, is left to the caller to take away
  std::string executable;          ///< started as a server of its own
  /// Makes a small demonstration office at `data`, its keys at `data`.keys.
  std::function<Status(const std::string& data)> make_demo;
};

/// One JSON object: the machine, and for each case its figures and goals. `internal`
/// `bench.wrong` when an answer was not the expected one; `invalid` `bench.unknown` for a case that
/// there is not.
Result<std::string> run_bench(const Options& options);

}  // namespace gewu::bench
