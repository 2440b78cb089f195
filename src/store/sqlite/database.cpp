#include "store/sqlite/database.h"

#include "store/sqlite/caches.h"

namespace gewu::store::sqlite {

Result<Connection> Connection::open(const std::string& path, bool read_only) {
  // Before SQLite is first used: nobody reads how much it allocated, and every count is a lock.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(configured);
  Connection connection;
  sqlite3* handle = nullptr;
  const int mode = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path.c_str(), &handle,
                                   mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
  connection.handle_.reset(handle);
  if (code != SQLITE_OK) return std::unexpected(error_of(handle, "open"));
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, 5'000);
  // All but journal_mode are per connection. mmap_size hurts as soon as something writes, and
  // the automatic checkpoint of 1,000 pages costs half of the writes (measured: stack.md 4.2).
  GEWU_CHECK(connection.run("pragma mmap_size=0; pragma temp_store=memory;"
                            "pragma foreign_keys=off; pragma cache_size=-" +
                            std::to_string(read_only ? kReaderPagesKib : kWriterPagesKib)));
  if (!read_only)
    GEWU_CHECK(connection.run("pragma journal_mode=wal; pragma synchronous=full;"
                              "pragma wal_autocheckpoint=0; pragma secure_delete=off;"));
  return connection;
}

Status Connection::run(std::string_view sql) {
  const std::string text(sql);
  if (sqlite3_exec(raw(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return std::unexpected(error_of(raw(), "run"));
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(raw(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    return std::unexpected(error_of(raw(), "prepare"));
  return Statement(statement);
}

Error error_of(sqlite3* handle, const char* what) {
  const int code = handle ? sqlite3_errcode(handle) : SQLITE_NOMEM;
  const std::string message = handle ? sqlite3_errmsg(handle) : "out of memory";
  const bool is_full = (code & 0xFF) == SQLITE_FULL;
  return Error{ErrorCode::unavailable, is_full ? "store.full" : "store.sqlite",
               {{"what", what}, {"message", message}}, {}};
}

Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
  return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
  // Transient: the bytes may go before the step; an empty view still binds empty text, not null.
  sqlite3_bind_text(statement_.get(), index, value.data() ? value.data() : "",
                    static_cast<int>(value.size()), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind_blob(int index, std::span<const std::uint8_t> value) {
  sqlite3_bind_blob(statement_.get(), index, value.data(), static_cast<int>(value.size()),
                    SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(statement_.get(), index);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const Error error = error_of(sqlite3_db_handle(statement_.get()), "step");
  sqlite3_reset(statement_.get());
  return std::unexpected(error);
}

Status Statement::run() {
  GEWU_TRY(has_row, step());
  static_cast<void>(has_row);
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::string_view Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes ? std::string_view(bytes, static_cast<std::size_t>(size)) : std::string_view();
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* bytes =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {bytes, static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

}  // namespace gewu::store::sqlite
