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

  void put(SnapshotPtr snapshot);
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
  DossierSource& committed_;
  std::unordered_map<MatterId, SnapshotPtr> changed_;
  std::unordered_map<SetKey, Moves, SetKeyHash> moves_;
  std::vector<Held> held_;
};

struct Hearing;

/// One decision.
struct Docket {
  explicit Docket(const Chamber& of) : chamber(of), source(of.source) {}

  const Chamber& chamber;
  Overlay source;
  Dossier dossier;
  Decision decision;
  std::size_t opened_count = 0;
  std::vector<Hearing*> hearings;  ///< open ones, the innermost last

  const Directory& directory() const { return chamber.directory; }
};

/// One event in the making.
struct Hearing {
  Hearing(Docket& of, TypePtr pinned, const Locality& place, const Actor& who);
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
  std::vector<EffectSpec const*> told; ///< `tell` effects, carried out after the openings
  std::vector<std::vector<HoldRecord>> holds_now;

  Instant now() const { return docket.chamber.now; }
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
Result<bool> is_true(const ExpressionPtr& condition, const Scope& scope, bool without);
/// Matters that values point to, in order.
std::vector<MatterId> links_in(const Value& value);
Event start_event(const Docket& docket, Event::Kind kind, MatterId matter, Name action,
                  const Actor& actor, const Arrival& arrival);

// decide_form.cpp: steps 4 and 5
/// Checks what was entered and stores the asked fields in the draft. At an opening every field
/// that is required must be there afterwards. `any_field`: an effect may give every field.
Status take_form(Hearing& hearing, const std::vector<NamedValue>& given, bool any_field);
/// `.kind`, `.min`, `.max`, `.length_max` of one value; `key` is "appeal.text".
void check_entered(const Hearing& hearing, const FieldSpec& field, const std::string& key,
                   const Value& value, std::vector<Error>& errors);
/// All of them as one: the first, with the others inside.
std::unexpected<Error> refuse_all(std::vector<Error> errors);

// decide_rules.cpp: steps 6 to 10
Status check_rules(Hearing& hearing);
Status check_apart(const Hearing& hearing, const std::vector<ApartSpec>& apart, Stage stage,
                   const std::string& refusal);
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

// decide_effects.cpp: step 15
Status carry_out(Hearing& hearing, const std::vector<EffectSpec>& effects);
Status add_message(Hearing& hearing, const EffectSpec& effect, bool windows_always);
void add_looks(Hearing& hearing);

// decide_figures.cpp: step 16
Status count_figures(Hearing& hearing);

// decide_open.cpp
struct OpeningOrder {
  TypePtr type;
  const ActionSpec* action = nullptr;
  const Locality* locality = nullptr;
  Actor actor;
  std::vector<NamedValue> values;
  bool by_effect = false;             ///< any field may be given; belongs falls back to the parent
  bool by_person = true;
  std::size_t depth = 0;
  Arrival arrival;
  const Snapshot* transferred_from = nullptr;
};
/// Opens a matter inside this decision; its id.
Result<MatterId> open_inside(Docket& docket, const OpeningOrder& order);

// decide_conclude.cpp
/// Steps 11 to 16 and the event's results. `effects`: of the action or the clock's step.
Status conclude(Hearing& hearing, const std::vector<EffectSpec>& effects, bool anew);

}  // namespace gewu::kernel
