#pragma once

#include <string>
#include <vector>

#include "store/log_book.h"
#include "usecase/read_room.h"

// The log of reads (查阅记录): who saw personal values of which matter, when and through which post.
// A read is noted after the law let it through and never waits for the disk.

namespace gewu::usecase {

/// Notes that the caller was shown these matters, where personal values were among what he saw.
/// Neither one's own matters nor what nobody signed in sees are noted.
Status note_reads(Office& office, const ReadRoom& room, const Caller& caller,
                  const std::vector<MatterRow>& rows, store::ReadKind kind);
/// The same of one; `opened`: sealed values are open in it.
Status note_read(Office& office, const ReadRoom& room, const Caller& caller,
                 const kernel::SeenMatter& seen, store::ReadKind kind);
/// Of a matter whatever of it was seen.
Status note_seen(Office& office, const ReadRoom& room, const Caller& caller,
                 const kernel::SeenMatter& seen, store::ReadKind kind);
/// Whether an open value of a sealed or personal field is among what was seen.
bool shows_personal(const kernel::SeenMatter& seen);

/// Takes one of the day's unsealings before the step is decided. `too_many` `unseal.quota` when the
/// day's are taken: the auditors are told.
class UnsealTicket {
 public:
  static Result<UnsealTicket> take(Office& office, const Caller& caller, MatterId matter);
  /// The step was refused, or was known before.
  Status give_back();

 private:
  UnsealTicket(Office& office, AccountId account, Date day)
      : office_(&office), account_(account), day_(day) {}
  Office* office_;
  AccountId account_;
  Date day_;
};

/// Looks at what was read after `after` and raises a notice to whoever audits for each account that
/// reads unusually much, once a day, or was shown a canary (canaries.h); where to go on.
Result<std::int64_t> watch_reading(Office& office, std::int64_t after);

}  // namespace gewu::usecase
