#include "jobs/log_timer.h"

#include <chrono>

#include "base/spans.h"
#include "usecase/audit_log.h"
#include "usecase/read_log.h"

namespace gewu::jobs {

namespace {

constexpr std::chrono::seconds kWriting{1};
constexpr std::int64_t kWatchMs = 10'000;
constexpr std::int64_t kDropMs = kMsPerHour;

}  // namespace

LogTimer::LogTimer(usecase::Office& office, Log log) : office_(office), log_(std::move(log)) {
  office_.logs = &buffer_;
}

LogTimer::~LogTimer() {
  stop();
  office_.logs = nullptr;
}

void LogTimer::start() {
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { loop(); });
}

void LogTimer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (const auto written = buffer_.flush(office_.store); !written && log_)
    log_("reads: " + written.error().key);
}

void LogTimer::round() {
  const auto tell = [&](const char* what, const Error& error) {
    if (log_) log_(std::string(what) + ": " + error.key);
  };
  if (const auto written = buffer_.flush(office_.store); !written) tell("reads", written.error());
  const Instant now = office_.clock.now();
  if (watch_at_ <= now) {
    watch_at_ = now + kWatchMs;
    if (const auto watched = usecase::watch_reading(office_, watched_)) watched_ = *watched;
    else tell("unusual reading", watched.error());
  }
  if (drop_at_ <= now) {
    drop_at_ = now + kDropMs;
    if (const auto dropped = usecase::drop_old_logs(office_); !dropped)
      tell("old logs", dropped.error());
  }
}

void LogTimer::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    round();
    lock.lock();
    changed_.wait_for(lock, kWriting, [&] { return stopping_; });
  }
}

}  // namespace gewu::jobs
