#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/matter/query.h"
#include "usecase/caller.h"

namespace gewu::usecase {

/// A matter as a line of a list shows it: what the caller may see of it, with its words.
struct MatterRow {
  kernel::SeenMatter seen;
  std::string title;          ///< of the template, without personal fields; else the number
  bool claimed_by_me = false;
};

struct MatterQuestion {
  Caller caller;
  /// `of`, unit (empty: that of the post), types, states, lamp, claimed_only, cursor, backwards,
  /// rows. `now` is set here.
  store::WorkQuery list;
  MatterId parent;            ///< parts of this matter instead of a list
  std::string words;          ///< a number or words, instead of a list: as search finds them
  kernel::Name view;          ///< only what this view of the one type holds; empty: no view
};

struct MatterPage {
  kernel::DirectoryPtr directory;   ///< whose labels belong to the rows
  std::vector<MatterRow> rows;      ///< those that the caller may see
  std::string next, previous;       ///< cursors; empty at an end
  Instant as_of;
  /// Of the whole list, for this caller (open_totals.h); absent where counters do not tell.
  std::optional<std::int64_t> total;
};

std::vector<MatterId> ids_of(const std::vector<MatterRow>& rows);

/// A work list. `unauthenticated` `session.absent` without a session; `invalid` `post.choose` when
/// no unit is named and the account holds posts on several; `forbidden` `unit.not_covered` when
/// none of the caller's posts covers the unit; `invalid` `list.rows` for another number than 20,
/// 50 or 1,000, `list.cursor` for a cursor of another list, `list.view` for a view that the type
/// has not, or without exactly one type. What the caller may not see, or the view does not hold, is
/// passed over, at most 1,000 open matters a page: only where that many were looked at may a page
/// hold fewer rows than were asked for and still have a next one.
Result<MatterPage> find_matters(Office& office, const MatterQuestion& question);
/// The same list, of which nobody is shown a row yet: nothing is noted as read. Not of words.
Result<MatterPage> find_unread(Office& office, const MatterQuestion& question);

}  // namespace gewu::usecase
