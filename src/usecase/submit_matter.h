#pragma once

#include "kernel/matter/decide.h"
#include "usecase/caller.h"

namespace gewu::usecase {

struct Submission {
  Caller caller;
  kernel::Name type;
  kernel::Name action;              ///< empty: the only opening action the caller may take
  std::string locality;             ///< empty: that of the place, else of the post
  GivenValues values;
  std::optional<RequestStamp> request;
  std::optional<Instant> sent;      ///< offline: already bounded by the phone's beats
};

struct Submitted {
  std::vector<kernel::Event> events;  ///< of the opening and of the matters opened with it
  kernel::SnapshotPtr matter;         ///< after its own follow-ups
  std::string receipt;                ///< for an author without account, or for whom a post wrote it down: shown this once
  store::JournalMark line;            ///< of the opening: to be kept with the receipt
  bool repeated = false;              ///< the request was known: nothing was done anew
};

/// Opens a matter. Works the follow-ups of its own origin at once and waits for those of its own
/// matter, 2 s at most. A repeated request of an author without account gets a new receipt code in
/// place of the old one, since the first answer may have been lost.
Result<Submitted> submit_matter(Office& office, const Submission& submission);

/// Several at once, in this order and each by itself: one that is refused leaves the others. They
/// share a few commits and are at most kLimits.opened_max: more is `too_many` `bulk.rows`.
Result<std::vector<Result<Submitted>>> submit_matters(Office& office,
                                                      const std::vector<Submission>& submissions);

/// What the kernel is asked to decide for it. Inside the room only.
Result<kernel::OpenRequest> open_request_of(const Submission& submission,
                                            const kernel::Directory& directory, Instant now);
/// The same with every file that it names checked against the shelf.
Result<kernel::OpenRequest> settled_request(Office& office, const Submission& submission,
                                            const kernel::Directory& directory, Instant now);

}  // namespace gewu::usecase
