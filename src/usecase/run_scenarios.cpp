#include "usecase/run_scenarios.h"

#include <algorithm>

#include "security/hash.h"
#include "usecase/publish_definitions.h"
#include "usecase/scenario_text.h"
#include "usecase/scenario_world.h"
#include "usecase/table_changes.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

/// A Monday morning in UTC; scenarios say their own time before they act.
constexpr Instant kStart{1'577'836'800'000};

/// Tables that say no day stand from here on, before any scenario begins.
constexpr Date kGroundFrom{18'262};  // 2020-01-01

std::shared_ptr<Directory> empty_directory() {
  auto empty = std::make_shared<Directory>();
  empty->territory = std::make_shared<const TerritoryTree>();
  empty->grids = std::make_shared<const GridIndex>();
  empty->roster = std::make_shared<const Roster>();
  empty->pinned = std::make_shared<const std::unordered_map<std::string, TypePtr>>();
  return empty;
}

Status check_table(const TableChanges& changes, const std::string& locality, const char* table) {
  if (changes.refused.empty()) return {};
  const RefusedRow& first = changes.refused.front();
  Error error{ErrorCode::invalid, first.key, first.details, {}};
  error.details.push_back({"locality", locality});
  error.details.push_back({"table", table});
  error.details.push_back({"line", std::to_string(first.line)});
  return std::unexpected(std::move(error));
}

Result<DirectoryPtr> with_changes(const DirectoryPtr& before, std::vector<DirectoryChange> changes,
                                  std::int64_t& next_id) {
  if (changes.empty()) return before;
  std::vector<DirectoryEvent> events;
  for (DirectoryChange& change : changes) {
    if (auto* post = std::get_if<PostChange>(&change)) post->post.id = {++next_id};
    events.push_back({EventId{++next_id}, {}, kStart, "scenario", std::move(change)});
  }
  return apply_directory_events(before, events);
}

}  // namespace

Result<DirectoryPtr> scenario_directory(const CompileResult& compiled,
                                        const std::vector<LocalityTables>& tables,
                                        Date valid_from) {
  auto base = empty_directory();
  auto pinned = std::make_shared<std::unordered_map<std::string, TypePtr>>();
  for (const auto& [name, locality] : compiled.localities) {
    base->localities[name] = locality;
    for (const auto& [type_name, type] : locality->types) pinned->emplace(type->text_sha256, type);
  }
  base->pinned = std::move(pinned);
  DirectoryPtr directory = std::move(base);
  std::int64_t next_id = 1'000;
  TableRules rules;
  rules.valid_from = valid_from;
  for (const LocalityTables& place : tables)
    for (std::size_t i = 0; i < place.territory_csv.size(); ++i) {
      rules.grids_geojson = i < place.grids_geojson.size() ? place.grids_geojson[i] : "";
      GEWU_TRY(changes, territory_changes(place.territory_csv[i], rules, *directory->territory));
      GEWU_CHECK(check_table(changes, place.name, "territory"));
      GEWU_TRY(next, with_changes(directory, std::move(changes.changes), next_id));
      directory = std::move(next);
    }
  for (const LocalityTables& place : tables) {
    if (place.organisations_csv.empty()) continue;
    Roster roster = *directory->roster;
    GEWU_TRY(changes, organisation_changes(place.organisations_csv, rules, roster));
    GEWU_CHECK(check_table(changes, place.name, "organisations"));
    GEWU_TRY(next, with_changes(directory, std::move(changes.changes), next_id));
    directory = std::move(next);
  }
  for (const LocalityTables& place : tables) {
    if (place.posts_csv.empty()) continue;
    Roster roster = *directory->roster;
    GEWU_TRY(changes, post_changes(place.posts_csv, roster, *directory));
    GEWU_CHECK(check_table(changes, place.name, "posts"));
    GEWU_TRY(next, with_changes(directory, std::move(changes.changes), next_id));
    directory = std::move(next);
  }
  return directory;
}

