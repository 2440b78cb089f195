#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "usecase/office.h"

namespace gewu::jobs {

/// What happens by itself (定时工作): clocks that are due, follow-ups left over for 5 s, folding of
/// figures once a second. One thread; each round calls use cases and nothing else.
class Timers {
 public:
  explicit Timers(usecase::Office& office);
  ~Timers();   ///< lets the round in hand finish

 private:
  void run();
  void round();

  usecase::Office& office_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gewu::jobs
