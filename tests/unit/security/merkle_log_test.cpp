// Trees over a log that is asked for by subtree, against those over all leaves at hand.
#include "security/merkle_log.h"

#include <gtest/gtest.h>

#include <string>

namespace gewu::security {
namespace {

std::vector<Sha256> leaves_of(std::size_t count) {
  std::vector<Sha256> leaves;
  for (std::size_t i = 0; i < count; ++i)
    leaves.push_back(merkle_leaf(view_of("line " + std::to_string(i))));
  return leaves;
}

class Held : public MerkleNodes {
 public:
  explicit Held(std::vector<Sha256> leaves) : leaves_(std::move(leaves)) {}
  Result<Sha256> node(int level, std::int64_t position) override {
    const auto width = std::size_t{1} << level;
    const auto from = static_cast<std::size_t>(position) << level;
    if (from + width > leaves_.size()) return refuse(ErrorCode::not_found, "not_found");
    return merkle_root(std::span(leaves_).subspan(from, width));
  }

 private:
  std::vector<Sha256> leaves_;
};

TEST(MerkleLog, roots_and_paths_are_those_of_all_leaves_at_every_size) {
  const auto leaves = leaves_of(70);
  Held nodes(leaves);
  MerkleEdge edge;
  EXPECT_EQ(edge.root(), merkle_root({}));
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    edge.append(leaves[size - 1]);
    const auto part = std::span(leaves).first(size);
    const auto n = static_cast<std::int64_t>(size);
    ASSERT_EQ(edge.root(), merkle_root(part)) << size;
    ASSERT_EQ(*log_root(nodes, n), merkle_root(part)) << size;
    for (std::size_t i = 0; i < size; ++i) {
      ASSERT_EQ(*log_inclusion(nodes, static_cast<std::int64_t>(i), n), inclusion_path(part, i));
      ASSERT_EQ(*log_consistency(nodes, static_cast<std::int64_t>(i) + 1, n),
                consistency_path(part, i + 1));
    }
  }
  EXPECT_EQ(edge.size(), 70);
}

TEST(MerkleLog, what_cannot_be_read_is_told) {
  Held nodes(leaves_of(5));
  EXPECT_FALSE(log_root(nodes, 6));
  EXPECT_FALSE(log_inclusion(nodes, 1, 8));
  EXPECT_FALSE(log_consistency(nodes, 3, 9));
}

}  // namespace
}  // namespace gewu::security
