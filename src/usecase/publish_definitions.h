#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/office_compile.h"
#include "usecase/check_definitions.h"
#include "usecase/migrate_matters.h"
#include "usecase/office.h"
#include "usecase/run_scenarios.h"

namespace gewu::usecase {

struct Published {
  kernel::Messages messages;              ///< warnings too
  std::vector<kernel::Name> published;    ///< localities whose text is new
  std::vector<kernel::Name> unchanged;
  std::optional<MigrationPreview> preview;  ///< of a dry run
  /// Of a dry run: every locality as it would be published, its lines knowing their files.
  std::map<kernel::Name, kernel::PublishedLocality> texts;
};

/// Whether the definitions are put to work, or only what that would do is found out.
enum class PublishMode { store, dry_run };

struct PublishRules {
  PublishRules(PublishMode how = PublishMode::store, const ScenarioFolder* proof = nullptr)
      : mode(how), scenarios(proof) {}

  PublishMode mode;
  /// Those that play in what is published anew are run first; null: there are none, or they were.
  const ScenarioFolder* scenarios;
};

/// Checks the definitions (check_definitions.h) and stores the canonical text of each locality as a
/// directory event (engine.md 9). A text that is already today's is left alone. `invalid`
/// `publish.errors` with the messages as `others` when there is any error, and what
/// prove_by_scenarios refuses: then nothing is stored.
/// Open matters are moved afterwards, by migrate_matters.
Result<Published> publish_definitions(Office& office,
                                      const std::vector<kernel::DefinitionFile>& files,
                                      const std::string& source,
                                      const PublishRules& rules = {});

/// The same for as long as nothing else is published.
std::string publication_fingerprint(const kernel::Directory& directory);

/// How a store turns directory events into the directory, publications compiled: for
/// store::sqlite::OpenOptions. Each text that was ever published stays, since matters are pinned
/// to it. A refused change leaves the directory as it was.
Result<kernel::DirectoryPtr> apply_directory_events(
    const kernel::DirectoryPtr& before, const std::vector<kernel::DirectoryEvent>& events);

}  // namespace gewu::usecase
