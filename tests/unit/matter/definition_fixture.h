#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "codec/yaml.h"
#include "kernel/matter/office_compile.h"
#include "security/bytes.h"
#include "security/hash.h"

// Definitions as short texts, compiled as `gewu check` does it.

namespace gewu::test {

/// Documents of one text become files; each begins with system, type, locality or calendars.
/// Those of a locality stand in localities/NAME/, all others in systems/s/.
inline std::vector<kernel::DefinitionFile> files_of(std::string_view text,
                                                    const std::string& folder = "systems/s") {
  std::vector<kernel::DefinitionFile> files;
  const auto nodes = codec::read_yaml(text, "t.yaml");
  if (!nodes) {
    ADD_FAILURE() << "no YAML: " << nodes.error().key;
    for (const auto& detail : nodes.error().details)
      ADD_FAILURE() << detail.name << " " << detail.value;
    return files;
  }
  for (const kernel::Node& node : *nodes) {
    const std::string& first = node.entries.front().key;
    const std::string& name = node.entries.front().value.text;
    const bool is_place = first == "locality";
    const std::string path = is_place ? "localities/" + name + "/locality" : folder + "/" + name;
    files.push_back({path + ".yaml", node});
  }
  return files;
}

/// The hash that the executable gives kernel.
inline kernel::CompileOptions plain_options() {
  kernel::CompileOptions options;
  options.sha256 = [](std::string_view bytes) {
    return security::hex_encode(security::sha256(bytes));
  };
  return options;
}

inline std::string lines_of(const kernel::Messages& messages) {
  std::string text;
  for (const kernel::Message& message : messages.sorted()) text += to_line(message) + "\n";
  return text;
}

inline std::string errors_of(const kernel::Messages& messages) {
  std::string text;
  for (const kernel::Message& message : messages.sorted())
    if (message.severity == kernel::Severity::error) text += to_line(message) + "\n";
  return text;
}

/// All YAML files below a folder of the project, with paths from its root.
inline std::vector<kernel::DefinitionFile> read_folder(const std::filesystem::path& root,
                                                       const std::string& folder) {
  std::vector<kernel::DefinitionFile> files;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder))
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  std::ranges::sort(paths);
  for (const auto& path : paths) {
    std::ifstream stream(path);
    std::stringstream bytes;
    bytes << stream.rdbuf();
    const std::string name = std::filesystem::relative(path, root).string();
    const auto nodes = codec::read_yaml(bytes.str(), name);
    if (!nodes) {
      ADD_FAILURE() << name << ": " << nodes.error().key;
      for (const auto& detail : nodes.error().details)
        ADD_FAILURE() << detail.name << "=" << detail.value;
      continue;
    }
    for (const kernel::Node& node : *nodes) files.push_back({name, node});
  }
  return files;
}

/// The type that the language itself opens for duties, and a place with one calendar: what a small
/// definition of a test needs beside what it is about.
inline constexpr std::string_view kDutyRound = R"(type: duty_round
label: 台账
fields: {duty: {kind: text, label: 任务}}
states:
  open: {label: 开, resting: true}
  done: {label: 完, final: true}
actions:
  begin: {label: 起, opens: open, by: [system]}
  finish: {label: 结, from: [open], to: done, by: [system]}
see: {desk: {fields: all}}
)";

/// The type that the language itself opens for draws.
inline constexpr std::string_view kDrawRound = R"(type: draw_round
label: 抽取台账
fields: {draw: {kind: text, label: 抽取}}
states: {done: {label: 已抽, final: true}}
actions:
  draw: {label: 抽, opens: done, by: [system]}
see: {desk: {fields: all}}
)";

inline constexpr std::string_view kSmallPlace = R"(locality: here
label: 此地
territory: "222401"
systems: {s: on}
calendar: work
calendars:
  work: {zone: Asia/Shanghai, frames: {mon: ['08:30-12:00']}, years: [2026]}
)";

}  // namespace gewu::test
