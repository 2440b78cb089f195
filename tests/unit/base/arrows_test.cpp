// Reads every #include "room/…" under src/ and fails on an arrow that the map does not have.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

/// Room (or wing of the kernel, or single header) -> what its files may include.
const std::map<std::string, std::set<std::string>> kArrows = {
    {"base", {}},
    {"security", {"base"}},
    {"finding", {"base"}},
    {"kernel/time", {"base"}},
    {"kernel/place", {"base"}},
    {"kernel/people", {"base", "kernel/time", "kernel/place"}},
    {"kernel/matter", {"base", "kernel/time", "kernel/place", "kernel/people"}},
    {"kernel/figures", {"base", "kernel/time", "kernel/place", "kernel/people", "kernel/matter"}},
    {"codec", {"base", "kernel"}},
    {"store", {"base", "security", "finding", "kernel", "codec"}},
    {"gateway", {"base", "security"}},
    {"usecase",
     {"base", "security", "finding", "kernel", "codec", "store/store.h", "store/vault.h",
      "gateway/gateway.h"}},
    {"simulation", {"base", "kernel", "usecase"}},
    {"http", {"base", "security", "kernel", "codec", "usecase"}},
    {"jobs", {"base", "kernel", "usecase"}},
    {"cli",
     {"base", "security", "finding", "kernel", "codec", "store", "gateway", "usecase",
      "simulation", "http", "jobs"}},
};

std::string room_of(const fs::path& relative) {
  auto part = relative.begin();
  std::string room = part->string();
  if (room == "kernel") room += "/" + (++part)->string();
  return room;
}

bool may_include(const std::string& from, const std::string& included) {
  const std::string to = room_of(included);
  if (from == to) return true;
  const auto arrows = kArrows.find(from);
  if (arrows == kArrows.end()) return false;
  const auto& allowed = arrows->second;
  return allowed.contains(to) || allowed.contains(included) ||
         (to.starts_with("kernel/") && allowed.contains("kernel"));
}

TEST(Arrows, every_include_follows_the_map) {
  const fs::path root = fs::path(GEWU_SOURCE_DIR) / "src";
  const std::regex include(R"(^\s*#include\s+\"([^\"]+)\")");
  int seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension != ".h" && extension != ".cpp") continue;
    const fs::path relative = fs::relative(entry.path(), root);
    std::ifstream file(entry.path());
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      ++seen;
      EXPECT_TRUE(may_include(room_of(relative), match[1]))
          << "src/" << relative.string() << ":" << number << " includes " << match[1];
    }
  }
  EXPECT_GT(seen, 0);
}

}  // namespace
