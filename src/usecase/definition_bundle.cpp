#include "usecase/definition_bundle.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "codec/event_json.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "codec/yaml.h"
#include "codec/zip.h"
#include "usecase/administrators.h"
#include "usecase/effective_text.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kBundleFact = "definitions_proposal";
constexpr std::size_t kBundleBytesMax = 16 * 1024 * 1024;     ///< of definitions: they are kept
constexpr std::size_t kUnpackedBytesMax = 64 * 1024 * 1024;
constexpr std::size_t kMattersAtOnce = 640;

/// The tables of a locality in an archive.
struct PlaceTables {
  std::string territory, grids, boundaries, organisations, posts;
};

std::string text_under(const DefinitionFile& file, const char* key) {
  const Node* node = file.root.find(key);
  const auto text = node ? node->as_text() : std::nullopt;
  return text && *text != "none" ? std::string(*text) : std::string();
}

/// The part of a path from systems/ or localities/ on: an archive may have a folder around them.
/// Empty for what lies in neither.
std::string_view path_inside(std::string_view path) {
  for (const std::string_view root : {"systems/", "localities/"}) {
    if (path.starts_with(root)) return path;
    const auto folder = path.find('/');
    if (folder != std::string_view::npos && path.substr(folder + 1).starts_with(root))
      return path.substr(folder + 1);
  }
  return {};
}

/// Where a table of a locality goes; null for what is none.
std::string* table_of(std::string_view path, std::map<std::string, PlaceTables>& places) {
  const auto parts = split(path, '/');
  if (parts.size() != 3 || parts[0] != "localities") return nullptr;
  static constexpr std::pair<std::string_view, std::string PlaceTables::*> kTables[] = {
      {"territory.csv", &PlaceTables::territory},
      {"territory_grids.csv", &PlaceTables::grids},
      {"grids.geojson", &PlaceTables::boundaries},
      {"organisations.csv", &PlaceTables::organisations},
      {"posts.csv", &PlaceTables::posts}};
  for (const auto& [name, table] : kTables)
    if (parts[2] == name) return &(places[std::string(parts[1])].*table);
  return nullptr;
}

std::vector<LocalityTables> tables_of(std::map<std::string, PlaceTables> places) {
  std::vector<LocalityTables> tables;
  for (auto& [name, place] : places) {
    LocalityTables made{name, {}, {}, std::move(place.organisations), std::move(place.posts)};
    if (!place.territory.empty()) {
      made.territory_csv.push_back(std::move(place.territory));
      made.grids_geojson.emplace_back();
    }
    if (!place.grids.empty()) {
      made.territory_csv.push_back(std::move(place.grids));
      made.grids_geojson.push_back(std::move(place.boundaries));
    }
    tables.push_back(std::move(made));
  }
  return tables;
}

std::string sha256_of(const std::vector<BundleFile>& files) {
  std::string all;
  for (const BundleFile& file : files)
    all += file.path + "\n" + std::to_string(file.text.size()) + "\n" + file.text;
  return hash_definition(all);
}

/// All faults of all files, so that they are mended in one go.
void add_faults(const Error& error, std::vector<Error>& to) {
  if (error.others.empty()) to.push_back(error);
  for (const Error& other : error.others) add_faults(other, to);
}

Result<std::vector<DefinitionFile>> all_definitions_of(const Bundle& bundle) {
  std::vector<DefinitionFile> all;
  std::vector<Error> faults;
  for (const BundleFile& file : bundle.files) {
    auto documents = codec::read_yaml(file.text, file.path);
    if (!documents) add_faults(documents.error(), faults);
    else
      for (Node& document : *documents) all.push_back({file.path, std::move(document)});
  }
  if (!faults.empty())
    return std::unexpected(Error{ErrorCode::invalid, "publish.errors", {}, std::move(faults)});
  return all;
}

/// Those that this office publishes: of the localities that are at work.
Result<std::vector<DefinitionFile>> published_of(const std::vector<DefinitionFile>& all,
                                                 const Directory& directory) {
  std::vector<std::string> names;
  for (const auto& [name, locality] : directory.localities) names.push_back(name);
  return office_files(all, names);
}

/// What a type says before and after; empty where it is not there.
void compare_types(const Directory& directory, const std::map<Name, PublishedLocality>& after,
                   std::vector<TypeChange>& changes) {
  for (const auto& [name, locality] : after) {
    const EffectiveLines now = effective_lines(locality);
    EffectiveLines before;
    const Locality* today = directory.find_locality(name);
    if (today && today->text)
      if (const auto text = from_canonical(*today->text)) before = effective_lines(*text);
    for (const auto& [type, text] : now)
      if (const auto had = before.find(type); had == before.end() || had->second.plain != text.plain)
        changes.push_back({name, type, had == before.end() ? "" : had->second.plain, text.lines});
    for (const auto& [type, text] : before)
      if (!now.contains(type)) changes.push_back({name, type, text.plain, ""});
  }
}

