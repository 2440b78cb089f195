#include "kernel/matter/office_sources.h"

#include <algorithm>
#include <set>

#include "kernel/matter/definition_reader.h"
#include "kernel/matter/migration.h"
#include "kernel/matter/office_indicators.h"
#include "kernel/matter/overlay.h"

namespace gewu::kernel {
namespace {

constexpr std::size_t kExtendsDepthMax = 2;
constexpr std::string_view kCommon = "common";

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

/// Files that lie beside definitions: rows, made-up people, what documents say.
bool is_no_definition(std::string_view first) {
  return first == "mapping" || first == "demo" || first == "claims" || first == "catalogue";
}

/// Files by what their first key says they are.
class Shelf {
 public:
  Shelf(const std::vector<DefinitionFile>& files, Messages& messages) : messages_(messages) {
    for (const DefinitionFile& file : files) take(file);
  }

  std::map<Name, const DefinitionFile*> systems, types, localities;
  std::vector<const DefinitionFile*> migrations;
  std::vector<std::pair<std::string, const Node*>> calendars;   ///< folder of the locality, root

 private:
  void take(const DefinitionFile& file) {
    const std::string first = file.root.is_map() && !file.root.entries.empty()
                                  ? file.root.entries.front().key
                                  : std::string();
    if (first == "system") return keep(systems, first, file);
    if (first == "type") return keep(types, first, file);
    if (first == "locality") return keep(localities, first, file);
    if (first == "calendars") {
      calendars.emplace_back(folder_of(folder_of(file.path)), &file.root);
    } else if (first == "migrate") {
      migrations.push_back(&file);
    } else if (!is_no_definition(first)) {
      messages_.error("definition.file_kind", file.root.origin, {{"name", first}});
    }
  }

  void keep(std::map<Name, const DefinitionFile*>& shelf, const std::string& kind,
            const DefinitionFile& file) {
    const Name name = read_name(file.root, kind, kind, messages_);
    if (name.empty()) return;
    if (!shelf.emplace(name, &file).second)
      messages_.error("definition.file_twice", file.root.origin, {{"name", name}});
  }

  Messages& messages_;
};

/// Migrations of a folder: a system's, or those that a locality writes for its own overlay. The
/// nearest of the same type and versions counts.
void lay_migrations(Node& result, const Shelf& shelf, const std::string& folder,
                    Messages& messages) {
  std::set<std::string> own;
  for (const DefinitionFile* file : shelf.migrations) {
    if (folder_of(file->path) != folder) continue;
    const MigrationHead head = read_migration_head(file->root, messages);
    if (head.key.empty()) continue;
    if (!own.insert(head.key).second)
      messages.error("definition.file_twice", file->root.origin, {{"name", head.key}});
    if (shelf.types.contains(head.type))
      result.find("migrations")->put(head.key, file->root, file->root.origin);
    else
      messages.error("definition.unknown_type", file->root.origin, {{"name", head.type}});
  }
}

/// Everything that all systems bring, before any locality.
class Universe {
 public:
  Universe(const Shelf& shelf, Messages& messages) : shelf_(shelf), messages_(messages) {
    node_ = Node::map();
    for (const char* part : {"systems", "levels", "roles", "lists", "settings", "books",
                             "calendars", "types", "migrations", "indicators"})
      node_.put(part, Node::map());
    for (const auto& [name, file] : shelf.systems) take_system(name, file->root);
    for (const auto& [name, file] : shelf.types) take_type(name);
    take_levels();
    for (const auto& [name, system] : shelf.systems)
      lay_migrations(node_, shelf, folder_of(system->path), messages);
  }

  const Node& node() const { return node_; }
  /// Which system brings the role, list, setting or type.
  std::map<std::pair<std::string, Name>, Name> owners;

 private:
  void take_system(const Name& name, const Node& root) {
    const std::string where = "system " + name;
    check_keys(root,
               {"system", "label", "source", "roles", "lists", "settings", "books", "indicators"},
               {}, where, messages_);
    need_label(root, root.origin, where, messages_);
    Node system = Node::map(root.origin);
    if (const Node* label = root.find("label")) system.put("label", *label, root.origin);
    if (const Node* source = root.find("source")) system.put("source", *source, root.origin);
    node_.find("systems")->put(name, std::move(system), root.origin);
    take_part(name, root, "roles", OverlayPlace::roles);
    take_part(name, root, "lists", OverlayPlace::lists);
    take_part(name, root, "settings", OverlayPlace::plain);
    take_part(name, root, "books", OverlayPlace::plain);
    take_part(name, root, "indicators", OverlayPlace::plain);
  }

  void take_part(const Name& system, const Node& root, const char* part, OverlayPlace place) {
    const Node* written = find_map(root, part, "system " + system, messages_);
    if (written == nullptr) return;
    const Node normal = normalised(*written, place);
    for (const NodeEntry& entry : normal.entries) {
      check_name_form(entry.key, entry.origin, part, messages_);
      const bool is_new = owners.emplace(std::pair(part, entry.key), system).second;
      if (!is_new)
        messages_.error("definition.name_twice", entry.origin,
                        {{"where", part}, {"name", entry.key}});
      node_.find(part)->put(entry.key, entry.value, entry.origin);
    }
  }

