#include <fmt/format.h>

#include "cli/key_care.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "store/office_key.h"
#include "store/sqlite/rotate_keys.h"

namespace gewu::cli {

namespace {

namespace sqlite = store::sqlite;

Status rotate(const KeysOptions& options) {
  const OfficeFiles files(options.place);
  GEWU_TRY(lock, store::OfficeLock::take(files.keys, store::OfficeLock::Hold::alone));
  GEWU_TRY(old_key, store::read_office_key(files.office_key));
  security::SecureRandom random;
  sqlite::KeyRotation rotation;
  rotation.keys = files.keys_file;
  rotation.office_key = files.office_key;
  rotation.cipher = options.cipher.empty() ? old_key.cipher() : cipher_of(options.cipher);
  rotation.now = SystemClock().now();
  rotation.rows_a_step = options.rows_a_step;
  GEWU_TRY(rotated, sqlite::rotate_office_key(rotation, random));
  fmt::print("{} keys wrapped anew; the old office key is {} and will be destroyed when no backup"
             " needs it\n",
             rotated.rows, rotated.retired);
  return {};
}

Status retire(const KeysOptions& options) {
  GEWU_TRY(opened, OpenOffice::open(options.place, OpenOffice::Mode::work));
  const std::int64_t days = backup_key_days(opened->office());
  GEWU_TRY(destroyed, store::destroy_old_keys(OfficeFiles(options.place).keys,
                                              opened->office().clock.now(), days));
  fmt::print("{} keys older than {} days destroyed\n", destroyed, days);
  return {};
}

}  // namespace

int run_keys(const KeysOptions& options) {
  const auto done = options.what == "rotate" ? rotate(options) : retire(options);
  if (!done) return fail(done.error());
  return 0;
}

}  // namespace gewu::cli
