#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/expression_builder.h"
#include "kernel/matter/expression_check.h"
#include "kernel/matter/expression_parse.h"

// Inside of expression_check.h: one checker a text. It walks the syntax once, settling names and
// types, and writes nodes through the builder. Split over expression_check.cpp (operators),
// expression_names.cpp (names and paths), expression_functions.cpp (calls),
// expression_types.cpp (types and constants), expression_compile.cpp (scalars, tables, results).

namespace gewu::kernel {

/// Where a matter comes from, as seen from the matter that owns the expression.
struct Located {
  ReadPath path;
  std::vector<Name> types;
  bool operator==(const Located&) const = default;
};

/// A checked part of an expression.
struct Typed {
  std::int32_t node = -1;
  StaticType type;
  std::vector<Located> at;       ///< of matters; none for rows of the directory
  bool from_directory = false;   ///< a reference row
  bool is_register = false;      ///< all rows of a register, no filter yet
  bool is_literal = false;       ///< a number or text as written: takes the type it is used as
};

class Checker {
 public:
  Checker(const CheckContext& context, const Origin& origin) : context_(context), origin_(origin) {}

  Result<std::shared_ptr<const Expression>> compile(const Node& node, std::string text,
                                                    const StaticType& expected);
  Result<std::shared_ptr<const Expression>> compile(std::string_view text,
                                                    const StaticType& expected);

 private:
  using Hint = const StaticType*;  ///< what bare words may be keys of; null: of nothing

  // expression_check.cpp
  Result<Typed> check(const Syntax& syntax, Hint hint);
  Result<Typed> check_literal(const Syntax& syntax, Hint hint);
  Result<Typed> check_condition(const Syntax& syntax);
  Result<Typed> check_logic(const Syntax& syntax);
  Result<Typed> check_comparison(const Syntax& syntax);
  Result<Typed> check_in(const Syntax& syntax);
  Result<Typed> check_arithmetic(const Syntax& syntax, Hint hint);
  Result<Typed> check_otherwise(const Syntax& syntax, Hint hint);
  Result<Typed> check_list(const Syntax& syntax, Hint hint);
  Result<Typed> check_filter(const Syntax& syntax);
  Result<Typed> check_node(const Node& node, const StaticType& expected);
  Result<Typed> check_table(const Node& node, const StaticType& expected);
  Result<std::shared_ptr<const Expression>> finish(Typed result, std::string text,
                                                   const StaticType& expected, int column);
  std::optional<Typed> state_or_type_test(const Syntax& syntax, const Typed& left,
                                          const Typed& right, bool negated);
  Status narrow_register(Typed& source, std::int32_t condition, const Syntax& syntax);
  bool narrow_by(Typed& source, std::int32_t conjunct);
  Status use(const Typed& typed, const Syntax& syntax);

  // expression_names.cpp
  Result<Typed> check_name(const Syntax& syntax, Hint hint);
  Result<Typed> check_member(const Syntax& syntax);
  bool is_in_scope(std::string_view name) const;
  bool is_fixed_name(std::string_view name) const;
  std::optional<Typed> fixed_name(std::string_view name);
  std::optional<Typed> own_name(std::string_view name);
  std::optional<Typed> builtin_name(const Typed& matter, std::string_view name);
  std::optional<Typed> register_name(std::string_view name);
  bool has_member(const StaticType& type, std::string_view name) const;
  Result<Typed> member_of(const Typed& base, const Syntax& syntax);
  Result<Typed> member_of_matter(const Typed& base, const Syntax& syntax);
  Result<Typed> member_of_set(const Typed& base, const Syntax& syntax);
  std::optional<Typed> member_of_unit(const Typed& base, std::string_view name);
  std::optional<Typed> member_of_post(const Typed& base, std::string_view name);
  Result<std::optional<Typed>> member_of_space(const Syntax& syntax);
  Result<Typed> member_of_last(const Syntax& syntax);
  Typed field_of(const Typed& matter, const FieldShape& field, std::size_t slot);
  Typed set_of(const Typed& matter, const SetShape& set);
  void read_of(const Typed& matter, std::string_view name);
  std::vector<Located> beyond(const Typed& matter, const std::string& step,
                              const Name& type) const;

  // expression_functions.cpp
  Result<Typed> check_call(const Syntax& syntax, Hint hint);
  struct Function;
  static const Function* find_function(std::string_view name);
  Result<Typed> call_set(const Syntax& syntax, Op op, Hint);        // count any none first only
  Result<Typed> call_all(const Syntax& syntax, Op op, Hint);
  Result<Typed> call_aggregate(const Syntax& syntax, Op op, Hint);  // sum mean min max highest …
  Result<Typed> call_has(const Syntax& syntax, Op op, Hint);
  Result<Typed> call_if(const Syntax& syntax, Op op, Hint hint);
  Result<Typed> call_two(const Syntax& syntax, Op op, Hint);        // min2 max2
  Result<Typed> call_round(const Syntax& syntax, Op op, Hint);
  Result<Typed> call_times(const Syntax& syntax, Op op, Hint);
  Result<Typed> call_moments(const Syntax& syntax, Op op, Hint);    // days minutes years …
  Result<Typed> call_calendar(const Syntax& syntax, Op op, Hint);   // start_of at_time inside …
  Result<Typed> call_place(const Syntax& syntax, Op op, Hint);      // grid_of grids_of distance
  Result<Typed> call_unit(const Syntax& syntax, Op op, Hint);       // up covers common office
  Result<Typed> call_scores(const Syntax& syntax, Op op, Hint);
  Result<Typed> call_clock(const Syntax& syntax, Op op, Hint);
  Result<Typed> call_balance(const Syntax& syntax, Op op, Hint);
  Result<Typed> call_figure(const Syntax& syntax, Op op, Hint);
  Result<Typed> call_cited(const Syntax& syntax, Op op, Hint);
  Result<Typed> days_argument(const Syntax& call, std::size_t i);
  Result<Typed> set_argument(const Syntax& call, std::size_t i);
  Result<Typed> moment_argument(const Syntax& call, std::size_t i);
  Result<Typed> argument(const Syntax& call, std::size_t i, const StaticType& wanted);
  Result<Typed> over_element(const Typed& set, const Syntax& body, bool is_condition);

  // expression_types.cpp
  bool has_keys(const StaticType& type) const;
  bool is_key_of(const StaticType& type, std::string_view word) const;
  Typed key_constant(const StaticType& type, std::string_view word);
  std::optional<Value> literal_as(const Syntax& syntax, const StaticType& type) const;
  /// Makes a literal what the other side is; whether both may stand together afterwards.
  bool meet(Typed& a, const Syntax& from_a, Typed& b, const Syntax& from_b);
  std::optional<StaticType> common_type(const StaticType& a, const StaticType& b) const;
  std::optional<Typed> convert(Typed from, const StaticType& to);

  std::unexpected<Error> fail(std::string_view key, const Syntax& syntax,
                              std::vector<ErrorDetail> more = {}) const;
  std::unexpected<Error> wrong_type(const Syntax& syntax, const StaticType& found,
                                    std::string_view wanted) const;
  void warn(std::string_view key, const Syntax& syntax);
  Typed typed(std::int32_t node, StaticType type) const { return {node, std::move(type), {}}; }

  const CheckContext& context_;
  Origin origin_;
  ExpressionBuilder build_;
  std::vector<Typed> elements_;  ///< of the sets around, innermost last
};

StaticType plain(StaticType::Base base, std::string of = {});
StaticType element_of(StaticType set);
StaticType set_of_type(StaticType element);
bool is_matter(const StaticType& type);

}  // namespace gewu::kernel
