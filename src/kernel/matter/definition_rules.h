#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/definition_reader.h"
#include "kernel/matter/definition_world.h"
#include "kernel/matter/expression_tree.h"

// How the parts of a type are read in pass two. Inside the definition files only.

namespace gewu::kernel {

/// Where in a type an expression stands, and so what it may read.
struct RulePlace {
  const std::vector<FieldShape>* input = nullptr;
  const std::vector<FieldShape>* facts = nullptr;
  Name basis;
  std::optional<StaticType> it;
  std::vector<ReadPath> it_paths;
  Permission may;
  bool by_system = false;   ///< a clock step or an auto action: there is no actor
  bool no_self = false;     ///< duties and plans: there is no matter, only the unit `it`
};

/// One type, while its rules are read.
class RuleReader {
 public:
  RuleReader(TypeDraft& own, const DefinitionWorld& around, Messages& complaints)
      : draft(own), type(*own.type), node(*own.source.node), world(around),
        messages(complaints) {}

  /// Null, with a message, when the expression is refused.
  ExpressionPtr compile(const Node& written, const StaticType& expected,
                        const RulePlace& place = {});
  /// The same for the value under a key; null without complaint when the key is absent.
  ExpressionPtr compile_key(const Node& map, std::string_view key, const StaticType& expected,
                            const RulePlace& place = {});
  /// An expression that the language implies.
  ExpressionPtr implied(const std::string& text, const StaticType& expected);

  std::vector<Audience> read_audiences(const Node& map, std::string_view key,
                                       std::string_view where, const RulePlace& place = {});
  std::vector<ApartSpec> read_apart(const Node& map, std::string_view where);
  std::vector<std::size_t> read_states(const Node& map, std::string_view key,
                                       std::string_view where);
  /// Names of declared actions.
  std::vector<Name> read_actions(const Node& map, std::string_view key, std::string_view where);
  std::vector<EffectSpec> read_effects(const Node& effects, std::string_view where,
                                       const RulePlace& place);

  /// `lamp` and `then` of a clock or duty: step → colour, step → effects.
  std::vector<ClockStepSpec> read_steps(const Node& written, std::string_view where,
                                        const RulePlace& place);
  /// One indicator; parts written inline come before it as "name#0", "name#1".
  void read_indicator(const Name& name, const Node& written, const Origin& origin);

  void read_field_rules();
  void read_bounds(FieldSpec& field, const Node& written, const StaticType& one,
                   const RulePlace& place);
  void read_column_rules(FieldSpec& table, const Node& written, const std::string& where,
                         const RulePlace& place);
  void read_belongs();
  void read_action_rules();
  void read_clocks();
  void read_lamp();
  void read_holds();
  void read_see();
  void read_indicators();
  void read_views();
  void read_duties();
  void read_plans();
  void read_draws();
  void read_rotas();
  /// Which lists the type uses: copied into it, since its text pins them.
  void pin_lists();

  TypeDraft& draft;
  Type& type;
  const Node& node;
  const DefinitionWorld& world;
  Messages& messages;
};

// Pass one of actions, beside their rules in definition_read_actions.cpp.
void read_action_shapes(Type& type, const Node& node, Messages& messages);

/// An audience as written, without its expression; nothing when it is no audience.
struct WrittenAudience {
  Audience audience;
  std::string at;      ///< text after '@'
};
WrittenAudience parse_audience(std::string_view text);

/// The key of a state of that type.
StaticType state_type(const Name& type);

inline const StaticType kText{StaticType::Base::text, {}, false};
inline const StaticType kUnit{StaticType::Base::unit, {}, false};

}  // namespace gewu::kernel
