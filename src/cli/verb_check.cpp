#include <fmt/format.h>

#include <cstdio>

#include "cli/files.h"
#include "cli/report.h"
#include "cli/scenario_stores.h"
#include "cli/verbs.h"
#include "security/hash.h"
#include "usecase/check_territory.h"
#include "usecase/publish_definitions.h"

namespace gewu::cli {

namespace {

std::size_t tell_messages(const kernel::Messages& messages) {
  for (const kernel::Message& message : messages.sorted())
    tell(message);
  return messages.error_count();
}

/// How the grids are drawn: information, since ground without an owner is a question for people.
void tell_grids(const kernel::Directory& directory, Date day) {
  constexpr std::int64_t kToleranceM2 = 10;
  const usecase::TerritoryCheck check = usecase::check_territory(directory, day, kToleranceM2);
  for (const kernel::GridFinding& finding : check.findings)
    fmt::print("territory.{}: {}{}{}{}\n", kernel::finding_name(finding.kind), finding.code,
               finding.other.empty() ? "" : " " + finding.other,
               finding.area_m2 == 0 ? "" : fmt::format(" {} m2", finding.area_m2),
               finding.reason.empty() ? "" : " " + finding.reason);
  fmt::print("{} grids, {} drawn, {} findings\n", check.grids, check.drawn,
             check.findings.size());
}

Result<std::size_t> check_scenarios(const CheckOptions& options, const DefinitionFolder& folder,
                                    const kernel::CompileResult& compiled) {
  const auto valid_from = parse_date(options.valid_from);
  if (!valid_from) return refuse(ErrorCode::invalid, "check.valid_from");
  GEWU_TRY(directory,
           usecase::scenario_directory(compiled, folder.tables, *valid_from));
  if (options.only.empty()) tell_grids(*directory, *valid_from);
  GEWU_TRY(report, usecase::run_scenarios(folder.scenarios, directory, open_scenario_stores(),
                                          {options.only, {}}));
  for (const usecase::ScenarioFailure& failure : report.failures)
    fmt::print("{}:{}: scenario.failed ({})\n  expected: {}\n  actual:   {}\n", failure.file,
               failure.line, failure.scenario, failure.expected, failure.actual);
  const auto missing = usecase::list_unexercised(*directory, report.exercised);
  if (options.list_unexercised)
    for (const std::string& what : missing) fmt::print("scenario.unexercised: {}\n", what);
  fmt::print("{} scenarios, {} passed; {} actions, refusals and steps in none\n", report.run,
             report.passed, missing.size());
  return report.failures.size();
}

}  // namespace

int run_check(const CheckOptions& options) {
  const auto folder = read_definitions(options.definitions);
  if (!folder) return fail(folder.error());
  for (const Error& error : folder->errors) tell(error);
  std::optional<std::map<std::string, std::string>> texts;
  if (!options.sources.empty()) {
    auto documents = read_documents(options.sources);
    if (!documents) return fail(documents.error());
    texts = std::move(*documents);
  }
  const auto compiled = usecase::check_definitions(
      folder->files, usecase::organisations_of(folder->tables, folder->files), std::move(texts));
  const std::size_t errors = tell_messages(compiled.messages) + folder->errors.size();
  fmt::print("{} files, {} localities, {} errors; {} sources checked, {} not checked\n",
             folder->files.size(), compiled.localities.size(), errors, compiled.sources_checked,
             compiled.sources_unchecked);
  if (errors > 0) return 1;
  const auto failures = check_scenarios(options, *folder, compiled);
  if (!failures) return fail(failures.error());
  return *failures == 0 ? 0 : 1;
}

}  // namespace gewu::cli
