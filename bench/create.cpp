#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include "bench/bare_loop.h"
#include "bench/case.h"
#include "bench/load.h"
#include "bench/place.h"
#include "codec/json.h"
#include "http/server.h"
#include "usecase/check_data.h"

// Durable creates over HTTP against a bare loop that writes the same rows: sockets, routing, JSON,
// validation, the place's grid, clocks, encryption, journal, counters and the answer are the
// office's; SQLite, its files and its syncs are both's.

namespace gewu::bench {

namespace fs = std::filesystem;
using namespace gewu::kernel;

namespace {

constexpr std::size_t kConnections = 64;
constexpr int kRounds = 3;

/// A server that runs beside the load, in this process.
class RunningServer {
 public:
  static Result<std::unique_ptr<RunningServer>> start(usecase::Office& office) {
    http::ServerOptions options;
    // All of the load comes from one address.
    options.peer_requests_max = 100'000'000;
    GEWU_TRY(server, http::Server::open(office, std::move(options)));
    return std::unique_ptr<RunningServer>(new RunningServer(std::move(server)));
  }
  ~RunningServer() {
    server_->stop();
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }

 private:
  explicit RunningServer(std::unique_ptr<http::Server> server)
      : server_(std::move(server)), thread_([this] { server_->run(); }) {}
  std::unique_ptr<http::Server> server_;
  std::thread thread_;
};

std::string appeal_request(const Spot& spot, int round, std::size_t number) {
  const std::string body = fmt::format(
      R"({{"type":"appeal","action":"submit","values":{{"text":"楼前路灯三天不亮，老人晚上出门怕摔，第{}件。",)"
      R"("place":{{"lon":{}.{:06},"lat":{}.{:06},"address":"2号楼门前"}},)"
      R"("contact":{{"name":"金某某","phone":"19900001234"}}}}}})",
      number, spot.point.lon_e6 / 1'000'000, spot.point.lon_e6 % 1'000'000,
      spot.point.lat_e6 / 1'000'000, spot.point.lat_e6 % 1'000'000);
  const std::string id =
      fmt::format("Gewu-Request: 0b3e9a{:02x}-7c1d-4e5f-8a9b-{:012x}\r\n", round, number);
  return post_request("/api/matters", id, body);
}

/// What came of one round.
struct Round {
  double rate = 0, bare = 0, p50_ms = 0, p99_ms = 0, cpu_us = 0, rows = 0;
};

struct Answers {
  std::set<std::string> numbers, receipts;
};

/// Text of a member near the beginning of an answer.
std::string_view member_of(std::string_view body, std::string_view name) {
  const auto at = body.find(fmt::format("\"{}\":\"", name));
  if (at == std::string_view::npos) return {};
  const auto from = at + name.size() + 4;
  return body.substr(from, body.find('"', from) - from);
}

/// Each answer has its number and receipt; one in sixteen is read whole, so that the client is no
/// heavier than it must be.
Status take_answer(Answers& answers, std::size_t number, int status, std::string_view body) {
  if (status != 201) return wrong("create.status", "201", fmt::format("{} {}", status, body));
  answers.numbers.emplace(member_of(body, "number"));
  answers.receipts.emplace(member_of(body, "receipt"));
  if (number % 16 != 0) return {};
  GEWU_TRY(json, codec::parse_json(body));
  return expect_equal("create.state", "received", json.string_at("state").value_or(""));
}

/// Every answer had a number and a receipt of its own, and journal, snapshots, lists and figures of
/// the office agree.
Status check_office(Place& place, const Answers& answers, std::size_t count) {
  const auto wanted = static_cast<std::int64_t>(count);
  GEWU_CHECK(expect_equal("create.numbers", wanted,
                          static_cast<std::int64_t>(answers.numbers.size())));
  GEWU_CHECK(expect_equal("create.receipts", wanted,
                          static_cast<std::int64_t>(answers.receipts.size())));
  GEWU_TRY(check, usecase::check_data(place.office()));
  if (!check.differences.empty())
    return wrong("create.check", "no difference", check.differences.front());
  return {};
}

Result<Round> run_round(Ground& ground, int number) {
  const std::string name = fmt::format("create{}", number);
  GEWU_TRY(before, ground.copy_demo(name + ".before"));
  GEWU_TRY(bare, ground.copy_demo(name + ".bare"));
  GEWU_TRY(data, ground.copy_demo(name));
  Round round;
  LoadResult load;
  {
    GEWU_TRY(place, Place::open(data, false));
    std::vector<Spot> spots = spots_of(*place->store().directory(), place->clock().now());
    std::erase_if(spots, [](const Spot& spot) { return spot.point == LonLat{}; });
    if (spots.empty()) return wrong("create.spots", "some", "none");
    Answers answers;
    {
      GEWU_TRY(server, RunningServer::start(place->office()));
      LoadPlan plan;
      plan.port = server->port();
      plan.connections = kConnections;
      plan.seconds = ground.options.seconds;
      plan.request = [&](std::size_t i) {
        return appeal_request(spots[i % spots.size()], number, i);
      };
      plan.take = [&](std::size_t i, int status, std::string_view body) {
        return take_answer(answers, i, status, body);
      };
      const double cpu = process_seconds();
      GEWU_TRY(put, put_load(plan));
      load = std::move(put);
      round.cpu_us = (process_seconds() - cpu) * 1e6 / static_cast<double>(load.answers);
    }
    GEWU_CHECK(check_office(*place, answers, load.answers));
  }
  GEWU_TRY(rows, CapturedRows::capture(before, data));
  const auto count = static_cast<std::int64_t>(load.answers);
  GEWU_CHECK(expect_equal("create.rows", count, static_cast<std::int64_t>(rows.matters())));
  GEWU_TRY(seconds, rows.write(bare));
  round.rate = static_cast<double>(load.answers) / load.seconds;
  round.bare = static_cast<double>(load.answers) / seconds;
  round.rows = static_cast<double>(rows.rows()) / static_cast<double>(load.answers);
  round.p50_ms = percentile(load.waits_ms, 0.5);
  round.p99_ms = percentile(load.waits_ms, 0.99);
  std::error_code ignored;
  for (const std::string& folder : {before, bare, data}) {
    fs::remove_all(folder, ignored);
    fs::remove_all(folder + ".keys", ignored);
  }
  return round;
}

}  // namespace

Result<Report> run_create(Ground& ground) {
  std::vector<double> rates, bares, ratios, p50s, p99s, cpus, rows;
  const int rounds = ground.options.smoke ? 1 : kRounds;
  for (int i = 0; i < rounds; ++i) {
    GEWU_TRY(round, run_round(ground, i));
    rates.push_back(round.rate);
    bares.push_back(round.bare);
    ratios.push_back(round.rate / round.bare);
    p50s.push_back(round.p50_ms);
    p99s.push_back(round.p99_ms);
    cpus.push_back(round.cpu_us);
    rows.push_back(round.rows);
  }
  Report report;
  report.add("creates_per_s", median(rates));
  report.add("bare_per_s", median(bares));
  report.add("rows_per_create", median(rows));
  report.add("p50_ms", median(p50s));
  report.add("p99_ms", median(p99s));
  report.add("cpu_us_per_create", median(cpus));
  report.goals = {{"create_ratio", median(ratios), 0.5}};
  return report;
}

}  // namespace gewu::bench
