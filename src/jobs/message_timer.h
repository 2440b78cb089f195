#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "usecase/send_messages.h"

namespace gewu::jobs {

/// What waits for people outside is sent every second, on a thread of its own, since whoever carries
/// it may keep us waiting. One that can't be reached is asked again after twice as long each time, up
/// to an hour.
class MessageTimer {
 public:
  using Log = std::function<void(const std::string& line)>;

  MessageTimer(usecase::Office& office, usecase::Outside outside, Log log = {});
  ~MessageTimer();
  MessageTimer(const MessageTimer&) = delete;
  MessageTimer& operator=(const MessageTimer&) = delete;

  void start();
  void stop();

 private:
  void loop();
  std::chrono::seconds round(std::chrono::seconds waited);

  usecase::Office& office_;
  usecase::Outside outside_;
  Log log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gewu::jobs
