#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "usecase/publish_definitions.h"
#include "usecase/session.h"

// A bundle of definitions (定义包): the files of systems/ and localities/ as an administrator brings
// them. One proposes it, another one puts it to work, through publish_definitions and
// migrate_matters as the command line does.

namespace gewu::usecase {

/// The named locality and those it extends, the outermost first. `not_found`
/// `definition.locality_absent` (`locality`).
Result<std::vector<const kernel::DefinitionFile*>> locality_line(
    const std::vector<kernel::DefinitionFile>& files, std::string_view name);
/// In the order in which tables build on one another: a town's grids hang below the divisions of
/// the place that it extends.
void order_tables(std::vector<LocalityTables>& tables,
                  const std::vector<kernel::DefinitionFile>& files);
/// What an office publishes: every system, and the named localities with those they extend; with
/// none named all of localities/. What lies in tests/ proves merging and is no part of an office.
Result<std::vector<kernel::DefinitionFile>> office_files(
    const std::vector<kernel::DefinitionFile>& files, const std::vector<std::string>& localities);

struct BundleFile {
  std::string path, text;            ///< "systems/appeals/appeal.yaml"
};
struct Bundle {
  std::vector<BundleFile> files;     ///< by path
  std::string sha256;                ///< of all of them: what a second person agrees to
  /// What came beside them and proves them; it is not kept: what is proposed has been proved.
  ScenarioFolder scenarios;
};
/// The definitions in a ZIP archive; a folder around systems/ and localities/ is passed over, and so
/// is what is neither .yaml nor a scenario nor a table of a locality. `bundle.form`, `bundle.too_large`, `bundle.file` (`file`: over the
/// bound of one), `bundle.empty`, `bundle.twice` (`file`).
Result<Bundle> read_bundle(std::string_view zip);

/// The effective text of a type that the bundle changes; a side is empty where there is no such type.
struct TypeChange {
  kernel::Name locality, type;
  std::string before;                ///< as it is at work
  std::string after;                 ///< an origin stands behind its line as `  # FILE:LINE`
};
struct BundleJudgement {
  std::string sha256;
  std::size_t files = 0;
  std::vector<Error> faults;         ///< with `file` and `line`; then the rest is empty
  std::vector<kernel::Message> warnings;
  std::vector<kernel::Name> published, unchanged;   ///< localities
  std::vector<TypeChange> types;
  MigrationPreview preview;
};
/// What publishing it would do to the localities that are at work; nothing is stored. Refusals of
/// check_duty (system or security).
Result<BundleJudgement> judge_bundle(Office& office, const SignedInCaller& by,
                                     const Bundle& bundle);

struct BundleProposal {
  Bundle bundle;
  std::string basis;                 ///< publication_fingerprint of what was at work
  AccountId by;
  Instant at;
};
/// Keeps it for a second person, in place of an earlier proposal. `invalid` `publish.errors`,
/// `conflict` `publication.nothing` when it changes nothing.
Result<BundleProposal> propose_bundle(Office& office, const SignedInCaller& by, Bundle bundle);
Result<std::optional<BundleProposal>> read_proposal(Office& office, const SignedInCaller& by);
/// `not_found` `publication.none`, `conflict` `publication.stale` for another one than was seen.
Status withdraw_bundle(Office& office, const SignedInCaller& by, std::string_view sha256);

struct BundlePublished {
  std::vector<kernel::Name> published;
  std::size_t moved = 0;             ///< open matters that a migration moved
  std::vector<std::pair<MatterId, Error>> failed;
};
/// A second person puts it to work. `not_found` `publication.none`, `forbidden`
/// `publication.second_person`, `conflict` `publication.stale` when another one is proposed by now
/// or something was published since. `progress` false leaves the rest of the matters to the server.
Result<BundlePublished> confirm_bundle(Office& office, const SignedInCaller& by,
                                       std::string_view sha256,
                                       const std::function<bool(std::size_t moved)>& progress);

}  // namespace gewu::usecase
