#include "kernel/figures/open_counts.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace gewu::kernel {
namespace {

const std::vector<std::size_t> kLevels = {2, 3, 4};

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
std::size_t reporters_at(const std::vector<OpenReport>& reports,
                         const std::vector<std::string>& leaves,
                         const std::set<std::size_t>& chosen) {
  std::set<std::int64_t> reporters;
  for (const OpenReport& report : reports)
    for (const std::size_t leaf : chosen)
      if (report.place == leaves[leaf]) reporters.insert(report.reporter);
  return reporters.size();
}

std::vector<OpenReport> draw_week(std::mt19937_64& random) {
  std::vector<OpenReport> reports;
  const auto below = [&](std::uint64_t most) { return random() % most; };
  const std::uint64_t count = below(60), people = 1 + below(40);
  for (std::uint64_t i = 0; i < count; ++i) {
    // Skewed, so that most places have few and some have many.
    const char street = below(3) == 0 ? 'b' : 'a';
    std::string place = "2" + std::string(1, street);
    if (below(20) != 0) place += static_cast<char>('0' + below(1 + below(3)));
    if (place.size() == 3 && below(10) != 0) place += static_cast<char>('0' + below(3));
    reports.push_back({place, static_cast<std::int64_t>(below(people))});
  }
  return reports;
}

/// Leaves that every told count takes together: what can be known is a sum of such groups.
std::vector<std::set<std::size_t>> groups_of(const std::vector<std::string>& leaves,
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
std::size_t singled_out(const std::vector<OpenReport>& reports,
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

TEST(OpenCounts, no_difference_of_told_counts_singles_anybody_out_in_a_thousand_weeks) {
  std::mt19937_64 random(8'5);
  std::size_t told = 0, withheld = 0;
  for (int week = 0; week < 1'000; ++week) {
    const auto reports = draw_week(random);
    const auto counts = open_counts(reports, kLevels);
    told += counts.size();
    std::set<std::string> places;
    for (const OpenReport& report : reports) places.insert(report.place);
    withheld += places.size();
    ASSERT_EQ(singled_out(reports, counts), 0u) << "week " << week;
  }
  // The attack has something to work on.
  EXPECT_GT(told, 1'000u);
  EXPECT_GT(withheld, told);
}

/// Without the second step, parts and their whole give the rest away: the attack finds it.
TEST(OpenCounts, the_attack_finds_somebody_where_only_small_counts_are_left_out) {
  std::mt19937_64 random(8'5);
  std::size_t found = 0;
  for (int week = 0; week < 200; ++week) {
    const auto reports = draw_week(random);
    std::map<std::string, std::pair<std::int64_t, std::set<std::int64_t>>> all;
    for (const OpenReport& report : reports)
      for (const std::size_t level : kLevels)
        if (report.place.size() >= level) {
          auto& place = all[report.place.substr(0, level)];
          ++place.first;
          place.second.insert(report.reporter);
        }
    std::vector<OpenCount> naive;
    for (const auto& [place, count] : all)
      if (count.second.size() >= kOpenReportersMin) naive.push_back({place, count.first});
    found += singled_out(reports, naive);
  }
  EXPECT_GT(found, 0u);
}

std::vector<OpenReport> of(std::initializer_list<std::pair<const char*, int>> places) {
  std::vector<OpenReport> reports;
  std::int64_t reporter = 0;
  for (const auto& [place, count] : places)
    for (int i = 0; i < count; ++i) reports.push_back({place, ++reporter});
  return reports;
}

TEST(OpenCounts, what_is_small_is_told_within_the_place_above) {
  EXPECT_EQ(open_counts(of({{"2a00", 4}}), kLevels), std::vector<OpenCount>{});
  EXPECT_EQ(open_counts(of({{"2a00", 5}}), kLevels),
            (std::vector<OpenCount>{{"2a", 5}, {"2a0", 5}, {"2a00", 5}}));
  EXPECT_EQ(open_counts(of({{"2a00", 3}, {"2a10", 3}}), kLevels),
            (std::vector<OpenCount>{{"2a", 6}}));
}

TEST(OpenCounts, the_smallest_part_is_withheld_with_a_rest_that_would_be_somebodys_alone) {
  EXPECT_EQ(open_counts(of({{"2a00", 9}, {"2a10", 6}, {"2a20", 1}}), kLevels),
            (std::vector<OpenCount>{{"2a", 16}, {"2a0", 9}, {"2a00", 9}}));
}

TEST(OpenCounts, one_who_reports_often_is_one) {
  std::vector<OpenReport> reports(30, {"2a00", 7});
  EXPECT_EQ(open_counts(reports, kLevels), std::vector<OpenCount>{});
}

TEST(OpenCounts, a_report_that_names_only_a_wide_place_stays_there) {
  EXPECT_EQ(open_counts(of({{"2a", 5}, {"2a00", 5}}), kLevels),
            (std::vector<OpenCount>{{"2a", 10}, {"2a0", 5}, {"2a00", 5}}));
  EXPECT_EQ(open_counts(of({{"2a", 1}, {"2a00", 8}}), kLevels),
            (std::vector<OpenCount>{{"2a", 9}}));
}

}  // namespace
}  // namespace gewu::kernel
