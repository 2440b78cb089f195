#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "cli/definition_files.h"
#include "cli/office_folder.h"
#include "cli/verb.h"
#include "security/hash.h"
#include "store/memory_vault.h"
#include "store/sqlite/sqlite_store.h"
#include "usecase/check_data.h"
#include "usecase/publish_definitions.h"
#include "usecase/run_scenarios.h"

namespace gewu::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string definitions = ".", data, only, sources;
  bool list_unexercised = false;
};

std::vector<fs::path> files_below(const fs::path& root, std::string_view extension) {
  std::vector<fs::path> paths;
  if (fs::exists(root))
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.is_regular_file() && entry.path().extension() == extension)
        paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<std::map<std::string, std::string>> read_documents(const std::string& folder) {
  std::map<std::string, std::string> documents;
  for (const fs::path& path : files_below(folder, ".txt")) {
    GEWU_TRY(text, read_file(path.string()));
    documents[path.filename().string()] = std::move(text);
  }
  return documents;
}

/// The tables beside each locality.yaml: what a scenario's world is made of.
Result<std::vector<usecase::LocalityTables>> read_tables(const std::string& folder) {
  std::vector<usecase::LocalityTables> all;
  for (const char* part : {"localities", "tests/localities"})
    for (const fs::path& path : files_below(fs::path(folder) / part, ".yaml")) {
      if (path.filename() != "locality.yaml") continue;
      usecase::LocalityTables tables;
      const fs::path place = path.parent_path();
      tables.name = place.filename().string();
      for (const fs::path& table : files_below(place, ".csv")) {
        GEWU_TRY(text, read_file(table.string()));
        const std::string name = table.stem().string();
        if (name == "organisations") tables.organisations_csv = std::move(text);
        else if (name == "posts") tables.posts_csv = std::move(text);
        else if (name.starts_with("territory")) tables.territory_csv.push_back(std::move(text));
      }
      const fs::path grids = place / "grids.geojson";
      if (fs::exists(grids)) {
        GEWU_TRY(text, read_file(grids.string()));
        tables.grids_geojson.push_back(std::move(text));
      }
      all.push_back(std::move(tables));
    }
  return all;
}

/// A store in memory for each scenario, with a vault that keeps nothing.
class ScenarioStores {
 public:
  Result<std::unique_ptr<store::Store>> open(Clock& clock, Random& random,
                                             const kernel::DirectoryPtr& preset) {
    vault_ = std::make_unique<store::MemoryVault>(random);
    store::sqlite::OpenOptions options;
    options.path = ":memory:";
    options.clock = &clock;
    options.random = &random;
    options.vault = vault_.get();
    options.apply_directory = usecase::apply_directory_events;
    options.preset = preset;
    return store::sqlite::open_store(std::move(options));
  }

 private:
  std::unique_ptr<store::MemoryVault> vault_;
};

Result<int> check_definitions(const Options& options) {
  GEWU_TRY(files, read_definitions(options.definitions, true));
  kernel::CompileOptions compile;
  compile.sha256 = [](std::string_view bytes) {
    return security::hex_encode(security::sha256(bytes));
  };
  if (!options.sources.empty()) {
    GEWU_TRY(documents, read_documents(options.sources));
    compile.documents = std::move(documents);
  }
  const auto compiled = kernel::compile_localities(files, compile);
  print_messages(compiled.messages);
  fmt::print("{} localities, {} errors, {} sources checked, {} not checked\n",
             compiled.localities.size(), compiled.messages.error_count(),
             compiled.sources_checked, compiled.sources_unchecked);
  if (compiled.messages.has_errors()) return 1;

  GEWU_TRY(tables, read_tables(options.definitions));
  GEWU_TRY(directory, usecase::scenario_directory(compiled, tables, date_of({2000, 1, 1})));
  std::vector<usecase::ScenarioFile> scenarios;
  for (const char* part : {"systems", "localities", "tests/localities"})
    for (const fs::path& path : files_below(fs::path(options.definitions) / part, ".scenario")) {
      GEWU_TRY(text, read_file(path.string()));
      scenarios.push_back(
          {fs::relative(path, options.definitions).generic_string(), std::move(text)});
    }
  ScenarioStores stores;
  GEWU_TRY(report, usecase::run_scenarios(
                       scenarios, directory,
                       [&](Clock& clock, Random& random, const kernel::DirectoryPtr& preset) {
                         return stores.open(clock, random, preset);
                       },
                       options.only));
  for (const usecase::ScenarioFailure& failure : report.failures)
    fmt::print("{}:{}: {}\n  expected {}\n  actual   {}\n", failure.file, failure.line,
               failure.scenario, failure.expected, failure.actual);
  const auto unexercised = usecase::list_unexercised(*directory, report.exercised);
  if (options.list_unexercised)
    for (const std::string& name : unexercised) fmt::print("not exercised: {}\n", name);
  fmt::print("{} scenarios, {} passed, {} failed; {} things that no scenario exercises\n",
             report.run, report.passed, report.run - report.passed, unexercised.size());
  return report.failures.empty() && report.run > 0 ? 0 : 1;
}

Result<int> check_office(const std::string& folder) {
  GEWU_TRY(open, open_office({folder}, {}));
  GEWU_TRY(report, usecase::check_data(*open.office));
  for (const std::string& difference : report.differences) fmt::print("{}\n", difference);
  fmt::print("{} events, {} matters, {} cells: {} differences\n", report.events, report.matters,
             report.cells, report.differences.size());
  return report.differences.empty() ? 0 : 1;
}

}  // namespace

void declare_check(CLI::App& program, Outcome& outcome) {
  auto* verb = program.add_subcommand(
      "check", "prove definitions and run their scenarios, or verify an office's data");
  auto options = std::make_shared<Options>();
  verb->add_option("DIR", options->definitions, "folder with systems/ and localities/")
      ->capture_default_str();
  verb->add_option("--only", options->only, "scenarios or files whose name contains this");
  verb->add_option("--sources", options->sources, "folder of the documents that sources quote");
  verb->add_option("--data", options->data, "check this office's journal instead");
  verb->add_flag("--unexercised", options->list_unexercised, "list what no scenario exercises");
  verb->callback([options, &outcome] {
    auto status =
        options->data.empty() ? check_definitions(*options) : check_office(options->data);
    if (!status) print_error(status.error());
    outcome.status = status ? *status : 1;
  });
}

}  // namespace gewu::cli
