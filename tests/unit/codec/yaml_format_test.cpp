// `gewu fmt`: the one form of a definition file, its comments kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "codec/yaml.h"

namespace gewu::codec {
namespace {

namespace fs = std::filesystem;
using Kind = YamlRemark::Kind;

std::string format(std::string_view text) {
  auto formatted = format_yaml(text, "a.yaml");
  EXPECT_TRUE(formatted) << formatted.error().key;
  return formatted.value_or("");
}

std::vector<std::string> comments(std::string_view text) {
  std::vector<std::string> found;
  for (const YamlRemark& remark : find_remarks(text))
    if (!remark.text.empty()) found.push_back(remark.text);
  return found;
}

TEST(Remarks, a_number_sign_is_a_comment_only_where_yaml_says_so) {
  const std::string text =
      "# first\n"
      "a: 'x # no' # yes 1\n"
      "b: \"x \\\" # no\"  # yes 2\n"
      "c: don't # yes 3\n"
      "d: x#no\n"
      "e: |  # yes 4\n"
      "  # no\n"
      "\n"
      "  text\n"
      "# yes 5\n"
      "f: [a, # yes 6\n"
      "  'b # no', {c: \"# no\"}] # yes 7\n"
      "g:\n"
      "  - |\n"
      "   # no\n"
      "  - h: |\n"
      "     # no\n"
      "    i: it's#no\n"
      "    j: \"two\n"
      "      lines # no\" # yes 8\n"
      "k: say \"hi # yes 9\n";
  EXPECT_THAT(comments(text),
              ::testing::ElementsAre("# first", "# yes 1", "# yes 2", "# yes 3", "# yes 4",
                                     "# yes 5", "# yes 6", "# yes 7", "# yes 8",
                                     "# yes 9"));
}

TEST(Format, keeps_comments_where_they_stood) {
  EXPECT_EQ(format("# head\n\n\n# of a\na:   1   # behind a\nb:\n    # inside\n    c:  {d: 2}\n# end\n"),
            "# head\n\n# of a\na: 1  # behind a\nb:\n  # inside\n  c: {d: 2}\n# end\n");
}

TEST(Format, a_map_with_a_comment_inside_stays_a_block) {
  EXPECT_EQ(format("a:\n  b: 1\n  c: 2\n"), "a: {b: 1, c: 2}\n");
  EXPECT_EQ(format("a:\n  b: 1  # why\n  c: 2\n"), "a:\n  b: 1  # why\n  c: 2\n");
  EXPECT_EQ(format("a: [x, # of x\n  y] # of all\nz: 1\n"),
            "a:  # of x\n  - x\n  - y  # of all\nz: 1\n");
}

TEST(Format, comments_between_documents_stay_on_their_side) {
  EXPECT_EQ(format("a: 1\n# end of a\n---\n# begin of b\nb: 2\n"),
            "a: 1\n# end of a\n---\n# begin of b\nb: 2\n");
}

TEST(Format, refuses_what_is_no_definition) {
  EXPECT_EQ(format_yaml("a: 1\na: 2\n", "a.yaml").error().key,
            "definition.yaml.duplicate_key");
}

std::vector<fs::path> shipped() {
  std::vector<fs::path> files;
  for (const char* folder : {"systems", "localities", "tests/localities"}) {
    const fs::path root = fs::path(GEWU_SOURCE_DIR) / folder;
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

TEST(Format, every_shipped_file_keeps_content_and_comments_and_is_formatted_once) {
  std::size_t with_comments = 0;
  for (const fs::path& path : shipped()) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    const std::string text = bytes.str();
    const auto once = format_yaml(text, path.string());
    ASSERT_TRUE(once) << path << " " << once.error().key;
    EXPECT_EQ(read_yaml(*once, "").value(), read_yaml(text, "").value()) << path;
    EXPECT_EQ(comments(*once), comments(text)) << path;
    EXPECT_EQ(format_yaml(*once, path.string()).value(), *once) << path;
    with_comments += comments(text).empty() ? 0 : 1;
  }
  EXPECT_GT(with_comments, 10u);
}

}  // namespace
}  // namespace gewu::codec
