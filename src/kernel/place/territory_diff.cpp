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
             std::optional<std::string_view> whole)
      : tree_(tree), table_(table), day_(day), whole_(whole) {}

  TerritoryDiff compare() {
    for (const Territory& listed : table_.territories) {
      listed_.insert(listed.code);
      keep_above(listed.code);
      if (in_whole(listed.code)) deepest_ = std::max(deepest_, code_depth(listed.code));
      compare_listed(listed);
    }
    for (const TerritoryCode& code : refused_codes(table_)) freeze(code);
    for (const Succession& succession : table_.successions) read_succession(succession);
    refuse_kept();
    collect_ends();
    if (!whole_) count_unlisted();
    return std::move(diff_);
  }

 private:
  bool in_whole(std::string_view code) const {
    return whole_ && (whole_->empty() || covers(*whole_, code));
  }

  void refuse_listed(const TerritoryCode& code, const char* key) {
    diff_.refused.push_back({0, code, key, {}});
    freeze(code);
  }

  void compare_listed(const Territory& listed) {
    const Territory* known = tree_.find(listed.code, day_);
    const Territory* latest = tree_.find(listed.code);
    const bool is_past = latest != nullptr && day_ < latest->valid_from;
    if (is_past && !changed_as(merge_known(listed, *latest, day_), *latest)) {
      ++diff_.unchanged;
      return;
    }
    if (known == nullptr) {
      if (is_past) return refuse_listed(listed.code, "territory.dates");
      Territory added = listed;
      added.valid_from = day_;
      diff_.changes.push_back({Kind::added, std::move(added)});
      return;
    }
    Territory merged = merge_known(listed, *known, day_);
    const auto kind = changed_as(merged, *known);
    if (!kind) {
      ++diff_.unchanged;
    } else if (is_past) {
      refuse_listed(listed.code, "territory.dates");
    } else {
      diff_.changes.push_back({*kind, std::move(merged)});
    }
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

  void refuse_succession(const Succession& succession, const char* key,
                         std::vector<ErrorDetail> details = {}) {
    diff_.refused.push_back({succession.line, succession.code, key, std::move(details)});
    freeze(succession.code);
  }

  void read_succession(const Succession& succession) {
    const Territory* latest = tree_.find(succession.code);
    if (latest == nullptr || day_ <= latest->valid_from)
      return refuse_succession(succession, "territory.import.never_stood");
    if (tree_.find(succession.code, day_) == nullptr) {
      if (latest->successors != succession.successors)
        return refuse_succession(succession, "territory.import.ended");
      ++diff_.unchanged;
      return;
    }
    for (const TerritoryCode& successor : succession.successors) {
      if (listed_.contains(successor) || tree_.find(successor, day_) != nullptr) continue;
      return refuse_succession(succession, "territory.import.successor",
                               {{"successor", successor}});
    }
    successors_.emplace(succession.code, &succession);
  }

  /// No unit ends above one that stays. Backwards, so that what stays is met before what bears it.
  void refuse_kept() {
    for (auto at = successors_.end(); at != successors_.begin();) {
      --at;
      if (!kept_.contains(at->first)) continue;
      refuse_succession(*at->second, "territory.import.children");
      at = successors_.erase(at);
    }
  }

  bool is_frozen(const TerritoryCode& code) const {
    std::optional<TerritoryCode> at = code;
    while (at && !frozen_.contains(*at)) at = parent_code(*at);
    return at.has_value();
  }

  /// The unit of which a row tells the end, at or above this one.
  std::optional<TerritoryCode> told_at_or_above(const TerritoryCode& code) const {
    std::optional<TerritoryCode> at = code;
    while (at && !successors_.contains(*at)) at = parent_code(*at);
    return at;
  }

  /// The unit itself where the table should list it and does not; below the table's deepest level
  /// the nearest above of which that is so.
  std::optional<TerritoryCode> missing_at_or_above(const TerritoryCode& code) const {
    std::optional<TerritoryCode> at = code;
    while (at && code_depth(*at) > deepest_) at = parent_code(*at);
    if (!at || !in_whole(*at) || listed_.contains(*at) || kept_.contains(*at)) return std::nullopt;
    return at;
  }

  void add_end(const Territory& node, std::vector<TreeChange>& ends) {
    if (is_frozen(node.code)) return;
    const auto told = told_at_or_above(node.code);
    if (!told && !missing_at_or_above(node.code)) return;
    Territory ended = node;
    ended.valid_until = day_;
    if (told) ended.successors = successors_.at(*told)->successors;
    const Kind kind = ended.successors.empty()       ? Kind::ended
                      : ended.successors.size() == 1 ? Kind::merged
                                                     : Kind::split;
    ended_.insert(node.code);
    ends.push_back({kind, std::move(ended)});
  }

  void collect_ends() {
    std::map<TerritoryCode, const Territory*> nodes;
    const auto gather = [&](std::string_view root) {
      for (const Territory* node : tree_.subtree(root, day_)) nodes.emplace(node->code, node);
    };
    if (whole_) gather(*whole_);
    for (const auto& [code, succession] : successors_) gather(code);
    std::vector<TreeChange> ends;
    for (const auto& [code, node] : nodes) add_end(*node, ends);
    // Backwards in code order: children end before what bears them.
    diff_.changes.insert(diff_.changes.end(), std::make_move_iterator(ends.rbegin()),
                         std::make_move_iterator(ends.rend()));
  }

  void count_unlisted() {
    std::set<TerritoryCode> above;
    for (const TerritoryCode& code : listed_)
      if (auto parent = parent_code(code)) above.insert(std::move(*parent));
    for (const TerritoryCode& parent : above)
      for (const Territory* child : tree_.children(parent, day_))
        if (!listed_.contains(child->code) && !kept_.contains(child->code) &&
            !frozen_.contains(child->code) && !ended_.contains(child->code))
          ++diff_.unlisted;
  }

  const TerritoryTree& tree_;
  const TerritoryImport& table_;
  const Date day_;
  const std::optional<std::string_view> whole_;
  int deepest_ = 0;
  std::set<TerritoryCode> listed_;
  std::set<TerritoryCode> kept_;    ///< above one that stays
  std::set<TerritoryCode> frozen_;  ///< nothing certain is said of these
  std::set<TerritoryCode> ended_;
  std::map<TerritoryCode, const Succession*> successors_;
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
                               std::optional<std::string_view> whole) {
  return Comparison(tree, table, day, whole).compare();
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
