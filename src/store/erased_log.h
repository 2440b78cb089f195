#pragma once

#include <span>
#include <string>
#include <vector>

#include "store/file.h"
#include "store/vault.h"

namespace gewu::store {

/// `erased.log`, beside the office key: one line for each destroyed key, written and durable before
/// the key goes. Append-only. Whoever restores a backup applies it, so that nothing erased comes
/// back. A line: matter, slot, instant, reason, e.g.
/// "7423 1 2026-09-22T01:00:00.000Z appeal.erase.contact".
class ErasedLog {
 public:
  /// Makes the file where absent. A last line without its end was never acknowledged and is cut.
  /// `is_durable`: no for an office in the making, whose files are synced at its end.
  static Result<ErasedLog> open(const std::string& path, bool is_durable = true);

  /// All or nothing, durable on return.
  Status append(std::span<const Erasure> lines);
  /// `invalid` `vault.erased_log.form`, with the number of the line.
  Result<std::vector<Erasure>> read() const;
  /// Lines in the file.
  std::size_t size() const { return size_; }

 private:
  ErasedLog(File file, bool is_durable) : file_(std::move(file)), is_durable_(is_durable) {}

  File file_;
  bool is_durable_;
  std::size_t size_ = 0;
};

}  // namespace gewu::store
