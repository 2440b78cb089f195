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
    {"gateway", {"base", "security", "codec/json.h", "codec/json_writer.h"}},
    {"usecase",
     {"base", "security", "finding", "kernel", "codec", "store/store.h", "store/vault.h",
      "store/root_book.h", "store/log_book.h",
      "store/blobs.h", "gateway/gateway.h", "gateway/pictures.h"}},
    {"simulation", {"base", "kernel", "usecase"}},
    {"http", {"base", "security", "kernel", "codec", "usecase"}},
    {"jobs", {"base", "kernel", "usecase"}},
    {"cli",
     {"base", "security", "finding", "kernel", "codec", "store", "gateway", "usecase",
      "simulation", "http", "jobs", "bench"}},
    {"bench",
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

/// Reads the files under `root`/`folder`, whose rooms are named from `root`.
int check_includes(const fs::path& root, const char* folder) {
  const std::regex include(R"(^\s*#include\s+\"([^\"]+)\")");
  int seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
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
          << relative.string() << ":" << number << " includes " << match[1];
    }
  }
  return seen;
}

TEST(Arrows, every_include_follows_the_map) {
  const fs::path root = fs::path(GEWU_SOURCE_DIR);
  EXPECT_GT(check_includes(root / "src", ""), 0);
  EXPECT_GT(check_includes(root, "bench"), 0);
}

std::string read_all(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The folder names of all localities, and the Chinese names that their files give them.
std::set<std::string> names_of_places(const fs::path& root) {
  std::set<std::string> names;
  const std::regex label(R"(\blabel:\s*(?:\{\s*zh:\s*)?[\"']?([^,\"'\s{}]+))");
  for (const char* folder : {"localities", "tests/localities"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::directory_iterator(root / folder)) {
      const fs::path file = entry.path() / "locality.yaml";
      if (!fs::exists(file)) continue;
      names.insert(entry.path().filename().string());
      std::smatch match;
      const std::string text = read_all(file);
      if (std::regex_search(text, match, label)) names.insert(match[1]);
    }
  }
  return names;
}

TEST(Places, no_name_of_a_place_in_code) {
  const fs::path root = fs::path(GEWU_SOURCE_DIR);
  const auto names = names_of_places(root);
  ASSERT_FALSE(names.empty());
  for (const char* folder : {"src", "web/src"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string text = read_all(entry.path());
      for (const std::string& name : names)
        EXPECT_EQ(text.find(name), std::string::npos) << entry.path() << " names " << name;
    }
  }
}

}  // namespace
