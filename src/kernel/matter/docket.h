#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/matter/access.h"
#include "kernel/matter/apply.h"
#include "kernel/matter/decide.h"

// A decision in the making: internal to the decide_*.cpp files. A docket is one decision; a
// hearing is one event of it. The draft of a hearing is what its expressions read; its event is
// what changed between `before` and the draft, so that apply gives the draft again.

namespace gewu::kernel {

/// What is committed, with what this decision has changed so far laid over it.
class Overlay final : public DossierSource {
 public:
  explicit Overlay(DossierSource& committed) : committed_(committed) {}

  SnapshotPtr load(MatterId id) override;
  std::vector<MatterId> members(const SetKey& key) override;
  std::vector<HoldRecord> holds(const Name& type, const Name& hold,
                                const std::vector<std::string>& keys, MatterId except) override;
  std::vector<BookEntry> entries(const Name& book, const std::string& account,
                                 Instant since) override;
  std::int64_t balance(const Name& book, const std::string& account) override;
  std::vector<CountedBy> counts(const std::string& indicator, Date from, Date until) override {
    return committed_.counts(indicator, from, until);
  }
  // What this decision itself counts and cites is not told of before it is committed.
  std::vector<CountedBy> cells(const CellQuery& query) override { return committed_.cells(query); }
  std::int64_t cited(MatterId row) override { return committed_.cited(row); }

  void put(SnapshotPtr snapshot);
  /// A matter that this decision opens: what is committed cannot point to it.
  void note_fresh(MatterId id) { fresh_.push_back(id); }
  /// The matter's link now points to the target, or no longer does.
  void join(const SetKey& key, MatterId member);
  void leave(const SetKey& key, MatterId member);
  void hold(const Name& type, MatterId matter, HoldRecord record);

 private:
  struct Held {
    Name type;
    MatterId matter;
    HoldRecord record;
  };
  struct Moves {
    std::vector<MatterId> joined, left;
  };

 public:
  /// What this decision changed; copied to take back a refused effect.
  struct Changes {
    SmallMap<MatterId, SnapshotPtr> matters;
    SmallMap<SetKey, Moves, SetKeyHash> moves;
    std::vector<Held> held;
    std::vector<BookEntry> entries;
  };
  Changes changes;

 private:
  DossierSource& committed_;
  std::vector<MatterId> fresh_;
};

struct Hearing;

/// One decision.
struct Docket {
  static constexpr std::size_t kStepsUsually = 4;
  explicit Docket(const Chamber& of) : chamber(of), source(of.source) {
    dossier.set_ledger(&source);
  }

  const Chamber& chamber;
  Overlay source;
  Dossier dossier;
  Decision decision;
  std::size_t opened_count = 0;
  /// Ground and posts as the effects of this decision have left them; absent: as in the directory.
  std::optional<TerritoryTree> territory;
  std::optional<Roster> roster;
  std::vector<Hearing*> hearings;  ///< open ones, the innermost last

  const Directory& directory() const { return chamber.directory; }
  /// A place for the event of a hearing, in the order in which they begin.
  std::size_t add_step() {
    if (decision.steps.empty()) decision.steps.reserve(kStepsUsually);
    decision.steps.emplace_back();
    return decision.steps.size() - 1;
  }

  /// Where to go back to when an effect is refused while its event stands.
  struct Mark {
    Overlay::Changes changes;
    Dossier dossier;
    Decision decision;
    std::size_t opened_count;
    std::optional<TerritoryTree> territory;
    std::optional<Roster> roster;
  };
  Mark mark() const {
    return {source.changes, dossier, decision, opened_count, territory, roster};
  }
  void go_back(Mark mark);
};

/// One event in the making.
struct Hearing {
  Hearing(Docket& of, TypePtr pinned, const Locality& place, Actor who);
  ~Hearing();
  Hearing(const Hearing&) = delete;
  Hearing& operator=(const Hearing&) = delete;

