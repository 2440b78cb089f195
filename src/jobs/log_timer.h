#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "usecase/log_buffer.h"
#include "usecase/office.h"

namespace gewu::jobs {

/// Writes down every second who read what, looks every ten seconds whether somebody reads unusually
/// much, and removes every hour what the logs need not keep: on a thread of its own, since clocks
/// and follow-ups may take their time and a crash must not cost more than that second.
class LogTimer {
 public:
  using Log = std::function<void(const std::string& line)>;

  /// From here on the office's reads wait in this timer's buffer.
  explicit LogTimer(usecase::Office& office, Log log = {});
  /// Writes what still waits.
  ~LogTimer();
  LogTimer(const LogTimer&) = delete;
  LogTimer& operator=(const LogTimer&) = delete;

  void start();
  void stop();

 private:
  void loop();
  void round();

  usecase::Office& office_;
  Log log_;
  usecase::LogBuffer buffer_;
  std::int64_t watched_ = 0;   ///< id of the last read that was looked at
  Instant watch_at_, drop_at_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gewu::jobs
