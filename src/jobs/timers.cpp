#include "jobs/timers.h"

#include <chrono>

#include "base/spans.h"
#include "usecase/gather_tallies.h"
#include "usecase/keep_file.h"
#include "usecase/migrate_matters.h"
#include "usecase/open_figures.h"
#include "usecase/pass_time.h"
#include "usecase/run_timetables.h"
#include "usecase/work_ripples.h"

namespace gewu::jobs {

namespace {

constexpr std::chrono::seconds kRound{1};
constexpr std::size_t kMattersARound = 500;
constexpr std::int64_t kRippleLeftOverMs = 5'000;
constexpr std::size_t kRipplesARound = 500;
/// What a publishing left: a few at a time, so that clocks and requests go on beside it.
constexpr const char* kMigrator = "server";
constexpr std::size_t kMigratedARound = 128;
/// New units are found so often; what failed is tried again.
constexpr std::int64_t kTimetablesMs = 600'000;
constexpr std::int64_t kSweepMs = kMsPerHour;
/// Anonymous counts become events so often: who looks at the hour sees nobody.
constexpr std::int64_t kTalliesMs = kMsPerHour;
constexpr std::size_t kTalliesARound = 500;
/// Weeks that are over are told to the public; one a round, so that clocks go on beside it.
constexpr std::int64_t kOpenFiguresMs = kMsPerHour;

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

namespace {

/// Opens what the calendar asks for; when to look again.
Result<Instant> open_timetables(usecase::Office& office, const Timers::Log& log) {
  GEWU_TRY(run, usecase::run_timetables(office));
  for (const auto& [key, error] : run.failed) tell(log, "timetable " + key, error);
  const Instant latest = office.clock.now() + kTimetablesMs;
  return run.next && *run.next < latest ? *run.next : latest;
}

Status pass(usecase::Office& office, const Timers::Log& log) {
  for (bool more = true; more;) {
    GEWU_TRY(passed, usecase::pass_all_time(office, kMattersARound));
    for (const auto& [matter, error] : passed.failed)
      tell(log, "time of matter " + std::to_string(matter.value), error);
    // Those that failed are due still: without any progress the next round tries again.
    more = passed.more && passed.events > 0;
  }
  GEWU_TRY(migrated, usecase::migrate_matters(office, kMigrator, kMigratedARound));
  for (const auto& [matter, error] : migrated.failed)
    tell(log, "migration of matter " + std::to_string(matter.value), error);
  GEWU_TRY(ripples, usecase::work_old_ripples(office, office.clock.now() + -kRippleLeftOverMs,
                                              kRipplesARound));
  static_cast<void>(ripples);
  GEWU_TRY(folded, office.store.fold());
  static_cast<void>(folded);
  return {};
}

}  // namespace

Status Timers::run_once(usecase::Office& office, const Log& log) {
  GEWU_TRY(next, open_timetables(office, log));
  static_cast<void>(next);
  return pass(office, log);
}

Status Timers::round() {
  if (timetables_at_ <= office_.clock.now()) {
    GEWU_TRY(next, open_timetables(office_, log_));
    timetables_at_ = next;
  }
  if (sweep_at_ <= office_.clock.now()) {
    sweep_at_ = office_.clock.now() + kSweepMs;
    if (const auto swept = usecase::sweep_files(office_); !swept)
      tell(log_, "files", swept.error());
  }
  if (tallies_at_ <= office_.clock.now()) {
    GEWU_TRY(gathered, usecase::gather_tallies(office_, kTalliesARound));
    if (gathered < kTalliesARound) tallies_at_ = office_.clock.now() + kTalliesMs;
  }
  if (open_figures_at_ <= office_.clock.now()) {
    const auto told = usecase::tell_open_week(office_);
    if (!told) tell(log_, "public figures", told.error());
    if (!told || !*told) open_figures_at_ = office_.clock.now() + kOpenFiguresMs;
  }
  return pass(office_, log_);
}

void Timers::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (const auto done = round(); !done) tell(log_, "timers", done.error());
    lock.lock();
    changed_.wait_for(lock, kRound, [&] { return stopping_; });
  }
}

}  // namespace gewu::jobs
