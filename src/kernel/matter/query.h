#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/matter/decide.h"

// What a person may see and do of a matter: the same law that decide enforces, asked beforehand.

namespace gewu::kernel {

/// A field as one audience may see it.
struct SeenField {
  std::size_t field = 0;
  Value value;                ///< masked: empty; a Sealed stays closed until `unseal`
  bool is_sealed = false;     ///< may be opened with a reason
  bool is_coarse = false;
};

struct SeenMatter {
  SnapshotPtr matter;
  std::string audience;       ///< the line of `see` (or "role") that let them in
  std::vector<SeenField> fields;
  Lamp lamp = Lamp::grey;
  const SeeSpec* line = nullptr;  ///< of `see`; null: as a role of the type, or through the parent
  bool through_parent = false;    ///< as a part of a matter that he sees
  PostId post;                    ///< the post that let them in; none for who needs no post
};

/// Lines of `see` in the order in which they are asked: author, role@, role; then, behind
/// the line that every role of the type has, members, others and the public.
std::vector<const SeeSpec*> see_order(const Type& type);
bool comes_before_roles(const SeeSpec& see);

/// Nothing: for this actor the matter does not exist.
Result<std::optional<SeenMatter>> see_matter(const Chamber& chamber, const SnapshotPtr& matter,
                                             const Actor& actor);

struct OfferedAction {
  Name action;
  const ActionSpec* spec = nullptr;   ///< null for built-in ones
  bool possible = true;               ///< false: offered greyed with the key of what stands against
  std::string barred_key;
};

/// The actions that this actor may take now, in the order of the definition.
Result<std::vector<OfferedAction>> offer_actions(const Chamber& chamber, const SnapshotPtr& matter,
                                                 const Actor& actor);

/// The lamp by clocks and the definition's own rule.
Result<Lamp> lamp_of(const Chamber& chamber, const SnapshotPtr& matter);

}  // namespace gewu::kernel
