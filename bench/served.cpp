#include "bench/served.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>
#include <utility>

#include "base/text.h"
#include "bench/case.h"
#include "bench/load.h"
#include "bench/place.h"
#include "codec/json.h"
#include "usecase/sign_in.h"

extern char** environ;

namespace gewu::bench {

using namespace gewu::kernel;

namespace {

constexpr double kPatienceSeconds = 60;
constexpr auto kPause = std::chrono::milliseconds(2);
constexpr std::size_t kConnections = 64;
constexpr std::size_t kCommunityDigits = 12;

/// A port that nobody listens on just now.
Result<std::uint16_t> free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool is_bound =
      descriptor >= 0 && bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (descriptor >= 0) close(descriptor);
  if (!is_bound) return refuse(ErrorCode::unavailable, "bench.socket");
  return ntohs(address.sin_port);
}

}  // namespace

Result<ServedOffice> ServedOffice::start(const std::string& executable, const std::string& data) {
  GEWU_TRY(port, free_port());
  std::vector<std::string> words{executable, "serve", "--data", data, "--port",
                                 std::to_string(port)};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
  pid_t process = -1;
  const double began = wall_seconds();
  const int failed =
      posix_spawn(&process, executable.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return refuse(ErrorCode::unavailable, "bench.server", {{"what", "spawn"}});
  ServedOffice served(process, port);
  while (wall_seconds() - began < kPatienceSeconds) {
    const auto reply = ask_once(port, get_request("/api/health"));
    if (reply && reply->status == 200) {
      served.ready_seconds_ = wall_seconds() - began;
      return served;
    }
    std::this_thread::sleep_for(kPause);
  }
  return refuse(ErrorCode::unavailable, "bench.server", {{"what", "health"}});
}

ServedOffice::ServedOffice(ServedOffice&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      port_(other.port_),
      ready_seconds_(other.ready_seconds_) {}

ServedOffice::~ServedOffice() {
  if (process_ < 0) return;
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

Result<double> ServedOffice::read_status(const char* field) const {
  std::ifstream status(fmt::format("/proc/{}/status", process_));
  std::string name;
  while (status >> name) {
    double kib = 0;
    if (name == field && status >> kib) return kib / 1024;
  }
  return refuse(ErrorCode::unavailable, "bench.server", {{"what", field}});
}

Result<double> ServedOffice::memory_mb() const { return read_status("VmRSS:"); }
Result<double> ServedOffice::memory_peak_mb() const { return read_status("VmHWM:"); }

Result<std::vector<Visitor>> sign_in_officers(const std::string& data) {
  GEWU_TRY(place, Place::open(data, true));
  std::vector<Visitor> visitors;
  for (const Spot& spot : spots_of(*place->store().directory(), place->clock().now())) {
    if (!visitors.empty() && visitors.back().grid.substr(0, kCommunityDigits) ==
                                 spot.grid.substr(0, kCommunityDigits))
      continue;
    GEWU_TRY(session, usecase::open_session(place->office(), spot.officer));
    visitors.push_back({fmt::format("Cookie: gewu_session={}\r\nGewu-Csrf: {}\r\nGewu-Post: {}\r\n",
                                    session.token, session.csrf, spot.desk.value),
                        spot.grid});
  }
  if (visitors.empty()) return wrong("visitors", "some", "none");
  return visitors;
}

std::string list_request(const Visitor& visitor, bool last_page) {
  return fmt::format("GET /api/matters?of=territory&unit={}&state=appeal.received&type=appeal{}"
                     " HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n",
                     visitor.grid.substr(0, kCommunityDigits), last_page ? "&last=true" : "",
                     visitor.headers);
}

Status expect_list(std::string_view body) {
  GEWU_TRY(json, codec::parse_json(body));
  const codec::Json* rows = json.find("rows");
  if (rows == nullptr || rows->as_array() == nullptr)
    return wrong("served.rows", "a list", std::string(body));
  for (const codec::Json& row : *rows->as_array())
    GEWU_CHECK(expect_equal("served.state", "received", row.string_at("state").value_or("")));
  return {};
}

namespace {

enum class Kind { first_page, last_page, open };

Kind kind_of(std::size_t number) {
  if (number % 10 == 9) return Kind::open;
  return number % 2 == 0 ? Kind::first_page : Kind::last_page;
}

std::string request_of(const std::vector<Visitor>& visitors, std::size_t number) {
  const Visitor& visitor = visitors[number % visitors.size()];
  switch (kind_of(number)) {
    case Kind::open: {
      const std::string body = fmt::format(
          R"({{"type":"appeal","action":"submit","values":{{"text":"第{}件：楼前路灯不亮。",)"
          R"("place":{{"territory":"{}","address":"2号楼"}},"contact":{{"name":"金某某"}}}}}})",
          number, visitor.grid);
      return post_request("/api/matters", "", body);
    }
    case Kind::first_page:
    case Kind::last_page: break;
  }
  return list_request(visitor, kind_of(number) == Kind::last_page);
}

Status look_at(std::size_t number, int status, std::string_view body) {
  const bool opens = kind_of(number) == Kind::open;
  // An account that asks more than it may is told so.
  if (status == 429 && !opens) return {};
  if (status != (opens ? 201 : 200))
    return wrong("served.status", opens ? "201" : "200", fmt::format("{} {}", status, body));
  if (!opens) return expect_list(body);
  GEWU_TRY(json, codec::parse_json(body));
  if (!json.string_at("number")) return wrong("served.number", "one", std::string(body));
  return {};
}

}  // namespace

Result<Served> serve_and_measure(const std::string& executable, const std::string& data,
                                 double seconds) {
  GEWU_TRY(visitors, sign_in_officers(data));
  GEWU_TRY(server, ServedOffice::start(executable, data));
  Served served;
  served.ready_seconds = server.ready_seconds();
  GEWU_TRY(idle, server.memory_mb());
  served.idle_mb = idle;
  LoadPlan plan;
  plan.port = server.port();
  plan.connections = kConnections;
  plan.seconds = seconds;
  plan.request = [&](std::size_t number) { return request_of(visitors, number); };
  plan.take = look_at;
  GEWU_TRY(load, put_load(plan));
  served.requests_per_s = static_cast<double>(load.answers) / load.seconds;
  GEWU_TRY(busy, server.memory_peak_mb());
  served.busy_mb = busy;
  return served;
}

Result<Report> run_server(Ground& ground) {
  GEWU_TRY(data, ground.copy_demo("server"));
  GEWU_TRY(served,
           serve_and_measure(ground.options.executable, data, ground.options.seconds));
  Report report;
  report.add("ready_s", served.ready_seconds);
  report.add("idle_mb", served.idle_mb);
  report.add("busy_mb", served.busy_mb);
  report.add("requests_per_s", served.requests_per_s);
  report.goals = {{"ready_s", served.ready_seconds, 1, false},
                  {"memory_mb", served.busy_mb, 150, false}};
  return report;
}

}  // namespace gewu::bench
