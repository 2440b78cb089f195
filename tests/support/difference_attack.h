#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "kernel/figures/open_counts.h"

// The difference attack on told counts (reliability.md 8.5): whoever has them all tries every way
// to add and subtract them.

namespace gewu::test {

using kernel::kOpenReportersMin;
using kernel::OpenCount;
using kernel::OpenReport;

/// Whoever has all told counts of a week and tries every way to add and subtract them.
class Attacker {
 public:
  explicit Attacker(const std::vector<OpenReport>& reports) {
    for (const OpenReport& report : reports) places_.insert(report.place);
    leaves_.assign(places_.begin(), places_.end());
  }

  void learn(const std::vector<OpenCount>& counts) {
    for (const OpenCount& count : counts) {
      std::vector<double> row(leaves_.size() + 1, 0.0);
      for (std::size_t i = 0; i < leaves_.size(); ++i)
        if (leaves_[i].starts_with(count.place)) row[i] = 1.0;
      row.back() = static_cast<double>(count.reports);
      rows_.push_back(std::move(row));
    }
    eliminate();
  }

  /// Whether the told counts determine how many reports these leaves have together.
  bool knows(const std::set<std::size_t>& leaves) const {
    std::vector<double> wanted(leaves_.size() + 1, 0.0);
    for (const std::size_t leaf : leaves) wanted[leaf] = 1.0;
    for (const auto& row : rows_) {
      const std::size_t pivot = pivot_of(row);
      if (pivot >= leaves_.size()) continue;
      const double factor = wanted[pivot] / row[pivot];
      for (std::size_t i = 0; i <= leaves_.size(); ++i) wanted[i] -= factor * row[i];
    }
    for (std::size_t i = 0; i < leaves_.size(); ++i)
      if (wanted[i] > 1e-9 || wanted[i] < -1e-9) return false;
    return true;
  }
  const std::vector<std::string>& leaves() const { return leaves_; }

 private:
  std::size_t pivot_of(const std::vector<double>& row) const {
    std::size_t at = 0;
    while (at < leaves_.size() && row[at] < 1e-9 && row[at] > -1e-9) ++at;
    return at;
  }
  /// To a form in which each pivot stands in one row alone.
  void eliminate() {
    for (std::size_t done = 0; done < rows_.size(); ++done) {
      const std::size_t pivot = pivot_of(rows_[done]);
      if (pivot >= leaves_.size()) continue;
      for (std::size_t other = 0; other < rows_.size(); ++other) {
        if (other == done) continue;
        const double factor = rows_[other][pivot] / rows_[done][pivot];
        for (std::size_t i = 0; i <= leaves_.size(); ++i)
          rows_[other][i] -= factor * rows_[done][i];
      }
    }
  }

  std::set<std::string> places_;
  std::vector<std::string> leaves_;
  std::vector<std::vector<double>> rows_;
};

/// Reporters behind these leaves.
inline std::size_t reporters_at(const std::vector<OpenReport>& reports,
                                const std::vector<std::string>& leaves,
                                const std::set<std::size_t>& chosen) {
  std::set<std::int64_t> reporters;
  for (const OpenReport& report : reports)
    for (const std::size_t leaf : chosen)
      if (report.place == leaves[leaf]) reporters.insert(report.reporter);
  return reporters.size();
}

/// Leaves that every told count takes together: what can be known is a sum of such groups.
inline std::vector<std::set<std::size_t>> groups_of(const std::vector<std::string>& leaves,
                                                    const std::vector<OpenCount>& counts) {
  std::map<std::vector<bool>, std::set<std::size_t>> groups;
  for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) {
    std::vector<bool> within;
    for (const OpenCount& count : counts) within.push_back(leaves[leaf].starts_with(count.place));
    groups[within].insert(leaf);
  }
  std::vector<std::set<std::size_t>> found;
  for (auto& [within, group] : groups) found.push_back(std::move(group));
  return found;
}

/// Places of fewer reporters than may be told whose count is known, over one week: each leaf, each
/// group of leaves, and two groups together.
inline std::size_t singled_out(const std::vector<OpenReport>& reports,
                               const std::vector<OpenCount>& counts) {
  Attacker attacker(reports);
  attacker.learn(counts);
  const auto groups = groups_of(attacker.leaves(), counts);
  std::set<std::set<std::size_t>> tried;
  for (std::size_t leaf = 0; leaf < attacker.leaves().size(); ++leaf) tried.insert({leaf});
  for (const auto& one : groups)
    for (const auto& other : groups) {
      std::set<std::size_t> both = one;
      both.insert(other.begin(), other.end());
      tried.insert(std::move(both));
    }
  std::size_t found = 0;
  for (const auto& chosen : tried)
    if (reporters_at(reports, attacker.leaves(), chosen) < kOpenReportersMin &&
        attacker.knows(chosen))
      ++found;
  return found;
}

}  // namespace gewu::test
