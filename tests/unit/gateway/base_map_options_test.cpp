#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gateway/base_map_sources.h"

namespace gewu::test {
namespace {

using gateway::TileNumber;

std::string refused(const std::string& text) {
  const auto read = gateway::read_base_map_options(text);
  if (read) return "";
  EXPECT_EQ(read.error().key, "base_map.options");
  return read.error().details.front().value;
}
std::string replaced(std::string text, std::string_view part, std::string_view by) {
  const auto at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), by);
}

const std::string kTianditu = R"({"kind":"tianditu","key":"0a1b2c","attribution":{"zh":"天地图"}})";
const std::string kXyz = R"({"kind":"xyz","url":"http://tiles.example:8080/{z}/{x}/{y}.png",
  "attribution":{"zh":"某图","en":"Some map"},"zoom_max":17,"tiles_a_day":50})";

TEST(BaseMapOptions, tianditu_asks_its_servers_by_turns_in_their_matrix) {
  const auto read = gateway::read_base_map_options(kTianditu);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->layers.size(), 2U);
  EXPECT_EQ(read->zoom_min, 1);
  EXPECT_EQ(read->zoom_max, 18);
  EXPECT_EQ(gateway::tile_url(*read, 0, TileNumber{14, 14079, 6047}),
            "https://t6.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
            "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
            "&TILEMATRIX=14&TILEROW=6047&TILECOL=14079&tk=0a1b2c");
  EXPECT_TRUE(gateway::tile_url(*read, 1, TileNumber{14, 14080, 6047})
                  .starts_with("https://t7.tianditu.gov.cn/cva_w/"));
}

TEST(BaseMapOptions, an_address_is_filled_in_from_either_side) {
  auto read = gateway::read_base_map_options(kXyz);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->zoom_max, 17);
  EXPECT_EQ(read->tiles_a_day, 50U);
  EXPECT_EQ(gateway::tile_url(*read, 0, TileNumber{3, 5, 1}), "http://tiles.example:8080/3/5/1.png");
  read = gateway::read_base_map_options(replaced(kXyz, "{y}", "{-y}"));
  ASSERT_TRUE(read);
  EXPECT_EQ(gateway::tile_url(*read, 0, TileNumber{3, 5, 1}), "http://tiles.example:8080/3/5/6.png");
}

TEST(BaseMapOptions, name_what_is_missing_or_unsafe) {
  EXPECT_EQ(refused("["), "json");
  EXPECT_EQ(refused(replaced(kTianditu, "tianditu", "other")), "kind");
  EXPECT_EQ(refused(replaced(kTianditu, "0a1b2c", "")), "key");
  EXPECT_EQ(refused(replaced(kTianditu, "0a1b2c", "a&b=c")), "key");
  EXPECT_EQ(refused(replaced(kTianditu, "\"key\"", "\"layers\":[\"vec\",\"../x\"],\"key\"")), "layers");
  EXPECT_EQ(refused(replaced(kTianditu, "\"key\"", "\"layers\":[],\"key\"")), "layers");
  EXPECT_EQ(refused(replaced(kTianditu, "\"zh\"", "\"ko\"")), "attribution");
  // A key is never sent where it can be read on the way.
  const std::string mine = "\"url\":\"http://127.0.0.1:9/{s}/{layer}/{z}/{x}/{y}?tk={key}\",\"key\"";
  EXPECT_EQ(refused(replaced(kTianditu, "\"key\"", mine)), "");
  EXPECT_EQ(refused(replaced(kTianditu, "\"key\"", replaced(mine, "127.0.0.1", "tiles.example"))), "url");
  EXPECT_EQ(refused(replaced(kTianditu, "\"key\"", replaced(mine, "{key}", "x"))), "url");
  EXPECT_EQ(refused(replaced(kXyz, "{z}", "7")), "url");
  EXPECT_EQ(refused(replaced(kXyz, "{x}/{y}", "{x}")), "url");
  EXPECT_EQ(refused(replaced(kXyz, "http:", "ftp:")), "url");
  EXPECT_EQ(refused(replaced(kXyz, "http://", "http://me@")), "url");
  EXPECT_EQ(refused(replaced(kXyz, "tiles.example", "{s}.example")), "url");
  EXPECT_EQ(refused(replaced(kXyz, "17", "23")), "zoom_max");
  EXPECT_EQ(refused(replaced(kXyz, "50", "0")), "tiles_a_day");
  EXPECT_EQ(refused(R"({"kind":"pmtiles","attribution":{"zh":"某图"}})"), "file");
}

class TileFile : public ::testing::Test {
 protected:
  void write(std::string_view begin, std::size_t bytes) {
    std::string content(begin);
    content.resize(bytes, 'x');
    std::ofstream(path, std::ios::binary) << content;
  }
  void TearDown() override { std::filesystem::remove(path); }
  const std::string path =
      (std::filesystem::temp_directory_path() / ("gewu-tiles-" + std::to_string(getpid()))).string();
};

TEST_F(TileFile, is_read_where_it_is_one) {
  EXPECT_EQ(gateway::tile_file(path).error().key, "file.absent");
  write("PMTiles\x03", 126);
  EXPECT_EQ(gateway::tile_file(path).error().key, "base_map.format");
  write("PMTiles\x02", 500);
  EXPECT_EQ(gateway::tile_file(path).error().key, "base_map.format");
  write("PMTiles\x03", 500);
  const auto file = gateway::tile_file(path);
  ASSERT_TRUE(file);
  const auto opened = (*file)->open();
  ASSERT_TRUE(opened);
  EXPECT_EQ((*opened)->bytes(), 500U);
  EXPECT_EQ((*opened)->read(3, 4).value(), "iles");
  EXPECT_EQ((*opened)->read(498, 4).error().key, "base_map.file");
  const std::string tag = (*opened)->tag();
  write("PMTiles\x03", 600);
  EXPECT_NE((*(*file)->open())->tag(), tag);
  std::filesystem::remove(path);
  EXPECT_EQ((*file)->open().error().key, "base_map.file");
}

}  // namespace
}  // namespace gewu::test
