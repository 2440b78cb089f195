#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/spans.h"
#include "cli/files.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "codec/csv.h"
#include "codec/yaml.h"
#include "kernel/place/territory.h"
#include "security/password.h"
#include "simulation/demo.h"
#include "simulation/year.h"
#include "store/file.h"
#include "store/root_book.h"
#include "usecase/import_table.h"
#include "usecase/publish_definitions.h"

namespace gewu::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kDaysKnownBefore = 366;  ///< territories and organisations stand that much longer

/// A locality's folder and those of the places it extends, the outermost first.
struct Line {
  std::vector<fs::path> folders;
  std::string territory;
};

Result<Line> find_line(const std::vector<kernel::DefinitionFile>& files, const DemoOptions& options,
                       const std::string& name) {
  GEWU_TRY(localities, locality_line(files, name));
  Line line;
  for (const kernel::DefinitionFile* file : localities) {
    line.folders.push_back((fs::path(options.definitions) / file->path).parent_path());
    const kernel::Node* territory = file->root.find("territory");
    if (territory && territory->as_text()) line.territory = *territory->as_text();
  }
  return line;
}

/// The people of the named locality, or of the first one that has any, from a file of this name.
/// `not_found` `demo.none`, `demo.elsewhere` (`localities`: those that have one).
Result<simulation::Behaviour> read_people(const DemoOptions& options, const char* name) {
  std::vector<fs::path> found;
  std::vector<std::string> localities;
  const fs::path root = fs::path(options.definitions) / "localities";
  if (fs::exists(root))
    for (const auto& folder : fs::directory_iterator(root)) {
      if (!fs::exists(folder.path() / name)) continue;
      localities.push_back(folder.path().filename().string());
      if (options.locality.empty() || localities.back() == options.locality)
        found.push_back(folder.path() / name);
    }
  std::ranges::sort(localities);
  if (localities.empty())
    return refuse(ErrorCode::not_found, "demo.none", {{"folder", root.string()}, {"wanted", name}});
  if (found.empty())
    return refuse(ErrorCode::not_found, "demo.elsewhere",
                  {{"locality", options.locality},
                   {"wanted", name},
                   {"localities", fmt::format("{}", fmt::join(localities, " "))}});
  std::ranges::sort(found);
  GEWU_TRY(text, read_file(found.front().string(), kLimits.definition_bytes_max));
  GEWU_TRY(documents, codec::read_yaml(text, found.front().generic_string()));
  if (documents.size() != 1)
    return refuse(ErrorCode::invalid, "demo.form", {{"file", found.front().generic_string()}});
  return simulation::read_behaviour(documents.front());
}

/// The lines of a table that a demonstration needs: the ground of the locality and of its
/// neighbours, and what lies above. A province has thirteen thousand others.
std::string near(std::string_view csv, const std::string& territory) {
  const std::string around = kernel::parent_code(territory).value_or(territory);
  std::string kept;
  bool is_head = true;
  while (!csv.empty()) {
    const auto end = csv.find('\n');
    const std::string_view line = csv.substr(0, end);
    csv.remove_prefix(end == std::string_view::npos ? csv.size() : end + 1);
    const auto code = kernel::parse_territory_code(line.substr(0, line.find(',')));
    const bool is_near = code && (kernel::covers(around, *code) || kernel::covers(*code, around));
    if (is_head || is_near) kept.append(line).push_back('\n');
    is_head = false;
  }
  return kept;
}

/// All rows of a shipped table are good, or the demonstration is refused with the first that is
/// not.
Status check_import(const fs::path& file, const usecase::TableImport& import) {
  if (import.refused.empty()) return {};
  const usecase::RefusedRow& row = import.refused.front();
  auto details = row.details;
  details.push_back({"file", fmt::format("{}:{}", file.generic_string(), row.line)});
  return refuse(ErrorCode::invalid, row.key, std::move(details));
}

using Import = Result<usecase::TableImport> (*)(usecase::Office&, std::string_view,
                                                const usecase::TableRules&);

