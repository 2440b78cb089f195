#pragma once

#include "kernel/matter/definition_message.h"
#include "kernel/matter/definition_world.h"
#include "kernel/matter/expression_tree.h"
#include "kernel/matter/office_compile.h"

// What the checker refuses (language.md 2.10), after a type was read and compiled. One function a
// paragraph of that list; all findings in one pass.

namespace gewu::kernel {

/// All of the checks below for one type.
void check_type(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages);

void check_names(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages);
void check_states(const TypeDraft& draft, Messages& messages);
void check_actions(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages);
void check_loops(const TypeDraft& draft, Messages& messages);
void check_clocks(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages);
/// The dossier that its expressions load, and how far and how many its `auto` rules reach.
void check_cost(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages);
void check_parts(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages);
void check_holds(const TypeDraft& draft, Messages& messages);
void check_sight(const TypeDraft& draft, Messages& messages);
void check_erasure(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages);
void check_figures(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages);
void check_product(const TypeDraft& draft, Messages& messages);

/// Whether an expression of the type (of one of its actions) reads a personal value.
bool reads_personal(const Expression& expression, const Type& type, const ActionSpec* action,
                    const DefinitionWorld& world);

/// Lists and types that props name.
void check_list(const List& list, const DefinitionWorld& world, Messages& messages);
/// The privacy deny list on keys and labels of rows.
void check_list_words(const List& list, const Node& written, Messages& messages);
/// What concerns several types: how deep opening effects reach.
void check_office(const DefinitionWorld& world, Messages& messages);
/// Roles and settings that no definition names: warnings, once for all systems together.
void check_unused(const Node& systems, Messages& messages);
/// The value of a setting lies between its bounds.
void check_setting(const Setting& setting, const Node& written, Messages& messages);
/// Each `source` text stands in its document, or is counted as not checked.
void check_sources(const std::vector<DefinitionFile>& files, const CompileOptions& options,
                   CompileResult& result);

}  // namespace gewu::kernel
