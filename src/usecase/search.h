#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "usecase/find_matters.h"
#include "usecase/list_posts.h"

namespace gewu::usecase {

/// Which group of what is found; absent: each of them.
enum class FoundGroup { matters, posts, territory, organisations };

struct SearchQuestion {
  Caller caller;
  std::string words;
  std::optional<FoundGroup> of;
  std::vector<std::string> types;   ///< of matters; empty: all
  MatterId before;                  ///< matters older than this one
  std::size_t rows = 10;            ///< of each group, at most 50
};

struct Found {
  kernel::DirectoryPtr directory;   ///< whose labels and nodes the rest points to
  std::vector<MatterRow> matters;   ///< newest first
  MatterId next;                    ///< ask for those before it; none: there are no more
  std::vector<HeldPost> posts;
  std::vector<const kernel::Territory*> territory;
  std::vector<const kernel::Organisation*> organisations;
  Instant as_of;
};

/// Finds by words (查找). Every word must occur. A matter is found by what the caller may see of it
/// and nothing else; one that he may not see leaves no trace. It is looked for on the ground of his
/// posts and among what their organisations own, handle or are named in. People are found by their
/// posts, and by staff alone. `unauthenticated` `session.absent`; `invalid` `search.words` when
/// nothing is asked for, `search.rows`.
Result<Found> search(Office& office, const SearchQuestion& question);

/// Whether every word occurs in the label, in any of its languages.
bool is_named(const kernel::Label& label, std::string_view words);

}  // namespace gewu::usecase
