#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kernel/matter/definition.h"

// The built-in actions as forms (language.md 2.5): what a door reads and a page asks for. Labels
// are words of `common` (lists builtin_action and builtin_input), not of code.

namespace gewu::kernel {

/// note, claim, release, reroute, unseal, erase, where the author gave a contact ask_contact and
/// change_contact, and CLOCK.extend, CLOCK.exempt for the clocks of the
/// type that may be.
std::vector<Name> built_in_actions(const Type& type);
/// The inputs of one of them; empty for a name that is none.
std::vector<FieldSpec> built_in_inputs(const Type& type, std::string_view action);

/// Whether the action is refused without that input. What may be given in one of several ways is none.
bool is_demanded(std::string_view action, std::string_view input);

/// So often a link to change the contact may be asked for in one matter.
inline constexpr std::int32_t kAskContactMost = 5;
/// The field with the contact that the author gave and that stands (definition.contact_changed);
/// nothing where the type has none.
std::optional<std::size_t> given_contact(const Type& type);

}  // namespace gewu::kernel
