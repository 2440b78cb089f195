#include <fmt/format.h>

#include <cstdio>

#include "cli/files.h"
#include "cli/noted.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
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

Status publish(usecase::Office& office, const std::string& definitions,
               const std::vector<std::string>& localities, const std::string& source,
               usecase::PublishMode mode = usecase::PublishMode::store) {
  GEWU_TRY(folder, read_definitions(definitions));
  if (!folder.errors.empty()) {
    Error all{ErrorCode::invalid, "publish.errors", {}, folder.errors};
    return std::unexpected(std::move(all));
  }
  GEWU_TRY(files, office_files(folder.files, localities));
  const bool stores = mode == usecase::PublishMode::store;
  if (stores) GEWU_CHECK(usecase::announce_migration(office, kPublisher));
  GEWU_TRY(published, usecase::publish_definitions(office, files, source, mode));
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
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::make);
  if (!opened) return fail(opened.error());
  usecase::Office& office = (*opened)->office();
  if (const auto done = noted(office, "publish", "init",
                              publish(office, options.definitions, options.localities, "init"));
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
  const auto mode = options.dry_run ? usecase::PublishMode::dry_run : usecase::PublishMode::store;
  auto done = publish(office, options.definitions, options.localities, "publish", mode);
  if (!options.dry_run) done = noted(office, "publish", "", std::move(done));
  return done ? 0 : fail(done.error());
}

}  // namespace gewu::cli
