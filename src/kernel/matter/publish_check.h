#pragma once

#include <string>

#include "kernel/matter/definition_message.h"
#include "kernel/matter/office_compile.h"

// What publish compares with what is stored (language.md 2.8, 2.10 paragraph 16).

namespace gewu::kernel {

/// The part of a type that matters pin, as text: fields, states, actions, conditions, effects,
/// shapes of clocks, holds, erasure, counting rules and the props of the lists it uses. Labels,
/// sources, sight, views and messages are always today's and left out, and so is `version`.
std::string pinned_part(const Type& type);

/// A part of a definition without what is always today's.
Node pinned_node(const Node& part);

/// Refuses a changed pinned part under an old version (`definition.version_same`) and a version
/// that went back (`definition.version_back`). Both are CompileResult::systems, as written and
/// without overlays: an overlay's change gives the same version another text, which is allowed.
/// Rows that a list gained or lost change nothing that a matter has pinned.
Messages check_publication(const PublishedLocality& before, const PublishedLocality& after);

}  // namespace gewu::kernel
