#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "usecase/keep_roots.h"

namespace gewu::jobs {

/// A root a minute, when anything was written, and the witnesses told: on a thread of its own,
/// since a witness over the net may keep us waiting.
class RootTimer {
 public:
  using Log = std::function<void(const std::string& line)>;

  RootTimer(usecase::Office& office, usecase::RootKeeper keeper, Log log = {});
  /// Signs once more, so that what was answered stands under a root, and tells the witnesses.
  ~RootTimer();
  RootTimer(const RootTimer&) = delete;
  RootTimer& operator=(const RootTimer&) = delete;

  void start();
  void stop();

  /// One round, for tests and `gewu roots --sign`.
  static Status run_once(usecase::Office& office, const usecase::RootKeeper& keeper,
                         const Log& log);

 private:
  void loop();

  usecase::Office& office_;
  usecase::RootKeeper keeper_;
  Log log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gewu::jobs
