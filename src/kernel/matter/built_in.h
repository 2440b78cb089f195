#pragma once

#include <string_view>
#include <vector>

#include "kernel/matter/definition.h"

// The built-in actions as forms (language.md 2.5): what a door reads and a page asks for. Labels
// are words of `common` (lists builtin_action and builtin_input), not of code.

namespace gewu::kernel {

/// note, claim, release, reroute, unseal, erase, and CLOCK.extend, CLOCK.exempt for the clocks of the
/// type that may be.
std::vector<Name> built_in_actions(const Type& type);
/// The inputs of one of them; empty for a name that is none.
std::vector<FieldSpec> built_in_inputs(const Type& type, std::string_view action);

}  // namespace gewu::kernel