  std::string system_of(const DefinitionFile& file) const {
    for (const auto& [name, system] : shelf_.systems)
      if (folder_of(system->path) == folder_of(file.path)) return name;
    return {};
  }

  /// The merged text of a type over those it extends; `bases` nearest first.
  Node resolve(const Name& name, std::vector<Name>& bases) {
    const DefinitionFile& file = *shelf_.types.at(name);
    const Node own = normalised(file.root, OverlayPlace::type);
    const Name base = read_name(own, "extends", name, messages_);
    if (base.empty()) return own;
    const Origin& at = own.find("extends")->origin;
    const bool is_circle = base == name || std::ranges::find(bases, base) != bases.end();
    if (is_circle || bases.size() >= kExtendsDepthMax) {
      messages_.error("definition.extends_depth", at, {{"name", base}});
      return own;
    }
    if (!shelf_.types.contains(base)) {
      messages_.error("definition.unknown_type", at, {{"name", base}});
      return own;
    }
    bases.push_back(base);
    Node below = resolve(base, bases);
    for (const char* key : {"type", "version", "extends", "source"}) below.remove(key);
    Node result = merged(below, own, OverlayPlace::type, messages_);
    result.origin = own.origin;
    return result;
  }

  void take_type(const Name& name) {
    const DefinitionFile& file = *shelf_.types.at(name);
    const std::string system = system_of(file);
    if (system.empty())
      messages_.error("definition.unknown_system", file.root.origin, {{"name", file.path}});
    std::vector<Name> bases;
    Node entry = Node::map(file.root.origin);
    Node definition = resolve(name, bases);
    entry.put("system", Node::scalar(system));
    Node above = Node::list();
    for (const Name& base : bases) above.items.push_back(Node::scalar(base));
    entry.put("bases", std::move(above));
    entry.put("definition", std::move(definition), file.root.origin);
    node_.find("types")->put(name, std::move(entry), file.root.origin);
    owners.emplace(std::pair("types", name), system);
  }

  /// The names of levels stand in the list `level` of common; localities rename them.
  void take_levels() {
    const Node* rows = node_.find("lists")->find("level");
    if (rows == nullptr || !rows->is_map()) return;
    for (const NodeEntry& row : rows->entries)
      node_.find("levels")->put(row.key, row.value, row.origin);
  }

  const Shelf& shelf_;
  Messages& messages_;
  Node node_;
};

/// Lays localities over the universe, each over the one it extends.
class Overlays {
 public:
  Overlays(const Shelf& shelf, const Universe& universe, Messages& messages)
      : shelf_(shelf), universe_(universe), messages_(messages) {}

  std::map<Name, PublishedLocality> all() {
    std::map<Name, PublishedLocality> result;
    for (const auto& [name, file] : shelf_.localities) {
      std::set<Name> above;
      const Node* node = whole(name, above);
      if (node != nullptr) result.emplace(name, PublishedLocality{name, practised(*node)});
    }
    return result;
  }

 private:
  /// With all systems, on or off, since a locality below may switch one on.
  const Node* whole(const Name& name, std::set<Name>& above) {
    const auto done = whole_.find(name);
    if (done != whole_.end()) return &done->second;
    const Node& own = shelf_.localities.at(name)->root;
    const Node* base = &universe_.node();
    if (const Name parent = read_name(own, "extends", name, messages_);
        !parent.empty() && parent != "none") {
      above.insert(name);
      if (!shelf_.localities.contains(parent) || above.contains(parent)) {
        messages_.error("definition.unknown_locality", own.find("extends")->origin,
                        {{"name", parent}});
        return nullptr;
      }
      base = whole(parent, above);
      if (base == nullptr) return nullptr;
    }
    return &whole_.emplace(name, laid_over(*base, name, own)).first->second;
  }

  Node laid_over(const Node& base, const Name& name, const Node& own) {
    const std::string where = "locality " + name;
    check_keys(own,
               {"locality", "label", "extends", "territory", "systems", "levels", "roles", "lists",
                "settings", "books", "calendar", "calendars", "types", "indicators", "source"},
               {}, where, messages_);
    need_label(own, own.origin, where, messages_);
    Node result = base;
    for (const char* key : {"locality", "label", "extends", "territory", "calendar"}) {
      const Node* written = own.find(key);
      if (written != nullptr) result.put(key, *written, written->origin);
    }
    if (const Node* above = own.find("extends"); above == nullptr || is_none(*above))
      result.remove("extends");
    if (own.find("territory") == nullptr)
      messages_.error("definition.key_missing", own.origin,
                      {{"where", where}, {"name", "territory"}});
    switch_systems(result, own, where);
    lay_part(result, own, "levels", OverlayPlace::rows, where);
    lay_part(result, own, "roles", OverlayPlace::roles, where);
    lay_part(result, own, "lists", OverlayPlace::lists, where);
    lay_settings(result, own, where);
    lay_part(result, own, "books", OverlayPlace::plain, where);
    lay_part(result, own, "indicators", OverlayPlace::plain, where);
    lay_calendars(result, name, own, where);
    lay_types(result, own, where);
    lay_migrations(result, shelf_, folder_of(shelf_.localities.at(name)->path), messages_);
    return result;
  }

