#pragma once

#include <vector>

#include "usecase/act_on_matter.h"
#include "usecase/submit_matter.h"

namespace gewu::usecase {

/// A matter that would be opened, with the deadlines it would have.
struct ForeseenMatter {
  kernel::SnapshotPtr matter;       ///< nothing of it is committed; its id is a stand-in
  const kernel::Locality* locality = nullptr;
};

/// What a request would do if it were sent now (预览), as far as the caller would see it.
struct Preview {
  kernel::DirectoryPtr directory;
  /// The request's own matter first, then those it opens, parents before their parts. Follow-ups
  /// that other steps take after the commit are not foreseen.
  std::vector<ForeseenMatter> matters;
  Instant as_of;
};

/// Decides as submit_matter does and commits nothing. The same refusals, and `session.absent`
/// without a session: a stranger learns nothing about the office by trying.
Result<Preview> preview_submission(Office& office, const Submission& submission);
/// The same for an action on a matter.
Result<Preview> preview_action(Office& office, const MatterAction& action);

}  // namespace gewu::usecase
