#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gewu::usecase {

/// One sentence of a scenario: its words, with quotes and brackets kept together.
struct ScenarioStep {
  int line = 0;
  std::string text;
  std::vector<std::string> words;
};

/// What follows `->`: groups parted by `;`, each of clauses parted by `,`.
struct ScenarioGroup {
  std::vector<std::vector<std::string>> clauses;  ///< each as words
};

struct ScenarioLine {
  int line = 0;
  std::vector<ScenarioStep> steps;     ///< parted by `;`
  std::vector<ScenarioGroup> expected; ///< of the last step
  std::string expected_text;
};

struct Scenario {
  std::string file, name, locality;
  int line = 0;
  std::vector<ScenarioLine> lines;
};

/// A file may hold several scenarios; each begins with `# name:` or with `locality`.
/// `scenario.form` (`file`, `line`): an open quote or bracket, a line before any locality.
Result<std::vector<Scenario>> parse_scenarios(std::string_view text, std::string_view file);

/// Parts of a text at a separator that stands outside quotes and brackets, trimmed.
std::vector<std::string> split_outside(std::string_view text, std::string_view separator);
/// Without the quotes around it, if any.
std::string unquoted(std::string_view text);

}  // namespace gewu::usecase
