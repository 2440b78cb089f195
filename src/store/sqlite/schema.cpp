#include "store/sqlite/schema.h"

#include <fmt/format.h>

#include "security/chain.h"
#include "store/sqlite/sqlite_store.h"

namespace gewu::store::sqlite {

Result<int> schema_version_of(Connection& connection) {
  GEWU_TRY(statement, connection.prepare("pragma user_version"));
  GEWU_TRY(found, statement.step());
  return found ? static_cast<int>(statement.integer(0)) : 0;
}

Status migrate(Connection& connection) {
  GEWU_TRY(version, schema_version_of(connection));
  for (const Migration& migration : migrations()) {
    if (migration.version <= version) continue;
    GEWU_CHECK(connection.run("begin immediate"));
    GEWU_CHECK(connection.run(migration.sql));
    if (migration.version == 1) {
      GEWU_TRY(stream, connection.prepare("insert into stream (id, name, sequence, head)"
                                          " values (1, 'sqlite', 0, ?)"));
      GEWU_CHECK(stream.bind_blob(1, security::chain_start("sqlite")).run());
    }
    GEWU_CHECK(connection.run(fmt::format("pragma user_version = {}", migration.version)));
    GEWU_CHECK(connection.run("commit"));
  }
  return {};
}

int schema_version() { return migrations().back().version; }

Result<int> read_schema_version(const std::string& path) {
  GEWU_TRY(connection, Connection::open(path, false));
  return schema_version_of(connection);
}

}  // namespace gewu::store::sqlite
