#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/bench.h"

namespace gewu::bench {

/// A figure against its bound; the bench prints whether it held and fails for none of them.
struct Goal {
  std::string name;
  double value = 0;
  double bound = 0;
  bool at_least = true;            ///< else at most
  bool is_met() const { return at_least ? value >= bound : value <= bound; }
};

struct Report {
  std::vector<std::pair<std::string, double>> figures;
  std::vector<Goal> goals;
  void add(std::string name, double value) { figures.emplace_back(std::move(name), value); }
};

/// What all cases share: options and a demonstration office, made when the first case asks.
class Ground {
 public:
  explicit Ground(const Options& asked) : options(asked) {}
  const Options& options;
  /// A fresh copy of the demonstration office, for one case alone.
  Result<std::string> copy_demo(std::string_view name);

 private:
  std::string demo_;
};

// The cases, one file each.
Result<Report> run_decide(Ground& ground);
Result<Report> run_create(Ground& ground);
Result<Report> run_server(Ground& ground);
/// Work lists while wrong passwords pour in.
Result<Report> run_storm(Ground& ground);
/// Work lists, the cost of a matter and memory, on one office that grows.
Result<Report> run_growth(Ground& ground);

/// The answer was not the expected one.
std::unexpected<Error> wrong(std::string_view what, std::string expected, std::string found);
Status expect_equal(std::string_view what, std::int64_t expected, std::int64_t found);
Status expect_equal(std::string_view what, std::string_view expected, std::string_view found);

/// Seconds that this thread, all threads of this process, and the wall have spent.
double thread_seconds();
double process_seconds();
double wall_seconds();

/// Times a second that `work` can be done in this thread's time: rounds of at least 50 ms until
/// `seconds` are over, the median of the rounds. `work` takes the number of the call.
Result<double> rate_of(double seconds, const std::function<Status(std::size_t)>& work);
double median(std::vector<double> values);
/// The value that `share` of all lie below; 0.99 for p99.
double percentile(std::vector<double> values, double share);

}  // namespace gewu::bench
