#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/gateway.h"
#include "security/key.h"
#include "usecase/office.h"
#include "usecase/root_statement.h"

namespace gewu::usecase {

/// Who signs the roots, and who is told.
struct RootKeeper {
  security::Key seed;                ///< ed25519, from a file outside the data
  std::vector<std::unique_ptr<gateway::Witness>> witnesses;
};

/// Signs a root over the heads of all streams and logs and keeps it; nothing when no line has come
/// since the last. `conflict` `root.behind` when the journal or a log is shorter than the last root
/// says: an older copy of the file was put in its place, or the log was cut.
Result<std::optional<SignedRoot>> sign_root(Office& office, const security::Key& seed);

/// Tells each witness the roots that it has not been told. One that cannot be reached is tried
/// again with the next; what went wrong, by name.
std::vector<std::pair<std::string, Error>> tell_witnesses(Office& office,
                                                          const RootKeeper& keeper);

}  // namespace gewu::usecase
