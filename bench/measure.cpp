#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "bench/case.h"

namespace gewu::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec at{};
  clock_gettime(clock, &at);
  return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
}

constexpr double kRoundSeconds = 0.05;

}  // namespace

double thread_seconds() { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }
double process_seconds() { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }
double wall_seconds() { return seconds_of(CLOCK_MONOTONIC); }

std::unexpected<Error> wrong(std::string_view what, std::string expected, std::string found) {
  return refuse(ErrorCode::internal, "bench.wrong",
                {{"what", std::string(what)},
                 {"expected", std::move(expected)},
                 {"found", std::move(found)}});
}

Status expect_equal(std::string_view what, std::int64_t expected, std::int64_t found) {
  if (expected != found) return wrong(what, std::to_string(expected), std::to_string(found));
  return {};
}

Status expect_equal(std::string_view what, std::string_view expected, std::string_view found) {
  if (expected != found) return wrong(what, std::string(expected), std::string(found));
  return {};
}

Result<double> rate_of(double seconds, const std::function<Status(std::size_t)>& work) {
  std::vector<double> rates;
  const double until = wall_seconds() + seconds;
  std::size_t number = 0;
  do {
    const double began = thread_seconds();
    double took = 0;
    std::size_t done = 0;
    do {
      for (int i = 0; i < 32; ++i, ++done) GEWU_CHECK(work(number++));
      took = thread_seconds() - began;
    } while (took < kRoundSeconds);
    rates.push_back(static_cast<double>(done) / took);
  } while (wall_seconds() < until);
  return median(std::move(rates));
}

double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = static_cast<std::ptrdiff_t>(std::ceil(last * share));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace gewu::bench
