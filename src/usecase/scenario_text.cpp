#include "usecase/scenario_text.h"

#include "base/text.h"

namespace gewu::usecase {
namespace {

/// Where in a text one is: inside a quote or so many brackets.
struct Nesting {
  bool quoted = false;
  int depth = 0;

  void step(char c) {
    if (c == '\'') quoted = !quoted;
    if (quoted) return;
    if (c == '[' || c == '{' || c == '(') ++depth;
    if (c == ']' || c == '}' || c == ')') --depth;
  }
  bool is_outside() const { return !quoted && depth == 0; }
};

bool is_balanced(std::string_view text) {
  Nesting nesting;
  for (const char c : text) {
    nesting.step(c);
    if (nesting.depth < 0) return false;
  }
  return nesting.is_outside();
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  Nesting nesting;
  std::string word;
  for (const char c : text) {
    if (nesting.is_outside() && (c == ' ' || c == '\t')) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
      continue;
    }
    nesting.step(c);
    word += c;
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::unexpected<Error> bad_form(std::string_view file, int line) {
  return refuse(ErrorCode::invalid, "scenario.form",
                {{"file", std::string(file)}, {"line", std::to_string(line)}});
}

ScenarioLine read_line(std::string_view text, int number) {
  ScenarioLine line;
  line.line = number;
  const auto halves = split_outside(text, "->");
  for (std::string& step : split_outside(halves.front(), ";")) {
    if (step.empty()) continue;
    ScenarioStep made{number, step, words_of(step)};
    line.steps.push_back(std::move(made));
  }
  if (halves.size() < 2) return line;
  line.expected_text = halves[1];
  for (const std::string& group : split_outside(halves[1], ";")) {
    ScenarioGroup made;
    for (const std::string& clause : split_outside(group, ","))
      if (!clause.empty()) made.clauses.push_back(words_of(clause));
    line.expected.push_back(std::move(made));
  }
  return line;
}

}  // namespace

std::vector<std::string> split_outside(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  Nesting nesting;
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (nesting.is_outside() && text.substr(at).starts_with(separator)) {
      parts.emplace_back(trim(text.substr(from, at - from)));
      at += separator.size() - 1;
      from = at + 1;
      continue;
    }
    nesting.step(text[at]);
  }
  parts.emplace_back(trim(text.substr(from)));
  return parts;
}

std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
    return std::string(text.substr(1, text.size() - 2));
  return std::string(text);
}

Result<std::vector<Scenario>> parse_scenarios(std::string_view text, std::string_view file) {
  std::vector<Scenario> scenarios;
  std::string name;
  bool begins = true;
  int number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    std::string_view line = trim(raw);
    if (line.empty() || line == "---") {
      begins = begins || line == "---";
      continue;
    }
    if (line.starts_with('#')) {
      constexpr std::string_view kName = "# name:";
      if (line.starts_with(kName)) name = trim(line.substr(kName.size()));
      continue;
    }
    if (!is_balanced(line)) return bad_form(file, number);
    constexpr std::string_view kLocality = "locality ";
    if (line.starts_with(kLocality)) {
      scenarios.push_back({std::string(file), name, std::string(trim(line.substr(kLocality.size()))),
                           number, {}});
      name.clear();
      begins = false;
      continue;
    }
    if (begins || scenarios.empty()) return bad_form(file, number);
    scenarios.back().lines.push_back(read_line(line, number));
  }
  return scenarios;
}

}  // namespace gewu::usecase
