#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "kernel/matter/office_compile.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// Tables of a locality as files hold them; empty where there is none.
struct LocalityTables {
  std::string name;
  std::vector<std::string> territory_csv;     ///< the national table's part, the grids
  std::vector<std::string> grids_geojson;
  std::string organisations_csv, posts_csv;
};

/// Everything of a place that scenarios share: compiled localities, territory, organisations and
/// posts. A table with a refused row is refused with its first reason.
Result<kernel::DirectoryPtr> scenario_directory(const kernel::CompileResult& compiled,
                                                const std::vector<LocalityTables>& tables,
                                                Date valid_from);

struct ScenarioFile {
  std::string path, text;
};

struct ScenarioFailure {
  std::string file;
  int line = 0;
  std::string scenario;
  std::string expected;      ///< as written
  std::string actual;
};

struct ScenarioReport {
  std::size_t run = 0, passed = 0;
  std::vector<ScenarioFailure> failures;
  /// "action appeal.accept", "refusal appeal.accept.category", "step appeal.promise@80%".
  std::set<std::string> exercised;
};

/// Which scenarios are meant.
struct ScenarioChoice {
  std::string only;                              ///< in their name or file; empty: all
  std::optional<std::set<kernel::Name>> localities;   ///< those that play there; none: all
};

/// Runs scenarios (language.md 2.9), each on a fresh store. A file that cannot be read is a failure
/// of its own.
Result<ScenarioReport> run_scenarios(const std::vector<ScenarioFile>& files,
                                     const kernel::DirectoryPtr& directory,
                                     const OpenScenarioStore& open, const ScenarioChoice& choice);

/// Scenarios with all that lies beside them, as `gewu check` takes it: they play in towns, and speak
/// of cities, whose own practice an office does not publish.
struct ScenarioFolder {
  std::vector<kernel::DefinitionFile> files;
  std::vector<ScenarioFile> scenarios;
  std::vector<LocalityTables> tables;
};

/// A definition whose scenarios fail cannot be published (engine.md 10): runs those that play in
/// the named localities. `invalid` `publish.scenarios`, with a `scenario.failed` (`file`, `line`,
/// `scenario`, `expected`, `actual`) for each that failed as `others`.
Status prove_by_scenarios(const ScenarioFolder& folder,
                          const std::vector<kernel::Name>& localities,
                          const OpenScenarioStore& open);

/// What no scenario touched, of all types of the localities: actions, refusals by `must`, steps.
std::vector<std::string> list_unexercised(const kernel::Directory& directory,
                                          const std::set<std::string>& exercised);

}  // namespace gewu::usecase
