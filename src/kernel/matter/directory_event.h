#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kernel/matter/directory.h"
#include "kernel/people/organisation.h"
#include "kernel/people/post.h"
#include "kernel/place/territory.h"

// Changes of the directory are events too (engine.md 3), on directory subjects.

namespace gewu::kernel {

/// A node of the territory tree as it is from now on (opened, renamed, ended, with boundary).
struct TerritoryChange {
  Territory territory;
  bool operator==(const TerritoryChange&) const = default;
};
struct OrganisationChange {
  Organisation organisation;
  bool operator==(const OrganisationChange&) const = default;
};
/// A post with its holders as they are from now on.
struct PostChange {
  Post post;
  bool operator==(const PostChange&) const = default;
};
/// The canonical text of everything one locality practises, as `publish` checked it. Without a
/// locality: that of all systems as written.
struct Publication {
  Name locality;
  std::string text;                ///< canonical (node.h)
  std::string sha256;              ///< of the text
  bool operator==(const Publication&) const = default;
};

struct DirectoryEvent {
  EventId id;
  ActorRecord actor;
  Instant at;
  std::string source;              ///< "import SHA256", "publish", "init", "demo"
  std::variant<TerritoryChange, OrganisationChange, PostChange, Publication> change;
  bool operator==(const DirectoryEvent&) const = default;
};

/// The directory after a decision: rows of reference types that became or ceased to be active.
DirectoryPtr apply_references(const DirectoryPtr& before, const Decision& decision);

}  // namespace gewu::kernel
