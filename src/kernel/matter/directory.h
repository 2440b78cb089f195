#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/persistent_map.h"
#include "base/result.h"
#include "kernel/matter/matter.h"
#include "kernel/people/role.h"
#include "kernel/people/roster.h"
#include "kernel/place/grid_index.h"
#include "kernel/place/territory_tree.h"
#include "kernel/time/calendar.h"

// The directory (名册): the immutable, versioned picture of the office that rules may read.
// Changing it makes a new one that shares all that did not change.

namespace gewu::kernel {

/// A number that a place may change (`settings`), with its bounds.
struct Setting {
  Name name;
  Label label;
  FieldKind kind = FieldKind::number;
  Value value;
  Value min, max;
};

/// A system (体系) as published: what is not in its types.
struct System {
  Name name;
  Label label;
};

/// An `auto` action that may become possible when a matter of some type changes, and how its matter
/// is reached from the changed one.
struct Waker {
  enum class Way {
    set,      ///< the changed matter's `link` points to it
    link,     ///< its `link` points to the changed matter
    sibling,  ///< the changed matter's `link` points to the matter that its `sibling_link` points to
  };
  Way way = Way::set;
  Name type;             ///< that has the auto action
  Name link, sibling_link;
  Name action;
  bool operator==(const Waker&) const = default;
};
/// By the type that changes; "any" for rules over links to any type.
using Wakers = std::map<Name, std::vector<Waker>, std::less<>>;
Wakers find_wakers(const std::map<Name, TypePtr>& types);

/// The link by which matters of a type are parts (子事项) of others.
struct PartLink {
  Name type, field;
};
/// By the type that it points to; "any" for links to any type.
using PartLinks = std::map<Name, std::vector<PartLink>, std::less<>>;
PartLinks find_parts(const std::map<Name, TypePtr>& types);

/// A migration file as its locality knows it: what it moves. The whole of it stands in the text.
struct MigrationHead {
  Name key;              ///< "appeal.1.2", under `migrations` of what was published
  Name type;
  std::int64_t from = 0, to = 0;   ///< versions of the type
  bool operator==(const MigrationHead&) const = default;
};

/// A locality (地方) with every system it practises, merged and compiled.
struct Locality {
  Name name;
  Label label;
  Name extends;
  std::string text_sha256;                     ///< hex, of what was published; empty before
  /// What was published, canonical; null before. Only migrations are compiled from it again.
  std::shared_ptr<const std::string> text;
  std::string territory;                       ///< code of its root
  std::map<Name, System> systems;              ///< those that are on
  std::map<Level, Label> levels;
  std::map<Name, Role> roles;
  std::map<Name, List> lists;
  std::map<Name, Setting> settings;
  std::map<Name, Book> books;
  std::shared_ptr<const Calendar> calendar;    ///< the one of its matters
  std::map<Name, std::shared_ptr<const Calendar>> calendars;
  std::map<Name, TypePtr> types;               ///< effective, of today
  std::vector<MigrationHead> migrations;       ///< those that end at a type of today
  std::shared_ptr<const Wakers> wakers;        ///< find_wakers(types); found anew when absent
  std::shared_ptr<const PartLinks> parts;      ///< find_parts(types); found anew when absent

  const Setting* find_setting(std::string_view setting) const;
  TypePtr find_type(std::string_view type) const;
};
using LocalityPtr = std::shared_ptr<const Locality>;

/// Active rows of one reference type, found by an indexed path without a scan. Immutable; a copy
/// with one row changed shares the rest.
class ReferenceRows {
 public:
  /// All at once; of two with one id the later stays.
  static ReferenceRows of(std::vector<SnapshotPtr> rows);

  std::size_t size() const { return rows_.size(); }
  std::vector<SnapshotPtr> all() const;   ///< by id, oldest first
  SnapshotPtr find(MatterId id) const;
  /// Calls `visit` in the order of ids until it gives false.
  template <typename Visit>
  void visit(Visit&& visit) const {
    rows_.visit_from(MatterId{0}, visit);
  }
  /// Whether find_equal answers for that name: every row's text says `index: true` of the field.
  /// `territory`, `owner` and `handler` always are.
  bool is_indexed(std::string_view name) const;
  /// Rows of which the field equals the value, by id.
  std::vector<SnapshotPtr> find_equal(std::string_view name, const Value& value) const;
  /// A copy with the row added, replaced or taken out.
  std::shared_ptr<const ReferenceRows> with(SnapshotPtr row) const;
  std::shared_ptr<const ReferenceRows> without(MatterId id) const;

 private:
  struct IdOf {
    MatterId operator()(const SnapshotPtr& row) const { return row->id; }
  };
  struct Entry {
    std::string key;  ///< name, line feed, value_key
    MatterId id;
    auto operator<=>(const Entry&) const = default;
  };
  static std::vector<Entry> entries_of(const Snapshot& row);
  void count_unindexed(const Snapshot& row, int by);

  PersistentMap<SnapshotPtr, IdOf> rows_;
  PersistentMap<Entry> index_;
  std::map<Name, int, std::less<>> unindexed_;  ///< rows whose text does not index that field
};

class Directory {
 public:
  std::uint64_t version = 0;
  std::shared_ptr<const TerritoryTree> territory;
  std::shared_ptr<const GridIndex> grids;
  std::shared_ptr<const Roster> roster;
  std::map<Name, LocalityPtr> localities;
  /// Canonical text of all systems as written, when they were last published: publish compares.
  std::shared_ptr<const std::string> systems_text;
  /// Every text some open matter may be pinned to, by sha-256.
  std::shared_ptr<const std::unordered_map<std::string, TypePtr>> pinned;
  /// type -> active rows; rows of an extension stand under its base too.
  std::map<Name, std::shared_ptr<const ReferenceRows>> references;

  /// The locality nearest up the tree; null when the code lies in none.
  const Locality* locality_of(std::string_view territory_code) const;
  const Locality* find_locality(std::string_view name) const;
  /// The text by its hash; null when it was never published here.
  TypePtr find_pinned(std::string_view sha256) const;
  const ReferenceRows& rows(std::string_view type) const;  ///< empty when there are none
};
using DirectoryPtr = std::shared_ptr<const Directory>;

}  // namespace gewu::kernel
