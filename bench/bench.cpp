#include "bench/bench.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "bench/case.h"
#include "codec/json_writer.h"

namespace gewu::bench {
namespace {

namespace fs = std::filesystem;

struct Case {
  const char* name;
  Result<Report> (*run)(Ground&);
};
constexpr Case kCases[] = {
    {"decide", run_decide},
    {"create", run_create},
    {"growth", run_growth},
    {"server", run_server},
    {"storm", run_storm},
};

void write_number(codec::JsonWriter& out, std::string_view name, double value) {
  out.key(name).scaled(static_cast<std::int64_t>(std::llround(value * 1e4)), 4);
}

void write_report(codec::JsonWriter& out, const Report& report) {
  out.begin_object();
  for (const auto& [name, value] : report.figures) write_number(out, name, value);
  out.key("goals").begin_array();
  for (const Goal& goal : report.goals) {
    out.begin_object().member("name", goal.name);
    write_number(out, "value", goal.value);
    write_number(out, goal.at_least ? "at_least" : "at_most", goal.bound);
    out.member("met", goal.is_met()).end_object();
  }
  out.end_array().end_object();
}

}  // namespace

Result<std::string> Ground::copy_demo(std::string_view name) {
  if (demo_.empty()) {
    const std::string demo = options.folder + "/demo";
    GEWU_CHECK(options.make_demo(demo));
    demo_ = demo;
  }
  const std::string copy = options.folder + "/" + std::string(name);
  std::error_code error;
  for (const char* part : {"", ".keys"})
    if (!error) fs::copy(demo_ + part, copy + part, fs::copy_options::recursive, error);
  if (error) return refuse(ErrorCode::unavailable, "bench.folder", {{"reason", error.message()}});
  return copy;
}

Result<std::string> run_bench(const Options& options) {
  Ground ground(options);
  std::string text;
  codec::JsonWriter out(text);
  out.begin_object().member("smoke", options.smoke);
  write_number(out, "seconds", options.seconds);
  out.member("cores", std::thread::hardware_concurrency());
  std::array<double, 1> load{};
  if (getloadavg(load.data(), 1) == 1) write_number(out, "load", load[0]);
  out.key("cases").begin_object();
  bool ran = false;
  for (const Case& one : kCases) {
    if (!options.only.empty() && options.only != one.name) continue;
    GEWU_TRY(report, one.run(ground));
    out.key(one.name);
    write_report(out, report);
    ran = true;
  }
  if (!ran) return refuse(ErrorCode::invalid, "bench.unknown", {{"name", options.only}});
  out.end_object().end_object();
  return text;
}

}  // namespace gewu::bench
