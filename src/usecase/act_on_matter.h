#pragma once

#include "kernel/matter/decide.h"
#include "usecase/caller.h"

namespace gewu::usecase {

struct MatterAction {
  Caller caller;
  MatterId matter;
  kernel::Name action;                  ///< declared or built-in ("note", "promise.extend")
  GivenValues values;
  std::optional<std::int64_t> version;  ///< the one the caller saw
  std::optional<RequestStamp> request;
  std::optional<Instant> sent;
  std::optional<security::Sha256> link;  ///< answer link that is used up by it (answer_link.h)
};

struct ActionTaken {
  std::vector<kernel::Event> events;
  kernel::SnapshotPtr matter;           ///< after its own follow-ups
  bool shows_sealed = false;            ///< `unseal`: read_matter opens sealed fields from now on
  bool repeated = false;
};

/// Takes an action on a matter; a matter that the caller may not see is `not_found`. Follow-ups as
/// in submit_matter. Other refusals are those of the kernel (language.md 2.5).
Result<ActionTaken> act_on_matter(Office& office, const MatterAction& action);

/// Several at once, in this order and each by itself: one that is refused leaves the others. They
/// share a few commits and are at most `kActionsAtOnceMax`: more is `too_many` `bulk.rows`.
inline constexpr std::size_t kActionsAtOnceMax = 50;
Result<std::vector<Result<ActionTaken>>> act_on_matters(Office& office,
                                                        const std::vector<MatterAction>& actions);

/// Whether the office is measured by the action (考核所依据): what the author says of how it was done, or
/// that he wants nothing more.
bool is_measured_by(Office& office, MatterId matter, std::string_view action);

/// What the kernel is asked to decide for it. Inside the room only.
Result<kernel::ActRequest> act_request_of(const MatterAction& action,
                                          const kernel::Chamber& chamber);

}  // namespace gewu::usecase
