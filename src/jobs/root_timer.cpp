#include "jobs/root_timer.h"

#include <chrono>

namespace gewu::jobs {

namespace {

constexpr std::chrono::seconds kStatementRound{60};

}  // namespace

RootTimer::RootTimer(usecase::Office& office, usecase::RootKeeper keeper, Log log)
    : office_(office), keeper_(std::move(keeper)), log_(std::move(log)) {}

RootTimer::~RootTimer() { stop(); }

void RootTimer::start() {
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { loop(); });
}

void RootTimer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status RootTimer::run_once(usecase::Office& office, const usecase::RootKeeper& keeper,
                           const Log& log) {
  GEWU_TRY(root, usecase::sign_root(office, keeper.seed));
  static_cast<void>(root);
  for (const auto& [witness, error] : usecase::tell_witnesses(office, keeper))
    if (log) log("witness " + witness + ": " + error.key);
  return {};
}

void RootTimer::loop() {
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    last = stopping_;
    lock.unlock();
    if (const Status done = run_once(office_, keeper_, log_); !done && log_)
      log_("roots: " + done.error().key);
    lock.lock();
    if (!last) changed_.wait_for(lock, kStatementRound, [&] { return stopping_; });
  }
}

}  // namespace gewu::jobs
