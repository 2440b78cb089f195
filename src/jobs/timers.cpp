#include "jobs/timers.h"

#include <chrono>

#include "usecase/pass_time.h"
#include "usecase/work_ripples.h"

namespace gewu::jobs {

namespace {

constexpr std::chrono::seconds kRound{1};
constexpr std::size_t kMattersARound = 500;
constexpr std::int64_t kRippleLeftOverMs = 5'000;
constexpr std::size_t kRipplesARound = 500;

void tell(const Timers::Log& log, const std::string& what, const Error& error) {
  if (log) log(what + ": " + error.key);
}

}  // namespace

Timers::Timers(usecase::Office& office, Log log) : office_(office), log_(std::move(log)) {}

Timers::~Timers() { stop(); }

void Timers::start() {
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { loop(); });
}

void Timers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status Timers::run_once(usecase::Office& office, const Log& log) {
  for (bool more = true; more;) {
    GEWU_TRY(passed, usecase::pass_all_time(office, kMattersARound));
    for (const auto& [matter, error] : passed.failed)
      tell(log, "time of matter " + std::to_string(matter.value), error);
    // Those that failed are due still: without any progress the next round tries again.
    more = passed.more && passed.events > 0;
  }
  GEWU_TRY(ripples, usecase::work_old_ripples(office, office.clock.now() + -kRippleLeftOverMs,
                                              kRipplesARound));
  static_cast<void>(ripples);
  GEWU_TRY(folded, office.store.fold());
  static_cast<void>(folded);
  return {};
}

void Timers::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (const auto done = run_once(office_, log_); !done) tell(log_, "timers", done.error());
    lock.lock();
    changed_.wait_for(lock, kRound, [&] { return stopping_; });
  }
}

}  // namespace gewu::jobs
