#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/log_book.h"
#include "store/sqlite/roots.h"
#include "store/vault.h"

namespace gewu::store::sqlite {

/// The logs of the file; ends are sealed with the vault's own key.
std::unique_ptr<LogBook> make_log_book(WithReader read, WithReader write, Vault& vault);

/// Compares the rows of both logs with their chains and sealed ends, and the notices of alarms with
/// the log; names what differs as "read_log 12".
Status compare_logs(Reader& reader, Vault& vault, std::vector<std::string>& differences);

}  // namespace gewu::store::sqlite
