#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernel/matter/import_rule.h"
#include "usecase/caller.h"

// A file beside the active rows of a register (比对导入): what is new, what changed, what is missing.
// The comparison changes nothing; taking it up takes actions like anybody's, by the caller.

namespace gewu::usecase {

struct RowsFile {
  Caller caller;
  kernel::Name type;
  kernel::Name import;              ///< of the type's `imports`
  std::string csv;
};

enum class RowVerdict { fresh, changed, missing, same, refused };
const char* verdict_word(RowVerdict verdict);   ///< new changed missing same refused

struct FieldChange {
  kernel::Name field;
  kernel::Value before, after;
};

/// A row of the file, or a kept one that the file lacks.
struct ComparedRow {
  std::int64_t line = 0;            ///< of the file; 0: missing from it
  RowVerdict verdict = RowVerdict::same;
  MatterId matter;                  ///< none when it is new or refused
  std::int64_t version = 0;         ///< of the matter, as it was compared
  /// New: every field; changed: those that differ; refused: the one that cannot be read.
  std::vector<FieldChange> changes;
  std::string key;                  ///< why it is refused
};

struct RowsComparison {
  std::vector<ComparedRow> rows;    ///< in the order of the file, then those that are missing
  std::vector<std::string> dropped; ///< columns that the import does not take
  std::string digest;               ///< of all that it says: what a person accepts
  bool needs_review = false;
  std::size_t count(RowVerdict verdict) const;
};

/// Compares. Only rows on the caller's ground with the `fixed` values are looked at. Refusals:
/// `forbidden` `TYPE.imports.NAME.by`, `not_found` `import.unknown` (no such type or import), those
/// of read_csv (a column that `take` names is missing), `invalid` `import.denied` (`column`) for a
/// file that tells of people what is kept of nobody.
Result<RowsComparison> compare_rows(Office& office, const RowsFile& file);

/// Compares, and takes it up: the actions of the import, each by itself and as the caller; a row
/// that is refused is marked so and leaves the others. Where the import asks for a review, `digest`
/// must be that of a comparison which still holds: else `conflict` `import.review`.
Result<RowsComparison> import_rows(Office& office, const RowsFile& file,
                                   const std::string& digest);

}  // namespace gewu::usecase
