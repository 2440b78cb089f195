#include "kernel/figures/open_counts.h"

#include <algorithm>
#include <map>
#include <set>

namespace gewu::kernel {

namespace {

using Reports = std::vector<const OpenReport*>;

std::size_t reporters_of(const Reports& reports) {
  std::set<std::int64_t> reporters;
  for (const OpenReport* report : reports) reporters.insert(report->reporter);
  return reporters.size();
}

struct Part {
  std::string place;
  Reports reports;
  std::size_t reporters = 0;
};

class Week {
 public:
  Week(const std::vector<std::size_t>& levels, std::size_t reporters_min)
      : levels_(levels), reporters_min_(reporters_min) {}

  /// The parts of a place that is told: those that may be told go on, the others stay within it.
  /// What is left beside the widest places is part of nothing that is told.
  void tell_parts(const Reports& reports, std::size_t level) {
    if (level >= levels_.size()) return;
    Reports rest;
    std::vector<Part> told = parts_of(reports, level, rest);
    while (level > 0 && !told.empty() && !rest.empty() && reporters_of(rest) < reporters_min_) {
      rest.insert(rest.end(), told.back().reports.begin(), told.back().reports.end());
      told.pop_back();
    }
    for (const Part& part : told) {
      counts_.push_back({part.place, static_cast<std::int64_t>(part.reports.size())});
      tell_parts(part.reports, level + 1);
    }
  }

  std::vector<OpenCount> counts() && {
    std::ranges::sort(counts_, {}, &OpenCount::place);
    return std::move(counts_);
  }

 private:
  /// Parts with enough reporters, the one with the fewest last.
  std::vector<Part> parts_of(const Reports& reports, std::size_t level, Reports& rest) const {
    std::map<std::string_view, Reports> by_place;
    for (const OpenReport* report : reports) {
      const std::string_view place = report->place;
      if (place.size() < levels_[level]) rest.push_back(report);
      else by_place[place.substr(0, levels_[level])].push_back(report);
    }
    std::vector<Part> told;
    for (auto& [place, here] : by_place) {
      const std::size_t reporters = reporters_of(here);
      if (reporters < reporters_min_) rest.insert(rest.end(), here.begin(), here.end());
      else told.push_back({std::string(place), std::move(here), reporters});
    }
    std::ranges::stable_sort(told, std::greater{}, &Part::reporters);
    return told;
  }

  const std::vector<std::size_t>& levels_;
  const std::size_t reporters_min_;
  std::vector<OpenCount> counts_;
};

}  // namespace

std::vector<OpenCount> open_counts(const std::vector<OpenReport>& reports,
                                   const std::vector<std::size_t>& levels,
                                   std::size_t reporters_min) {
  Week week(levels, reporters_min);
  Reports all;
  for (const OpenReport& report : reports) all.push_back(&report);
  week.tell_parts(all, 0);
  return std::move(week).counts();
}

}  // namespace gewu::kernel
