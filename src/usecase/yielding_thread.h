#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace gewu::usecase {

/// One thread that yields to every other: what is long and may wait is computed there, so that a
/// pile of it costs the others no more than what they leave over.
class YieldingThread {
 public:
  YieldingThread() = default;
  ~YieldingThread();
  YieldingThread(const YieldingThread&) = delete;
  YieldingThread& operator=(const YieldingThread&) = delete;

  /// Computes it there, after what others gave before, and waits for its end.
  void run(const std::function<void()>& work);

 private:
  void serve();

  std::mutex turn_;     ///< held by whose work it is
  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* work_ = nullptr;
  bool stopping_ = false;
  std::thread thread_;  ///< started with the first work
};

}  // namespace gewu::usecase
