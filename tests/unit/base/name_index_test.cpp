#include "base/name_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace gewu {
namespace {

TEST(NameIndex, finds_what_is_there_and_nothing_else) {
  EXPECT_EQ(NameIndex().find("text"), std::nullopt);
  EXPECT_EQ(NameIndex(std::vector<std::string>{}).find(""), std::nullopt);
  const NameIndex index({"", "a", "text", "text_of_it", "owner", "text"});
  EXPECT_EQ(index.find(""), 0U);
  EXPECT_EQ(index.find("a"), 1U);
  EXPECT_EQ(index.find("text"), 2U) << "the first of two";
  EXPECT_EQ(index.find("text_of_it"), 3U);
  EXPECT_EQ(index.find("tex"), std::nullopt);
  EXPECT_EQ(index.find("text_of_i"), std::nullopt);
}

/// Names that share both ends are the worst for a hash that looks at no more.
TEST(NameIndex, answers_like_a_map_for_names_of_every_length) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> names;
    std::map<std::string, std::size_t> known;
    const std::size_t count = random() % 90;
    for (std::size_t i = 0; i < count; ++i) {
      std::string name(random() % 24, 'a');
      if (!name.empty()) name[name.size() / 3] = static_cast<char>('a' + random() % 26);
      if (!name.empty()) name[random() % name.size()] = static_cast<char>('a' + random() % 3);
      known.emplace(name, names.size());
      names.push_back(std::move(name));
    }
    const NameIndex index(names);
    for (const auto& [name, at] : known) {
      EXPECT_EQ(index.find(name), at) << name;
      const std::string other = name + "b";
      EXPECT_EQ(index.find(other).has_value(), known.contains(other)) << other;
    }
  }
}

}  // namespace
}  // namespace gewu
