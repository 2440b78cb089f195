#pragma once

#include "kernel/matter/definition.h"

namespace gewu::kernel {

/// Whether a stored value of the one field means the same in the other, of the same name under
/// another text of its type: then a migration carries it over.
bool is_carried(const FieldSpec& from, const FieldSpec& to);

}  // namespace gewu::kernel
