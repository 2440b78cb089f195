#include "usecase/publish_definitions.h"

#include "kernel/matter/publish_check.h"
#include "usecase/calendar_notice.h"
#include "usecase/effective_text.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

Error error_of(const Message& message) {
  Error error{ErrorCode::invalid, message.key, message.details, {}};
  if (!message.file.empty()) {
    // An expression says its own place, which is the same or inside it.
    std::erase_if(error.details, [](const ErrorDetail& detail) { return detail.name == "file"; });
    error.details.push_back({"file", message.file});
    error.details.push_back({"line", std::to_string(message.line)});
  }
  return error;
}

/// A changed pinned part under an old version is refused (language.md 2.10, 16).
Status check_versions(const Directory& directory, const CompileResult& compiled,
                      Messages& messages) {
  if (!directory.systems_text) return {};
  GEWU_TRY(before, from_canonical(*directory.systems_text));
  const Messages found = check_publication(before, compiled.systems);
  for (const Message& message : found.all()) messages.add(message);
  return {};
}

Status check_all_migrations(Office& office, const CompileResult& compiled, Messages& messages) {
  for (const auto& [name, locality] : compiled.localities)
    GEWU_CHECK(check_migrations(office, *locality, compiled.published.at(name), messages));
  return {};
}

/// The directory as the publications would leave it.
Result<MigrationPreview> preview(Office& office, const DirectoryPtr& directory,
                                 const std::vector<Publication>& publications) {
  std::vector<DirectoryEvent> events;
  for (const Publication& publication : publications)
    events.push_back({{}, {}, office.clock.now(), {}, publication});
  GEWU_TRY(after, apply_directory_events(directory, events));
  return preview_migrations(office, *after);
}

std::unexpected<Error> refuse_errors(std::vector<Error> errors) {
  return std::unexpected(Error{ErrorCode::invalid, "publish.errors", {}, std::move(errors)});
}

}  // namespace

std::string publication_fingerprint(const Directory& directory) {
  std::string text;
  for (const auto& [name, locality] : directory.localities)
    text += name + " " + locality->text_sha256 + "\n";
  return hash_definition(text);
}

Result<Published> publish_definitions(Office& office, const std::vector<DefinitionFile>& files,
                                      const std::string& source, const PublishRules& rules) {
  const DirectoryPtr directory = office.store.directory();
  CompileResult compiled = check_definitions(files, organisations_of(*directory));
  Published published;
  published.messages = compiled.messages;
  std::vector<Error> errors;
  GEWU_CHECK(check_versions(*directory, compiled, published.messages));
  warn_of_edited_days(*directory, compiled, published.messages);
  GEWU_CHECK(check_all_migrations(office, compiled, published.messages));
  for (const Message& message : published.messages.sorted())
    if (message.severity == Severity::error) errors.push_back(error_of(message));
  if (!errors.empty()) return refuse_errors(std::move(errors));

  std::vector<Publication> publications;
  for (const auto& [name, locality] : compiled.published) {
    std::string text = to_canonical(locality);
    std::string sha256 = hash_definition(text);
    const Locality* today = directory->find_locality(name);
    if (today && today->text_sha256 == sha256) {
      published.unchanged.push_back(name);
      continue;
    }
    published.published.push_back(name);
    publications.push_back({name, std::move(text), std::move(sha256)});
  }
  std::string systems = to_canonical(compiled.systems);
  if (!directory->systems_text || *directory->systems_text != systems) {
    std::string sha256 = hash_definition(systems);
    publications.push_back({Name(), std::move(systems), std::move(sha256)});
  }
  if (rules.scenarios && office.scenario_stores)
    GEWU_CHECK(prove_by_scenarios(*rules.scenarios, published.published,
                                  office.scenario_stores()));
  if (rules.mode == PublishMode::dry_run) {
    GEWU_TRY(seen, preview(office, directory, publications));
    published.preview = std::move(seen);
    published.texts = std::move(compiled.published);
    return published;
  }
  if (publications.empty()) {
    GEWU_CHECK(keep_effective_texts(office, compiled.published));
    return published;
  }
  store::CommitRequest request;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    store::Writing writing;
    for (const Publication& publication : publications)
      writing.directory.push_back({EventId{turn.ids.next()}, {}, turn.now, source, publication});
    return writing;
  };
  GEWU_TRY(committed, office.store.commit(std::move(request)));
  static_cast<void>(committed);
  GEWU_CHECK(keep_effective_texts(office, compiled.published));
  return published;
}

