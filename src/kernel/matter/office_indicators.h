#pragma once

#include "kernel/matter/office_compile.h"

namespace gewu::kernel {

/// Puts every indicator where it is counted, because counting rules are pinned with the matter that
/// they count: what a type counts of another's actions (`flow: other.action`) becomes an indicator
/// `TYPE#NAME` of that other one and of its extensions, to which the first one points; what a system
/// says over several types (`indicators` of system.yaml) becomes an indicator of the type that it
/// counts, of a ratio of the one below the line. Afterwards the node has no `indicators` of its own.
void settle_indicators(PublishedLocality& locality, Messages& messages);

}  // namespace gewu::kernel
