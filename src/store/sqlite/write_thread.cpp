#include "store/sqlite/write_thread.h"

#include <limits>
#include <utility>

#include "base/ensure.h"

namespace gewu::store::sqlite {

namespace {

/// Handed over together: waking the thread costs more than a small job.
constexpr std::size_t kJobsTogether = 1024;

/// Lots that may wait: some ten thousand jobs, a few ten MiB.
constexpr std::size_t kLotsWaiting = 16;

Status run(std::move_only_function<Status()>& job) {
  try {
    return job();
  } catch (const BrokenInvariant& broken) {
    return std::unexpected(Error{ErrorCode::internal, "internal", {{"what", broken.what()}}, {}});
  }
}

}  // namespace

WriteThread::WriteThread() : thread_([this] { work(); }) {}

WriteThread::~WriteThread() {
  static_cast<void>(drain());
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_one();
  thread_.join();
}

void WriteThread::add(std::move_only_function<Status()> job) {
  gathered_.push_back(std::move(job));
  if (gathered_.size() >= kJobsTogether) hand_over(kLotsWaiting);
}

void WriteThread::hand_over(std::size_t waiting_max) {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return waiting_.size() < waiting_max; });
  waiting_.push_back(std::exchange(gathered_, {}));
  lock.unlock();
  ready_.notify_one();
}

Status WriteThread::drain() {
  if (!gathered_.empty()) hand_over(std::numeric_limits<std::size_t>::max());
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return waiting_.empty() && !is_working_; });
  return failed_;
}

void WriteThread::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ready_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::vector<Jobs> lots = std::exchange(waiting_, {});
    is_working_ = true;
    Status failed = failed_;
    lock.unlock();
    done_.notify_all();
    for (Jobs& lot : lots)
      for (auto& job : lot)
        if (failed) failed = run(job);
    lots.clear();  // what the jobs held is freed before anybody is told
    lock.lock();
    is_working_ = false;
    failed_ = std::move(failed);
    done_.notify_all();
  }
}

}  // namespace gewu::store::sqlite
