#include <fmt/format.h>

#include <cstdio>

#include "cli/files.h"
#include "cli/noted.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/scenario_stores.h"
#include "cli/verbs.h"
#include "security/secure_random.h"
#include "usecase/calendar_notice.h"
#include "usecase/publish_definitions.h"
#include "usecase/sign_in.h"

namespace gewu::cli {

namespace {

constexpr const char* kPublisher = "publish";
constexpr std::size_t kMattersARound = 640;

void tell_preview(const usecase::MigrationPreview& preview) {
  for (const auto& [move, matters] : preview.moves)
    fmt::print("would move {} {} -> {}: {} -> {}: {}\n", move.type, move.from, move.to,
               move.old_state, move.state, matters);
  for (const auto& [turn, matters] : preview.turns)
    fmt::print("clock {}.{}: {} -> {}: {}\n", turn.type, turn.clock, turn.before, turn.after,
               matters);
  for (const auto& [matter, error] : preview.refused)
    fmt::print("would not move {}: {}\n", matter.value, error.key);
  for (const auto& [version, matters] : preview.stays)
    fmt::print("stays {} {}: {}\n", version.first, version.second, matters);
}

/// Open matters, in rounds; whoever is killed here is followed by the server or the next publish.
Status migrate(usecase::Office& office) {
  std::size_t moved = 0;
  std::vector<std::pair<MatterId, Error>> failed;
  for (bool more = true; more;) {
    GEWU_TRY(run, usecase::migrate_matters(office, kPublisher, kMattersARound));
    moved += run.moved;
    failed = std::move(run.failed);
    more = run.more;
    if (run.left_to_another) fmt::print("another process is moving matters\n");
  }
  for (const auto& [matter, error] : failed)
    fmt::print("not moved {}: {}\n", matter.value, error.key);
  if (moved > 0) fmt::print("moved {}\n", moved);
  return {};
}

/// What new days of a calendar would do to clocks that run.
Status tell_moved_clocks(usecase::Office& office) {
  GEWU_TRY(moved, usecase::find_moved_clocks(office));
  if (moved.matters > 0)
    fmt::print("by the new calendar days {} running clocks move later, {} earlier, {} become"
               " overdue: two administrators agree to it\n",
               moved.later, moved.earlier, moved.overdue);
  return {};
}

/// What an office publishes of a folder, and what proves it.
struct OfficeDefinitions {
  std::vector<kernel::DefinitionFile> files;
  usecase::ScenarioFolder scenarios;
};

Result<OfficeDefinitions> read_for_office(const std::string& definitions,
                                          const std::vector<std::string>& localities) {
  GEWU_TRY(folder, read_definitions(definitions));
  if (!folder.errors.empty()) {
    Error all{ErrorCode::invalid, "publish.errors", {}, folder.errors};
    return std::unexpected(std::move(all));
  }
  GEWU_TRY(files, office_files(folder.files, localities));
  return OfficeDefinitions{std::move(files),
                           {std::move(folder.files), std::move(folder.scenarios),
                            std::move(folder.tables)}};
}

Status publish(usecase::Office& office, const OfficeDefinitions& definitions,
               const std::string& source, const usecase::PublishRules& rules) {
  const bool stores = rules.mode == usecase::PublishMode::store;
  if (stores) GEWU_CHECK(usecase::announce_migration(office, kPublisher));
  GEWU_TRY(published, usecase::publish_definitions(office, definitions.files, source, rules));
  for (const kernel::Message& message : published.messages.sorted())
    tell(message);
  for (const kernel::Name& name : published.published)
    fmt::print("{} {}\n", stores ? "published" : "would publish", name);
  for (const kernel::Name& name : published.unchanged) fmt::print("unchanged {}\n", name);
  if (published.preview) tell_preview(*published.preview);
  std::fflush(stdout);
  if (!stores) return {};
  if (!published.published.empty()) GEWU_CHECK(tell_moved_clocks(office));
  return migrate(office);
}

/// Whatever can be refused of the definitions of a new office is refused by one in memory, before
/// anything of it lies on the disk: the mended command finds the folder as it was.
Status try_in_memory(const OfficeDefinitions& definitions) {
  SystemClock clock;
  security::SecureRandom random;
  const auto open = open_scenario_stores();
  GEWU_TRY(store, open(clock, random, nullptr));
  usecase::Office office{*store, clock, random};
  office.scenario_stores = open_scenario_stores;
  GEWU_TRY(published,
           usecase::publish_definitions(office, definitions.files, "init",
                                        {usecase::PublishMode::dry_run, &definitions.scenarios}));
  static_cast<void>(published);
  return {};
}

/// Which of three.
const char* duty_words(usecase::Duty duty) {
  switch (duty) {
    case usecase::Duty::system: return "system ";
    case usecase::Duty::security: return "security ";
    case usecase::Duty::audit: return "audit ";
  }
  return "";
}

}  // namespace

int run_init(const InitOptions& options) {
  if (const auto there = OpenOffice::check_there(options.place, OpenOffice::Mode::make); !there)
    return fail(there.error());
  const auto definitions = read_for_office(options.definitions, options.localities);
  if (!definitions) return fail(definitions.error());
  if (const auto tried = try_in_memory(*definitions); !tried) return fail(tried.error());
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::make);
  if (!opened) return fail(opened.error());
  usecase::Office& office = (*opened)->office();
  if (const auto done = noted(office, "publish", "init", publish(office, *definitions, "init", {}));
      !done)
    return fail(done.error());
  const auto tokens = usecase::issue_first_tokens(office);
  if (!tokens) return fail(tokens.error());
  const OfficeFiles files(options.place);
  fmt::print("office made in {}\n", files.data);
  fmt::print("keep {} apart from the data and every backup of it\n", files.keys);
  for (const usecase::FirstAdministrator& first : *tokens)
    fmt::print("one-use token of the first {}administrator: {}\n",
               tokens->size() == 1 ? "" : duty_words(first.duty), first.token);
  return 0;
}

int run_publish(const PublishOptions& options) {
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::work);
  if (!opened) return fail(opened.error());
  usecase::Office& office = (*opened)->office();
  const auto definitions = read_for_office(options.definitions, options.localities);
  const auto mode = options.dry_run ? usecase::PublishMode::dry_run : usecase::PublishMode::store;
  Status done = definitions ? publish(office, *definitions, "publish",
                                      {mode, &definitions->scenarios})
                            : Status(std::unexpected(definitions.error()));
  if (!options.dry_run) done = noted(office, "publish", "", std::move(done));
  return done ? 0 : fail(done.error());
}

}  // namespace gewu::cli
