#include "usecase/read_budget.h"

#include <string>

#include "base/spans.h"
#include "usecase/coverage.h"
#include "usecase/log_buffer.h"

namespace gewu::usecase {

/// What the account was shown before the office was started.
Status ReadBudget::recall(store::LogBook& book, AccountId account, Date day) {
  {
    const std::scoped_lock lock(mutex_);
    if (day_ == day && shown_.contains(account.value)) return {};
  }
  GEWU_TRY(listed, book.find_listed(account, day));
  const std::scoped_lock lock(mutex_);
  if (day_ != day) shown_.clear();
  day_ = day;
  for (const MatterId matter : listed) shown_[account.value].insert(matter.value);
  return {};
}

Status ReadBudget::count(store::LogBook& book, AccountId account,
                         std::span<const MatterId> matters, Instant now, std::size_t most) {
  const Date day = day_of(now);
  GEWU_CHECK(recall(book, account, day));
  const std::scoped_lock lock(mutex_);
  std::unordered_set<std::int64_t>& shown = shown_[account.value];
  std::unordered_set<std::int64_t> fresh;
  for (const MatterId id : matters)
    if (!shown.contains(id.value)) fresh.insert(id.value);
  if (fresh.empty()) return {};
  if (shown.size() + fresh.size() > most) {
    const std::int64_t left_ms = (std::int64_t{day.days} + 1) * kMsPerDay - now.ms;
    return refuse(ErrorCode::too_many, "list.budget",
                  {{"max", std::to_string(most)},
                   {"seconds", std::to_string(left_ms / 1'000 + 1)}});
  }
  for (const std::int64_t id : fresh) waiting_.push_back({account, day, {id}});
  shown.merge(fresh);
  return {};
}

Status ReadBudget::flush(store::LogBook& book) {
  std::vector<store::ListedMatter> taken;
  {
    const std::scoped_lock lock(mutex_);
    taken.swap(waiting_);
  }
  Status written = book.add_listed(taken);
  if (!written) {
    const std::scoped_lock lock(mutex_);
    waiting_.insert(waiting_.begin(), taken.begin(), taken.end());
  }
  return written;
}

Status count_listed(Office& office, AccountId account, std::span<const MatterId> matters,
                    std::size_t most) {
  if (!account.has_value()) return {};
  store::LogBook& book = office.store.log_book();
  const Instant now = office.clock.now();
  if (office.logs != nullptr) return office.logs->budget().count(book, account, matters, now, most);
  ReadBudget budget;
  GEWU_CHECK(budget.count(book, account, matters, now, most));
  return budget.flush(book);
}

}  // namespace gewu::usecase
