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

/// The version of the shipped appeal, from which the edited one is the next.
inline int appeal_version() {
  static const std::string text = shipped_text("systems/appeals/appeal.yaml");
  std::smatch found;
  std::regex_search(text, found, std::regex(R"(version: (\d+))"));
  return std::stoi(found[1]);
}

/// The text of a file with its version raised and the patterns replaced.
inline std::string next_version(const std::string& path,
                                const std::vector<std::pair<std::string, std::string>>& edits) {
  std::string text = shipped_text(path);
  std::smatch found;
  std::regex_search(text, found, std::regex(R"(version: (\d+))"));
  text.replace(found.position(1), found.length(1), std::to_string(std::stoi(found[1]) + 1));
  for (const auto& [old, now] : edits) text = std::regex_replace(text, std::regex(old), now);
  return text;
}

inline std::string edited_appeal(const std::string& within) {
  return next_version(
      "systems/appeals/appeal.yaml",
      {{R"(accepted: \{zh: 已受理)", "taken: {zh: 已受理"},
       {R"(\[accepted)", "[taken"},
       {R"(, accepted\b)", ", taken"},
       {"to: accepted", "to: taken"},
       {"  channel: ",
        "  urgent: {kind: yes_no, label: {zh: 急, ko: 급함, en: Urgent}}\n  channel: "},
       {"within: category.answer_limit", "within: " + within}});
}

/// A migration of the shipped appeal to the edited one, or to itself.
inline std::string appeal_migration(const std::string& how, int to = appeal_version() + 1) {
  return "migrate: appeal\nfrom: " + std::to_string(appeal_version()) +
         "\nto: " + std::to_string(to) + "\n" + how;
}
inline std::string appeal_migration_path(const std::string& folder) {
  return folder + "/appeal." + std::to_string(appeal_version()) + ".migrate.yaml";
}
inline const std::string kAppealMigration =
    appeal_migration("states: {accepted: taken}\nfields: {urgent: category == lighting}\n");

/// The files of one place with the appeal as edited, what names its states, and the migration.
inline std::vector<kernel::DefinitionFile> edited_files(
    const std::string& within = "category.answer_limit",
    const std::string& migration = kAppealMigration) {
  auto files = must(cli::office_files(shipped_folder().files, {"yanji"}));
  for (auto& file : files) {
    if (file.path == "systems/appeals/appeal.yaml")
      file = yaml_file(file.path, edited_appeal(within));
    if (file.path == "systems/appeals/echo.yaml")
      file = yaml_file(file.path, next_version(file.path, {{R"(\[accepted)", "[taken"}}));
  }
  if (!migration.empty())
    files.push_back(yaml_file(appeal_migration_path("systems/appeals"), migration));
  return files;
}

}  // namespace gewu::test
