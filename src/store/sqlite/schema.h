#pragma once

#include <span>

#include "store/sqlite/database.h"

namespace gewu::store::sqlite {

/// A migration, embedded at build from src/store/schema/NNNN_what.sql.
struct Migration {
  int version;
  const char* sql;
};
std::span<const Migration> migrations();

/// Brings the file to the newest version, each migration in a transaction of its own.
Status migrate(Connection& connection);
/// `user_version` of the file; 0 for an empty one.
Result<int> schema_version_of(Connection& connection);

}  // namespace gewu::store::sqlite