std::string fact_of(const BundleProposal& proposal) {
  std::string json;
  codec::JsonWriter out(json);
  out.begin_object().member("sha256", proposal.bundle.sha256).member("basis", proposal.basis);
  out.member("by", proposal.by.value).member("at", format_instant(proposal.at));
  out.key("files").begin_array();
  for (const BundleFile& file : proposal.bundle.files)
    out.begin_object().member("path", file.path).member("text", file.text).end_object();
  out.end_array().end_object();
  return json;
}

Result<std::optional<BundleProposal>> kept_proposal(Office& office) {
  GEWU_TRY(kept, office.store.read_office(kBundleFact));
  if (!kept || kept->empty()) return std::optional<BundleProposal>();
  GEWU_TRY(json, codec::parse_json(*kept, codec::journal_limits()));
  BundleProposal proposal;
  proposal.bundle.sha256 = json.string_at("sha256").value_or("");
  proposal.basis = json.string_at("basis").value_or("");
  proposal.by = AccountId{json.integer_at("by").value_or(0)};
  proposal.at = parse_instant(json.string_at("at").value_or("")).value_or(Instant{});
  if (const auto* files = json.array_at("files"))
    for (const codec::Json& file : *files)
      proposal.bundle.files.push_back({std::string(file.string_at("path").value_or("")),
                                       std::string(file.string_at("text").value_or(""))});
  return std::optional(std::move(proposal));
}

Result<BundleProposal> proposal_at_hand(Office& office) {
  GEWU_TRY(kept, kept_proposal(office));
  if (!kept) return refuse(ErrorCode::not_found, "publication.none");
  return std::move(*kept);
}

Status check_basis(const Office& office, const BundleProposal& proposal) {
  if (proposal.basis == publication_fingerprint(*office.store.directory())) return {};
  return refuse(ErrorCode::conflict, "publication.stale");
}

}  // namespace

Result<std::vector<const DefinitionFile*>> locality_line(
    const std::vector<DefinitionFile>& files, std::string_view name) {
  std::vector<const DefinitionFile*> line;
  std::string wanted(name);
  while (!wanted.empty()) {
    const auto found = std::ranges::find_if(files, [&](const DefinitionFile& file) {
      return text_under(file, "locality") == wanted;
    });
    // One that extends itself is refused by the checker; here it only must not go round.
    if (found == files.end() || std::ranges::find(line, &*found) != line.end())
      return refuse(ErrorCode::not_found, "definition.locality_absent", {{"locality", wanted}});
    line.insert(line.begin(), &*found);
    wanted = text_under(*found, "extends");
  }
  return line;
}

void order_tables(std::vector<LocalityTables>& tables, const std::vector<DefinitionFile>& files) {
  std::ranges::stable_sort(tables, std::ranges::less{}, [&](const LocalityTables& place) {
    const auto line = locality_line(files, place.name);
    return line ? line->size() : 0;
  });
}

Result<std::vector<DefinitionFile>> office_files(
    const std::vector<DefinitionFile>& files, const std::vector<std::string>& localities) {
  std::vector<std::string> folders;
  for (const std::string& name : localities) {
    GEWU_TRY(line, locality_line(files, name));
    for (const DefinitionFile* file : line)
      folders.push_back(file->path.substr(0, file->path.rfind('/') + 1));
  }
  std::vector<DefinitionFile> wanted;
  std::ranges::copy_if(files, std::back_inserter(wanted), [&](const DefinitionFile& file) {
    if (file.path.starts_with("systems/")) return true;
    if (localities.empty()) return file.path.starts_with("localities/");
    return std::ranges::any_of(
        folders, [&](const std::string& folder) { return file.path.starts_with(folder); });
  });
  return wanted;
}

Result<Bundle> read_bundle(std::string_view zip) {
  GEWU_TRY(archive, codec::ZipArchive::open(zip, kUnpackedBytesMax, "bundle"));
  Bundle bundle;
  std::map<std::string, PlaceTables> places;
  std::size_t bytes = 0;
  for (const std::string& name : archive.names()) {
    const std::string_view path = path_inside(name);
    const bool is_definition = path.ends_with(".yaml"), is_scenario = path.ends_with(".scenario");
    std::string* table = is_definition || is_scenario ? nullptr : table_of(path, places);
    if (!is_definition && !is_scenario && table == nullptr) continue;
    GEWU_TRY(text, archive.read(name));
    if (!text) continue;
    if (table != nullptr) {
      *table = std::move(*text);
      continue;
    }
    if (text->size() > kLimits.definition_bytes_max)
      return refuse(ErrorCode::too_large, "bundle.file", {{"file", std::string(path)}});
    if (is_scenario) {
      bundle.scenarios.scenarios.push_back({std::string(path), std::move(*text)});
      continue;
    }
    bytes += text->size();
    if (bytes > kBundleBytesMax)
      return refuse(ErrorCode::too_large, "bundle.too_large",
                    {{"max", std::to_string(kBundleBytesMax)}});
    bundle.files.push_back({std::string(path), std::move(*text)});
  }
  if (bundle.files.empty()) return refuse(ErrorCode::invalid, "bundle.empty");
  std::ranges::sort(bundle.files, {}, &BundleFile::path);
  if (const auto twice = std::ranges::adjacent_find(bundle.files, {}, &BundleFile::path);
      twice != bundle.files.end())
    return refuse(ErrorCode::invalid, "bundle.twice", {{"file", twice->path}});
  bundle.sha256 = sha256_of(bundle.files);
  bundle.scenarios.tables = tables_of(std::move(places));
  return bundle;
}

