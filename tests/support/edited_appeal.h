#pragma once

#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "codec/yaml.h"
#include "support/shipped_office.h"

// The shipped appeal as a later version: the state `accepted` is called `taken`, a field came in,
// and the promise may be another. What moves open appeals there stands beside it.

namespace gewu::test {

inline kernel::DefinitionFile yaml_file(const std::string& path, const std::string& text) {
  return {path, must(codec::read_yaml(text, path)).front()};
}

inline std::string shipped_text(const std::string& path) {
  std::ifstream stream(std::string(GEWU_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline std::string edited_appeal(const std::string& within) {
  std::string text = shipped_text("systems/appeals/appeal.yaml");
  const std::vector<std::pair<std::string, std::string>> edits = {
      {"version: 1", "version: 2"},
      {R"(accepted: \{zh: 已受理)", "taken: {zh: 已受理"},
      {R"(\[accepted)", "[taken"},
      {R"(, accepted\b)", ", taken"},
      {"to: accepted", "to: taken"},
      {"  channel: ", "  urgent: {kind: yes_no, label: {zh: 急, ko: 급함, en: Urgent}}\n  channel: "},
      {"within: category.answer_limit", "within: " + within}};
  for (const auto& [old, now] : edits) text = std::regex_replace(text, std::regex(old), now);
  return text;
}

inline constexpr const char* kAppealMigration =
    "migrate: appeal\nfrom: 1\nto: 2\nstates: {accepted: taken}\n"
    "fields: {urgent: category == lighting}\n";

/// The files of one place with the appeal as edited, and the migration.
inline std::vector<kernel::DefinitionFile> edited_files(
    const std::string& within = "category.answer_limit",
    const std::string& migration = kAppealMigration) {
  auto files = must(cli::office_files(shipped_folder().files, {"yanji"}));
  for (auto& file : files)
    if (file.path == "systems/appeals/appeal.yaml")
      file = yaml_file(file.path, edited_appeal(within));
  if (!migration.empty())
    files.push_back(yaml_file("systems/appeals/appeal.1.migrate.yaml", migration));
  return files;
}

}  // namespace gewu::test
