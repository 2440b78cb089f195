// A short fuzz of every parser from one seed: no input may crash, and what is read must survive
// being written. The long fuzz is tests/fuzz.
#include "base/random.h"
#include "base/text.h"
#include "codec/csv.h"
#include "codec/geojson.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "codec/yaml.h"
#include "codec_fixture.h"

namespace gewu::codec {
namespace {

constexpr int kRounds = 3'000;

/// One to four edits: a byte changed, cut or put in, a part repeated, two parts swapped.
std::string mutate(std::string text, std::string_view alphabet, Random& random) {
  for (std::uint64_t edits = 1 + random.below(4); edits > 0 && !text.empty(); --edits) {
    const std::size_t at = random.below(text.size());
    const std::size_t length = 1 + random.below(std::min<std::size_t>(12, text.size() - at));
    const char c = random.below(8) == 0 ? static_cast<char>(random.below(256))
                                        : alphabet[random.below(alphabet.size())];
    switch (random.below(5)) {
      case 0: text[at] = c; break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(at, 1, c); break;
      case 3: text.insert(random.below(text.size()), text.substr(at, length)); break;
      default: text.resize(at); break;
    }
  }
  return text;
}

/// Runs `check` on mutations of the samples; says how many were read.
template <typename Check>
int fuzz(const std::vector<std::string>& samples, std::string_view alphabet, Check check) {
  SeededRandom random(20'260'922);
  int read_count = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::string text = mutate(samples[random.below(samples.size())], alphabet, random);
    SCOPED_TRACE(text);
    if (check(text)) ++read_count;
    if (::testing::Test::HasFailure()) break;
  }
  return read_count;
}

TEST(Mutation, json) {
  const int read_count = fuzz(
      {R"({"a":[1,-2.5e3,true,null,"x\n\u4e2d\ud83d\ude00"],"b":{"c":{},"d":[]},"路":"灯"})",
       R"([[[[[[{"k":0},{"k":-0}]]]]],"",12345678901234567890])"},
      "{}[]\",:\\/bfnrtu0123456789.eE+- truefalsnl", [](const std::string& text) {
        const auto json = parse_json(text);
        if (!json) {
          EXPECT_TRUE(key_of(json).starts_with("json."));
          return false;
        }
        EXPECT_EQ(*parse_json(write_json(*json)), *json);
        return true;
      });
  EXPECT_GT(read_count, 100);
  EXPECT_LT(read_count, kRounds);
}

TEST(Mutation, yaml) {
  const int read_count = fuzz(
      {"type: t\nlabel: {zh: 名, ko: '이름'}\nfields:\n  a: {kind: number, value: \"f(a, b)\"}\n"
       "  b:\n    - x\n    - \"y\\n\\u4e2d\"\n    - {k: [1, 2], l: null}\n",
       "a: |\n  l1\n  l2\nb: >-\n  f\n  g\n---\n- - 1\n  - 2\n- k: v  # remark\n  m:\n",
       "? a\n: b\n\"q\": 'it''s'\nx: !t &a [*a, ~]\n"},
      "{}[]\"',:\\#&*!|>%@`?-= \n\nab01~", [](const std::string& text) {
        const auto documents = read_yaml(text, "t.yaml");
        if (!documents) {
          EXPECT_TRUE(key_of(documents).starts_with("definition.yaml."));
          return false;
        }
        for (const kernel::Node& node : *documents) {
          EXPECT_EQ(kernel::node_from_canonical(kernel::canonical_text(node)), node);
          const auto again = read_yaml(write_yaml(node), "t.yaml");
          EXPECT_EQ(key_of(again), "") << write_yaml(node);
          if (!again) continue;
          EXPECT_EQ(again->size(), 1u);
          EXPECT_EQ(kernel::canonical_text(again->at(0)), kernel::canonical_text(node))
              << write_yaml(node);
        }
        return true;
      });
  EXPECT_GT(read_count, 100);
  EXPECT_LT(read_count, kRounds);
}

TEST(Mutation, canonical) {
  const int read_count = fuzz(
      {R"({"a":q"x\"\\\u000a","b":[null,"路",{},[]],"c":{"d":"e"}})"}, "{}[]\",:\\q0au nl",
      [](const std::string& text) {
        const auto node = kernel::node_from_canonical(text);
        if (!node) return false;
        EXPECT_EQ(kernel::canonical_text(*node), text);
        return true;
      });
  EXPECT_GT(read_count, 50);
  EXPECT_LT(read_count, kRounds);
}

TEST(Mutation, csv) {
  const int read_count = fuzz(
      {"id,text,name\r\n1,\"a \"\"b\"\",\nc\",路灯\r\n2,,x\n",
       "\xB1\xE0\xBA\xC5,\xC3\xFB\xB3\xC6\r\n1,\xC2\xB7\xB5\xC6\r\n2,\"\x95\x32\x82\x36,\"\r\n"},
      "\",\n\r ab\xB1\xE0", [](const std::string& text) {
        std::string out;
        std::vector<std::vector<std::string>> rows;
        CsvWriter writer(out, CsvTarget::exchange);
        const auto keep = [&](const CsvRow& row) -> Status {
          rows.emplace_back(row.cells.begin(), row.cells.end());
          for (const std::string& cell : rows.back()) EXPECT_TRUE(is_utf8(cell));
          return {};
        };
        const auto table = read_csv(text, {}, keep);
        if (!table) {
          EXPECT_TRUE(key_of(table).starts_with("csv."));
          return false;
        }
        writer.row({"h"});
        for (const auto& row : rows) {
          const std::vector<std::string_view> cells(row.begin(), row.end());
          writer.row(cells);
        }
        const auto written = std::exchange(rows, {});
        EXPECT_TRUE(read_csv(out, {}, keep));
        EXPECT_EQ(rows, written);
        return true;
      });
  EXPECT_GT(read_count, 100);
  EXPECT_LT(read_count, kRounds);
}

TEST(Mutation, geojson) {
  const int read_count = fuzz(
      {R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":"北"},)"
       R"("geometry":{"type":"Polygon","coordinates":[[[0.5,1],[2,1e0],[2,-3.25],[0.5,1]]]}},)"
       R"({"type":"Feature","properties":null,"geometry":{"type":"MultiPolygon","coordinates":)"
       R"([[[[129.51579,42.9],[1,2],[3,4],[129.51579,42.9]]]]}}]})"},
      "0123456789.,e-", [](const std::string& text) {
        const auto features = read_geojson(text);
        if (!features) return false;
        const auto again = read_geojson(write_geojson(*features));
        EXPECT_EQ(key_of(again), "");
        EXPECT_TRUE(again && *again == *features);
        return true;
      });
  EXPECT_GT(read_count, 10);
  EXPECT_LT(read_count, kRounds);
}

}  // namespace
}  // namespace gewu::codec
