#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/matter/office_compile.h"
#include "usecase/run_scenarios.h"

namespace gewu::usecase {

/// Hex SHA-256: the hash by which texts of definitions are known.
std::string hash_definition(std::string_view bytes);

/// What the rules of a locality may name as an organisation; nothing: not known.
using KnownOrganisations =
    std::function<std::optional<std::set<std::string>>(const kernel::Name& locality)>;

/// Those of an office, the same for each of its localities; an empty roster says nothing.
KnownOrganisations organisations_of(const kernel::Directory& directory);
/// Those of the tables beside the definitions: a locality knows its own, and those of the places
/// that it extends or that extend it, for they stand in one office. Without any, nothing is known.
KnownOrganisations organisations_of(const std::vector<LocalityTables>& tables,
                                    const std::vector<kernel::DefinitionFile>& files);

/// All that `gewu check` and publish ask of definitions alike, so that neither lets pass what the
/// other refuses: they compile with the organisations there are, and what publish would store is
/// read back without an error (`definition.stored`). What only an office knows
/// (versions at work, texts that open matters pin) publish asks besides.
/// `documents`: texts that `source` quotes, by file name.
kernel::CompileResult check_definitions(
    const std::vector<kernel::DefinitionFile>& files, KnownOrganisations organisations,
    std::optional<std::map<std::string, std::string>> documents = {});

}  // namespace gewu::usecase
