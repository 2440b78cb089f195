#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/matter/node.h"
#include "kernel/matter/value.h"

// One language for conditions, computed values, limits, filters and figures (language.md 2.4).
// Parsed and typed once, when a definition is taken up; evaluated with 64-bit integers, never
// floating point. Total: no loops, no recursion.

namespace gewu::kernel {

struct Snapshot;
struct Actor;
class Directory;
class Dossier;
struct Locality;

/// The static type of an expression.
struct StaticType {
  enum class Base {
    missing, yes_no, number, money, text, date, instant, time, limit, period, choice, key, unit,
    link, post, place, line, contact, account, file, scores, row, hours,
  };
  Base base = Base::missing;
  /// choice: the list; key: state|action|role|level and its type; unit: territory|organisation|row;
  /// link: the type ("any"); row: where its fields stand.
  std::string of;
  bool is_set = false;
  bool operator==(const StaticType&) const = default;
};

/// A thing outside the matter itself that an expression reads, as a path from the matter:
/// "about" (a link), "<task.about" (the set of tasks whose `about` points here), "^" (parent).
/// The dossier is loaded along these paths; `auto` is woken along them backwards.
using ReadPath = std::vector<std::string>;

class Expression;  // expression_tree.h: parsed, typed, with the reads found

/// Where names of an expression come from while it is evaluated.
struct Scope {
  const Directory& directory;
  const Locality& locality;
  const Dossier& dossier;
  const Snapshot* self = nullptr;             ///< the matter
  const std::vector<NamedValue>* input = nullptr;
  const Actor* actor = nullptr;
  const Snapshot* basis = nullptr;
  const Value* it = nullptr;                  ///< the element of `each`
  /// Further names by the place: `met exempt late_arrival` of a clock indicator.
  const std::vector<NamedValue>* facts = nullptr;
  Instant now;
};

/// The value; `expression.overflow` when a number leaves 64 bits.
Result<Value> evaluate(const Expression& expression, const Scope& scope);
/// The same where it lies: in the matter, in the expression, or in `scratch`, which is missing when
/// handed in. Good for as long as these are left alone.
Result<const Value*> evaluate_in_place(const Expression& expression, const Scope& scope,
                                       Value& scratch);
/// A condition: missing counts as false.
Result<bool> holds_true(const Expression& expression, const Scope& scope);

}  // namespace gewu::kernel
