#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "kernel/matter/directory.h"
#include "kernel/matter/draws.h"
#include "usecase/audit_journal.h"
#include "usecase/root_statement.h"

namespace gewu::usecase {

/// Draws every ledger of a journal again while its lines are read (docs/decisions/draws.md): by the
/// root that the rule names, from what the lines before it say, and compares.
class DrawCheck {
 public:
  /// Roots in their order, before any line.
  void add_root(const SignedRoot& root);
  /// Lines in their order. `directory`: as it stands then, or later.
  void take(std::int64_t sequence, const kernel::Event& event, const kernel::Directory& directory);
  /// "draw appeal.recheck STREET 2026-11-16: seed", or root, candidates, drawn, opened.
  const std::vector<std::string>& differences() const { return differences_; }
  /// Rounds that had something to draw from and were drawn a day late or, by the last line, never.
  std::vector<AuditEntry> faults(const kernel::Directory& directory) const;

 private:
  struct Root {
    std::int64_t number = 0, size = 0;
    Instant at;
    security::Sha256 hash{};
  };
  struct Entry {
    Date day;
    std::int64_t sequence = 0;
    MatterId matter;
    Instant recorded;
    std::string territory;
  };
  using Source = std::pair<std::string, std::string>;   ///< indicator, owner

  void check(std::int64_t sequence, const kernel::Event& event,
             const kernel::Directory& directory);
  const Root* root_since(Instant begin);
  const Root* find_root(std::int64_t number) const;

  std::vector<Root> roots_;
  std::map<Instant, const Root*> first_since_;
  std::map<Source, std::vector<Entry>> entries_;
  std::map<Source, std::vector<Date>> drawn_;           ///< first days of rounds with a ledger
  std::vector<std::string> differences_;
  std::vector<AuditEntry> late_;
  Instant last_at_;
};

}  // namespace gewu::usecase
