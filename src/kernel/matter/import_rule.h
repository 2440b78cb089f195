#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kernel/matter/definition.h"
#include "kernel/matter/definition_message.h"
#include "kernel/matter/definition_world.h"

namespace gewu::kernel {

/// How a file of rows is compared with those that are kept (language.md 2.6, `imports`). Every
/// change it asks for is an action like any other, taken by whoever imports.
struct ImportRule {
  Name name;
  Label label;
  std::vector<Name> by;                                 ///< roles that may import
  std::vector<Name> match;                              ///< fields that say which row is which
  std::vector<std::pair<Name, std::string>> take;       ///< field, column of the file
  std::vector<std::pair<Name, std::string>> fixed;      ///< field, the same value in every row
  Name fresh, changed, missing;                         ///< actions; empty: `keep`, nothing is done
  bool review = false;                                  ///< a person accepts the comparison first
};

/// Those of a type's definition, with complaints of their form.
std::vector<ImportRule> read_imports(const Node& definition, std::string_view type,
                                     Messages& messages);
/// Those of a compiled type: always today's text of its locality.
std::vector<ImportRule> imports_of(const Type& type);
/// Whether roles, fields and actions are there and fit: a field is taken that the actions store,
/// a match is indexed, no column asks for what is kept of nobody.
void check_imports(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages);

}  // namespace gewu::kernel
