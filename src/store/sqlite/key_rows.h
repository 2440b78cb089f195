#pragma once

#include <optional>
#include <string_view>

#include "security/key.h"
#include "store/sqlite/database.h"
#include "store/vault.h"

// What keys.db holds, for whoever reads it and whoever wraps it anew. Inside the room only.

namespace gewu::store::sqlite {

/// Of a wrapped key; a destroyed one is as many zeros.
inline constexpr std::size_t kWrappedSize = 61;

inline constexpr std::string_view kOfficeCheck = "office_key_check";
inline constexpr std::string_view kBackupKey = "backup_key";
/// The key of what belongs to the office and to no matter, wrapped by the office key. A file of
/// before there was one has none: there the office key itself is that key.
inline constexpr std::string_view kOwnKey = "own_key";
/// The last row that a rotation under way has wrapped anew.
inline constexpr std::string_view kRotatedTo = "rotated_to";

Status make_key_tables(Connection& connection);
/// Binds a wrapped key to its row: rows cannot be exchanged.
security::Bytes context_of(KeySlot key);
bool is_erased(security::ByteView wrapped);
Result<std::optional<security::Bytes>> read_note_bytes(Connection& connection,
                                                       std::string_view name);
Status write_note_bytes(Connection& connection, std::string_view name, security::ByteView value);
/// Whether the file was made under this key; nothing: it was made under none yet.
Result<std::optional<bool>> is_under(Connection& connection, const security::Key& office_key);

/// A transaction that is rolled back unless it was committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (is_open_) static_cast<void>(connection_.run("rollback"));
  }
  Status begin() {
    GEWU_CHECK(connection_.run("begin immediate"));
    is_open_ = true;
    return {};
  }
  Status commit() {
    GEWU_CHECK(connection_.run("commit"));
    is_open_ = false;
    return {};
  }

 private:
  Connection& connection_;
  bool is_open_ = false;
};

}  // namespace gewu::store::sqlite
