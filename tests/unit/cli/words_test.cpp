// Every key that something can be refused with has words in the three languages of the office.
#include "cli/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "kernel/matter/definition_message.h"

namespace gewu::cli {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

std::string without_comments(const std::string& source) {
  std::string code;
  std::istringstream lines(source);
  for (std::string line; std::getline(lines, line);) {
    const auto comment = line.find("//");
    const bool in_text = comment != std::string::npos && comment > 0 && line[comment - 1] == ':';
    code += in_text ? line : line.substr(0, comment);
    code += '\n';
  }
  return code;
}

/// Texts that look like keys: parts of a-z and _ with dots between. Those that are file names,
/// addresses or made at run time are no keys.
bool is_key(const std::string& text) {
  static const std::set<std::string> kEndings = {"csv", "geojson", "html", "yaml", "db", "key",
                                                 "log", "jpg", "gz", "scenario", "txt", "json",
                                                 "jsonl"};
  // Of a number's template; a clock and an event; ends of keys of built-in actions, said by their
  // ends.
  static const std::set<std::string> kOthers = {"county.code", "audience.kind", "by.required",
                                                "ground.required", "place.kind",
                                                "place.required",   "place.ended",
                                                "territory.ended",  "erase.author", "erase.rest"};
  if (kOthers.contains(text)) return false;
  return !kEndings.contains(text.substr(text.rfind('.') + 1));
}

std::map<std::string, std::string> keys_of_sources() {
  std::map<std::string, std::string> keys;  // and where each was found
  const std::regex wanted("\"([a-z_]+(?:\\.[a-z_]+)+)\"");
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(GEWU_SOURCE_DIR) / "src")) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".cpp" && extension != ".h") continue;
    const std::string code = without_comments(read(entry.path()));
    for (std::sregex_iterator at(code.begin(), code.end(), wanted), end; at != end; ++at)
      if (is_key((*at)[1])) keys.emplace((*at)[1], entry.path().filename().string());
  }
  return keys;
}

constexpr Language kLanguages[] = {Language::zh, Language::ko, Language::en};
const char* name(Language language) {
  return language == Language::zh ? "zh" : language == Language::ko ? "ko" : "en";
}

TEST(Words, every_key_of_the_sources_has_words_in_three_languages) {
  const auto keys = keys_of_sources();
  EXPECT_GT(keys.size(), 200u);
  EXPECT_TRUE(keys.contains("import.time"));
  EXPECT_TRUE(keys.contains("json.duplicate"));
  for (const auto& [key, file] : keys)
    for (const Language language : kLanguages)
      EXPECT_TRUE(has_words(key, language)) << key << " of " << file << " in " << name(language);
}

TEST(Words, every_fault_of_a_definition_has_words_in_three_languages) {
  for (const std::string_view key : kernel::message_keys())
    for (const Language language : kLanguages)
      EXPECT_TRUE(has_words(key, language)) << key << " in " << name(language);
}

TEST(Words, keys_that_are_made_at_run_time_have_words_too) {
  for (const char* key :
       {"territory.import.code", "territory.import.name", "territory.import.level",
        "territory.import.parent", "territory.import.orphan", "territory.import.repeat",
        "territory.import.conflict", "territory.import.successor", "territory.import.boundary",
        "territory.import.note.level_4_other", "territory.import.note.ending",
        "territory.import.note.prefix", "territory.import.note.same_name",
        "definition.yaml.syntax", "definition.yaml.cut", "definition.yaml.encoding",
        "definition.yaml.tab", "definition.yaml.depth", "definition.yaml.null"})
    for (const Language language : kLanguages)
      EXPECT_TRUE(has_words(key, language)) << key << " in " << name(language);
}

TEST(Words, what_has_no_words_of_its_own_is_said_by_its_end_or_its_code) {
  EXPECT_EQ(words_of("appeal.accept.category.required", ErrorCode::invalid, Language::en),
            words_of("task.send.what.required", ErrorCode::invalid, Language::en));
  EXPECT_NE(words_of("no.such.thing", ErrorCode::conflict, Language::zh), "");
  EXPECT_FALSE(has_words("no.such.thing", Language::zh));
}

TEST(Words, the_terminal_says_its_language) {
  EXPECT_EQ(parse_language("zh_CN.UTF-8"), Language::zh);
  EXPECT_EQ(parse_language("ko"), Language::ko);
  EXPECT_EQ(parse_language("en_GB"), Language::en);
  EXPECT_EQ(parse_language("C.UTF-8"), Language::en);
  EXPECT_EQ(parse_language(""), Language::en);
}

}  // namespace
}  // namespace gewu::cli
