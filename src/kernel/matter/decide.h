#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "kernel/matter/directory.h"
#include "kernel/matter/dossier.h"
#include "kernel/matter/matter.h"

// The law (engine.md 2): pure functions from (directory, dossier, actor, input, now) to a Decision
// or a refusal with a stable key. The order of evaluation is language.md 2.5.

namespace gewu::kernel {

struct Migration;  // migration.h

/// What every decision may read.
struct Chamber {
  const Directory& directory;
  DossierSource& source;     ///< read only along the plan of the definition
  Instant now;
  IdSource& ids;
};

/// How an event came to us, beside who acts.
struct Arrival {
  std::optional<Instant> sent;      ///< offline: the phone's instant, bounded by its beats
  std::optional<Instant> recorded;  ///< import: the server's instant, `now` being the row's
  std::string source;
  EventId cause;
  std::int32_t depth = 0;
  ActorRecord origin;               ///< for ripples; of the event itself when there is no cause
  MatterId origin_matter;
};

struct OpenRequest {
  Name type;
  Name action;                      ///< empty: the only opening action the actor may take
  Actor actor;
  std::vector<NamedValue> values;   ///< asked fields and inputs, by name
  std::string locality;             ///< empty: the one of the place, else of the actor's unit
  Arrival arrival;
};

struct ActRequest {
  MatterId matter;
  Name action;                      ///< declared or built-in
  Actor actor;
  std::vector<NamedValue> values;
  std::optional<std::int64_t> version;  ///< stale: conflict `matter.version`
  Arrival arrival;
};

Result<Decision> open_matter(const Chamber& chamber, const OpenRequest& request);
Result<Decision> act_on_matter(const Chamber& chamber, const ActRequest& request);

/// What time does to a matter: fires the earliest step of a clock (or `validity`, or the end of a
/// capped pause, or an erasure that is due) whose instant is not after `now`. Nothing due: an
/// empty Decision. Call again until it is empty.
Result<Decision> pass_time(const Chamber& chamber, MatterId matter);

/// Takes up anonymous counts (TallyMark): one event by the system raises the counter. An empty
/// Decision where the matter is gone or its text has no such action any more.
Result<Decision> gather_tally(const Chamber& chamber, const TallyMark& mark);

/// Moves an open matter under another text of its type (migration.h): one event of kind `migrate`.
/// An empty Decision for one that is final or not under the old text. `migration.needed` when a
/// needed field comes out empty, `TYPE.holds.NAME` when the new text's capacity is used up: such a
/// matter stays under its old text.
Result<Decision> migrate_matter(const Chamber& chamber, MatterId matter,
                                const Migration& migration);

/// When `pass_time` next has something to do; nothing: never by itself.
std::optional<Instant> next_wake(const Snapshot& snapshot);

/// Carries out a pending step; an empty Decision when a `look` finds its `when` false.
Result<Decision> follow_up(const Chamber& chamber, const Ripple& ripple);
/// The event that records on the cause's matter that a follow-up was refused. Every refusal of
/// follow_up but `unavailable` and `internal` ends so.
Result<Decision> refused_effect_event(const Chamber& chamber, const Ripple& ripple,
                                      const Error& error);

/// Whether a refusal met by a signed-in post is a result of its own: by `basis`, `barred_by`,
/// `holds` or a named `must` (engine.md 5).
bool is_kept_refusal(const Type& type, const Name& action, const Error& error);
/// The event of such a refusal: the rule and the row, no input. An empty Decision when it is none,
/// or was met by nobody signed in. At most one an hour for (post, action, matter): the caller
/// counts.
Result<Decision> kept_refusal_event(const Chamber& chamber, const ActRequest& request,
                                    const Error& error);

}  // namespace gewu::kernel
