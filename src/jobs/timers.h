#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "usecase/office.h"

namespace gewu::jobs {

/// What the hour does: steps of clocks that fall due, follow-ups that were left over for 5 s, what
/// plans and duties open, the folding of figures, and files that nothing names, every second on a
/// thread of its own.
class Timers {
 public:
  using Log = std::function<void(const std::string& line)>;

  explicit Timers(usecase::Office& office, Log log = {});
  /// Stops, and waits for the round under way.
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  void start();
  void stop();

  /// One round, for tests and for whoever brings an office up to date without serving it.
  static Status run_once(usecase::Office& office, const Log& log);

 private:
  void loop();
  Status round();

  usecase::Office& office_;
  Log log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  Instant timetables_at_;      ///< when plans and duties are looked at next
  Instant sweep_at_;           ///< when files that nothing names are looked for next
  Instant tallies_at_;         ///< when anonymous counts are gathered next
  Instant open_figures_at_;    ///< when a week to be told to the public is looked for next
  std::thread thread_;
};

}  // namespace gewu::jobs
