#pragma once

#include <string>
#include <vector>

#include "usecase/caller.h"

namespace gewu::usecase {

/// A list that somebody wants to see again (常用视图): his alone.
struct SavedView {
  std::string name;
  std::string filter;       ///< the list's query string, as the client wrote it
};

/// By name. `unauthenticated` `session.absent` without a session, as below.
Result<std::vector<SavedView>> list_saved_views(Office& office, const Caller& caller);
/// One of the same name is replaced. `invalid` `view.name` (1 to 60 characters), `view.filter` (at
/// most 2,000); `too_many` `view.count` beyond 50.
Status save_view(Office& office, const Caller& caller, const SavedView& view);
/// `not_found` when there is no view of that name.
Status drop_saved_view(Office& office, const Caller& caller, const std::string& name);

}  // namespace gewu::usecase