Result<BundleJudgement> judge_bundle(Office& office, const SignedInCaller& by,
                                     const Bundle& bundle) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  const DirectoryPtr directory = office.store.directory();
  BundleJudgement judged;
  judged.sha256 = bundle.sha256;
  judged.files = bundle.files.size();
  const auto wrong = [&](const Error& error) -> Result<BundleJudgement> {
    if (error.key != "publish.errors" && error.key != "publish.scenarios" &&
        error.key != "definition.locality_absent")
      return std::unexpected(error);
    add_faults(error, judged.faults);
    return std::move(judged);
  };
  auto all = all_definitions_of(bundle);
  if (!all) return wrong(all.error());
  const auto files = published_of(*all, *directory);
  if (!files) return wrong(files.error());
  ScenarioFolder scenarios = bundle.scenarios;
  scenarios.files = std::move(*all);
  order_tables(scenarios.tables, scenarios.files);
  auto published = publish_definitions(office, *files, "", {PublishMode::dry_run, &scenarios});
  if (!published) return wrong(published.error());
  judged.warnings = published->messages.sorted();
  judged.published = std::move(published->published);
  judged.unchanged = std::move(published->unchanged);
  if (published->preview) judged.preview = std::move(*published->preview);
  compare_types(*directory, published->texts, judged.types);
  return judged;
}

Result<BundleProposal> propose_bundle(Office& office, const SignedInCaller& by, Bundle bundle) {
  GEWU_TRY(judged, judge_bundle(office, by, bundle));
  if (!judged.faults.empty())
    return std::unexpected(
        Error{ErrorCode::invalid, "publish.errors", {}, std::move(judged.faults)});
  if (judged.published.empty()) return refuse(ErrorCode::conflict, "publication.nothing");
  BundleProposal proposal{std::move(bundle), publication_fingerprint(*office.store.directory()),
                          by.caller.account, office.clock.now()};
  GEWU_CHECK(office.store.write_office(kBundleFact, fact_of(proposal)));
  return proposal;
}

Result<std::optional<BundleProposal>> read_proposal(Office& office, const SignedInCaller& by) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  return kept_proposal(office);
}

Status withdraw_bundle(Office& office, const SignedInCaller& by, std::string_view sha256) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  GEWU_TRY(proposal, proposal_at_hand(office));
  if (proposal.bundle.sha256 != sha256) return refuse(ErrorCode::conflict, "publication.stale");
  return office.store.write_office(kBundleFact, "");
}

Result<BundlePublished> confirm_bundle(Office& office, const SignedInCaller& by,
                                       std::string_view sha256,
                                       const std::function<bool(std::size_t moved)>& progress) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  GEWU_TRY(proposal, proposal_at_hand(office));
  if (proposal.bundle.sha256 != sha256) return refuse(ErrorCode::conflict, "publication.stale");
  if (proposal.by == by.caller.account)
    return refuse(ErrorCode::forbidden, "publication.second_person");
  // With three it is the security administrator who puts it to work.
  GEWU_CHECK(check_duty(office, by, {Duty::security}));
  GEWU_CHECK(check_basis(office, proposal));
  GEWU_TRY(all, all_definitions_of(proposal.bundle));
  GEWU_TRY(files, published_of(all, *office.store.directory()));
  const std::string who = "administrator " + std::to_string(by.caller.account.value);
  // One word: it is written before an instant.
  const std::string migrator = "administrator-" + std::to_string(by.caller.account.value);
  GEWU_CHECK(announce_migration(office, migrator));
  GEWU_TRY(published,
           publish_definitions(office, files,
                               "publish by " + who + ", proposed by administrator " +
                                   std::to_string(proposal.by.value)));
  GEWU_CHECK(office.store.write_office(kBundleFact, ""));
  BundlePublished done{std::move(published.published), 0, {}};
  // Whoever is stopped here is followed by the server's timers, which move the rest.
  for (bool more = true; more;) {
    GEWU_TRY(run, migrate_matters(office, migrator, kMattersAtOnce));
    done.moved += run.moved;
    done.failed = std::move(run.failed);
    more = run.more && !run.left_to_another && (!progress || progress(done.moved));
  }
  return done;
}

}  // namespace gewu::usecase
