#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "kernel/matter/tally.h"
#include "store/sqlite/reader.h"

namespace gewu::store::sqlite {

/// What an office in the making knows without asking its file, which another thread is writing:
/// everything of the tables that its decisions read at every turn. Of matters that are kept, their
/// writer knows by himself.
class ByHeart {
 public:
  Status learn(Reader& reader);

  void note_matter(const kernel::Snapshot* before, const kernel::Snapshot& after);
  void note_holds(const kernel::MatterChange& change, const kernel::Snapshot& after);
  void note_entries(const Event& event);
  /// `answered`: of no matter when no event came of it.
  void note_request(const RequestKey& key, const Answered& answered);
  void note_figures(const Event& event);
  void note_office(const std::string& key, const std::string& value) { office_[key] = value; }
  void note_ripple(std::int64_t row) { ripples_.insert(row); }
  void drop_ripple(std::int64_t row) { ripples_.erase(row); }

  /// As `Reader` reads them from the file.
  std::vector<MatterId> members(const kernel::SetKey& key) const;
  std::vector<kernel::HoldRecord> holds(const std::string& hold_key, MatterId except) const;
  std::vector<kernel::BookEntry> entries(const std::string& book, const std::string& account,
                                         Instant since) const;
  std::int64_t balance(const std::string& book, const std::string& account) const;
  std::vector<MatterId> due(Instant until, std::size_t rows_max) const;
  /// Of an indicator that `learn_counts` has read.
  std::vector<kernel::CountedBy> counts(const std::string& indicator, Date from, Date until) const;
  bool knows_counts(const std::string& indicator) const { return counts_.contains(indicator); }
  /// Few indicators are ever asked for by decisions: each is read once, when all its rows are
  /// written, and followed from then on.
  Status learn_counts(Reader& reader, const std::string& indicator);
  /// The same of the records behind a figure, of those that somebody asked for.
  bool knows_records(const std::string& indicator) const { return records_.contains(indicator); }
  Status learn_records(Reader& reader, const std::string& indicator);
  std::vector<FigureRecord> records(const kernel::CellQuery& query, std::size_t rows_max) const;
  /// Null: there was no such request.
  const Answered* find_request(const std::string& scope, const std::string& id) const;
  /// Null: nothing is noted there.
  const std::string* office_value(const std::string& key) const;
  /// Whether a follow-up waits to be worked.
  bool waits(std::int64_t row) const { return ripples_.contains(row); }

 private:
  using Links = std::map<std::string, std::set<MatterId>>;  ///< by "type.field"

  std::set<std::pair<std::int64_t, MatterId>> wakes_;
  std::unordered_map<std::int64_t, Links> links_;           ///< by their target
  std::unordered_map<std::string, std::map<MatterId, kernel::HoldRecord>> held_;
  std::unordered_map<MatterId, std::set<std::string>> held_by_;
  std::map<std::pair<std::string, std::string>, std::vector<kernel::BookEntry>> entries_;
  std::map<std::pair<std::string, std::string>, Answered> requests_;
  /// By indicator, day and joined dimensions.
  std::map<std::string, std::map<Date, std::map<std::string, kernel::Tally>>, std::less<>> counts_;
  struct Record {
    FigureRecord record;
    std::string territory;
  };
  /// By indicator and day, in the order of their events.
  std::map<std::string, std::map<Date, std::vector<Record>>, std::less<>> records_;
  std::map<std::string, std::string> office_;
  std::unordered_set<std::int64_t> ripples_;
};

}  // namespace gewu::store::sqlite
