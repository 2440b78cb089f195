#pragma once

#include "usecase/find_matters.h"

namespace gewu::usecase {

struct NoticeRow {
  store::Notice notice;
  std::optional<MatterRow> matter;        ///< absent when the caller may no longer see it
  /// Who it is about, by the name that colleagues know: of what the logs tell by login.
  std::string person;
};
struct NoticeList {
  kernel::DirectoryPtr directory;
  std::vector<NoticeRow> rows;            ///< newest first
  std::size_t unread = 0;                 ///< over all of the caller's posts
};

/// Notices (提醒) of the post that the request names, else of all posts that the account holds.
Result<NoticeList> list_notices(Office& office, const Caller& caller);
/// Marks those up to an id as read, for the same posts.
Status mark_notices_read(Office& office, const Caller& caller, std::int64_t up_to);

}  // namespace gewu::usecase
