// Reads the real tables, boundaries and drafts that lie beside the repository.
#include <set>

#include "codec/csv.h"
#include "codec/geojson.h"
#include "codec/yaml.h"
#include "codec_fixture.h"

namespace gewu::codec {
namespace {

namespace fs = std::filesystem;

class Shared : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(shared_folder() / "data")) GTEST_SKIP() << "no shared folder";
  }
};

TEST_F(Shared, divisions_are_a_tree) {
  std::set<std::string> codes;
  int orphan_count = 0;
  const auto table = read_csv(
      read_bytes(shared_folder() / "data/divisions/jilin_220000.csv"),
      {.required = {"code", "name", "level", "parent_code"}}, [&](const CsvRow& row) -> Status {
        if (row.fault) return std::unexpected(*row.fault);
        codes.emplace(*row.cell("code"));
        const std::string parent(*row.cell("parent_code"));
        if (!parent.empty() && !codes.contains(parent)) ++orphan_count;
        return {};
      });
  ASSERT_EQ(key_of(table), "");
  EXPECT_EQ(table->row_count, 13'014);
  EXPECT_EQ(codes.size(), 13'014u);
  EXPECT_EQ(orphan_count, 0);
}

TEST_F(Shared, replies_have_their_rows_and_columns) {
  std::size_t longest = 0;
  const auto table = read_csv(read_bytes(shared_folder() / "data/appeals_zh/replies.csv"),
                              {.required = {"id", "time", "text", "reply"}},
                              [&](const CsvRow& row) -> Status {
                                if (row.fault) return std::unexpected(*row.fault);
                                longest = std::max(longest, row.cell("reply")->size());
                                return {};
                              });
  ASSERT_EQ(key_of(table), "");
  EXPECT_EQ(table->row_count, 1'412);
  EXPECT_GT(longest, 1'000u);
}

TEST_F(Shared, every_table_is_read_without_a_fault) {
  int table_count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(shared_folder() / "data")) {
    if (entry.path().extension() != ".csv") continue;
    const auto table =
        read_csv(read_bytes(entry.path()), {}, [](const CsvRow& row) -> Status {
          return row.fault ? Status(std::unexpected(*row.fault)) : Status();
        });
    EXPECT_EQ(key_of(table), "") << entry.path();
    ++table_count;
  }
  EXPECT_GT(table_count, 10);
}

TEST_F(Shared, boundaries_are_read_and_written_back) {
  std::size_t feature_count = 0;
  for (const auto& entry : fs::directory_iterator(shared_folder() / "data/boundaries")) {
    if (entry.path().extension() != ".geojson") continue;
    const auto features = read_geojson(read_bytes(entry.path()));
    ASSERT_EQ(key_of(features), "") << entry.path();
    for (const GeoFeature& feature : *features) {
      EXPECT_TRUE(feature.properties.integer_at("adcode")) << entry.path();
      EXPECT_TRUE(feature.properties.string_at("name")) << entry.path();
    }
    EXPECT_TRUE(*read_geojson(write_geojson(*features)) == *features) << entry.path();
    feature_count += features->size();
  }
  EXPECT_EQ(feature_count, 30u);
}

/// The ```yaml blocks of a page, with the line where each begins.
std::vector<std::pair<int, std::string>> yaml_blocks(const fs::path& page) {
  std::vector<std::pair<int, std::string>> blocks;
  std::ifstream file(page);
  std::string line;
  bool is_inside = false;
  for (int number = 1; std::getline(file, line); ++number) {
    if (is_inside && line.starts_with("```")) is_inside = false;
    else if (is_inside) blocks.back().second += line + "\n";
    else if (line.starts_with("```yaml")) {
      is_inside = true;
      blocks.emplace_back(number, "");
    }
  }
  return blocks;
}

TEST_F(Shared, drafts_are_read_and_written_back) {
  const auto blocks = yaml_blocks(shared_folder() / "design/drafts.md");
  EXPECT_GT(blocks.size(), 20u);
  for (const auto& [line, text] : blocks) {
    const auto documents = read_yaml(text, "drafts.md");
    EXPECT_EQ(key_of(documents), "")
        << "block at " << line << ", its line " << detail(documents.error(), "line") << " "
        << detail(documents.error(), "reason") << detail(documents.error(), "text");
    if (!documents) continue;
    const auto again = read_yaml(write_yaml(*documents), "again.yaml");
    ASSERT_EQ(key_of(again), "") << "block at " << line;
    EXPECT_EQ(*again, *documents) << "block at " << line;
    for (const kernel::Node& node : *documents)
      EXPECT_EQ(kernel::node_from_canonical(kernel::canonical_text(node)), node);
  }
}

}  // namespace
}  // namespace gewu::codec
