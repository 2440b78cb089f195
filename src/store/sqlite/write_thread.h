#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"

namespace gewu::store::sqlite {

/// Writes on a thread of its own, in order, what its owner has decided: an office in the making
/// decides the next while the last is written. While jobs are on their way the connection that they
/// use is theirs: the owner touches it after `drain` alone.
class WriteThread {
 public:
  WriteThread();
  ~WriteThread();  ///< after what was given is written
  WriteThread(const WriteThread&) = delete;
  WriteThread& operator=(const WriteThread&) = delete;

  /// Waits only when the thread is far behind. After a failure jobs are dropped.
  void add(std::move_only_function<Status()> job);
  /// Waits until all is written; the first failure of a job, now and ever after.
  Status drain();

 private:
  using Jobs = std::vector<std::move_only_function<Status()>>;
  void hand_over(std::size_t waiting_max);
  void work();

  Jobs gathered_;  ///< of the owner alone
  std::mutex mutex_;
  std::condition_variable ready_, done_;
  std::vector<Jobs> waiting_;
  bool is_working_ = false, stopping_ = false;
  Status failed_;
  std::thread thread_;
};

}  // namespace gewu::store::sqlite
