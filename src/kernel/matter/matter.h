#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "kernel/matter/definition.h"
#include "kernel/matter/value.h"
#include "kernel/people/post.h"
#include "kernel/people/unit.h"
#include "kernel/place/territory.h"
#include "kernel/time/deadline.h"
#include "kernel/time/lamp.h"

// A matter as it stands, and an event as the journal keeps it. An event carries its results:
// apply (apply.h) turns them into state and never decides.

namespace gewu::kernel {

/// Who acts, and through what (engine.md 4).
struct Actor {
  enum class Kind { post, member, author, everyone, system };
  Kind kind = Kind::everyone;
  PostId post;                 ///< kind post
  AccountId account;           ///< of whoever is signed in; none for residents without account
  Name role;                   ///< of the post
  Unit unit;                   ///< the post sits on it
  std::string organisation;    ///< key; of the post
  MatterId receipt_of;         ///< the matter whose receipt code was shown; none without
  bool by_link = false;        ///< an author who answers by an answer link (答复链接) instead
  bool operator==(const Actor&) const = default;
};

/// What the journal keeps of an actor: never a name.
struct ActorRecord {
  Actor::Kind kind = Actor::Kind::system;
  PostId post;
  AccountId account;
  Name role;
  Unit unit;
  std::string organisation;
  bool by_link = false;        ///< the author, by an answer link; else by account or receipt code
  bool operator==(const ActorRecord&) const = default;
};
ActorRecord record_of(const Actor& actor);
/// The same into a record that is there.
void note_actor(ActorRecord& record, const Actor& actor);
const char* to_text(Actor::Kind kind);  ///< post member author public system

enum class ClockStatus { running, paused, met, missed, voided };
const char* to_text(ClockStatus status);  ///< running paused met missed void

/// A step of a clock with its instant for the present due; fires once a due version.
struct ClockStepState {
  std::string step;            ///< "80%"
  Instant at;
  bool fired = false;
  bool operator==(const ClockStepState&) const = default;
};

/// A named deadline on a matter, with the inputs its due was computed from.
struct ClockState {
  Name name;                   ///< of the type, or the built-in `idle`, `validity`
  ClockStatus status = ClockStatus::running;
  ClockInputs inputs;
  Instant due;                 ///< meaningless while paused
  Instant first_due;           ///< what was promised first; stays visible whatever moves it
  bool provisional = false;    ///< counts days of a year whose notice is not in
  std::optional<Instant> ended;
  Unit owner;                  ///< whose statistics it counts for
  std::optional<Instant> yellow_at, red_at;
  std::vector<ClockStepState> steps;
  std::int32_t extended = 0;   ///< how many extensions were granted
  bool exempt = false;
  bool late_arrival = false;
  bool stopped_by_final = false;  ///< a reopening resumes it
  bool operator==(const ClockState&) const = default;
};
/// Whether it is a deadline of somebody; `validity` and the waits for erasure only wake.
bool is_deadline(const ClockState& clock);
/// The earliest step that has not fired: of a paused clock the end of the pause that a cap sets.
const ClockStepState* next_step(const ClockState& clock);

/// The last time an action was taken on this matter, and how often.
struct ActionRecord {
  Name action;
  std::int32_t times = 0;
  Instant at;
  ActorRecord actor;
  std::vector<NamedValue> input;  ///< no personal value
  bool operator==(const ActionRecord&) const = default;
};

/// A matter (事项) as it stands. Values stand in the order of its type's fields.
struct Snapshot {
  MatterId id;
  TypePtr type;                ///< the text it is pinned to
  std::int64_t version = 0;    ///< 1 after its opening; rises with each event that changes it
  std::size_t state = 0;
  std::string number;          ///< given at commit
  Instant opened_at;
  std::optional<Instant> closed_at;
  Name outcome;                ///< empty: none
  AccountId author_account;    ///< none: whoever holds the receipt code
  bool has_receipt = false;
  std::string territory;       ///< code where it counts
  Unit owner, handler;
  AccountId claimed_by;
  MatterId parent;             ///< through the link with `parent: true`
  MatterId transferred_to;
  std::vector<Value> fields;
  std::vector<ClockState> clocks;    ///< ever started, in the order of first start
  std::vector<ActionRecord> actions; ///< ever taken, in the order of first time
  bool erased_any = false;

