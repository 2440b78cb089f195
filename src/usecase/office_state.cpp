#include "usecase/office_state.h"

namespace gewu::usecase {

namespace {

constexpr const char* kBackedUpAt = "backed_up_at";

}  // namespace

Result<OfficeState> read_office_state(Office& office, const SignedInCaller& by) {
  if (!by.may_administer) return refuse(ErrorCode::forbidden, "account.administer");
  OfficeState state;
  GEWU_TRY(stopped, count_stopped_steps(office));
  state.stopped_steps = stopped;
  GEWU_TRY(written, office.store.read_office(kBackedUpAt));
  if (written) state.backed_up_at = parse_instant(*written);
  return state;
}

Status note_backup(Office& office) {
  return office.store.write_office(kBackedUpAt, format_instant(office.clock.now()));
}

}  // namespace gewu::usecase
