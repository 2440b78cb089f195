#include "jobs/message_timer.h"

#include <algorithm>

namespace gewu::jobs {

namespace {

constexpr std::chrono::seconds kMessageRound{1};
constexpr std::chrono::seconds kLongestPause{3'600};

}  // namespace

MessageTimer::MessageTimer(usecase::Office& office, usecase::Outside outside, Log log)
    : office_(office), outside_(std::move(outside)), log_(std::move(log)) {}

MessageTimer::~MessageTimer() { stop(); }

void MessageTimer::start() {
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { loop(); });
}

void MessageTimer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

/// How long to wait before the next one.
std::chrono::seconds MessageTimer::round(std::chrono::seconds waited) {
  const auto sent = usecase::send_messages(office_, outside_);
  if (!sent) {
    if (log_) log_("messages: " + sent.error().key);
    return std::min(2 * waited, kLongestPause);
  }
  for (const auto& [matter, error] : sent->refused)
    if (log_) log_("message of matter " + std::to_string(matter.value) + ": " + error.key);
  return kMessageRound;
}

void MessageTimer::loop() {
  std::chrono::seconds pause = kMessageRound;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    pause = round(pause);
    lock.lock();
    changed_.wait_for(lock, pause, [&] { return stopping_; });
  }
}

}  // namespace gewu::jobs