  Docket& docket;
  TypePtr type_ptr;
  const Type& type;
  const Locality& locality;
  Actor actor;
  const ActionSpec* action = nullptr;  ///< null for steps and most built-in actions
  SnapshotPtr before;                  ///< null at an opening
  std::shared_ptr<Snapshot> draft;
  std::vector<NamedValue> input;
  SnapshotPtr basis;                   ///< the row cited
  Event event;
  std::size_t step = 0;                ///< its place in Decision::steps
  std::size_t depth = 0;               ///< openings inside one another
  /// Taken by a person: a refused opening refuses it. Else the effect alone is refused.
  bool by_person = true;
  bool quiet = false;                  ///< note, claim, release: starts no `idle`
  bool values_stale = false;           ///< a part joined: values over sets are to be renewed
  bool windows_always = true;          ///< messages go at once; of a step: in office hours
  /// Of a follow-up: whose reply waits for it. Nothing: this event's own actor.
  std::optional<ActorRecord> follows;
  MatterId origin_matter;
  bool is_placed = false;              ///< an opening: `belongs` was evaluated, and may stand
  bool passes_clocks = false;          ///< reroute: running clocks pass to the new owner
  std::optional<std::string> fixed_territory;  ///< a reroute of a type without a place
  const Snapshot* transferred_from = nullptr;
  std::vector<HoldRecord> holds_now;   ///< those that this event changes
  // of a migration: what is under way; the matter as it was, under its old text. `before` is then
  // the same under the new one.
  const Migration* migration = nullptr;
  SnapshotPtr moved_from;
  // of a duty's step: its effects are carried out for each unit
  TypePtr duty_type;
  const std::vector<EffectSpec>* for_each = nullptr;
  Values units;
  const Value* it = nullptr;           ///< the unit under way
  SnapshotPtr stand_in;                ///< what a matter of that unit would be, for who is told
  // of a draw's ledger: what was drawn; its effect is carried out for each
  const DrawSpec* draw = nullptr;
  std::vector<MatterId> drawn;
  SnapshotPtr subject;                 ///< the one under way: `this` of the effect

