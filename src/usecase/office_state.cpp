#include "usecase/office_state.h"

#include "usecase/administrators.h"

namespace gewu::usecase {

namespace {

constexpr const char* kBackedUpAt = "backed_up_at";

}  // namespace

Result<OfficeState> read_office_state(Office& office, const SignedInCaller& by) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
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
