#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/name_index.h"
#include "kernel/matter/expression.h"
#include "kernel/matter/node.h"
#include "kernel/matter/read_plan.h"
#include "kernel/matter/value.h"
#include "kernel/place/label.h"
#include "kernel/time/cycle.h"
#include "kernel/time/deadline.h"
#include "kernel/time/lamp.h"

// The definition of a type after reading, overlaying, checking and compiling: what decide works
// with. language.md 2.2 to 2.6 is the reference of every key; names here are its names.

namespace gewu::kernel {

enum class FieldKind {
  text, number, money, date, instant, time, period, limit, yes_no, quantity, hours, file, choice,
  link, territory, organisation, post, place, line, contact, account, scores, rows, tally, action,
  indicator,
};

/// An absent expression is a null pointer.
using ExpressionPtr = std::shared_ptr<const Expression>;

/// Whose turn it is (轮值): the default of a field, the next among the candidates for this `per`.
struct RotaSpec {
  ExpressionPtr among;       ///< a set; evaluated as often as a turn is given
  ExpressionPtr per;         ///< one order of turns for each value; null: one for all
  bool fair = false;         ///< whoever had it least in the year past, else in order
};

/// Whose agreement a field waits for; empty until it is given, removable by him.
enum class Consent { none, author, holder };

struct FieldSpec {
  Name name;
  Label label;
  FieldKind kind = FieldKind::text;
  Origin origin;
  Name list;                 ///< choice, scores
  Name to;                   ///< link: a type, or "any"
  Name role;                 ///< post
  std::string unit;          ///< quantity
  bool many = false;
  bool parent = false;       ///< link: this matter is a part (子事项)
  bool index = false;
  bool personal = false;
  bool sealed = false;
  bool languages = false;
  bool live = false;         ///< its value reads today, now, directory or a link: never stored
  bool over_sets = false;    ///< its value reads own sets: renewed by a member's event
  std::size_t length_max = 5'000;
  std::uint8_t key_slot = 0; ///< which key of the matter encrypts it: its `erase` line + 1, else 0
  ExpressionPtr required;    ///< yes_no
  ExpressionPtr min, max;
  ExpressionPtr default_value;
  ExpressionPtr value;       ///< computed; such a field is never editable
  std::vector<FieldSpec> fields;  ///< rows
  std::shared_ptr<const RotaSpec> rota;
  Consent consent = Consent::none;
};

/// All matters of `type` whose link `field` points here.
struct SetSpec {
  Name name, type, field;
};

struct StateSpec {
  Name name;
  Label label;
  bool is_final = false;
  bool resting = false;
};

/// What an action is in the loop (language.md 2.5).
enum class Stage {
  collect, receive, dispatch, report_in, handle, verify, follow_up, rate, close, other,
};

/// Who: of `by`, `see` and `tell`.
struct Audience {
  enum class Kind { role, author, holder, member, everyone, others, system };
  Kind kind = Kind::role;
  Name role;
  ExpressionPtr at;  ///< role@expr, holder@post: where its post must sit; null: covers the territory
  std::string text;  ///< as written, e.g. "officer@by_whom"
};

enum class ApartOf { person, organisation };
struct ApartSpec {
  Name action;
  ApartOf of = ApartOf::person;
};

struct MustSpec {
  Name name;
  Label label;
  ExpressionPtr condition;
};

/// A filter over a reference type; with `roles`, only those need it.
struct BasisSpec {
  ExpressionPtr rows;
  std::vector<Name> roles;
};

struct SetField {
  std::size_t field = 0;  ///< index into Type::fields
  ExpressionPtr value;
};

struct EffectSpec {
  enum class Kind { open, take, move, enter, tell };  ///< `take` is written `do`
  Name name;
  Kind kind = Kind::tell;
  Origin origin;
  ExpressionPtr when;
  // open
  Name type;                    ///< the type opened; of `enter`: `territory` or `post`
  Name action;                  ///< the opening action taken; for `take` the action asked for
  Name link;                    ///< opening a set fills this field with the matter itself
  ExpressionPtr each;
  std::vector<std::pair<Name, ExpressionPtr>> with;
  // take
  ExpressionPtr on;
  // move
  Name book;
  std::vector<ExpressionPtr> from, to;  ///< the parts of an account; empty: none
  ExpressionPtr amount;
  // enter
  std::optional<std::size_t> as;  ///< the field that takes the new post
  // tell
  std::vector<Audience> audience;
  Name text;                    ///< message key; empty: the action's own
  ExpressionPtr words;          ///< or an expression that gives text
  Name answer;                  ///< what the author's answer link lets him take; empty: no link
};

struct ActionSpec {
  Name name;
  Label label;
  Origin origin;
  Stage stage = Stage::other;
  std::optional<std::size_t> opens;  ///< index into Type::states
  std::vector<std::size_t> from;     ///< sorted; empty only when it opens
  ExpressionPtr to;                  ///< gives a state's key; null: stays
  bool reopens = false;
  std::vector<Audience> by;
  std::vector<ApartSpec> apart;
  std::vector<std::size_t> asks;     ///< indexes into Type::fields
  std::vector<FieldSpec> input;
  ExpressionPtr when;
  std::vector<MustSpec> must;
  std::optional<BasisSpec> basis;
  ExpressionPtr barred_by;
  ExpressionPtr most;
  std::vector<SetField> set;
  ExpressionPtr outcome;
  std::optional<Name> undo;
  bool is_auto = false;
  std::optional<Limit> offline;
  Name tally;                        ///< the counter that it raises: no event, no actor
  std::vector<EffectSpec> then;      ///< in the order of their names
};

enum class ClockAgain { keep, restart };

struct ClockStepSpec {
  ClockStep step;
  std::string text;                  ///< as written, "80%"
  std::optional<Lamp> lamp;
  std::vector<EffectSpec> then;
};

struct ClockSpec {
  Name name;
  Label label;
  Origin origin;
  std::vector<Name> from, until;     ///< actions of the type
  ExpressionPtr within;              ///< gives a limit
  ExpressionPtr at;                  ///< or gives a date or an instant
  bool office_close = false;
  Name calendar;                     ///< empty: the locality's; "always"
  ClockAgain again = ClockAgain::keep;
  bool once = false;
  ExpressionPtr owner;               ///< null: handler
  std::vector<std::size_t> pause_in; ///< states
  std::optional<Limit> pause_most, pause_total;
  std::vector<Audience> extend_by;
  std::optional<std::int64_t> extend_most;
  ExpressionPtr extend_up_to;
  std::vector<Audience> exempt_by;
  std::vector<ApartSpec> exempt_apart;
  ClockChange change = ClockChange::recompute;
  std::vector<std::size_t> reads;    ///< own fields its within or at reads
  bool message_windows_always = false;   ///< messages of its steps do not wait for office hours
  bool message_windows_by_unit = false;  ///< nothing said: those of minutes and natural hours don't
  std::vector<ClockStepSpec> steps;
};

struct HoldSpec {
  Name name;
  Label label;
  std::vector<ExpressionPtr> of;
  ExpressionPtr during, take, most, when;
  std::vector<std::size_t> in;       ///< states
};

/// At least `min` of these a round for each unit (周期任务). Its ledger of a round is a matter of
/// the built-in type `duty_round`, whose clock `duty` has the steps.
struct DutySpec {
  Name name;
  Label label;
  Origin origin;
  ExpressionPtr of;                  ///< set of units; `it` is one in all that follows
  Cycle every = Cycle::day;
  std::optional<int> until;          ///< minute of the last day; absent: its 24:00
  Name count;                        ///< the action counted, by an indicator "NAME#0"
  ExpressionPtr min;                 ///< number; null: 1
  ExpressionPtr when;                ///< whether the unit owes it
  std::vector<ClockStepSpec> steps;
};

/// Opens one matter a unit and slot, once, ahead of time (计划).
struct PlanSpec {
  Name name;
  Label label;
  Origin origin;
  ExpressionPtr each;                ///< set of units; `it` is one in `when`
  Name as;                           ///< the field that takes the unit
  Timetable on;
  Limit ahead;
  Name fill;                         ///< the field that takes the slot: period, date or instant
  Name action;
  ExpressionPtr when;
};

/// Draws by lot of what came into some states (抽取): of each owner's matters of a round so many of a
/// hundred. Somebody above looks at each: a matter of another type is opened of it. Nobody chooses
/// which; what may be drawn is counted by an indicator "NAME#draw".
struct DrawSpec {
  Name name;
  Label label;
  Origin origin;
  std::vector<std::size_t> of;       ///< states
  Cycle every = Cycle::week;
  ExpressionPtr share;               ///< number: of a hundred, rounded up
  ExpressionPtr least;               ///< number; null: 1
  EffectSpec opens;                  ///< `this` in it is the matter that was drawn
  Name link;                         ///< the field of what is opened that points to it
};
/// How the indicator of what a draw may draw is called: "TYPE.NAME#draw".
inline constexpr std::string_view kDrawCount = "#draw";

struct SeeSpec {
  Audience audience;
  bool all_fields = false;
  std::vector<Name> fields;
  std::vector<std::size_t> in;       ///< states; empty: all
  ExpressionPtr when;
  std::vector<Name> coarse;
  bool sealed = false;
};

struct EraseSpec {
  Name field;                        ///< or "all"
  Name after;                        ///< an action, "closed", or "link.action"
  Limit in;
  std::vector<Name> keep;
  Name purpose;                      ///< row of the list `purposes`: what it is kept for until then
  std::uint8_t key_slot = 0;
};

enum class IndicatorHead {
  flow, clock, stock, ratio, book, cites, refusal, coverage, change, tally,
  draw,                              ///< of no definition: what came into the states of a draw
};
inline constexpr std::size_t kIndicatorHeads = static_cast<std::size_t>(IndicatorHead::draw) + 1;
/// What is made of the counted records: their number, or of `value` over them the sum, mean or
/// median, or how many different ones there are.
enum class FigureOf { count, sum, mean, median, distinct };
enum class BookSide { in, out, net };

struct IndicatorSpec {
  Name name;                         ///< within its type
  Label label;
  Origin origin;
  IndicatorHead head = IndicatorHead::flow;
  Name action;                       ///< flow, refusal; of a tally its field
  Name clock;                        ///< clock
  std::vector<std::size_t> states;   ///< stock, draw
  Name book;                         ///< book
  BookSide side = BookSide::net;
  bool at_end = false;               ///< book with `balance`: everything up to the end
  FigureOf of = FigureOf::count;
  ExpressionPtr where;
  ExpressionPtr sum;                 ///< the value of `of`; null when only counted
  ExpressionPtr units;               ///< coverage: the set
  ExpressionPtr need;                ///< coverage by a duty: its `min`
  ExpressionPtr owes;                ///< coverage by a duty: its `when`
  /// coverage with `reach`: a unit has what lies so far on foot, straight ahead
  ExpressionPtr reach_minutes, reach_speed;
  bool show_missing = false;
  bool is_duty = false;
  ExpressionPtr since;               ///< change: a date
  std::vector<std::pair<Name, ExpressionPtr>> by;  ///< dimensions
  ExpressionPtr book_to;
  /// ratio: names of two indicators of the type; coverage, change: of one; a flow that another
  /// type counts for this one: "OTHER.TYPE#NAME"
  std::vector<Name> parts;
  std::int64_t group_min = 0;
  bool is_public = false;            ///< its counts by place and week may be told to everybody
  std::string note;
};

struct ViewSpec {
  Name name, kind;
  Label label;
  std::vector<Name> columns;
  Name by, order;
  ExpressionPtr where;
  bool is_public = false;            ///< a billboard (公示栏): everybody may read it, as `see` has it
};

/// A row of a list. Rows once used are switched off, never removed.
struct ListRow {
  Name key;
  Label label;
  bool off = false;
  std::vector<NamedValue> props;
};
struct List {
  Name name;
  Label label;
  std::vector<FieldSpec> props;
  std::vector<ListRow> rows;
  const ListRow* find(std::string_view key) const;
};

/// A book (账): append-only quantities with accounts.
struct Book {
  Name name;
  Label label;
  std::string unit;                  ///< "money", or a word
  /// What an account may be: each a type of this locality, `organisation`, `territory` or `post`,
  /// or several of these together.
  std::vector<std::vector<Name>> accounts;
  std::optional<std::int64_t> floor; ///< fen or millionths; nothing: none
  std::optional<Limit> expires;      ///< what came in is gone so long after
  bool is_money() const { return unit == "money"; }
};

struct ReferenceSpec {
  std::vector<std::size_t> active;   ///< states
  std::optional<Name> from, until;   ///< date fields
};

/// An effective type: the text of systems/ with every overlay merged, compiled.
struct Type {
  Name name;
  std::int64_t version = 1;
  std::string text_sha256;           ///< hex, of `text`: what a matter pins
  std::string text;                  ///< canonical text (node.h) incl. the lists it uses
  Name locality;                     ///< the outermost one with this very text: those below share it
  Name system;
  Name base;                         ///< of `extends`; empty: none
  Label label;
  bool is_register = false;
  std::optional<ReferenceSpec> reference;
  std::string number;                ///< template: {year}-{seq:6}
  std::string title;                 ///< template of fields; empty: the number
  ExpressionPtr territory, owner, handler;   ///< of `belongs`
  std::vector<FieldSpec> fields;
  std::vector<SetSpec> sets;
  std::vector<StateSpec> states;     ///< always includes `transferred`
  std::vector<ActionSpec> actions;   ///< declared ones, in order
  std::vector<ClockSpec> clocks;
  ExpressionPtr lamp_red, lamp_yellow;
  std::vector<DutySpec> duties;
  std::vector<PlanSpec> plans;
  std::vector<DrawSpec> draws;
  std::vector<HoldSpec> holds;
  std::vector<SeeSpec> see;
  std::vector<EraseSpec> erase;
  std::vector<IndicatorSpec> indicators;
  std::vector<ViewSpec> views;
  std::map<Name, List> lists;        ///< the lists its fields and expressions use, pinned with it
  ReadPlan read_plan;                ///< plan_reads of all its expressions