Status import_file(usecase::Office& office, const fs::path& file, const Line& line, Import import,
                   usecase::TableRules rules) {
  if (!fs::exists(file)) return {};
  GEWU_TRY(text, read_file(file.string(), kLimits.import_bytes_max));
  const bool is_territory = import == &usecase::import_territory;
  const fs::path grids = file.parent_path() / "grids.geojson";
  if (is_territory && fs::exists(grids)) {
    GEWU_TRY(geojson, read_file(grids.string(), kLimits.geojson_bytes_max));
    rules.grids_geojson = std::move(geojson);
  }
  GEWU_TRY(imported, import(office, is_territory ? near(text, line.territory) : text, rules));
  return check_import(file, imported);
}

Status import_tables(usecase::Office& office, const Line& line, Date valid_from) {
  usecase::TableRules rules;
  rules.valid_from = valid_from;
  for (const fs::path& folder : line.folders)
    for (const char* name : {"territory.csv", "territory_grids.csv"})
      GEWU_CHECK(import_file(office, folder / name, line, &usecase::import_territory, rules));
  for (const fs::path& folder : line.folders)
    GEWU_CHECK(import_file(office, folder / "organisations.csv", line,
                           &usecase::import_organisations, rules));
  for (const fs::path& folder : line.folders)
    GEWU_CHECK(import_file(office, folder / "posts.csv", line, &usecase::import_posts, rules));
  return {};
}

/// Nothing waited for the disk while the office was made; it is there before anybody is told of it.
Status settle_on_disk(std::unique_ptr<OpenOffice> open, const OfficePlace& place) {
  GEWU_CHECK(open->store().fold());
  open.reset();
  const OfficeFiles files(place);
  for (const std::string& path : {files.database, files.keys_file, files.erased_log}) {
    GEWU_TRY(file, store::File::open(path, store::File::Mode::append));
    GEWU_CHECK(file.sync());
    GEWU_CHECK(store::sync_folder_of(path));
  }
  return {};
}

void print_summary(const simulation::DemoSummary& summary, const DemoOptions& options) {
  fmt::print("{:<34} {:<18} {}\n", "sign in as", "role", "unit");
  for (const simulation::DemoAccount& account : summary.accounts)
    if (account.is_main)
      fmt::print("{:<34} {:<18} {}\n", account.login, account.role_label.zh,
                 account.unit_label.zh);
  fmt::print("password of all {} accounts: {}\n\n", summary.accounts.size(), options.password);
  for (const auto& [state, count] : summary.states) fmt::print("{:>6}  {}\n", count, state);
  for (const auto& [lamp, count] : summary.lamps) fmt::print("{:>6}  open, {}\n", count, lamp);
  std::size_t taken = 0, refused = 0;
  for (const auto& [action, count] : summary.actions) taken += count;
  for (const auto& [key, count] : summary.refusals) refused += count;
  if (options.verbose) {
    for (const auto& [action, count] : summary.actions) fmt::print("{:>6}  took {}\n", count, action);
    for (const auto& [key, count] : summary.refusals) fmt::print("{:>6}  {}\n", count, key);
  }
  fmt::print("{:>6}  actions taken, {} refused\n\ngewu serve --data {}\n", taken, refused,
             options.place.data);
}

}  // namespace