  Instant now() const { return docket.chamber.now; }
  /// Whose reply waits for what follows.
  const ActorRecord& origin() const { return follows ? *follows : event.actor; }
  /// When the action was taken: the phone's instant where it counts, else now.
  Instant taken_at() const { return event.sent.value_or(now()); }
  Scope scope() const;
  AccessCase access() const;
  const Calendar& calendar() const { return *locality.calendar; }
  Date today() const { return calendar().zone().local_date(now()); }
  /// "appeal.accept." and so on, for refusal keys.
  std::string key(std::string_view rest) const;
};

// docket.cpp
/// The locality whose settings and calendar a matter follows: the nearest up its territory.
const Locality* locality_for(const Directory& directory, const Snapshot& matter);
/// Loads what the type's expressions may read of the matter.
Status load_matter(Docket& docket, const SnapshotPtr& matter,
                   const std::vector<NamedValue>& input);
bool is_in(const std::vector<std::size_t>& states, std::size_t state);
Result<bool> is_true(const ExpressionPtr& condition, const Scope& scope, bool without);
/// Matters that values point to, in order.
std::vector<MatterId> links_in(const Value& value);
/// Fills a new event with who, what and when.
void start_event(Event& event, const Docket& docket, Event::Kind kind, MatterId matter,
                 std::string_view action, const Actor& actor, const Arrival& arrival);

// decide_form.cpp: steps 4 and 5
/// Checks what was entered and stores the asked fields in the draft. At an opening every field
/// that is required must be there afterwards. `any_field`: an effect may give every field.
Status take_form(Hearing& hearing, const std::vector<NamedValue>& given, bool any_field);
/// All of them as one: the first, with the others inside.
std::unexpected<Error> refuse_all(std::vector<Error> errors);

// decide_rules.cpp: steps 6 to 10
Status check_rules(Hearing& hearing);
Status check_apart(const Hearing& hearing, const std::vector<ApartSpec>& apart, Stage stage,
                   const std::string& refusal);
/// `most`, `barred_by` and `basis`: what an offered action may meet beside its form.
Status check_limits(Hearing& hearing);
Status settle_state(Hearing& hearing);

// decide_values.cpp: steps 11 and 12
Status settle_belongs(Hearing& hearing, bool anew);
Status renew_values(Hearing& hearing);
/// Parents and link targets whose stored values read a set that this matter joined, left or
/// changed in.
Status renew_touched(Hearing& hearing);
/// Sets whose membership this event changes are changed in the overlay.
void move_memberships(Hearing& hearing);

// decide_holds.cpp: step 13
Status settle_holds(Hearing& hearing);

// decide_clocks.cpp: step 14
Status settle_clocks(Hearing& hearing);
/// Clocks that read a value over sets which a member's event renewed; `was`: the fields before.
Status follow_renewed(Hearing& hearing, const std::vector<Value>& was);
/// Computes due, steps and colours of a clock from its inputs.
void settle_due(const Hearing& hearing, ClockState& clock);
Result<Unit> owner_of_clock(const Hearing& hearing, const ClockSpec& spec);
/// The calendar a clock counts by.
std::shared_ptr<const Calendar> calendar_of(const Locality& locality, const std::string& name);

// decide_watch.cpp: the built-in clocks `idle`, `validity` and those of erasures
inline constexpr std::string_view kIdle = "idle";
inline constexpr std::string_view kValidity = "validity";
inline constexpr std::string_view kInForce = "in_force";
inline constexpr std::string_view kExpired = "expired";
inline constexpr std::string_view kErase = "erase.";
/// The wait of what no `erase` line names: notes, and personal fields without a line.
inline constexpr std::string_view kRest = "rest";
inline constexpr std::string_view kResume = "resume";
Status settle_validity(Hearing& hearing);
Status settle_erasure(Hearing& hearing);

// decide_erase.cpp
/// Erases what an `erase` line (or `rest`) names, with its key.
void erase_line(Hearing& hearing, std::string_view line);
/// Erases every personal value of the matter, with all its keys, and ends the waits for it.
void erase_everything(Hearing& hearing);
/// The same for the parts that the engine opened of it: copies of what its author gave.
Status erase_parts(Docket& docket, const SnapshotPtr& matter, const Arrival& arrival);
/// The key of what is said in a note or a built-in action: that of the line `all`, else the rest's.
std::uint8_t note_slot(const Type& type);
/// Whether the matter holds anything under the key of the rest.
bool holds_rest(const Snapshot& matter);
Status settle_idle(Hearing& hearing);

// decide_effects.cpp: step 15
Status carry_out(Hearing& hearing, const std::vector<EffectSpec>& effects);
/// A message of the event's own; `not_before` by `windows_always`.
void add_message(Hearing& hearing, MessageRecord message);

// decide_books.cpp
/// A `move`: entries of this event, refused below the floor.
Status move_amount(Hearing& hearing, const EffectSpec& effect);
/// Puts an entry into the event, for whatever reads the book later in this decision.
void book_entry(Hearing& hearing, BookEntry entry);

// decide_enter.cpp
/// An `enter`: versions of territories, or posts, each checked by tree and roster.
Status enter_all(Hearing& hearing, const EffectSpec& effect);

// decide_tally.cpp
/// The counter that a tally raises: an index into the fields of its type.
std::optional<std::size_t> tally_field(const Type& type, const ActionSpec& action);

// decide_turns.cpp
/// The default of fields with a rota that nobody filled.
Status take_turns(Hearing& hearing, const std::vector<NamedValue>& given);
/// Remembers whose turn it was: those taken at an opening, and those that an action passed on.
Status remember_turns(Hearing& hearing);

// decide_rounds.cpp
inline constexpr std::string_view kDuty = "duty";
/// The clock of a round: steps of its duty, as of today's text.
Status settle_duty(Hearing& hearing);
/// A step of it: who has not done it, and the effects for each.
Status fire_duty(Hearing& hearing, ClockState& clock, const std::string& step);
Status carry_out_for_units(Hearing& hearing);

// decide_draws.cpp
/// What a draw opens of each that was drawn.
Status carry_out_for_drawn(Hearing& hearing);

// decide_looks.cpp: which `auto` actions this event may have made possible
Status add_looks(Hearing& hearing);

// decide_figures.cpp: step 16
Status count_figures(Hearing& hearing);
/// A refusal that is kept as an event.
Status count_refusal(Hearing& hearing);
/// Stock cells that a matter leaves and enters; `before` is null at an opening.
Status count_stocks(Hearing& hearing, const Locality& locality, const Snapshot* before,
                    const Snapshot& after);
/// Counts of one clock that ended, `times` 1 or -1: an exemption afterwards takes the old count
/// back and books the new one.
Status count_clock(Hearing& hearing, const ClockState& clock, std::int64_t times);

// decide_open.cpp
struct OpeningOrder {
  TypePtr type;
  const ActionSpec* action = nullptr;
  const Locality* locality = nullptr;
  Actor actor;
  std::vector<NamedValue> values;
  bool by_effect = false;             ///< any field may be given
  bool anyone = false;                ///< `by` was asked elsewhere: a transfer
  bool by_person = true;
  std::size_t depth = 0;
  Arrival arrival;
  const Snapshot* transferred_from = nullptr;
  std::optional<std::size_t> canary_state;  ///< of a canary: where it stands at once
  const DrawSpec* draw = nullptr;           ///< of a draw's ledger
  std::vector<MatterId> drawn;
};
/// What the number of a matter just opened is to be made of.
NumberWish wish_for(const Hearing& hearing);
/// Opens a matter inside this decision; its id.
Result<MatterId> open_inside(Docket& docket, const OpeningOrder& order);

// decide_conclude.cpp
/// Steps 11 to 16 and the event's results. `effects`: of the action or the clock's step; `anew`:
/// `belongs` is evaluated whatever changed.
Status conclude(Hearing& hearing, const std::vector<EffectSpec>& effects, bool anew = false);
/// Adds what changed; what was erased is noted as it is erased.
void note_change(MatterChange& change, const Snapshot& before, const Snapshot& now);
/// What the action asks beside fields, into the event.
void record_input(Hearing& hearing);
/// A matter as its opening alone leaves it.
Snapshot blank_of(const Snapshot& draft);

// decide_canary.cpp
/// The state, where a canary may stand in it.
Result<std::size_t> canary_state(const Type& type, const Name& state);
/// Puts the draft there, with the outcome of an action that ends there.
void close_canary(Hearing& hearing, std::size_t state);
/// The event's results, without anything that counts, tells or follows.
Status conclude_canary(Hearing& hearing);

// decide_act.cpp
/// Steps 2 and 3: whether the matter stands where the action begins, and it is offered.
Status check_offered(Hearing& hearing);
/// Steps 2 to 16 of a declared action by an actor who fits.
Status take_action(Hearing& hearing, const std::vector<NamedValue>& values);
/// A post of a role that this place has switched off acts no more: `role.off`.
Status check_role(const Locality& locality, const Actor& actor);
/// The phone's instant, when the action may arrive late and is not older than it may be.
std::optional<Instant> sent_instant(const ActionSpec& action, const Arrival& arrival,
                                    const Calendar& calendar, Instant now);
/// The hearing's actor as whom the action's audiences let in.
Status be_fitting(Hearing& hearing);
/// A hearing of an event on a matter as it stands, with its dossier loaded.
Result<std::unique_ptr<Hearing>> hear(Docket& docket, const SnapshotPtr& matter,
                                      Actor actor, Event::Kind kind, std::string_view action,
                                      const Arrival& arrival);

// decide_builtin.cpp
bool is_built_in(const Type& type, std::string_view action);
Result<Decision> take_built_in(Docket& docket, const SnapshotPtr& matter,
                               const ActRequest& request);

// follow_up.cpp
/// The rule that refused and the row that it named.
void note_refusal(Event& event, const Error& error);

// query.cpp
/// Whether anything of the matter may be seen by this actor.
Result<bool> is_seen(Docket& docket, const SnapshotPtr& matter, const Actor& actor);

}  // namespace gewu::kernel
