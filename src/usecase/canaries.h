#pragma once

#include <string>
#include <vector>

#include "usecase/caller.h"
#include "usecase/session.h"

// Canaries (诱饵事项): final matters of made-up authors that nobody has a reason to read. Whoever is
// shown one's personal values is looked at as for unusual reading (docs/decisions/canaries.md).

namespace gewu::usecase {

struct WantedCanary {
  kernel::Name type;
  kernel::Name state;                ///< the final state that it stands in
  std::string locality;              ///< empty: that of its place
  GivenValues values;                ///< as a resident would fill in the form
};

struct CanaryView {
  std::int64_t id = 0;               ///< by which the audit log names it
  kernel::SnapshotPtr matter;        ///< null: not there
  Instant at;
  std::string login, name;           ///< of whoever planted it
};
struct CanaryList {
  kernel::DirectoryPtr directory;
  std::vector<CanaryView> canaries;  ///< the newest first
};

/// A kind of matter that residents open, and its final states in which a canary may stand.
struct CanaryChoice {
  kernel::TypePtr type;
  std::vector<std::size_t> states;
};

/// Plants one and gives the list. Errors: as check_duty(security); those of submit_matter and of
/// kernel's open_canary; `too_many` `canary.most`.
Result<CanaryView> plant_canary(Office& office, const SignedInCaller& by,
                                const WantedCanary& wanted);
Result<CanaryList> list_canaries(Office& office, const SignedInCaller& by);
/// Of the office's first locality that has each type, by name.
Result<std::vector<CanaryChoice>> list_canary_choices(Office& office, const SignedInCaller& by);

/// Raises the notice of unusual reading for each account that was shown a canary by a read after
/// this one, once a day and canary.
Status watch_canaries(Office& office, std::int64_t after);

}  // namespace gewu::usecase
