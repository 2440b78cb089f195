#pragma once

#include "kernel/matter/decide.h"

// A canary (诱饵事项): a matter that never was, in a final state from its first event on, so that
// nobody has a reason to read it (docs/decisions/canaries.md).

namespace gewu::kernel {

/// Opens one by the rules of the request. Its event carries no figure, message, clock of anybody,
/// quantity, entry or follow-up; only the waits for its erasure run, as those of others do. Beside
/// the errors of open_matter: `canary.state` for a state that is not final, `canary.goes_on` for one
/// from which somebody beside the author may act, `canary.link` for a matter that would stand in
/// another's sets, `canary.contact` without a contact, `canary.public` for what residents would be
/// shown: a made-up matter misleads nobody.
Result<Decision> open_canary(const Chamber& chamber, const OpenRequest& request,
                             const Name& state);
/// Whether the state is final and nobody acts from it but the author.
bool may_be_canary(const Type& type, std::size_t state);

}  // namespace gewu::kernel
