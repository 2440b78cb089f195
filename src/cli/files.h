#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "usecase/definition_bundle.h"
#include "usecase/run_scenarios.h"

namespace gewu::cli {

/// `not_found` `file.absent` (`file`).
std::unexpected<Error> absent(const std::string& path);
/// A whole file. `not_found` `file.absent`, `too_large` `file.too_large` (`file`).
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);
/// A whole file, unpacked when its name ends in .gz.
Result<std::string> read_packed_file(const std::string& path, std::size_t bytes_max);
/// In place of what was there, at once.
Status write_file(const std::string& path, std::string_view bytes);

/// What a folder of definitions holds: systems/, localities/ and the scenarios beside them.
struct DefinitionFolder {
  std::vector<kernel::DefinitionFile> files;
  std::vector<usecase::ScenarioFile> scenarios;   ///< also tests/localities
  std::vector<usecase::LocalityTables> tables;
  std::vector<Error> errors;                      ///< files that are no YAML
};
/// `not_found` `file.absent` when there is neither systems/ nor localities/.
Result<DefinitionFolder> read_definitions(const std::string& folder);

using usecase::locality_line;
using usecase::office_files;

/// Texts of the documents that `source` may quote, by file name.
Result<std::map<std::string, std::string>> read_documents(const std::string& folder);

}  // namespace gewu::cli
