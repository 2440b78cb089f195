#pragma once

#include <cstddef>
#include <optional>

#include "usecase/session.h"

namespace gewu::usecase {

/// How the office is, as far as it knows by itself.
struct OfficeState {
  std::size_t stopped_steps = 0;             ///< follow-ups given up at their depth
  std::optional<Instant> backed_up_at;       ///< nothing: never
};
/// For administrators: `forbidden` `account.administer`.
Result<OfficeState> read_office_state(Office& office, const SignedInCaller& by);

/// Says that a backup is whole, so that a forgotten one is seen.
Status note_backup(Office& office);

}  // namespace gewu::usecase
