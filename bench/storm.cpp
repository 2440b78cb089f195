#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "bench/case.h"
#include "bench/load.h"
#include "bench/served.h"

// Wrong passwords at a fixed rate from a hundred networks, for every login of the office in turn,
// while officers go on with their lists. The passwords are never right, so that each is either
// hashed or sent away.

namespace gewu::bench {

namespace {

constexpr double kWrongPerSecond = 1'000;
constexpr std::size_t kNetworks = 100;
constexpr std::size_t kConnectionsEach = 4;  ///< enough that no answer holds up the next question
constexpr double kListsPerSecond = 100;
constexpr std::size_t kListConnections = 8;
constexpr std::size_t kLogins = 1'000;

struct Lists {
  double p50_ms = 0, p99_ms = 0;
};

/// What officers wait for their lists; one that asks more than it may is told so.
Result<Lists> read_lists(std::uint16_t port, const std::vector<Visitor>& visitors,
                         double seconds) {
  LoadPlan plan;
  plan.port = port;
  plan.connections = kListConnections;
  plan.seconds = seconds;
  plan.per_second = kListsPerSecond;
  plan.request = [&](std::size_t number) {
    return list_request(visitors[number % visitors.size()], number % 2 == 1);
  };
  plan.take = [](std::size_t, int status, std::string_view body) -> Status {
    GEWU_CHECK(expect_equal("storm.list", 200, status));
    return expect_list(body);
  };
  GEWU_TRY(load, put_load(plan));
  return Lists{percentile(load.waits_ms, 0.5), percentile(std::move(load.waits_ms), 0.99)};
}

struct Storm {
  std::size_t refused = 0, sent_away = 0;
  double per_second = 0;
};

Result<Storm> guess(std::uint16_t port, double seconds) {
  Storm storm;
  LoadPlan plan;
  plan.port = port;
  plan.connections = kNetworks * kConnectionsEach;
  plan.seconds = seconds;
  plan.per_second = kWrongPerSecond;
  plan.address = [](std::size_t number) { return far_from_each_other(number % kNetworks); };
  plan.request = [](std::size_t number) {
    return post_request("/api/sign-in", "",
                        fmt::format(R"({{"login":"guess-{}","password":"not-the-right-{}"}})",
                                    number % kLogins, number));
  };
  plan.take = [&](std::size_t, int status, std::string_view body) -> Status {
    if (status == 429) {
      ++storm.sent_away;
      return {};
    }
    if (status != 401) return wrong("storm.status", "401", fmt::format("{} {}", status, body));
    ++storm.refused;
    return {};
  };
  GEWU_TRY(load, put_load(plan));
  storm.per_second = static_cast<double>(load.answers) / load.seconds;
  return storm;
}

}  // namespace

Result<Report> run_storm(Ground& ground) {
  GEWU_TRY(data, ground.copy_demo("storm"));
  GEWU_TRY(visitors, sign_in_officers(data));
  GEWU_TRY(server, ServedOffice::start(ground.options.executable, data));
  const double seconds = ground.options.seconds;
  GEWU_TRY(warm, read_lists(server.port(), visitors, std::min(seconds, 1.0)));
  GEWU_TRY(quiet, read_lists(server.port(), visitors, seconds));
  Result<Storm> storm;
  std::thread attacker([&] { storm = guess(server.port(), seconds + 1); });
  const auto stormy = read_lists(server.port(), visitors, seconds);
  attacker.join();
  GEWU_CHECK(stormy);
  GEWU_CHECK(storm);
  GEWU_TRY(after, read_lists(server.port(), visitors, seconds));
  // The machine has its moods: quiet is the worse of before and after.
  const double quiet_p99 = std::max(quiet.p99_ms, after.p99_ms);
  Report report;
  report.add("first_p50_ms", warm.p50_ms);
  report.add("quiet_p50_ms", quiet.p50_ms);
  report.add("quiet_p99_ms", quiet_p99);
  report.add("storm_p50_ms", stormy->p50_ms);
  report.add("storm_p99_ms", stormy->p99_ms);
  report.add("guesses_per_s", storm->per_second);
  report.add("guesses_hashed", static_cast<double>(storm->refused));
  report.add("guesses_sent_away", static_cast<double>(storm->sent_away));
  report.goals = {{"p99_times_quiet", stormy->p99_ms / quiet_p99, 3, false}};
  return report;
}

}  // namespace gewu::bench
