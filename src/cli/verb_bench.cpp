#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "bench/bench.h"
#include "cli/report.h"
#include "cli/verbs.h"

namespace gewu::cli {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for one run, taken away with it.
class Scratch {
 public:
  explicit Scratch(const std::string& above) : path_(above + "/gewu-bench-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<std::string> run(const BenchOptions& options) {
  const Scratch scratch(options.scratch.empty() ? fs::temp_directory_path().string()
                                                : options.scratch);
  if (scratch.path().empty())
    return refuse(ErrorCode::unavailable, "bench.folder", {{"folder", options.scratch}});
  bench::Options asked;
  asked.only = options.only;
  asked.smoke = options.smoke;
  asked.seconds = options.smoke ? 0.1 : options.seconds;
  asked.matters = options.smoke ? 2'000 : options.matters;
  asked.folder = scratch.path();
  asked.executable = fs::read_symlink("/proc/self/exe").string();
  asked.make_demo = [&](const std::string& data) {
    DemoOptions demo;
    demo.definitions = options.definitions;
    demo.locality = options.locality.empty() ? bench::kLocality : options.locality;
    demo.place.data = data;
    demo.small = true;
    demo.quiet = true;
    return make_demo_office(demo);
  };
  return bench::run_bench(asked);
}

}  // namespace

int run_bench(const BenchOptions& options) {
  const auto report = run(options);
  if (!report) return fail(report.error());
  fmt::print("{}\n", *report);
  return 0;
}

}  // namespace gewu::cli
