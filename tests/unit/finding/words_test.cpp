#include "finding/words.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"

namespace gewu::finding {
namespace {

/// Whether an index of whole tokens would suggest the text: each phrase in a row, its last token
/// perhaps going on.
bool suggests(const std::string& indexed, const std::string& phrase) {
  return (" " + indexed).find(" " + phrase) != std::string::npos;
}

bool finds(const std::string& text, const std::string& typed) {
  const Question question = read_question(typed);
  const std::string indexed = index_tokens(text);
  for (const std::string& phrase : question.phrases)
    if (!suggests(indexed, phrase)) return false;
  return !question.phrases.empty() && contains(text, question);
}

TEST(Words, pairs_and_the_last_character) {
  EXPECT_EQ(index_tokens("污水管"), "污水 水管 管");
  EXPECT_EQ(index_tokens("5号楼"), "5 号楼 楼");
  EXPECT_EQ(index_tokens("가로등 고장"), "가로 로등 등 고장 장");
  EXPECT_EQ(index_tokens("Road-2026/A，水。"), "road 2026 a 水");
  EXPECT_EQ(index_tokens(" …，!"), "");
}

TEST(Words, two_characters_and_one_are_found_in_chinese_and_korean) {
  EXPECT_TRUE(finds("楼下污水管破裂", "污水"));
  EXPECT_TRUE(finds("楼下污水管破裂", "水管"));
  EXPECT_TRUE(finds("楼下污水管破裂", "水"));
  EXPECT_TRUE(finds("楼下污水管破裂", "裂"));
  EXPECT_FALSE(finds("楼下污水管破裂", "污管"));
  EXPECT_TRUE(finds("가로등이 고장났습니다", "고장"));
  EXPECT_TRUE(finds("가로등이 고장났습니다", "가로등"));
  EXPECT_FALSE(finds("가로등이 고장났습니다", "장고"));
}

TEST(Words, mixed_runs_full_width_and_several_words) {
  EXPECT_TRUE(finds("坏了5号楼的灯", "坏了5号"));
  EXPECT_TRUE(finds("坏了５号楼的灯", "5号楼"));
  EXPECT_TRUE(finds("坏了5号楼的灯", "５号　灯"));
  EXPECT_TRUE(finds("APPEAL 2026-000123", "2026-000123"));
  EXPECT_TRUE(finds("Lamp out", "lam"));
  EXPECT_FALSE(finds("坏了5号楼的灯", "5号 水"));
}

TEST(Words, nothing_is_asked_by_signs_alone_and_at_most_sixteen_words) {
  EXPECT_TRUE(read_question("  ，。!? ").phrases.empty());
  std::string many;
  for (int i = 0; i < 40; ++i) many += "词 ";
  EXPECT_EQ(read_question(many).phrases.size(), 16u);
  EXPECT_TRUE(read_question("\" * ( NEAR").phrases == std::vector<std::string>{"near"});
}

TEST(Words, likeness_is_of_shared_pairs) {
  EXPECT_EQ(likeness("路灯不亮", "路灯不亮"), 100);
  EXPECT_EQ(likeness("路灯不亮", "井盖丢失"), 0);
  EXPECT_EQ(likeness("", "路灯"), 0);
  EXPECT_GT(likeness("门口路灯不亮三天了", "小区门口路灯不亮"), 50);
  EXPECT_EQ(likeness("一二三", "三二一"), 0);
}

/// Random text of a few characters, so that words do occur.
rc::Gen<std::string> texts(int length_max) {
  return rc::gen::map(
      rc::gen::resize(length_max, rc::gen::container<std::vector<std::string>>(
                                      rc::gen::element<std::string>("水", "灯", "가", "등", "a",
                                                                    "7", " ", "，", "路"))),
      [](const std::vector<std::string>& letters) {
        std::string text;
        for (const auto& letter : letters) text += letter;
        return text;
      });
}

// The index may suggest too much, never too little: what a scan finds at the beginning of an ASCII
// token or anywhere in a wide run, the index finds.
RC_GTEST_PROP(Words, the_index_finds_what_a_scan_finds, ()) {
  const std::string text = *texts(30);
  const std::string typed = *texts(4);
  const Question question = read_question(typed);
  RC_PRE(!question.phrases.empty() && contains(text, question));
  const std::string indexed = index_tokens(text);
  for (std::size_t i = 0; i < question.phrases.size(); ++i) {
    const bool is_wide = static_cast<unsigned char>(question.words[i][0]) >= 0x80;
    const bool has_gap = question.words[i].find("，") != std::string::npos;
    const bool ends_wide = static_cast<unsigned char>(question.words[i].back()) >= 0x80;
    if (is_wide && !has_gap && ends_wide) RC_ASSERT(suggests(indexed, question.phrases[i]));
  }
}

}  // namespace
}  // namespace gewu::finding
