#pragma once

#include "base/spans.h"
#include "usecase/act_on_matter.h"
#include "usecase/read_matter.h"

// Answer links (答复链接): whoever holds one may take one action of the author's, once
// (docs/decisions/answer_links.md). They are given out where they are sent (send_messages.h).

namespace gewu::usecase {

/// How long one may be used, unless the matter goes on before.
inline constexpr std::int64_t kAnswerLinkMs = 14 * kMsPerDay;

/// What a code is for: the author's part in one matter, in one action.
struct FoundLink {
  Caller caller;
  kernel::Name action;
  security::Sha256 code{};
};
/// Whether or not it may still be used. `invalid` `token.answer.…` for a mistyped code, `not_found`
/// `answer_link.unknown` for one that nobody has.
Result<FoundLink> find_answer_link(Office& office, std::string_view code);

/// `conflict` `answer_link.used`, `.revoked` (a newer one was sent), `.left` (the matter went on), `.expired`.
Status check_answer_link(const store::AnswerLink& link, Instant now);

/// What whoever opens the link sees: of the matter what was done, and the form of its one action.
struct AnswerQuestion {
  MatterView view;           ///< without contacts, files and other matters
  Timeline timeline;
};
/// As check_answer_link; `answer_link.left` too where the action is not offered.
Result<AnswerQuestion> read_answer_question(Office& office, const FoundLink& link);

/// Takes the action by the link, which is used up with it in the same transaction.
Result<ActionTaken> answer_by_link(Office& office, const FoundLink& link, GivenValues values,
                                   std::optional<RequestStamp> request);

}  // namespace gewu::usecase
