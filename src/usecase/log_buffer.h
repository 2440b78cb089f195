#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "store/log_book.h"
#include "store/store.h"
#include "usecase/read_budget.h"

namespace gewu::usecase {

/// Lines of the logs that wait to be written together: a second's worth, written by a job. A crash
/// loses at most the reads and refused attempts of that second, or kHeldMost of either. Safe to
/// share.
class LogBuffer {
 public:
  static constexpr std::size_t kHeldMost = 4'096;
  /// Rows of lists that are known; then they are forgotten, and noted again.
  static constexpr std::size_t kListedMost = 200'000;

  /// The same read again before it is written is no news, nor the row of a list that the account
  /// has seen today: pages ask for their lists again and again. Writes when too many wait.
  Status add_reads(store::Store& store, std::vector<store::ReadRecord> records);
  /// Alike ones are counted in one line.
  Status add_refused(store::Store& store, store::AuditRecord record);
  /// What lists showed today; written with the rest.
  ReadBudget& budget() { return budget_; }
  /// Writes what waits; after a failure it waits on.
  Status flush(store::Store& store);

 private:
  using KnownRead = std::tuple<AccountId, PostId, MatterId, store::ReadKind>;
  /// Event, account, subject, key, address.
  using Alike = std::tuple<std::string, AccountId, std::string, std::string, std::string>;

  bool is_news(const store::ReadRecord& record);
  Status write_reads(store::Store& store);
  Status write_refused(store::Store& store);

  std::mutex mutex_, writing_;
  std::vector<store::ReadRecord> reads_;
  std::set<KnownRead> known_;
  std::set<std::pair<AccountId, MatterId>> listed_;  ///< on `listed_on_`
  Date listed_on_;
  std::map<Alike, store::AuditRecord> refused_;
  ReadBudget budget_;
};

}  // namespace gewu::usecase
