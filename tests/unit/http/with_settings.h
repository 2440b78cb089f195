#pragma once

#include <string>

#include "unit/http/http_office.h"

namespace gewu::test {

/// Publishes these definitions in the place of the office's own.
inline void publish_system(HttpOffice& office, const std::string& system) {
  auto files = files_of(system, "systems/common");
  for (kernel::DefinitionFile& file : files_of(kPlaces)) files.push_back(std::move(file));
  std::erase_if(files, [](const auto& file) { return file.path.find("county") != file.path.npos; });
  const auto published = usecase::publish_definitions(*office.office, files, "test");
  std::string others;
  if (!published)
    for (const Error& other : published.error().others) {
      others += "\n" + other.key;
      for (const ErrorDetail& detail : other.details)
        others += " " + detail.name + "=" + detail.value;
    }
  ASSERT_TRUE(published) << published.error().key << others;
}

/// Publishes the office's definitions again with more settings, each "name: {kind: …}", parted by
/// line feeds.
inline void publish_with(HttpOffice& office, const std::string& settings) {
  std::string system(kSystem);
  std::string lines = "settings:\n  " + settings + "\n";
  for (std::size_t at = lines.find("\n", 10); at + 1 < lines.size(); at = lines.find("\n", at + 1))
    if (lines[at + 1] != ' ') lines.insert(at + 1, "  ");
  const auto place = system.find("settings:\n");
  ASSERT_NE(place, std::string::npos);
  system.replace(place, std::string("settings:\n").size(), lines);
  publish_system(office, system);
}

}  // namespace gewu::test
