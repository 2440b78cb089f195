#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kernel/matter/decide.h"
#include "kernel/time/interval.h"

// What comes round by the calendar: matters that plans open ahead of time, and the ledgers of
// duties, one a round.

namespace gewu::kernel {

/// The built-in type of the ledgers (周期台账).
inline constexpr std::string_view kRoundType = "duty_round";

/// A matter that a timetable asks for. Opened once: `key` is its request.
struct PlannedMatter {
  Name locality, type;     ///< the type that the plan or duty stands in
  Name name;               ///< of the plan or duty
  bool is_duty = false;
  Value unit;              ///< of a plan
  Interval slot;
  std::string key;
};

/// Which types' timetables; empty: all.
using TypeFilter = std::function<bool(const Name& type)>;

/// Everything that ought to be open by now: slots that lie ahead no further than `ahead`, and the
/// round under way of each duty that somebody owes. Units count in the locality nearest to them.
Result<std::vector<PlannedMatter>> planned_matters(const Directory& directory,
                                                   DossierSource& source, Instant now,
                                                   const TypeFilter& only);
/// When there will be more to open, later than `now`; nothing: no timetable has a slot to come.
std::optional<Instant> next_planned(const Directory& directory, Instant now,
                                    const TypeFilter& only);

/// An empty Decision when the timetable is gone, its `when` is false, or nobody owes the duty.
Result<Decision> open_planned(const Chamber& chamber, const PlannedMatter& planned);

/// The units of a set that count in this locality, each once.
Result<Values> units_of(const Expression& set, const Directory& directory,
                        const Locality& locality, DossierSource& source, Instant now);
/// How a counted record names a unit: the text of a dimension.
std::string dimension_text(const Value& value);
/// Where a unit lies: its own node, the ground of an organisation or post, a row's territory.
std::string ground_of_unit(const Value& unit, const Directory& directory, DossierSource& source);

}  // namespace gewu::kernel
