#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/files.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "usecase/publish_definitions.h"

namespace gewu::cli {

namespace {

/// A mechanism (体系) that the documents describe, from a file that begins with `catalogue`.
struct Mechanism {
  std::string id, area, label, missing;
  std::vector<std::string> types;
};

std::string text_at(const kernel::Node& node, std::string_view key) {
  const kernel::Node* value = node.find(key);
  const auto text = value ? value->as_text() : std::nullopt;
  return text ? std::string(*text) : std::string();
}

std::vector<Mechanism> read_catalogue(const std::vector<kernel::DefinitionFile>& files) {
  std::vector<Mechanism> mechanisms;
  for (const kernel::DefinitionFile& file : files) {
    if (text_at(file.root, "catalogue").empty()) continue;
    const kernel::Node* listed = file.root.find("mechanisms");
    if (!listed) continue;
    for (const kernel::NodeEntry& entry : listed->entries) {
      Mechanism mechanism{entry.key, text_at(entry.value, "area"), text_at(entry.value, "label"),
                          text_at(entry.value, "missing"), {}};
      if (const kernel::Node* types = entry.value.find("types"))
        for (const kernel::Node& type : types->items)
          if (const auto name = type.as_text()) mechanism.types.emplace_back(*name);
      mechanisms.push_back(std::move(mechanism));
    }
  }
  return mechanisms;
}

bool is_word_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
}

/// Whether a type's name stands in the text as a word of its own.
bool names(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word_letter(text[at - 1])) &&
        (end == text.size() || !is_word_letter(text[end])))
      return true;
  }
  return false;
}

/// Scenarios that touch one of the types: a scenario begins with its name.
std::size_t count_scenarios(const DefinitionFolder& folder, const Mechanism& mechanism) {
  constexpr std::string_view kHead = "# name:";
  std::size_t count = 0;
  for (const auto& scenario : folder.scenarios) {
    std::string_view rest = scenario.text;
    for (auto at = rest.find(kHead); at != std::string_view::npos;) {
      rest.remove_prefix(at + kHead.size());
      at = rest.find(kHead);
      const std::string_view one = rest.substr(0, at);
      if (std::ranges::any_of(mechanism.types,
                              [&](const std::string& type) { return names(one, type); }))
        ++count;
    }
  }
  return count;
}

/// Places that have all of its types, each with what it extends left out of the tests.
std::vector<std::string> find_places(const kernel::CompileResult& compiled,
                                     const Mechanism& mechanism) {
  std::vector<std::string> places;
  for (const auto& [name, locality] : compiled.localities)
    if (!mechanism.types.empty() &&
        std::ranges::all_of(mechanism.types, [&](const std::string& type) {
          return locality->find_type(type) != nullptr;
        }))
      places.push_back(name);
  return places;
}

std::string_view state_of(const Mechanism& mechanism, std::size_t places, std::size_t scenarios) {
  if (places == 0 || scenarios == 0) return "none";
  return mechanism.missing.empty() ? "works" : "part";
}

}  // namespace

int run_systems(const std::string& definitions) {
  const auto folder = read_definitions(definitions);
  if (!folder) return fail(folder.error());
  kernel::CompileOptions compile;
  compile.sha256 = usecase::hash_definition;
  const auto compiled = kernel::compile_localities(folder->files, compile);
  const auto mechanisms = read_catalogue(folder->files);
  std::size_t unfinished = 0;
  for (const Mechanism& mechanism : mechanisms) {
    const auto places = find_places(compiled, mechanism);
    const std::size_t scenarios = count_scenarios(*folder, mechanism);
    const auto state = state_of(mechanism, places.size(), scenarios);
    if (state != "works") ++unfinished;
    const std::string where =
        places.empty() ? "nowhere" : fmt::format("{}", fmt::join(places, " "));
    fmt::print("{} {} {}: {}; {}; types {}; scenarios {}{}\n", mechanism.area, mechanism.id,
               mechanism.label, state, where,
               fmt::join(mechanism.types, " "), scenarios,
               mechanism.missing.empty() ? "" : "; missing: " + mechanism.missing);
  }
  fmt::print("{} mechanisms, {} not whole\n", mechanisms.size(), unfinished);
  return compiled.messages.has_errors() ? 1 : 0;
}

}  // namespace gewu::cli