  void lay_part(Node& result, const Node& own, const char* part, OverlayPlace place,
                const std::string& where) {
    const Node* written = find_map(own, part, where, messages_);
    if (written == nullptr) return;
    Node& base = *result.find(part);
    base = merged(base, normalised(*written, place), place, messages_);
  }

  void switch_systems(Node& result, const Node& own, const std::string& where) {
    const Node* written = find_map(own, "systems", where, messages_);
    if (written == nullptr) return;
    for (const NodeEntry& entry : written->entries) {
      Node* system = result.find("systems")->find(entry.key);
      if (system == nullptr) {
        messages_.error("definition.unknown_system", entry.origin, {{"name", entry.key}});
      } else if (entry.value.text != "on" && entry.value.text != "off") {
        messages_.error("definition.unknown_word", entry.value.origin,
                        {{"where", where}, {"name", entry.value.text}});
      } else {
        system->put("on", Node::scalar(entry.value.text == "on" ? "true" : "false"), entry.origin);
      }
    }
  }

  void lay_settings(Node& result, const Node& own, const std::string& where) {
    const Node* written = find_map(own, "settings", where, messages_);
    if (written == nullptr) return;
    for (const NodeEntry& entry : written->entries) {
      Node* setting = result.find("settings")->find(entry.key);
      if (setting == nullptr || !setting->is_map()) {
        messages_.error("definition.unknown_setting", entry.origin, {{"name", entry.key}});
      } else {
        setting->put("value", entry.value, entry.origin);
      }
    }
  }

  void lay_calendars(Node& result, const Name& name, const Node& own, const std::string& where) {
    lay_part(result, own, "calendars", OverlayPlace::plain, where);
    const std::string folder = folder_of(shelf_.localities.at(name)->path);
    for (const auto& [place, root] : shelf_.calendars) {
      if (place != folder) continue;
      check_keys(*root, {"calendars", "source"}, {}, where, messages_);
      lay_part(result, *root, "calendars", OverlayPlace::plain, where);
    }
  }

  void lay_types(Node& result, const Node& own, const std::string& where) {
    const Node* written = find_map(own, "types", where, messages_);
    if (written == nullptr) return;
    for (const NodeEntry& entry : written->entries) {
      Node* type = result.find("types")->find(entry.key);
      if (type == nullptr) {
        messages_.error("definition.unknown_type", entry.origin, {{"name", entry.key}});
        continue;
      }
      for (const char* key : {"type", "extends"})
        if (const NodeEntry* fixed = entry.value.find_entry(key))
          messages_.error("definition.key_not_here", fixed->origin,
                          {{"where", entry.key}, {"name", key}});
      Node& definition = *type->find("definition");
      definition = merged(definition, normalised(entry.value, OverlayPlace::type),
                          OverlayPlace::type, messages_);
    }
  }

  /// Only what the systems that are on bring.
  Node practised(const Node& whole) const {
    Node result = whole;
    std::set<Name> on;
    Node& systems = *result.find("systems");
    for (NodeEntry& entry : systems.entries) {
      const Node* flag = entry.value.find("on");
      const bool is_on = flag != nullptr ? flag->as_boolean() == true : entry.key == kCommon;
      if (is_on) on.insert(entry.key);
      entry.value.remove("on");
    }
    std::erase_if(systems.entries, [&](const NodeEntry& entry) { return !on.contains(entry.key); });
    for (const char* part : {"roles", "lists", "settings", "books", "types", "indicators"}) {
      std::erase_if(result.find(part)->entries, [&](const NodeEntry& entry) {
        const auto owner = universe_.owners.find(std::pair(part, entry.key));
        return owner != universe_.owners.end() && !on.contains(owner->second);
      });
    }
    const Node& types = *result.find("types");
    std::erase_if(result.find("migrations")->entries, [&](const NodeEntry& entry) {
      return types.find(entry.value.find("migrate")->text) == nullptr;
    });
    return result;
  }

  const Shelf& shelf_;
  const Universe& universe_;
  Messages& messages_;
  std::map<Name, Node> whole_;
};

}  // namespace

std::map<Name, PublishedLocality> merge_office(const std::vector<DefinitionFile>& files,
                                               Messages& messages) {
  const Shelf shelf(files, messages);
  const Universe universe(shelf, messages);
  auto result = Overlays(shelf, universe, messages).all();
  result.emplace("", PublishedLocality{"", universe.node()});
  for (auto& [name, locality] : result) settle_indicators(locality, messages);
  return result;
}

}  // namespace gewu::kernel
