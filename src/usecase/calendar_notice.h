#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "kernel/matter/office_compile.h"
#include "kernel/matter/recount.h"
#include "usecase/office.h"
#include "usecase/session.h"

// A calendar notice (节假日通知; deadlines.md 1, 3). `publish` takes up the new days for whatever
// starts from then on; clocks that run move only when two administrators, one after the other, say
// so over the same preview.

namespace gewu::usecase {

/// A warning for each dated day that a publication takes away or gives other hours: a slip of the
/// pen would move deadlines.
void warn_of_edited_days(const kernel::Directory& before, const kernel::CompileResult& after,
                         kernel::Messages& messages);

struct NoticedMatter {
  kernel::SnapshotPtr matter;
  std::vector<kernel::MovedClock> clocks;
};

struct CalendarPreview {
  std::size_t later = 0, earlier = 0, overdue = 0;  ///< clocks; overdue ones are also among those
  std::vector<NoticedMatter> rows;   ///< at most kNoticedRowsMax matters, oldest first
  std::size_t matters = 0;           ///< all of them
  /// Of the calendars as published: whoever agrees says to which.
  std::string fingerprint;
  AccountId proposed_by;             ///< of these very calendars; none: nobody yet
};
inline constexpr std::size_t kNoticedRowsMax = 200;

/// Running clocks of open matters that the calendars as published put elsewhere: for the command
/// line, which is the office's own.
Result<CalendarPreview> find_moved_clocks(Office& office);
/// The same for an administrator. `forbidden` `account.administer`.
Result<CalendarPreview> preview_calendar_notice(Office& office, const SignedInCaller& by);

struct CalendarAgreed {
  bool moved = false;                ///< the second said so
  std::size_t matters = 0;           ///< whose clocks moved, each with an event of its own
};

/// The first administrator proposes, a second one moves the clocks (with three: the system or the
/// security administrator proposes, a security administrator moves). Killed half-way, the second
/// says it again and the rest moves. `forbidden` `account.administer`, `calendar.second_person`;
/// `conflict` `calendar.stale` when other calendars were published since the preview,
/// `calendar.nothing` when no clock would move.
Result<CalendarAgreed> agree_calendar_notice(Office& office, const SignedInCaller& by,
                                             const std::string& fingerprint);

}  // namespace gewu::usecase
