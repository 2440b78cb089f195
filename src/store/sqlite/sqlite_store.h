#pragma once

#include <memory>
#include <string>

#include "base/instant.h"
#include "base/random.h"
#include "base/result.h"
#include "kernel/matter/directory_event.h"
#include "store/store.h"
#include "store/vault.h"

// The SQLite adapter: one file, one writer that commits waiting decisions together, readers
// beside it (docs/decisions/sqlite.md).

namespace gewu::store::sqlite {

/// How a locality's canonical text becomes definitions; handed in, since store compiles nothing.
using Compile = std::function<Result<kernel::DirectoryPtr>(
    const kernel::DirectoryPtr& before, const std::vector<kernel::DirectoryEvent>& events)>;

struct OpenOptions {
  std::string path;               ///< file, or ":memory:"
  Clock* clock = nullptr;
  Random* random = nullptr;
  Vault* vault = nullptr;
  Compile apply_directory;
  bool may_migrate = false;       ///< else an older file is refused with `store.older`
  /// Only for an office that can be made anew (a demonstration in the making): nobody else reads
  /// or writes the file meanwhile, no commit waits for the disk, and what is done shares
  /// transactions until `fold` or the end. A power cut may leave nothing of it, and a write that
  /// breaks ends the making: from then on all is refused.
  bool disposable = false;
  kernel::DirectoryPtr preset;    ///< what the file's own entries are put upon; none: nothing
};

/// Version of the schema that this executable writes, and of a file (0: no office yet).
int schema_version();
Result<int> read_schema_version(const std::string& path);

/// Errors: `store.newer` (made by a newer executable), `store.older`, `store.sqlite`.
Result<std::unique_ptr<Store>> open_store(OpenOptions options);

}  // namespace gewu::store::sqlite
