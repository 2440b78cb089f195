#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"

// The same rows without an office around them: what SQLite alone can do on this machine.

namespace gewu::bench {

/// Rows that a run of creates added to an office, as they lie in its files, with their order.
class CapturedRows {
 public:
  /// What `data` has beyond `before`, a copy of the same office made before the run. Both closed.
  static Result<CapturedRows> capture(const std::string& before, const std::string& data);
  CapturedRows(CapturedRows&&) noexcept;
  ~CapturedRows();

  std::size_t events() const;     ///< of the journal
  std::size_t rows() const;       ///< of all tables
  std::size_t matters() const;

  /// Writes all of them into `data`, another copy made before the run, 32 events a transaction:
  /// the keys durable first, then the rest, with the checkpoints that the store makes. Statements
  /// are prepared once. Seconds by the wall.
  Result<double> write(const std::string& data) const;

 private:
  struct Rows;
  explicit CapturedRows(std::unique_ptr<Rows> rows);
  std::unique_ptr<Rows> rows_;
};

}  // namespace gewu::bench
