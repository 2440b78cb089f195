#pragma once

#include "usecase/find_matters.h"
#include "usecase/near_matters.h"

namespace gewu::usecase {

/// Matters that a field or a set points to.
struct LinkedMatters {
  kernel::Name name;                ///< of the field or set
  kernel::Label label;              ///< of the field; of a set what its members are
  std::vector<MatterRow> rows;
};

struct MatterView {
  kernel::DirectoryPtr directory;
  const kernel::Locality* locality = nullptr;  ///< whose words belong to it; in `directory`
  MatterRow row;                    ///< sealed fields opened where the caller may see them
  std::vector<kernel::OfferedAction> actions;
  std::vector<MatterRow> parts;
  std::optional<MatterRow> parent;
  std::vector<LinkedMatters> links;
  std::vector<MatterRow> duplicates;   ///< merged into this one
  std::vector<NearMatter> near;        ///< may be the same; for posts alone
  bool is_author = false;
  Instant as_of;
};

/// The matter as the caller may see it; `not_found` when he may not, exactly as when there is
/// none. Sealed fields are open to the author, and to whoever took `unseal` in this session.
Result<MatterView> read_matter(Office& office, const Caller& caller, MatterId matter);

/// The matter as a line of a list; `not_found` as read_matter.
struct ShownRow {
  kernel::DirectoryPtr directory;
  MatterRow row;
  Instant as_of;
};
Result<ShownRow> read_row(Office& office, const Caller& caller, MatterId matter);

/// The same with sealed fields opened where the caller may see them, and nothing beside.
Result<ShownRow> read_fields(Office& office, const Caller& caller, MatterId matter);

/// An event as the caller may see it: values of fields that are hidden from him are left out.
struct TimelineEntry {
  kernel::Event event;
  kernel::TypePtr type;             ///< whose text it happened under: names of states, actions
  bool for_author = false;          ///< a note to the author
  std::string name;                 ///< display name of an official; never of a resident
  std::vector<MatterRow> basis;     ///< rows cited that the caller may see
};
struct Timeline {
  kernel::DirectoryPtr directory;
  const kernel::Locality* locality = nullptr;
  kernel::SnapshotPtr matter;
  std::vector<TimelineEntry> entries;  ///< newest first
};

/// What happened. An author does not see notes among posts, refused effects, claims or
/// follow-ups that only concern the office.
Result<Timeline> read_timeline(Office& office, const Caller& caller, MatterId matter);

}  // namespace gewu::usecase