  bool is_final() const { return type->states[state].is_final; }
  const ClockState* find_clock(std::string_view clock) const;
  const ActionRecord* find_action(std::string_view action) const;
  /// A row that rules may read: in an active state and within its dates, as its clock
  /// `validity` says.
  bool is_active_row() const;
  const Value* find_field(std::string_view field) const;  ///< null when the type has none such
  /// Earliest due of a running deadline.
  std::optional<Instant> next_due() const;
  bool operator==(const Snapshot&) const = default;
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

/// A value as an event keeps it: personal ones are encrypted by store with the matter's key.
struct RecordedValue {
  Name name;
  Value value;
  bool personal = false;
  bool sealed = false;
  std::uint8_t key_slot = 0;
  bool operator==(const RecordedValue&) const = default;
};

/// Quantities held (language.md `holds`): what this matter now takes of each key; empty: nothing.
struct HoldRecord {
  Name hold;
  std::vector<std::string> keys;   ///< of each `of`, as text
  std::optional<Period> during;
  Number take{kMicros};
  bool operator==(const HoldRecord&) const = default;
};

/// A notice to each post of an audience, or a message to somebody outside.
struct MessageRecord {
  std::vector<PostId> posts;
  bool to_author = false;
  std::vector<MatterId> authors;   ///< of other matters, who are told too
  Name text;                       ///< message key
  std::string words;               ///< or words the definition computed; never personal data
  std::string audience;            ///< as written, for the timeline
  Name answer;                     ///< the action that the author's answer link lets him take
  std::optional<Instant> not_before;  ///< office hours
  bool operator==(const MessageRecord&) const = default;
};

/// An effect that was refused while its event stands.
struct RefusedEffect {
  Name effect;
  std::string key;
  bool operator==(const RefusedEffect&) const = default;
};

/// An entry of a book (记账). Append-only: what was wrong is booked back.
struct BookEntry {
  Name book;                       ///< of the locality, or "rota.TYPE.FIELD"
  std::string account;             ///< book_account.h; of a rota its `per`
  std::int64_t amount = 0;         ///< fen in a book of money, else millionths; negative: out
  std::string other;               ///< the account it came from or went to; of a rota whose turn
  Instant at;
  bool operator==(const BookEntry&) const = default;
};

/// One count of an indicator (engine.md 8).
struct Delta {
  std::string indicator;           ///< "type.name", or "type.name#0|#1" for inline parts of a ratio
  std::string territory;           ///< leaf
  std::string organisation;
  std::vector<std::string> dimensions;
  Date day;
  std::int64_t count = 0;
  std::int64_t sum_micros = 0;
  bool operator==(const Delta&) const = default;
};

/// A matter goes on under another text of its type (迁移). apply does this before all else of its
/// change: fields of the same name and kind are carried over, the history takes the new names.
struct TypeMove {
  TypePtr from, to;
  std::vector<std::pair<Name, Name>> actions;  ///< renamed, old and new
  bool operator==(const TypeMove&) const = default;
};

/// What an event did to one matter.
struct MatterChange {
  MatterId matter;
  std::int64_t version = 0;        ///< of the matter after it
  std::optional<TypeMove> moved;           ///< `state` is then given too
  std::optional<std::size_t> state;
  std::vector<RecordedValue> fields;       ///< stored or computed; by field name
  std::optional<std::string> territory;
  std::optional<Unit> owner, handler;
  std::optional<AccountId> claimed_by;
  std::optional<MatterId> parent, transferred_to;
  std::optional<Name> outcome;             ///< empty text: cleared
  std::optional<std::optional<Instant>> closed_at;
  std::vector<ClockState> clocks;          ///< each as it is now
  std::vector<HoldRecord> holds;           ///< each as it is now
  std::vector<Name> erased;                ///< fields whose key was destroyed
  /// Keys that the event destroys, by slot: of those fields, and of what was said in notes. Empty in
  /// events of before there was such a list: then the slots of the fields.
  std::vector<std::uint8_t> erased_keys;
  bool operator==(const MatterChange&) const = default;
};

/// What a matter was opened as.
struct Opening {
  TypePtr type;
  Instant opened_at;
  AccountId author_account;
  bool has_receipt = false;
  std::size_t state = 0;
  MatterId transferred_from;               ///< keeps author, receipt and first start
  std::string number;                      ///< given at commit; apply puts it into the snapshot
  bool operator==(const Opening&) const = default;
};

/// A fact about a matter with its results. The journal is made of these.
struct Event {
  enum class Kind { action, step, validity, erase, calendar, migrate, refusal };
  EventId id;
  Kind kind = Kind::action;
  MatterId matter;
  Name action;                     ///< declared or built-in ("note", "promise.extend"); for a step:
                                   ///< "promise@80%"
  ActorRecord actor;
  Instant at;                      ///< server time, or the row's in an import
  std::optional<Instant> recorded; ///< server time when `at` is not
  std::optional<Instant> sent;     ///< a phone's instant, already bounded
  std::string source;              ///< "import SHA256", empty otherwise
  EventId cause;                   ///< the event whose follow-up this is
  std::int32_t depth = 0;          ///< of follow-ups
  std::vector<RecordedValue> input;
  std::vector<MatterId> basis;     ///< rows cited
  std::optional<Opening> opening;
  MatterChange change;             ///< of the matter itself
  std::vector<MatterChange> touched;       ///< parents and link targets whose values were renewed
  std::vector<MatterId> opened;
  std::vector<MessageRecord> messages;
  std::vector<RefusedEffect> refused;
  std::vector<BookEntry> entries;
  std::vector<Delta> figures;
  bool operator==(const Event&) const = default;
};

/// A pending step: `do` of an effect, or an `auto` to look at (engine.md 2, follow-ups).
struct Ripple {
  enum class Kind { take, look };
  Kind kind = Kind::look;
  EventId cause;
  Name name;                       ///< take: the effect, "action.effect"; look: the auto action
  Name action;                     ///< what is to be taken
  MatterId target;
  MatterId source;                 ///< the matter of the cause: a refusal is recorded on it
  std::int32_t depth = 0;
  ActorRecord origin;              ///< actor whose reply waits for it
  MatterId origin_matter;
  std::vector<NamedValue> input;
  bool operator==(const Ripple&) const = default;
};

/// A wish for a number of a series; store gives it at commit.
struct NumberWish {
  MatterId matter;
  std::string template_text, type, county;
  std::int32_t year = 0;
};

/// An event and the snapshot it yields; null: of an opening that was refused (refused_opening.h).
struct Step {
  Event event;
  SnapshotPtr after;
};

/// An entry of the directory as an effect leaves it (名册变更): a version of a territory, a post.
using DirectoryEntry = std::variant<Territory, Post>;

/// Something that was counted without a trace of who did it (匿名计数). It becomes part of the matter
/// when the counts are gathered.
struct TallyMark {
  MatterId matter;
  Name action;
  std::int64_t times = 1;
  bool operator==(const TallyMark&) const = default;
};

/// What a rule returns. The first step is the request's own; opened matters follow, parents before
/// their parts. `touched` are the other matters whose snapshots changed.
struct Decision {
  std::vector<Step> steps;
  std::vector<SnapshotPtr> touched;
  std::vector<Ripple> ripples;
  std::vector<NumberWish> numbers;
  std::vector<DirectoryEntry> directory;   ///< in the order in which they are entered
  std::vector<TallyMark> tallies;          ///< a decision with one has no step
  bool shows_sealed = false;       ///< `unseal`: the reply may show sealed fields
};

}  // namespace gewu::kernel
