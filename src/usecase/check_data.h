#pragma once

#include <string>
#include <vector>

#include "usecase/office.h"

namespace gewu::usecase {

/// What `gewu check --data` found.
struct DataCheck {
  std::size_t events = 0, matters = 0, cells = 0, roots = 0, files = 0;
  std::string head;                      ///< hash of the journal's last line, in hex
  /// Each names what differs: "chain 17", "snapshot 7423: clocks", "cell appeal.opened 2224 …".
  /// At most 1,000; `more` counts the rest.
  std::vector<std::string> differences;
  std::size_t more = 0;
  std::string root_key;                  ///< of the roots, in hex; empty: there is none yet
};

/// Verifies the chain, replays the journal by the kernel's `apply`, and compares what is stored
/// beside it: snapshots, clocks, holds, links, worklists, cells, numbers, notices (engine.md 3);
/// every signed root against the lines that it speaks of, those of the logs too ("root 7: read_log
/// 31-40": some line among these is not the one that was signed). The first difference names the
/// first line or row that is not as it was written.
Result<DataCheck> check_data(Office& office);

}  // namespace gewu::usecase
