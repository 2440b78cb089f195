#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/small_map.h"
#include "kernel/matter/matter.h"
#include "kernel/matter/read_plan.h"

// The dossier (卷宗): all that a decision may read beside the directory. What to load is derived
// from the expressions of the definition, so that a rule can read nothing unseen.

namespace gewu::kernel {

/// Members of a set: matters of `type` whose link `field` points to the target, oldest first. The
/// names are those of a definition, which outlives the question.
struct SetKey {
  std::string_view type, field;
  MatterId target;
  bool operator==(const SetKey&) const = default;
};
struct SetKeyHash {
  std::size_t operator()(const SetKey& key) const;
};

/// How many records of an indicator have these dimensions; what their values add up to.
struct CountedBy {
  std::vector<std::string> dimensions;
  std::int64_t count = 0, sum_micros = 0;
};

/// A figure's cells, of one unit and period. `stock` figures are the sum of all days up to the end.
struct CellQuery {
  std::string indicator;                 ///< "type.name"
  std::string unit;                      ///< territory code, or "org:KEY"; of records also empty: all
  Date from, until;                      ///< half open, in days of the locality
  bool at_end = false;                   ///< stock: everything before `until`
};

/// Where matters come from: store inside its turn, or a map in scenarios. Every answer is what is
/// committed (and, inside a group commit, what was decided before in it).
class DossierSource {
 public:
  virtual ~DossierSource() = default;
  virtual SnapshotPtr load(MatterId id) = 0;                          ///< null: no such matter
  virtual std::vector<MatterId> members(const SetKey& key) = 0;
  /// Quantities that other matters hold: sum of `take` over [from, to), by key.
  virtual std::vector<HoldRecord> holds(const Name& type, const Name& hold,
                                        const std::vector<std::string>& keys, MatterId except) = 0;
  /// Entries of an account since an instant, oldest first.
  virtual std::vector<BookEntry> entries(const Name& book, const std::string& account,
                                         Instant since) = 0;
  /// What stands in the account now.
  virtual std::int64_t balance(const Name& book, const std::string& account) = 0;
  /// Counts of an indicator over days [from, until), of every place, by its dimensions.
  virtual std::vector<CountedBy> counts(const std::string& indicator, Date from, Date until) = 0;
  /// What a figure is made of, with everything that is answered already, by dimensions.
  virtual std::vector<CountedBy> cells(const CellQuery& query) = 0;
  /// How many actions had this row as their basis.
  virtual std::int64_t cited(MatterId row) = 0;
};

class Dossier {
 public:
  SnapshotPtr find(MatterId id) const;                 ///< null: not loaded or not there
  const Snapshot* peek(MatterId id) const;             ///< the same without sharing it
  std::span<const MatterId> members(const SetKey& key) const;
  /// The same, loaded when they were not yet. They lie where they are until they are replaced.
  std::span<const MatterId> members_from(DossierSource& source, SetKey key);
  std::span<const HoldRecord> holds(const Name& type, const Name& hold,
                                    const std::vector<std::string>& keys) const;
  void add(SnapshotPtr snapshot);                      ///< replaces an older one
  void add_members(SetKey key, std::vector<MatterId> members);
  void add_holds(const Name& type, const Name& hold, const std::vector<std::string>& keys,
                 std::vector<HoldRecord> held);
  /// Books are read as they are asked for: what an account is, an expression says.
  void set_ledger(DossierSource* ledger) { ledger_ = ledger; }
  DossierSource* ledger() const { return ledger_; }  ///< null: no books here
  std::size_t row_count() const { return matters_.size(); }

 private:
  SmallMap<MatterId, SnapshotPtr> matters_;
  SmallMap<SetKey, std::vector<MatterId>, SetKeyHash> members_;
  std::unordered_map<std::string, std::vector<HoldRecord>> holds_;
  DossierSource* ledger_ = nullptr;
};

/// Loads along the plan; `dossier.too_large` beyond kLimits.dossier_rows_max.
Status load_dossier(const ReadPlan& plan, const SnapshotPtr& matter,
                    std::span<const MatterId> inputs, DossierSource& source, Dossier& dossier);

}  // namespace gewu::kernel
