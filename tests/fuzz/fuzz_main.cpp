// Every target so many times on inputs that grow from its samples: what reaches new code is kept
// and grown further. One seed, one run. Whatever breaks ends it: the input lies in fuzz-NAME.input.
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "fuzz/coverage.h"
#include "fuzz/fuzz.h"
#include "fuzz/mutate.h"

namespace gewu::fuzz {

namespace {

constexpr time_t kSecondsMax = 20;        ///< of the processor for one input; then it hangs
constexpr int kRunsBetweenAlarms = 512;
constexpr std::size_t kInputsMax = 4096;  ///< that are kept and grown further

constexpr const char* kUsage =
    "fuzz_parsers [--runs N] [--seed N] [--only NAME] | --input NAME FILE | --list";

std::string_view current;                 // what is running, for whoever ends it
std::string current_file;

void keep_input() {
  std::FILE* file = std::fopen(current_file.c_str(), "wb");
  if (file == nullptr) return;
  std::fwrite(current.data(), 1, current.size(), file);
  std::fclose(file);
  std::fprintf(stderr, "the input lies in %s\n", current_file.c_str());
}
void end_by_signal(int signal_number) {
  std::fprintf(stderr, signal_number == SIGPROF ? "it hangs\n" : "it ended itself\n");
  keep_input();
  ::_exit(1);
}

void run_one(const Target& target, std::string_view input) {
  current = input;
  begin_watching();
  target.run(input);
  current = {};
}
/// Of the processor, since the machine may have better things to do; 0: no more.
void set_alarm(time_t seconds) {
  const itimerval timer{{0, 0}, {seconds, 0}};
  ::setitimer(ITIMER_PROF, &timer, nullptr);
}

/// Keeps what reached new code; so many, then the newest takes the place of any.
void keep(std::vector<std::string>& inputs, std::string input, Random& random) {
  if (inputs.size() < kInputsMax) inputs.push_back(std::move(input));
  else inputs[random.below(inputs.size())] = std::move(input);
}

void run_target(const Target& target, std::int64_t runs, std::int64_t seed) {
  current_file = "fuzz-" + std::string(target.name) + ".input";
  SeededRandom random(static_cast<std::uint64_t>(seed));
  const auto began = std::chrono::steady_clock::now();
  std::vector<std::string> inputs;
  begin_anew();
  for (const std::string& sample : target.samples) {
    run_one(target, sample);
    saw_something_new();
    inputs.push_back(sample);
  }
  for (std::int64_t i = 0; i < runs; ++i) {
    if (i % kRunsBetweenAlarms == 0) set_alarm(kSecondsMax);
    const std::string& from = inputs[random.below(inputs.size())];
    const std::string& other = inputs[random.below(inputs.size())];
    std::string input = mutate(from, other, target, random);
    run_one(target, input);
    if (saw_something_new()) keep(inputs, std::move(input), random);
  }
  set_alarm(0);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%-10s %10ld runs %6zu inputs %6lu places %8.1f s\n", target.name, runs,
              inputs.size(), places_seen(), took.count());
  std::fflush(stdout);
}

std::vector<Target> all_targets() {
  std::vector<Target> targets = text_targets();
  for (Target& target : file_targets()) targets.push_back(std::move(target));
  return targets;
}

int replay(const Target& target, const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string input{std::istreambuf_iterator<char>(file), {}};
  current_file = "/dev/null";
  run_one(target, input);
  std::printf("%s took %zu bytes\n", target.name, input.size());
  return 0;
}

struct Wish {
  std::int64_t runs = 20'000, seed = 1;
  std::string_view only;
  const char* input = nullptr;
};
bool read_wish(int argc, char** argv, Wish& wish) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--input" && i + 2 < argc) {
      wish.only = argv[++i];
      wish.input = argv[++i];
      continue;
    }
    if (i + 1 >= argc) return false;
    const char* value = argv[++i];
    if (name == "--only") {
      wish.only = value;
      continue;
    }
    const auto number = parse_integer(value);
    if (!number || *number < 0) return false;
    if (name == "--runs") wish.runs = *number;
    else if (name == "--seed") wish.seed = *number;
    else return false;
  }
  return true;
}

}  // namespace

void promise(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  keep_input();
  ::_exit(1);
}

int run(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--list") {
    for (const Target& target : all_targets()) std::printf("%s\n", target.name);
    return 0;
  }
  Wish wish;
  if (!read_wish(argc, argv, wish)) {
    std::fprintf(stderr, "usage: %s\n", kUsage);
    return 2;
  }
  __sanitizer_set_death_callback(keep_input);
  for (const int signal_number : {SIGPROF, SIGABRT}) ::signal(signal_number, end_by_signal);
  bool found = false;
  for (const Target& target : all_targets()) {
    if (!wish.only.empty() && wish.only != target.name) continue;
    found = true;
    if (wish.input != nullptr) return replay(target, wish.input);
    run_target(target, wish.runs, wish.seed);
  }
  return found ? 0 : 2;
}

}  // namespace gewu::fuzz

int main(int argc, char** argv) { return gewu::fuzz::run(argc, argv); }
