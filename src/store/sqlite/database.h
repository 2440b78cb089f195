#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

// A thin cover over SQLite: connections and prepared statements that close themselves.

namespace gewu::store::sqlite {

class Statement;

/// What went wrong last, as `unavailable` `store.sqlite`; a full disk is `store.full`.
Error error_of(sqlite3* handle, const char* what);

class Connection {
 public:
  /// `path` may be ":memory:" or a "file:" URI. Every per-connection pragma of docs/decisions is
  /// set: WAL, synchronous FULL, no mmap, no automatic checkpoint, foreign keys off.
  static Result<Connection> open(const std::string& path, bool read_only);

  Status run(std::string_view sql);
  Result<Statement> prepare(std::string_view sql);
  sqlite3* raw() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement. Bind from 1; `step` tells whether a row is there; `reset` before reuse.
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view value);
  Statement& bind_blob(int index, std::span<const std::uint8_t> value);
  Statement& bind_null(int index);
  template <typename Value>
  Statement& bind_optional(int index, const std::optional<Value>& value) {
    return value ? bind(index, *value) : bind_null(index);
  }

  Result<bool> step();
  /// For statements without rows: step and reset.
  Status run();
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  std::optional<std::int64_t> optional_integer(int column) const;
  /// Valid until the next step or reset.
  std::string_view text(int column) const;
  std::span<const std::uint8_t> blob(int column) const;
  bool is_null(int column) const;
  sqlite3_stmt* raw() const { return statement_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace gewu::store::sqlite
