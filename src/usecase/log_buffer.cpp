#include "usecase/log_buffer.h"

#include <iterator>
#include <utility>

namespace gewu::usecase {

Status LogBuffer::add_reads(store::Store& store, std::vector<store::ReadRecord> records) {
  bool is_full = false;
  {
    const std::lock_guard lock(mutex_);
    for (store::ReadRecord& record : records)
      if (is_news(record)) reads_.push_back(std::move(record));
    is_full = reads_.size() >= kHeldMost;
  }
  return is_full ? flush(store) : Status();
}

/// Under the lock.
bool LogBuffer::is_news(const store::ReadRecord& record) {
  if (record.kind == store::ReadKind::list) {
    if (listed_on_ != record.day || listed_.size() >= kListedMost) listed_.clear();
    listed_on_ = record.day;
    return listed_.emplace(record.account, record.matter).second;
  }
  return known_.emplace(record.account, record.post, record.matter, record.kind).second;
}

Status LogBuffer::add_refused(store::Store& store, store::AuditRecord record) {
  bool is_full = false;
  {
    const std::lock_guard lock(mutex_);
    Alike alike{record.event, record.account, record.subject, record.key, record.peer};
    const auto [held, is_new] = refused_.try_emplace(std::move(alike), std::move(record));
    if (!is_new) ++held->second.times;
    is_full = refused_.size() >= kHeldMost;
  }
  return is_full ? flush(store) : Status();
}

Status LogBuffer::flush(store::Store& store) {
  const std::lock_guard writing(writing_);
  const Status reads = write_reads(store);
  const Status refused = write_refused(store);
  const Status listed = budget_.flush(store.log_book());
  if (!reads) return reads;
  return refused ? listed : refused;
}

Status LogBuffer::write_reads(store::Store& store) {
  std::vector<store::ReadRecord> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(reads_);
    known_.clear();
  }
  Status written = store.log_book().add_reads(taken);
  if (!written) {
    const std::lock_guard lock(mutex_);
    reads_.insert(reads_.begin(), std::make_move_iterator(taken.begin()),
                  std::make_move_iterator(taken.end()));
  }
  return written;
}

Status LogBuffer::write_refused(store::Store& store) {
  std::map<Alike, store::AuditRecord> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(refused_);
  }
  std::vector<store::AuditRecord> records;
  for (const auto& [alike, record] : taken) records.push_back(record);
  Status written = store.log_book().add_audits(std::move(records));
  if (!written) {
    const std::lock_guard lock(mutex_);
    for (auto& [alike, record] : taken) {
      const auto [held, is_new] = refused_.try_emplace(alike, record);
      if (!is_new) held->second.times += record.times;
    }
  }
  return written;
}

}  // namespace gewu::usecase
