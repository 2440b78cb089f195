#include "usecase/check_definitions.h"

#include <algorithm>

#include "codec/csv.h"
#include "security/bytes.h"
#include "security/hash.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

using Keys = std::set<std::string>;

/// What each locality extends.
std::map<Name, Name> extensions(const std::vector<DefinitionFile>& files) {
  std::map<Name, Name> parents;
  for (const DefinitionFile& file : files) {
    const Node* name = file.root.find("locality");
    if (name == nullptr) continue;
    const Node* parent = file.root.find("extends");
    parents.emplace(name->text, parent == nullptr ? Name() : parent->text);
  }
  return parents;
}

/// Whether one is the other or lies under it. One that extends itself ends the walk.
bool is_within(const std::map<Name, Name>& parents, Name place, const Name& above) {
  for (std::size_t steps = 0; steps <= parents.size(); ++steps) {
    if (place == above) return true;
    const auto found = parents.find(place);
    if (found == parents.end() || found->second.empty()) return false;
    place = found->second;
  }
  return false;
}

/// The keys of a table; a table that cannot be read has its own refusal where it is taken up.
Keys keys_of(const std::string& table) {
  Keys keys;
  const auto read = codec::read_csv(table, {}, [&](const codec::CsvRow& row) -> Status {
    if (const auto key = row.cell("key")) keys.emplace(*key);
    return {};
  });
  static_cast<void>(read);
  return keys;
}

/// What is stored must be readable, or the office would not start with it: in the merged text
/// everything stands deeper than in its file.
void check_stored(const PublishedLocality& published, Messages& messages) {
  const auto read = from_canonical(to_canonical(published));
  if (read) return;
  const NodeEntry* head = published.node.find_entry("locality");
  messages.error("definition.stored", head == nullptr ? published.node.origin : head->value.origin,
                 {{"where", "locality " + published.name}, {"why", read.error().key}});
}

}  // namespace

std::string hash_definition(std::string_view bytes) {
  return security::hex_encode(security::sha256(bytes));
}

KnownOrganisations organisations_of(const Directory& directory) {
  std::optional<Keys> keys;
  if (directory.roster->organisation_count() > 0) {
    keys.emplace();
    for (const Organisation* organisation : directory.roster->organisations())
      keys->insert(organisation->key);
  }
  return [keys](const Name&) { return keys; };
}

KnownOrganisations organisations_of(const std::vector<LocalityTables>& tables,
                                    const std::vector<DefinitionFile>& files) {
  std::map<Name, Keys> known;
  for (const LocalityTables& place : tables) known[place.name].merge(keys_of(place.organisations_csv));
  return [known = std::move(known), parents = extensions(files)](const Name& locality) {
    std::optional<Keys> all;
    for (const auto& [place, keys] : known) {
      const bool is_near =
          is_within(parents, place, locality) || is_within(parents, locality, place);
      if (!is_near || keys.empty()) continue;
      if (!all) all.emplace();
      all->insert(keys.begin(), keys.end());
    }
    return all;
  };
}

CompileResult check_definitions(const std::vector<DefinitionFile>& files,
                                KnownOrganisations organisations,
                                std::optional<std::map<std::string, std::string>> documents) {
  CompileOptions options;
  options.sha256 = hash_definition;
  options.organisations = std::move(organisations);
  options.documents = std::move(documents);
  CompileResult compiled = compile_localities(files, options);
  if (compiled.messages.has_errors()) return compiled;
  for (const auto& [name, published] : compiled.published)
    check_stored(published, compiled.messages);
  return compiled;
}

}  // namespace gewu::usecase
