#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/persistent_map.h"
#include "base/result.h"
#include "kernel/place/territory.h"

namespace gewu::kernel {

/// The tree of territories with its past (辖区树). Immutable: a change gives a new tree with a
/// higher version, costs what changed, and leaves the old one whole for those who still read it.
/// Nothing is ever deleted: a node ends on a day and names its successors, so that a matter keeps
/// the grid of its day. Pointers stay good as long as this tree or one made from it that still
/// holds the value; hold the tree, not the pointer.
class TerritoryTree {
 public:
  /// All at once; the order of the list does not matter.
  static Result<TerritoryTree> build(std::vector<Territory> territories);

  std::uint64_t version() const { return version_; }
  /// Codes ever used, ended ones too.
  std::size_t size() const { return nodes_.size(); }

  /// The latest version of a code, ended or not; nullptr when the code was never used.
  const Territory* find(std::string_view code) const;
  /// The version that stands on that day, or nullptr.
  const Territory* find(std::string_view code, Date day) const;
  /// Every version of a code, oldest first.
  std::span<const Territory> history(std::string_view code) const;

  /// Direct children by their latest version, or those that stand on a day; in code order. The
  /// empty code gives the roots.
  std::vector<const Territory*> children(std::string_view code) const;
  std::vector<const Territory*> children(std::string_view code, Date day) const;
  /// The node and all below it that stand on that day, in code order.
  std::vector<const Territory*> subtree(std::string_view code, Date day) const;
  /// All latest versions, in code order.
  std::vector<const Territory*> all() const;

  /// The node itself or the one above it on that level; nullptr when its line skips the level or
  /// has the other kind of fourth level there.
  const Territory* up(std::string_view code, Level level) const;
  /// All nodes above, nearest first.
  std::vector<const Territory*> ancestors(std::string_view code) const;
  /// The lowest node that covers all of them; nullptr for none or across provinces.
  const Territory* common(std::span<const TerritoryCode> codes) const;
  /// Whether a code that was used stands no more on that day: what begins later has not ended.
  bool has_ended(std::string_view code, Date day) const;
  /// Where the ground of a code lies on a day: the node itself while it stands, else what its
  /// chain of successors leads to. Empty when it ended without any, or begins later.
  std::vector<const Territory*> standing(std::string_view code, Date day) const;

  /// A new code, or a new version of a known one from its first day on (a rename, a new boundary);
  /// the same first day corrects that version. Refusals: `territory.code`, `territory.level`
  /// (does not fit the length), `territory.name`, `territory.parent` (does not stand all the
  /// time), `territory.dates` (overlaps or precedes what is known); with an end also those of
  /// `ended`.
  Result<TerritoryTree> with(Territory territory) const;
  /// Ends a code on a day. Refusals: `territory.not_found`, `territory.dates`,
  /// `territory.children` (some stand longer), `territory.successor` (unknown, or itself).
  Result<TerritoryTree> ended(std::string_view code, Date until,
                              std::vector<TerritoryCode> successors) const;

 private:
  struct Node {
    TerritoryCode code;
    std::vector<Territory> versions;  ///< at least one, oldest first
  };
  struct CodeOf {
    std::string_view operator()(const Node& node) const { return node.code; }
  };

  template <typename Pick>
  std::vector<const Territory*> children_if(std::string_view code, Pick pick) const;
  Status check_parent(const Territory& territory) const;
  Status check_end(std::string_view code, Date until,
                   std::span<const TerritoryCode> successors) const;

  PersistentMap<Node, CodeOf> nodes_;
  std::uint64_t version_ = 0;
};

}  // namespace gewu::kernel