namespace {

/// A directory in the making.
class Changing {
 public:
  explicit Changing(const Directory& before)
      : next_(std::make_shared<Directory>(before)),
        tree_(*before.territory),
        roster_(*before.roster),
        pinned_(std::make_shared<std::unordered_map<std::string, TypePtr>>(*before.pinned)) {
    for (const auto& [sha256, type] : *before.pinned) shared_.emplace(type->text, type);
  }

  /// A directory without territories takes all of its first ones at once: thousands of single
  /// changes would each renew the tree.
  Result<std::size_t> take_first_territories(const std::vector<DirectoryEvent>& events) {
    std::vector<Territory> territories;
    for (const DirectoryEvent& event : events) {
      const auto* change = std::get_if<TerritoryChange>(&event.change);
      if (!change) break;
      territories.push_back(change->territory);
    }
    if (tree_.size() > 0 || territories.size() < 2) return std::size_t{0};
    const std::size_t count = territories.size();
    GEWU_TRY(tree, TerritoryTree::build(std::move(territories)));
    tree_ = std::move(tree);
    has_new_ground_ = true;
    return count;
  }

  Status take(const TerritoryChange& change) {
    GEWU_TRY(tree, tree_.with(change.territory));
    tree_ = std::move(tree);
    has_new_ground_ = true;
    return {};
  }
  Status take(const OrganisationChange& change) {
    GEWU_TRY(roster, roster_.with(change.organisation));
    roster_ = std::move(roster);
    return {};
  }
  Status take(const PostChange& change) {
    GEWU_TRY(roster, roster_.with(change.post));
    roster_ = std::move(roster);
    return {};
  }
  Status take(const Publication& publication) {
    if (publication.locality.empty()) {
      next_->systems_text = std::make_shared<const std::string>(publication.text);
      return {};
    }
    GEWU_TRY(published, from_canonical(publication.text));
    CompileOptions options;
    options.sha256 = hash_definition;
    GEWU_TRY(loaded, load_locality(published, options, shared_));
    auto locality = std::make_shared<Locality>(*loaded);
    locality->text_sha256 = publication.sha256;
    locality->text = std::make_shared<const std::string>(publication.text);
    for (const auto& [name, type] : locality->types) pinned_->emplace(type->text_sha256, type);
    next_->localities[publication.locality] = std::move(locality);
    return {};
  }

  Result<DirectoryPtr> finish() {
    if (has_new_ground_) {
      const auto all = tree_.all();
      GEWU_TRY(grids, GridIndex::build(all));
      next_->grids = std::make_shared<const GridIndex>(std::move(grids));
      next_->territory = std::make_shared<const TerritoryTree>(std::move(tree_));
    }
    next_->roster = std::make_shared<const Roster>(std::move(roster_));
    next_->pinned = std::move(pinned_);
    ++next_->version;
    return DirectoryPtr(std::move(next_));
  }

 private:
  std::shared_ptr<Directory> next_;
  TerritoryTree tree_;
  Roster roster_;
  std::shared_ptr<std::unordered_map<std::string, TypePtr>> pinned_;
  SharedTypes shared_;
  bool has_new_ground_ = false;
};

}  // namespace

Result<DirectoryPtr> apply_directory_events(const DirectoryPtr& before,
                                            const std::vector<DirectoryEvent>& events) {
  Changing changing(*before);
  GEWU_TRY(first, changing.take_first_territories(events));
  std::vector<const DirectoryEvent*> waiting;
  for (std::size_t i = first; i < events.size(); ++i) waiting.push_back(&events[i]);
  // An organisation may stand before the one that owns it, a post before the one that it belongs
  // to: they wait until that one is there.
  while (!waiting.empty()) {
    std::vector<const DirectoryEvent*> postponed;
    std::optional<Error> refusal;
    for (const DirectoryEvent* event : waiting) {
      const Status taken =
          std::visit([&](const auto& change) { return changing.take(change); }, event->change);
      if (taken) continue;
      const std::string& key = taken.error().key;
      if (key != "organisation.parent" && key != "post.organisation")
        return std::unexpected(taken.error());
      if (!refusal) refusal = taken.error();
      postponed.push_back(event);
    }
    if (postponed.size() == waiting.size()) return std::unexpected(std::move(*refusal));
    waiting = std::move(postponed);
  }
  return changing.finish();
}

}  // namespace gewu::usecase
