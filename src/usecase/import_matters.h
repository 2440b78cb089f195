#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "usecase/import_mapping.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// A row that was refused, as it stood, so that it can be mended and imported again.
struct RefusedMatter {
  std::int64_t line = 0;
  std::string key;
  Error reason;                          ///< with `step` when the engine refused one
  std::vector<std::string> cells;
};

struct MatterImport {
  std::size_t rows = 0, taken = 0;
  std::size_t repeated = 0;              ///< rows of which nothing was new
  std::vector<std::string> columns;
  std::vector<RefusedMatter> refused;
};

/// Told after every few rows. False: stop here; what was taken stays, and the import can be run again.
using ImportProgress = std::function<bool(std::size_t done, std::size_t of)>;

/// Drives the rows of a file through the engine by their own times (language.md 2.12): in the
/// order of their first time, and between two steps of a row its clocks pass at their due
/// instants. A repeated import changes nothing; one that was killed half-way resumes. Refused as a
/// whole: `forbidden` `import.right` when the account may not import past matters, a mapping that
/// does not fit (import_rows.h), and errors of the file as codec/csv. A row is refused with what
/// import_rows.h or the engine says, `import.key_twice` (`line` of the first) for a key that an
/// earlier line has. `unavailable` `import.stopped` when `progress` says so.
Result<MatterImport> import_matters(Office& office, const Mapping& mapping,
                                    std::string_view csv, AccountId importer,
                                    const ImportProgress& progress);
/// Plans every row and stores nothing: `taken` are the rows without a fault that can be known
/// before the engine is asked, known ones among them. Refusals as of import_matters.
Result<MatterImport> judge_matters(Office& office, const Mapping& mapping, std::string_view csv,
                                   AccountId importer, const ImportProgress& progress);

/// The refused rows as a table: refused_line, refused_key, refused_reason (key and details),
/// refused_words (what `words` says of it), and the columns of the file. It can be mended and
/// imported as it is; the four columns in front are then ignored.
std::string refused_table(const MatterImport& import,
                          const std::function<std::string(const Error&)>& words);

}  // namespace gewu::usecase
