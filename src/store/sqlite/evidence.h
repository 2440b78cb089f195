#pragma once

#include <string>
#include <utility>

#include "codec/event_json.h"
#include "kernel/matter/directory_event.h"
#include "security/hash.h"
#include "store/store.h"
#include "store/vault.h"

// What the journal says that the tables must hold, row by row: `gewu check --data` compares.

namespace gewu::store::sqlite {

class Reader;

/// The purpose under which the hash of an account's words is sealed.
inline constexpr std::string_view kAccountWords = "account_words";
/// Of login, shown name and password: personal, so never in the journal themselves.
security::Sha256 words_hash(const Account& account);

/// Kind and key of a change's row in `directory_entry`; publications have a table of their own.
std::pair<std::string, std::string> entry_key(const kernel::DirectoryEvent& event);

/// Compares every column of the journal's rows, of figures, entries of books, messages, the
/// directory, accounts, receipts, snapshots' bytes and the kept tree with what the lines say, and
/// notes what differs by the line it belongs to. Personal values stay closed.
Status compare_with_journal(Reader& reader, Vault& vault, const codec::FindType& find_type,
                            Inventory& inventory);

}  // namespace gewu::store::sqlite
