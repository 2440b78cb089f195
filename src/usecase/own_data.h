#pragma once

#include <optional>
#include <vector>

#include "usecase/read_matter.h"
#include "usecase/read_me.h"

namespace gewu::usecase {

/// What is kept of a personal value, in whose name it was given, what for and until when.
struct KeptValue {
  kernel::Name field;                  ///< empty: what was said in notes
  kernel::Label label;
  kernel::Name purpose;                ///< row of the list `purposes`
  kernel::Label purpose_label;
  kernel::Limit kept_for;                      ///< counted from `after`
  kernel::Name after;                  ///< an action of the type, or "closed"
  std::optional<Instant> kept_until;   ///< absent: that time has not begun to run
  bool is_sealed = false;
  bool is_erased = false;
};

/// One matter, as its author has a right to have it.
struct OwnMatter {
  MatterView view;
  Timeline timeline;
  std::vector<KeptValue> kept;
  bool may_erase = false;              ///< by the built-in action `erase`, once it is final
};

/// Everything that is kept of the caller in a matter that is his own (access.h, is_own).
/// `not_found` for anybody else, whatever he may see of it.
Result<OwnMatter> read_own_matter(Office& office, const Caller& caller, MatterId matter);

/// Everything that is kept of an account: itself, its posts, the matters that it opened in its own
/// name, the newest first. Another page goes on before the last of them.
struct OwnData {
  Me me;
  std::vector<OwnMatter> matters;
  std::optional<MatterId> next;        ///< there are more before this one
};
inline constexpr std::size_t kOwnMattersAPage = 50;
/// `unauthenticated` `session.absent` without a session.
Result<OwnData> read_own_data(Office& office, const Caller& caller, MatterId before);

}  // namespace gewu::usecase
