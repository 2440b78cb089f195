#include "usecase/backups.h"

#include "usecase/administrators.h"
#include "usecase/office_state.h"

namespace gewu::usecase {

Result<BackupEntry> make_backup(Office& office, const SignedInCaller& by, Backups* backups,
                                const BackupTold& told) {
  GEWU_CHECK(check_duty(office, by, {Duty::system}));
  if (!backups) return refuse(ErrorCode::not_found, "backup.not_set_up");
  GEWU_TRY(made, backups->make(told));
  GEWU_CHECK(note_backup(office));
  return made;
}

Result<std::vector<BackupEntry>> list_backups(Office& office, const SignedInCaller& by,
                                              Backups* backups) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  if (!backups) return std::vector<BackupEntry>();
  return backups->list();
}

}  // namespace gewu::usecase
