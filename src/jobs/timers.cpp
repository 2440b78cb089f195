#include "jobs/timers.h"

#include <chrono>

#include "base/ensure.h"
#include "usecase/pass_time.h"
#include "usecase/work_ripples.h"

namespace gewu::jobs {
namespace {

constexpr std::int64_t kRippleAgeMs = 5'000;
constexpr std::size_t kMattersARound = 500;

}  // namespace

Timers::Timers(usecase::Office& office) : office_(office), thread_([this] { run(); }) {}

Timers::~Timers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Timers::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    round();
    lock.lock();
    wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
  }
}

void Timers::round() {
  // A fault in one round must not end the clocks of the office; the next round meets it again.
  try {
    static_cast<void>(usecase::pass_all_time(office_, kMattersARound));
    static_cast<void>(usecase::work_old_ripples(office_, office_.clock.now() + -kRippleAgeMs,
                                                kMattersARound));
    static_cast<void>(office_.store.fold());
  } catch (const BrokenInvariant&) {
  }
}

}  // namespace gewu::jobs
