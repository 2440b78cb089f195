#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/definition_message.h"
#include "kernel/matter/directory.h"
#include "kernel/matter/node.h"

// From parsed files to compiled localities, and from what publish stored back to the same
// (engine.md 9): the server reads only the store and needs no YAML.

namespace gewu::kernel {

/// A file as parsed; `path` is shown in messages and says which folder it stands in:
/// "systems/appeals/appeal.yaml", "localities/NAME/locality.yaml".
struct DefinitionFile {
  std::string path;
  Node root;
};

struct CompileOptions {
  /// Hex SHA-256 of bytes; kernel has none of its own. Absent: types carry no hash.
  std::function<std::string(std::string_view)> sha256;
  /// Keys of all organisations that the rules of a locality may name; absent or nothing: not known,
  /// every key is taken for one. Systems as written, without a place, know none.
  std::function<std::optional<std::set<std::string>>(const Name& locality)> organisations;
  /// File name -> text of the documents that `source` quotes; absent: counted as not checked.
  std::optional<std::map<std::string, std::string>> documents;
};

/// Everything one locality practises, merged but not compiled: what publish stores.
struct PublishedLocality {
  Name name;
  Node node;   ///< label, territory, systems, levels, roles, lists, settings, calendars, types
};

struct CompileResult {
  /// Those without errors.
  std::map<Name, LocalityPtr> localities;
  std::map<Name, PublishedLocality> published;
  /// Every system as written, without any overlay: publish stores it too, to compare versions.
  PublishedLocality systems;
  Messages messages;
  std::size_t sources_checked = 0;
  std::size_t sources_unchecked = 0;
};

/// Reads, merges, checks and compiles all definitions of an office in one pass. Every system is
/// checked by itself too, even when no locality has switched it on. Types with one text are one
/// object in all localities of the result. Mapping files are left to imports.
CompileResult compile_localities(const std::vector<DefinitionFile>& files,
                                 const CompileOptions& options);

/// The bytes that publish stores, and back. compile(from_canonical(to_canonical(x))) equals x.
std::string to_canonical(const PublishedLocality& locality);
Result<PublishedLocality> from_canonical(std::string_view text);

/// What a server does with a stored publication. Refuses with the first error that publish should
/// have found. `shared`: types already compiled, by text; grows.
using SharedTypes = std::map<std::string, TypePtr, std::less<>>;
Result<LocalityPtr> load_locality(const PublishedLocality& published, const CompileOptions& options,
                                  SharedTypes& shared);

/// An older text that open matters are pinned to (Type::text), compiled beside what the locality
/// practises today.
Result<TypePtr> load_pinned_type(std::string_view type_text, const PublishedLocality& today,
                                 const CompileOptions& options);

class DefinitionWorld;
struct TypeDraft;
/// The locality as an older text of one of its types sees it, with the lists of today: what the
/// expressions of a migration are read in. `internal` when the text is damaged.
Status visit_pinned(std::string_view type_text, const PublishedLocality& today,
                    const std::function<void(TypeDraft&, const DefinitionWorld&)>& visit);

/// The effective type of a locality; its nodes still know their files when they come from
/// compile_localities. Null when the locality does not have the type.
const Node* show_type(const PublishedLocality& locality, std::string_view type);

}  // namespace gewu::kernel
