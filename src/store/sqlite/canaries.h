#pragma once

#include <string>
#include <vector>

#include "store/log_book.h"
#include "store/sqlite/reader.h"
#include "store/vault.h"

// Canaries in the file: numbered rows, each sealed, and a sealed count of them, so that whoever has
// the file alone learns of none and can take none away.

namespace gewu::store::sqlite {

/// Its id is the next one; `canary.id` is not looked at.
Status add_canary(Reader& writer, Vault& vault, const Canary& canary);
/// In the order of their ids. `internal` `canary.seal` for a row that can't be opened.
Result<std::vector<Canary>> find_canaries(Reader& reader, Vault& vault);
/// Those whose personal values were shown since the read with this id, by account and day. Rows of
/// lists and searches are no reads of one matter and do not count.
Result<std::vector<CanaryRead>> find_canary_reads(Reader& reader, Vault& vault,
                                                  std::int64_t after);
/// Names each row that is not as it was written ("canary 3"), and "canary end" for a wrong count.
Status compare_canaries(Reader& reader, Vault& vault, std::vector<std::string>& differences);

}  // namespace gewu::store::sqlite
