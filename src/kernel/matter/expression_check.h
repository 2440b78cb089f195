#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/matter/expression.h"
#include "kernel/matter/node.h"

// Names, types and cost of expressions (language.md 2.4, 2.10 checks 1 to 4). The checker learns
// the world through shapes: what a definition says of its names before anything is compiled, so
// that types which read one another can be compiled in any order.

namespace gewu::kernel {

struct Book;

/// A field, an input, a column of a small table or a prop of a list.
struct FieldShape {
  Name name;
  /// link: `of` is the type or "any"; choice and scores: the list; row: "type.field" or
  /// "type.action.input", where its columns are found; key: "action", "indicator".
  StaticType type;
  bool index = false;
  bool personal = false;
  bool sealed = false;
  bool parent = false;              ///< link: this matter is a part
  bool computed = false;            ///< has a `value`
  bool has_default = false;         ///< or is required: a condition on it alone gives no warning
  bool live = false;                ///< computed when read; known once its value is compiled
  bool over_sets = false;           ///< stored, but its value reads own sets
  std::vector<FieldShape> columns;  ///< rows
};

struct SetShape {
  Name name, type, field;
};

struct ActionShape {
  Name name;
  std::vector<FieldShape> input;
};

/// The names of a type. Extensions hold what they inherit too.
struct TypeShape {
  Name name;
  std::vector<Name> bases;  ///< the type it extends, and that one's base
  std::vector<FieldShape> fields;
  std::vector<SetShape> sets;
  std::vector<Name> states;         ///< with `transferred`
  std::vector<ActionShape> actions; ///< declared ones
  std::vector<Name> clocks;
  bool is_reference = false;
  bool is_post = false;             ///< the built-in type `post` or an extension of it

  const FieldShape* find_field(std::string_view field) const;
  const SetShape* find_set(std::string_view set) const;
  const ActionShape* find_action(std::string_view action) const;
  bool has_state(std::string_view state) const;
  bool has_clock(std::string_view clock) const;
  /// The link that says whose part it is; null when it is none.
  const FieldShape* parent_field() const;
};

struct ListShape {
  Name name;
  std::vector<Name> keys;           ///< rows that are off too: old matters keep them
  std::vector<FieldShape> props;
  bool has_key(std::string_view key) const;
  const FieldShape* find_prop(std::string_view prop) const;
};

/// What the checker may ask about everything else in the locality. Implemented over the files
/// that are being read, or over a published locality.
class World {
 public:
  virtual ~World() = default;
  virtual const TypeShape* find_type(std::string_view type) const = 0;
  /// Every type of the locality: `any` means one of them, and rows of an extension count as rows
  /// of its base.
  virtual std::vector<const TypeShape*> all_types() const = 0;
  virtual const ListShape* find_list(std::string_view list) const = 0;
  virtual std::optional<StaticType> find_setting(std::string_view setting) const = 0;
  virtual bool has_role(std::string_view role) const = 0;
  virtual bool has_book(std::string_view book) const = 0;
  /// Null where only the names of books are known: amounts are then numbers.
  virtual const Book* find_book(std::string_view) const { return nullptr; }
  virtual bool has_indicator(std::string_view indicator) const = 0;
  /// Whether a bare word is the key of an organisation of this locality. A world that does not
  /// know its organisations (a system checked by itself) says yes.
  virtual bool has_organisation(std::string_view key) const = 0;

  /// The columns of a row type by its `of`; null when there is none such.
  const std::vector<FieldShape>* find_columns(std::string_view row_of) const;
  /// Whether a matter of `type` may stand where one of `wanted` is asked: equal, an extension, or
  /// `wanted` is "any".
  bool is_kind_of(std::string_view type, std::string_view wanted) const;
};

/// What an expression may say where it stands.
struct Permission {
  bool now = true;         ///< not in the `when` of an auto action
  bool today = true;
  bool actor = true;       ///< not in `value`, `lamp`, stock indicators, nor on system events
  bool history = true;     ///< times, last
  bool clocks = false;     ///< used, overdue, due: only in `lamp`, `see`, `views`
  bool figure = false;     ///< only in `set` and `with`
  bool cited = false;      ///< only where an action decides; not in the `when` of an auto action
  bool whole_register = false;  ///< every row of a register: `of` of duties, `each` of plans,
                                ///< coverage; not in what a decision evaluates
};

/// Everything the checker knows about the place an expression stands in.
struct CheckContext {
  const World& world;
  const TypeShape* self = nullptr;                 ///< null: no matter (a bound of a setting)
  const std::vector<FieldShape>* input = nullptr;  ///< of the action; null: `input` is no name here
  /// Further names by the place: `met exempt late_arrival` of a clock indicator, `rule` of a
  /// refusal; read at run time from Scope::facts.
  const std::vector<FieldShape>* facts = nullptr;
  Name basis;                                      ///< reference type of the row cited; empty: none
  std::optional<StaticType> it;                    ///< element of `each`
  std::vector<ReadPath> it_paths;                  ///< Expression::element_paths() of that `each`
  Permission may;
  std::vector<Error>* warnings = nullptr;          ///< takes what is no refusal; may be null
};

/// "anything": the expression may give any type.
inline const StaticType kAnyType{};
inline const StaticType kYesNo{StaticType::Base::yes_no, {}, false};
inline const StaticType kNumber{StaticType::Base::number, {}, false};

/// Text to a typed expression. `expected` lets bare words become keys, and is what the result
/// must be assignable to. Refusals are `invalid` with the key and the details `at` (column, from
/// 1), `near` and what the key needs, and `file` ("systems/s/t.yaml:12"):
/// form: `expression.syntax expression.nested expression.none_compared expression.too_long`;
/// names: `expression.name expression.function expression.arguments expression.key
///         expression.ambiguous expression.not_here expression.cited`;
/// types: `expression.type expression.not_set expression.is_set`;
/// cost:  `expression.cost`.
Result<std::shared_ptr<const Expression>> compile_expression(std::string_view text,
                                                             const Origin& origin,
                                                             const CheckContext& context,
                                                             const StaticType& expected);

/// The same for whatever may stand for an expression in a file: a scalar, or a table
/// `{of: expr, key: value, else: value}` (language.md 2.1). In a table each key is one of the
/// type of `of`, each value an expression again; without `else` other keys give missing.
/// A quoted scalar is an expression too: quotes of YAML only protect its characters.
Result<std::shared_ptr<const Expression>> compile_node(const Node& node,
                                                       const CheckContext& context,
                                                       const StaticType& expected);

/// A value written where no name is needed: a bound, a default of a setting, a prop of a list row.
Result<Value> constant_of(const Node& node, const World& world, const StaticType& type);

/// How types are written in messages: "choice of outcome", "set of link of task".
std::string to_text(const StaticType& type);
/// Whether a value of `from` may be put where `to` is asked. A single value may not stand for a
/// set, nor the other way round.
bool is_assignable(const World& world, const StaticType& from, const StaticType& to);

}  // namespace gewu::kernel
