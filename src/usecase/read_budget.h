#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "store/log_book.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// How many different matters an account's lists have shown today (每日查阅额度): whoever pages
/// through everything to copy it is stopped, whoever looks at the same ones again is not. What is
/// new is written with the logs, every second, and read again after a restart. Safe to share.
class ReadBudget {
 public:
  /// Counts these as shown. `too_many` `list.budget` when they would be more than `most` of one day
  /// (UTC); then none of them is counted.
  Status count(store::LogBook& book, AccountId account, std::span<const MatterId> matters,
               Instant now, std::size_t most);
  /// Writes what is new; after a failure it waits on.
  Status flush(store::LogBook& book);

 private:
  Status recall(store::LogBook& book, AccountId account, Date day);

  std::mutex mutex_;
  Date day_;
  std::unordered_map<std::int64_t, std::unordered_set<std::int64_t>> shown_;  ///< by account
  std::vector<store::ListedMatter> waiting_;
};

/// The office's budget of an account; nothing is counted for whoever is not signed in.
Status count_listed(Office& office, AccountId account, std::span<const MatterId> matters,
                    std::size_t most);

}  // namespace gewu::usecase
