#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/expression.h"
#include "kernel/matter/node.h"
#include "kernel/matter/value.h"

// An expression after the checker: flat, typed, with names resolved to slots where the definition
// fixes them, and with everything it reads known.

namespace gewu::kernel {

/// One thing read of another matter, or of this one when the path is empty.
struct ExpressionRead {
  ReadPath path;
  std::vector<Name> types;  ///< the static type after each step of the path; "any" is possible
  Name name;                ///< field, set or built-in name; empty: only that it is there
  bool operator==(const ExpressionRead&) const = default;
};

/// What an expression depends on beside matters.
struct ExpressionUses {
  bool now = false;
  bool today = false;
  bool directory = false;  ///< territory, organisations, posts, settings or reference rows
  bool history = false;    ///< times, last
  bool actor = false;
  bool input = false;
  bool basis = false;
  bool each = false;       ///< `it`
  bool clocks = false;     ///< used, overdue, due
  bool operator==(const ExpressionUses&) const = default;
};

enum class Op : std::uint8_t {
  // values
  constant,        ///< a: constants
  own_field,       ///< a: slot
  matter_field,    ///< a: matter; b: slot in the shape it was checked against; c: name
  matter_builtin,  ///< a: matter; b: Builtin
  input,           ///< b: slot; c: name
  fact,            ///< b: slot; c: name
  each,            ///< the element of `each`
  column,          ///< a: row; b: slot; c: name
  prop,            ///< a: key; b: name of the list; c: name of the prop
  setting,         ///< c: name
  now,
  today,
  actor_part,      ///< b: ActorPart
  last,            ///< b: LastPart; c: name of the action; a: name of the input, or -1
  part,            ///< a: unit, post, period or place; b: Part
  as_unit,         ///< a: unit; b: Unit::Kind; another kind is missing
  // matters
  self,
  basis,
  parent,          ///< a: matter
  element,         ///< of the innermost set, matter or not
  // conditions
  not_true, both, either,      ///< a, b
  equal, unequal, less, less_equal, greater, greater_equal,
  in,              ///< a in set b
  is_type,         ///< a: matter; c: name of the type; extensions count
  state_is,        ///< a: matter; arguments: names of states
  has,             ///< a
  // arithmetic
  negate, add, subtract, multiply, divide, otherwise,
  // sets; any other node whose value is a set stands for its elements
  members,         ///< a: matter; b: name of the type; c: name of its link
  rows,            ///< reference rows; c: type
  rows_equal,      ///< the same, of which field `b` (name) equals a; c: type
  rows_covering,   ///< the same, of which the territory in field `b` covers a; c: type
  posts,           ///< a: role or -1
  territories,     ///< a: value that its parent equals or -1
  organisations,
  list_rows,       ///< c: name of the list
  elements,        ///< arguments
  filter,          ///< a: set; b: condition over `element`
  map,             ///< a: set; b: value or set over `element`
  join, without,   ///< union and difference of sets a, b
  // calls; arguments hold the nodes. The order groups them: min2 to times, days to inside,
  // grid_of to distance, weighted to reasoned, used to due.
  count, any, none, all, sum, mean, min, max, first, only, highest, lowest,
  choose, min2, max2, round, times,
  days, minutes, years, day, year_of, start_of, end_of, at_time, is_workday, period, inside,
  grid_of, grids_of, up, covers, common, office, distance,
  weighted, complete, reasoned, streak,
  balance,         ///< c: book; arguments: the parts of the account; b: instant or date, or -1
  figure,          ///< c: "type.indicator"; arguments: unit, period; b: 1 when it is money
  cited,           ///< how often this row was a basis
  used, overdue, due,
  table,           ///< a: of; arguments: key constant, value, …; b: else or -1
};

enum class Builtin : std::uint8_t {
  id, type, version, state, outcome, opened_at, closed_at, author, territory, owner, handler,
  claimed_by, parent, transferred_to, next_due, is_final,
};
enum class ActorPart : std::uint8_t { post, unit, organisation, account };
enum class LastPart : std::uint8_t { at, post, unit, organisation, account, input };
enum class Part : std::uint8_t {
  unit_territory, unit_level, unit_parent, unit_code, unit_kind,
  post_role, post_unit, post_organisation, post_seats, post_state,
  period_from, period_to,
};

/// A node; the meaning of a, b, c stands at each Op. Children lie before their parent.
struct ExpressionNode {
  Op op = Op::constant;
  std::uint16_t argument_count = 0;
  std::int32_t a = -1, b = -1, c = -1;
  std::int32_t first_argument = 0;  ///< into arguments()
};

/// Parsed, typed, immutable; shared by every matter pinned to the text it stands in.
class Expression {
 public:
  const std::string& text() const { return text_; }
  const Origin& origin() const { return origin_; }
  const StaticType& type() const { return type_; }

  /// Each once, in the order of first occurrence.
  const std::vector<ExpressionRead>& reads() const { return reads_; }
  const ExpressionUses& uses() const { return uses_; }
  /// Slots of own fields, sorted: what `change` of a clock and `belongs` wait for.
  const std::vector<std::size_t>& own_fields() const { return own_fields_; }
  /// Own built-in names and sets that are read.
  bool reads_own(std::string_view name) const;
  /// Reads a matter beside this one and its parent's own names.
  bool reads_links() const;
  bool reads_own_sets() const;
  /// Reference types whose rows it looks up.
  const std::vector<Name>& reference_types() const { return reference_types_; }
  /// Actions that times() and last() ask for; clocks that used(), overdue(), due() ask for.
  const std::vector<Name>& actions() const { return actions_; }
  const std::vector<Name>& clocks() const { return clocks_; }
  const std::vector<Name>& settings() const { return settings_; }
  /// Lists whose rows or props it reads: pinned with the type.
  const std::vector<Name>& lists() const { return lists_; }
  /// Every key a result can be when it is of a choice, state, action or role and all branches are
  /// bare words: `to` of an action. `open_ended` when some branch is computed.
  const std::vector<Name>& result_keys() const { return result_keys_; }
  bool result_is_open() const { return result_is_open_; }
  /// From where its elements come when it gives a set of matters: what `it` stands for.
  const std::vector<ReadPath>& element_paths() const { return element_paths_; }
  /// Whether the value is the same for every matter and instant.
  bool is_constant() const;

  // For evaluation.
  const std::vector<ExpressionNode>& nodes() const { return nodes_; }
  const std::vector<Value>& constants() const { return constants_; }
  const std::vector<Name>& names() const { return names_; }
  const std::vector<std::int32_t>& arguments() const { return arguments_; }
  std::int32_t root() const { return root_; }

 private:
  friend class ExpressionBuilder;
  std::string text_;
  Origin origin_;
  StaticType type_;
  std::vector<ExpressionNode> nodes_;
  std::vector<Value> constants_;
  std::vector<Name> names_;
  std::vector<std::int32_t> arguments_;
  std::int32_t root_ = -1;
  std::vector<ExpressionRead> reads_;
  ExpressionUses uses_;
  std::vector<std::size_t> own_fields_;
  std::vector<Name> reference_types_, actions_, clocks_, settings_, lists_, result_keys_;
  bool result_is_open_ = false;
  std::vector<ReadPath> element_paths_;
};

}  // namespace gewu::kernel
