#include "kernel/figures/open_counts.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "support/difference_attack.h"

namespace gewu::kernel {
namespace {

using test::singled_out;

const std::vector<std::size_t> kLevels = {2, 3, 4};

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

TEST(OpenCounts, a_small_place_beside_the_widest_ones_withholds_none_of_them) {
  EXPECT_EQ(open_counts(of({{"2a00", 9}, {"2b00", 1}}), kLevels),
            (std::vector<OpenCount>{{"2a", 9}, {"2a0", 9}, {"2a00", 9}}));
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
