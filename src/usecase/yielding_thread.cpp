#include "usecase/yielding_thread.h"

#include <sys/resource.h>
#include <unistd.h>

namespace gewu::usecase {

namespace {

constexpr int kNiceness = 19;  ///< the last of all

}  // namespace

YieldingThread::~YieldingThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void YieldingThread::run(const std::function<void()>& work) {
  const std::lock_guard turn(turn_);
  std::unique_lock lock(mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { serve(); });
  work_ = &work;
  changed_.notify_all();
  changed_.wait(lock, [&] { return work_ == nullptr; });
}

void YieldingThread::serve() {
  // Of this thread alone, as Linux has it; where it is refused, the work is done all the same.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness);
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || work_ != nullptr; });
    if (stopping_) return;
    lock.unlock();
    (*work_)();
    lock.lock();
    work_ = nullptr;
    changed_.notify_all();
  }
}

}  // namespace gewu::usecase