namespace {

std::string text_of(const Error& error) {
  std::string text = error.key;
  for (const ErrorDetail& detail : error.details) text += " " + detail.name + "=" + detail.value;
  return text;
}

/// Runs one; false once anything failed. The first failure ends it: what follows rests on it.
bool run_one(const Scenario& scenario, const DirectoryPtr& directory,
             const OpenScenarioStore& open, ScenarioReport& report) {
  const auto fail = [&](int line, std::string expected, std::string actual) {
    report.failures.push_back(
        {scenario.file, line, scenario.name, std::move(expected), std::move(actual)});
    return false;
  };
  if (!directory->find_locality(scenario.locality))
    return fail(scenario.line, "locality " + scenario.locality, "no such locality");
  ManualClock clock(kStart);
  SeededRandom random(1);
  const auto store = open(clock, random, directory);
  if (!store) return fail(scenario.line, "a store", text_of(store.error()));
  ScenarioWorld world(scenario, **store, clock, random, report.exercised);
  for (const ScenarioLine& line : scenario.lines) {
    ScenarioOutcome last;
    for (std::size_t i = 0; i < line.steps.size(); ++i) {
      auto outcome = world.take(line.steps[i]);
      if (!outcome) return fail(line.line, line.steps[i].text, text_of(outcome.error()));
      const bool is_last = i + 1 == line.steps.size();
      if (!is_last && outcome->refusal)
        return fail(line.line, line.steps[i].text, "refused " + text_of(*outcome->refusal));
      // What the steps of one line did is told together.
      auto events = std::move(last.events);
      events.insert(events.end(), outcome->events.begin(), outcome->events.end());
      last = std::move(*outcome);
      last.events = std::move(events);
    }
    const auto differences = check_expectations(world, line, last, report.exercised);
    if (differences.empty()) continue;
    std::string actual;
    for (const std::string& difference : differences)
      actual += (actual.empty() ? "" : "; ") + difference;
    return fail(line.line,
                line.expected_text.empty() ? line.steps.back().text : line.expected_text, actual);
  }
  return true;
}

}  // namespace

Result<ScenarioReport> run_scenarios(const std::vector<ScenarioFile>& files,
                                     const DirectoryPtr& directory, const OpenScenarioStore& open,
                                     const ScenarioChoice& choice) {
  ScenarioReport report;
  for (const ScenarioFile& file : files) {
    const auto scenarios = parse_scenarios(file.text, file.path);
    if (!scenarios) {
      int line = 0;
      for (const ErrorDetail& detail : scenarios.error().details)
        if (detail.name == "line") line = std::stoi(detail.value);
      report.failures.push_back({file.path, line, "", "a scenario", scenarios.error().key});
      continue;
    }
    for (const Scenario& scenario : *scenarios) {
      const bool is_named = scenario.name.find(choice.only) != std::string::npos ||
                            scenario.file.find(choice.only) != std::string::npos;
      const bool is_there = !choice.localities || choice.localities->contains(scenario.locality);
      if (!is_named || !is_there) continue;
      ++report.run;
      if (run_one(scenario, directory, open, report)) ++report.passed;
    }
  }
  return report;
}

Status prove_by_scenarios(const ScenarioFolder& folder, const std::vector<Name>& localities,
                          const OpenScenarioStore& open) {
  if (folder.scenarios.empty() || localities.empty()) return {};
  CompileOptions options;
  options.sha256 = hash_definition;
  const CompileResult compiled = compile_localities(folder.files, options);
  GEWU_TRY(directory, scenario_directory(compiled, folder.tables, kGroundFrom));
  const ScenarioChoice choice{{}, std::set<Name>(localities.begin(), localities.end())};
  GEWU_TRY(report, run_scenarios(folder.scenarios, directory, open, choice));
  if (report.failures.empty()) return {};
  Error all{ErrorCode::invalid, "publish.scenarios", {}, {}};
  for (ScenarioFailure& failure : report.failures)
    all.others.push_back({ErrorCode::invalid,
                          "scenario.failed",
                          {{"file", std::move(failure.file)},
                           {"line", std::to_string(failure.line)},
                           {"scenario", std::move(failure.scenario)},
                           {"expected", std::move(failure.expected)},
                           {"actual", std::move(failure.actual)}},
                          {}});
  return std::unexpected(std::move(all));
}

std::vector<std::string> list_unexercised(const Directory& directory,
                                          const std::set<std::string>& exercised) {
  std::set<std::string> missing;
  for (const auto& [name, locality] : directory.localities) {
    // What an extension takes from its base is exercised there as well.
    const auto is_exercised = [&](const std::string& kind, const Name& type,
                                  const std::string& part) {
      if (exercised.contains(kind + type + "." + part)) return true;
      return std::ranges::any_of(locality->types, [&](const auto& other) {
        return other.second->base == type && exercised.contains(kind + other.first + "." + part);
      });
    };
    for (const auto& [type_name, type] : locality->types) {
      const auto look = [&](const std::string& kind, const std::string& part) {
        if (!is_exercised(kind, type_name, part)) missing.insert(kind + type_name + "." + part);
      };
      for (const ActionSpec& action : type->actions) {
        look("action ", action.name);
        for (const MustSpec& must : action.must) look("refusal ", action.name + "." + must.name);
      }
      for (const DutySpec& duty : type->duties) {
        look("duty ", duty.name);
        for (const ClockStepSpec& step : duty.steps)
          if (!step.then.empty()) look("step ", duty.name + "@" + step.text);
      }
      for (const ClockSpec& clock : type->clocks)
        for (const ClockStepSpec& step : clock.steps) look("step ", clock.name + "@" + step.text);
    }
  }
  return {missing.begin(), missing.end()};
}

}  // namespace gewu::usecase
