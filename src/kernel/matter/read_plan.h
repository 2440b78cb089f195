#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/expression.h"
#include "kernel/matter/value.h"

// What a decision loads beside the matter (卷宗), derived from the expressions of its definition.

namespace gewu::kernel {

struct Type;

/// What to load for a matter of a type: a tree of steps. A step is a link field (its targets), a
/// set ("type.field" whose members point here), or the parent.
struct ReadPlan {
  struct Step {
    enum class Kind { link, members, parent };
    Kind kind = Kind::link;
    Name type, field;                ///< link: `field` of the matter; members: "type.field"
    std::vector<Step> then;
    bool operator==(const Step&) const = default;
  };
  std::vector<Step> steps;
  std::vector<Step> input;           ///< the same, from links given as input
  bool operator==(const ReadPlan&) const = default;
};

/// A type by its name as definitions of the same locality see it; null when there is none.
using FindType = std::function<const Type*(std::string_view)>;

/// Adds what one expression reads. Through a live field of another matter its own reads follow:
/// `find_type` gives their definitions (it may be empty: then live fields end the path).
void add_reads(ReadPlan& plan, const Expression& expression, const FindType& find_type);

/// Every expression of a type, in the order of language.md 2.2, each once.
void visit_expressions(const Type& type, const std::function<void(const Expression&)>& visit);

/// The plan of a whole type: what any decision or sight of such a matter may read.
ReadPlan plan_reads(const Type& type, const FindType& find_type);

/// How many matters a plan of the type may load when each set has `set_size` members and a link
/// field with `many` as many (check 4 of language.md 2.10: above kLimits.dossier_rows_max is
/// refused).
std::size_t estimate_rows(const Type& type, const ReadPlan& plan, const FindType& find_type,
                          std::size_t set_size);
inline constexpr std::size_t kSetSizeExpected = 50;

/// A way back: after an event on a matter of `on_type` that changed `on_name` (a field, a built-in
/// name; empty: that it is a member), the expression may give something else for the matters that
/// `back` leads to. Steps are written as in ReadPath, so that `auto` can be woken along them.
struct Dependence {
  Name on_type;                      ///< or "any"
  Name on_name;
  ReadPath back;
  bool operator==(const Dependence&) const = default;
};
/// Of an expression of `type`, each once. Reads from links in the input have no way back.
std::vector<Dependence> dependences_of(const Type& type, const Expression& expression,
                                       const FindType& find_type);

}  // namespace gewu::kernel
