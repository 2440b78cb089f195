#include "kernel/place/territory_diff.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace gewu::kernel {
namespace {

using Kind = TreeChange::Kind;

/// What the table says of a unit, filled up with what it does not say and the tree knows.
Territory merge_known(Territory listed, const Territory& known, Date day) {
  if (listed.name.ko.empty()) listed.name.ko = known.name.ko;
  if (listed.name.en.empty()) listed.name.en = known.name.en;
  if (!listed.boundary) listed.boundary = known.boundary;
  if (!listed.centre) listed.centre = known.centre;
  if (!listed.boundary || listed.boundary == known.boundary) listed.drawn = known.drawn;
  listed.valid_from = day;
  return listed;
}

std::optional<Kind> changed_as(const Territory& listed, const Territory& known) {
  if (listed.level != known.level) return Kind::level_changed;
  if (listed.name != known.name) return Kind::renamed;
  if (listed.boundary != known.boundary || listed.centre != known.centre) return Kind::redrawn;
  return std::nullopt;
}

/// Codes of which the table says nothing certain: they stay as they are.
std::set<TerritoryCode> refused_codes(const TerritoryImport& table) {
  std::set<TerritoryCode> codes;
  for (const ImportFinding& finding : table.refused)
    if (auto code = parse_territory_code(finding.code)) codes.insert(std::move(*code));
  return codes;
}

class Comparison {
 public:
  Comparison(const TerritoryTree& tree, const TerritoryImport& table, Date day,
             std::string_view scope)
      : tree_(tree), table_(table), day_(day), scope_(scope) {}

  TerritoryDiff compare() {
    for (const Territory& listed : table_.territories) {
      if (!in_scope(listed.code)) continue;
      listed_.insert(listed.code);
      keep_above(listed.code);
      deepest_ = std::max(deepest_, code_depth(listed.code));
      compare_listed(listed);
    }
    for (const TerritoryCode& code : refused_codes(table_)) freeze(code);
    for (const Succession& succession : table_.successions) read_succession(succession);
    collect_ends();
    return std::move(diff_);
  }

 private:
  bool in_scope(std::string_view code) const { return scope_.empty() || covers(scope_, code); }

  void compare_listed(const Territory& listed) {
    const Territory* known = tree_.find(listed.code, day_);
    if (known == nullptr) {
      Territory added = listed;
      added.valid_from = day_;
      diff_.changes.push_back({Kind::added, std::move(added)});
      return;
    }
    Territory merged = merge_known(listed, *known, day_);
    if (const auto kind = changed_as(merged, *known))
      diff_.changes.push_back({*kind, std::move(merged)});
  }

  /// A unit that stays keeps those above it.
  void keep_above(const TerritoryCode& code) {
    for (TerritoryCode& above : codes_above(code)) kept_.insert(std::move(above));
  }

  /// The unit and all below it stay as they are.
  void freeze(const TerritoryCode& code) {
    frozen_.insert(code);
    keep_above(code);
  }

  void read_succession(const Succession& succession) {
    for (const TerritoryCode& successor : succession.successors) {
      if (listed_.contains(successor) || tree_.find(successor, day_) != nullptr) continue;
      diff_.refused.push_back({succession.line,
                               succession.code,
                               "territory.import.successor",
                               {{"successor", successor}}});
      freeze(succession.code);
      return;
    }
    successors_[succession.code] = succession.successors;
  }

  bool is_frozen(const TerritoryCode& code) const {
    std::optional<TerritoryCode> at = code;
    while (at && !frozen_.contains(*at)) at = parent_code(*at);
    return at.has_value();
  }

  /// The unit itself where the table should list it and does not; below the table's deepest level
  /// the nearest above of which that is so.
  std::optional<TerritoryCode> missing_at_or_above(const TerritoryCode& code) const {
    std::optional<TerritoryCode> at = code;
    while (at && code_depth(*at) > deepest_) at = parent_code(*at);
    if (!at || !in_scope(*at) || listed_.contains(*at) || kept_.contains(*at)) return std::nullopt;
    return at;
  }

  void collect_ends() {
    std::vector<TreeChange> ends;
    for (const Territory* node : tree_.subtree(scope_, day_)) {
      const auto missing = missing_at_or_above(node->code);
      if (!missing || is_frozen(node->code)) continue;
      Territory ended = *node;
      ended.valid_until = day_;
      const auto found = successors_.find(successors_.contains(node->code) ? node->code : *missing);
      if (found != successors_.end()) ended.successors = found->second;
      const Kind kind = ended.successors.empty()       ? Kind::ended
                        : ended.successors.size() == 1 ? Kind::merged
                                                       : Kind::split;
      ends.push_back({kind, std::move(ended)});
    }
    // Backwards in code order: children end before what bears them.
    diff_.changes.insert(diff_.changes.end(), std::make_move_iterator(ends.rbegin()),
                         std::make_move_iterator(ends.rend()));
  }

  const TerritoryTree& tree_;
  const TerritoryImport& table_;
  const Date day_;
  const std::string_view scope_;
  int deepest_ = 0;
  std::set<TerritoryCode> listed_;
  std::set<TerritoryCode> kept_;    ///< above one that stays
  std::set<TerritoryCode> frozen_;  ///< nothing certain is said of these
  std::map<TerritoryCode, std::vector<TerritoryCode>> successors_;
  TerritoryDiff diff_;
};

bool is_end(Kind kind) {
  switch (kind) {
    case Kind::merged:
    case Kind::split:
    case Kind::ended:
      return true;
    case Kind::added:
    case Kind::renamed:
    case Kind::level_changed:
    case Kind::redrawn:
      return false;
  }
  std::unreachable();
}

}  // namespace

std::string_view change_name(Kind kind) {
  switch (kind) {
    case Kind::added:
      return "added";
    case Kind::renamed:
      return "renamed";
    case Kind::level_changed:
      return "level_changed";
    case Kind::redrawn:
      return "redrawn";
    case Kind::merged:
      return "merged";
    case Kind::split:
      return "split";
    case Kind::ended:
      return "ended";
  }
  std::unreachable();
}

TerritoryDiff diff_territories(const TerritoryTree& tree, const TerritoryImport& table, Date day,
                               std::string_view scope) {
  return Comparison(tree, table, day, scope).compare();
}

Result<TerritoryTree> apply_changes(TerritoryTree tree, std::span<const TreeChange> changes) {
  for (const TreeChange& change : changes) {
    const Territory& territory = change.territory;
    auto next = is_end(change.kind)
                    ? tree.ended(territory.code, territory.valid_until.value_or(Date{}),
                                 territory.successors)
                    : tree.with(territory);
    if (!next) return next;
    tree = std::move(*next);
  }
  return tree;
}

}  // namespace gewu::kernel
