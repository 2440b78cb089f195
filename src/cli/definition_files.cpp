#include "cli/definition_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/office_folder.h"
#include "codec/yaml.h"

namespace gewu::cli {
namespace {

namespace fs = std::filesystem;

/// Made-up people of a demonstration and mappings of imports stand beside a locality and are no
/// definitions of it.
bool is_definition(const fs::path& path) {
  return path.extension() == ".yaml" && path.filename() != "demo.yaml" &&
         path.parent_path().filename() != "mappings";
}

}  // namespace

Result<std::vector<kernel::DefinitionFile>> read_definitions(const std::string& folder,
                                                             bool tests) {
  std::vector<fs::path> paths;
  for (const char* part : {"systems", "localities", "tests/localities"}) {
    if (!tests && std::string_view(part).starts_with("tests")) continue;
    const fs::path root = fs::path(folder) / part;
    if (!fs::exists(root)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.is_regular_file() && is_definition(entry.path())) paths.push_back(entry.path());
  }
  if (paths.empty())
    return refuse(ErrorCode::not_found, "definition.none", {{"folder", folder}});
  std::sort(paths.begin(), paths.end());
  Error faults{ErrorCode::invalid, "definition.files", {}, {}};
  std::vector<kernel::DefinitionFile> files;
  for (const fs::path& path : paths) {
    GEWU_TRY(text, read_file(path.string()));
    const std::string name = fs::relative(path, folder).generic_string();
    auto documents = codec::read_yaml(text, name);
    if (!documents) {
      faults.others.push_back(documents.error());
      continue;
    }
    for (kernel::Node& document : *documents) files.push_back({name, std::move(document)});
  }
  if (!faults.others.empty()) return std::unexpected(std::move(faults));
  return files;
}

void print_messages(const kernel::Messages& messages) {
  for (const kernel::Message& message : messages.sorted())
    fmt::print("{}\n", kernel::to_line(message));
}

}  // namespace gewu::cli
