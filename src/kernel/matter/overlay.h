#pragma once

#include "kernel/matter/definition_message.h"
#include "kernel/matter/node.h"

// Merging of definitions (language.md 2.7): an extension over its base, a locality over a system.

namespace gewu::kernel {

/// What a node is in its file; decides what `none` and a bare word mean there.
enum class OverlayPlace {
  plain,        ///< maps by key; scalars and lists replace; `none` removes the key
  whole,        ///< replaces as one: a label in three languages
  type,         ///< a type file (language.md 2.2)
  actions, action, effects, effect, clocks, clock, steps,
  expressions,  ///< field -> expression: `none` is the expression
  rows,         ///< states, levels: a bare word is a label; `none` removes
  lists,        ///< list name -> rows
  list,         ///< a bare word is a label; `none` switches the row off
  row,
  roles,        ///< `none` switches the role off
  role,
};

/// Whether this is the plain word `none`.
bool is_none(const Node& node);

/// Spells out short forms, so that equal definitions have equal text and merge by key: a state or
/// list row that is a word, or a map of languages, becomes `{label: …}`.
Node normalised(Node node, OverlayPlace place);

/// Lays `over` on `base`. Both are normalised. Every node of the result keeps the origin it had:
/// a merged map that of the base, what replaced it that of the overlay. Removing what is not there
/// is an error (`definition.nothing_to_remove`), since a slip of the pen would else pass unseen.
Node merged(const Node& base, const Node& over, OverlayPlace place, Messages& messages);

}  // namespace gewu::kernel