Status make_demo_office(const DemoOptions& options) {
  GEWU_TRY(behaviour, read_people(options, "demo.yaml"));
  GEWU_TRY(folder, read_definitions(options.definitions));
  if (!folder.errors.empty())
    return std::unexpected(Error{ErrorCode::invalid, "definition.files", {}, folder.errors});
  GEWU_TRY(files, office_files(folder.files, {behaviour.locality}));
  GEWU_TRY(line, find_line(files, options, behaviour.locality));
  simulation::DemoPlan plan;
  plan.behaviour = std::move(behaviour);
  plan.seed = options.seed;
  plan.small = options.small;
  plan.until = SystemClock().now();
  if (!options.until.empty()) {
    const auto until = parse_instant(options.until);
    if (!until) return refuse(ErrorCode::invalid, "demo.until");
    plan.until = *until;
  }
  GEWU_TRY(hash, security::hash_password(options.password));
  plan.password_hash = std::move(hash);
  auto clock = std::make_unique<ManualClock>(simulation::beginning_of(plan));
  ManualClock& manual = *clock;
  GEWU_TRY(open, OpenOffice::open(options.place, OpenOffice::Mode::make, std::move(clock)));
  GEWU_CHECK(open->store().write_office("is_demo", "true"));
  open->office().is_demo = true;
  const Date begins{static_cast<std::int32_t>(manual.now().ms / kMsPerDay) - kDaysKnownBefore};
  GEWU_CHECK(import_tables(open->office(), line, begins));
  GEWU_TRY(published, usecase::publish_definitions(open->office(), files, "demo"));
  GEWU_TRY(summary, simulation::make_demo(open->office(), manual, plan));
  GEWU_CHECK(settle_on_disk(std::move(open), options.place));
  if (!summary.faults.empty()) {
    Error error{ErrorCode::internal, "demo.faults", {}, summary.faults};
    return std::unexpected(std::move(error));
  }
  if (!options.quiet) print_summary(summary, options);
  return {};
}

namespace {

/// A year has a ground of its own where `year/` holds one: what stood then, made up where needed.
Line year_line(Line line) {
  const fs::path own = line.folders.back() / "year";
  if (fs::exists(own / "territory.csv")) line.folders = {own};
  return line;
}

}  // namespace

Status make_year_office(const DemoOptions& options) {
  GEWU_TRY(behaviour, read_people(options, "year.yaml"));
  GEWU_TRY(folder, read_definitions(options.definitions));
  if (!folder.errors.empty())
    return std::unexpected(Error{ErrorCode::invalid, "definition.files", {}, folder.errors});
  GEWU_TRY(files, office_files(folder.files, {behaviour.locality}));
  GEWU_TRY(line, find_line(files, options, behaviour.locality));
  simulation::YearPlan plan;
  plan.behaviour = std::move(behaviour);
  plan.seed = options.seed;
  plan.year = options.year;
  plan.percent = options.scale;
  GEWU_TRY(hash, security::hash_password(options.password));
  plan.password_hash = std::move(hash);
  const Date first = simulation::first_day_of(plan);
  auto clock = std::make_unique<ManualClock>(Instant{first.days * kMsPerDay});
  ManualClock& manual = *clock;
  GEWU_TRY(open, OpenOffice::open(options.place, OpenOffice::Mode::make, std::move(clock)));
  GEWU_CHECK(open->store().write_office("is_demo", "true"));
  open->office().is_demo = true;
  GEWU_CHECK(import_tables(open->office(), year_line(line), Date{first.days - kDaysKnownBefore}));
  GEWU_TRY(published, usecase::publish_definitions(open->office(), files, "demo"));
  const auto begun = std::chrono::steady_clock::now();
  GEWU_TRY(summary, simulation::make_year(open->office(), manual, plan));
  GEWU_CHECK(open->store().fold());
  const auto counted_from = std::chrono::steady_clock::now();
  GEWU_CHECK(simulation::count_year(open->office(), summary));
  GEWU_TRY(head, open->store().root_book().head());
  const auto counted = std::chrono::steady_clock::now();
  GEWU_CHECK(settle_on_disk(std::move(open), options.place));
  const std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - begun - (counted - counted_from);
  if (!options.quiet) print_summary(summary, options);
  fmt::print("{} lines of the journal, on the disk after {:.1f} s\n", head.size, taken.count());
  fmt::print("digest {:016x}\n", summary.digest);
  return {};
}

int run_demo(const DemoOptions& options) {
  const Status made = options.year > 0 ? make_year_office(options) : make_demo_office(options);
  return made ? 0 : fail(made.error());
}

}  // namespace gewu::cli
