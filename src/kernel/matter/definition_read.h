#pragma once

#include "kernel/matter/definition.h"
#include "kernel/matter/definition_message.h"
#include "kernel/matter/expression_check.h"

// From a merged node to a type. In two passes, since types read one another: first the names and
// kinds of every type (its shape), then the expressions of each.

namespace gewu::kernel {

/// What the reader must know beside the node of a type.
struct TypeSource {
  Name name;
  Name system;
  const Node* node = nullptr;                    ///< merged with base and overlays, expanded
  std::vector<Name> bases;                       ///< of `extends`, nearest first
};

/// Adds what `register: true` means (states in_force and retired; actions create, amend and
/// retire by its keepers) and the state `transferred` of every type. The words come from the lists
/// `builtin_state` and `builtin_action` of the system `common`.
Node expanded(const Node& type, const std::map<Name, List>& lists, Messages& messages);

/// A type under construction.
struct TypeDraft {
  TypeSource source;
  std::shared_ptr<Type> type;
  TypeShape shape;
};

/// Pass one: fields with their kinds, sets, states, actions with their inputs, clocks; everything
/// that needs no other type.
TypeDraft read_shape(const TypeSource& source, Messages& messages);

class DefinitionWorld;

/// Pass two, first half: the expressions of fields, for all types before any `read_rules`, since
/// others must know which values are live and which are stored over sets.
void read_values(TypeDraft& draft, const DefinitionWorld& world, Messages& messages);

/// Pass two: every expression, against the shapes of all types of the locality, and what follows
/// from what they read: which values are live, which lists are pinned, which clocks move.
void read_rules(TypeDraft& draft, const DefinitionWorld& world, Messages& messages);

/// One field, input, column or prop, without its expressions.
FieldSpec read_field(const Name& name, const Node& node, const Origin& origin,
                     std::string_view where, bool needs_label, Messages& messages);
StaticType type_of(const FieldSpec& field, std::string_view row_of);
FieldShape shape_of(const FieldSpec& field, const std::string& owner);

/// A book, and whether its accounts are types of this locality.
Book read_book(const Name& name, const Node& node, Messages& messages);
void check_book(const Book& book, const Node& written, const DefinitionWorld& world,
                Messages& messages);

/// The names of a list and the kinds of its props; its rows without props.
List read_list_shape(const Name& name, const Node& node, Messages& messages);
/// The props of the rows.
void read_list_props(List& list, const Node& node, const World& world, Messages& messages);
ListShape shape_of(const List& list);

}  // namespace gewu::kernel
