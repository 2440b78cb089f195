#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "usecase/office.h"

namespace gewu::usecase {

// An export of the journal: what proves the record to whoever has neither the server nor its
// database. Four files of lines:
//   journal.txt    each line its hash in hex, a blank, and its canonical bytes, in order
//   roots.jsonl    every signed root, in order
//   figures.jsonl  the office's cells as it shows them
//   manifest.json  how many of each, the head, the hash of the last root, and of the three files
// Nothing stands in it that the journal does not hold: personal values are closed.

inline constexpr const char* kJournalFile = "journal.txt";
inline constexpr const char* kRootsFile = "roots.jsonl";
inline constexpr const char* kFiguresFile = "figures.jsonl";
inline constexpr const char* kManifestFile = "manifest.json";

/// Takes the next line (without its end) of a file.
using WriteLine = std::function<Status(const char* file, std::string_view line)>;

struct ExportSummary {
  std::int64_t lines = 0, roots = 0, cells = 0;
};
Result<ExportSummary> export_journal(Office& office, const WriteLine& write);

/// The manifest's one line; verify_export writes it anew and compares.
struct Manifest {
  std::string stream;
  std::int64_t lines = 0, roots = 0, cells = 0;
  security::Sha256 head{};
  std::string last_root;             ///< hex; empty: none was signed
  security::Sha256 journal{}, root_file{}, figures{};  ///< of the files' bytes
  bool operator==(const Manifest&) const = default;
};
std::string manifest_text(const Manifest& manifest);
std::string cell_text(const store::CellRow& cell);

}  // namespace gewu::usecase