  std::optional<std::size_t> find_field(std::string_view field) const;
  std::optional<std::size_t> find_state(std::string_view state) const;
  const ActionSpec* find_action(std::string_view action) const;
  std::optional<std::size_t> action_index(std::string_view action) const;
  const ClockSpec* find_clock(std::string_view clock) const;
  const SetSpec* find_set(std::string_view set) const;
  const DrawSpec* find_draw(std::string_view draw) const;
  /// Indexes of what every event asks for: fields that are computed and stored, that have a default
  /// or a rota, and that are links; `auto` actions; indicators with a head.
  const std::vector<std::size_t>& computed() const { return computed_; }
  const std::vector<std::size_t>& defaulted() const { return defaulted_; }
  const std::vector<std::size_t>& rotas() const { return rotas_; }
  const std::vector<std::size_t>& links() const { return links_; }
  const std::vector<std::size_t>& autos() const { return autos_; }
  const std::vector<std::size_t>& indicators_of(IndicatorHead head) const {
    return indicators_by_head_[static_cast<std::size_t>(head)];
  }
  /// Whether `belongs` says the same before and after the rules of an opening: it reads nothing that
  /// these decide.
  bool belongs_early() const { return belongs_early_; }
  /// Fills the look-ups above; called by whoever builds the type, when it is whole.
  void index_names();

 private:
  NameIndex field_index_, state_index_, action_index_;
  std::vector<std::size_t> computed_, defaulted_, rotas_, links_, autos_;
  std::array<std::vector<std::size_t>, kIndicatorHeads> indicators_by_head_;
  bool belongs_early_ = false;
};
using TypePtr = std::shared_ptr<const Type>;

/// Spelling of every enumerator is the YAML's.
const char* to_text(FieldKind kind);
const char* to_text(Stage stage);
std::optional<FieldKind> parse_field_kind(std::string_view text);
std::optional<Stage> parse_stage(std::string_view text);

}  // namespace gewu::kernel
