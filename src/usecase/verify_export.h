#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/figures/figure.h"
#include "kernel/matter/directory.h"
#include "usecase/audit_journal.h"
#include "usecase/export_journal.h"
#include "usecase/root_statement.h"

namespace gewu::usecase {

/// Gives every line of a file of the export, without its end. `not_found` for an absent file.
using ReadLines = std::function<Status(
    const char* file, const std::function<Status(std::string_view line)>& each)>;

struct VerifyWish {
  std::optional<security::PublicKey> key;  ///< the office's, known from elsewhere
  std::vector<SignedRoot> witnessed;       ///< what a witness kept, or a paper carried
  std::optional<security::Sha256> receipt; ///< stored form of a receipt code (security/token.h)
  std::string unit, period;                ///< figures to be told; empty unit: none
  kernel::DirectoryPtr preset;             ///< what the lines' directory is put upon; none: nothing
};

/// An indicator of a unit and period as the lines give it.
struct ProvenFigure {
  std::string name;
  kernel::Label label;
  kernel::Figure figure;
};

/// A line of the matter whose receipt was shown.
struct ReceiptLine {
  std::int64_t sequence = 0;
  Instant at;
  std::string action;
  std::int64_t root = 0;                   ///< the first root that stands over it; 0: none yet
  std::vector<kernel::Delta> figures;      ///< what it counts in
};

struct ExportCheck {
  std::int64_t lines = 0, roots = 0, cells = 0;
  std::int64_t lines_after_root = 0;       ///< at the end, under no root yet
  std::string head, key, last_root;        ///< hex
  std::optional<SignedRoot> last;
  /// Each names what is not as it was written: "chain 17", "root 3: signature", "figure …".
  std::vector<std::string> differences;
  std::size_t more = 0;
  std::vector<ProvenFigure> figures;
  bool receipt_found = false;
  std::vector<ReceiptLine> receipt;
  std::vector<AuditEntry> audit;
};

/// Proves from the files alone that the journal is the one whose roots were signed and published,
/// and that the figures follow from it. Opens no personal value and needs no key.
Result<ExportCheck> verify_export(const ReadLines& read, const VerifyWish& wish);

}  // namespace gewu::usecase
