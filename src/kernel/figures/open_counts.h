#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gewu::kernel {

/// Fewer reporters than this are told of nowhere in public (reliability.md 8.5).
inline constexpr std::size_t kOpenReportersMin = 5;

/// One report of a week: where, by the code of its smallest place, and whose. Who cannot be told
/// apart counts as one.
struct OpenReport {
  std::string place;
  std::int64_t reporter = 0;
};

/// What may be told of a place in one week.
struct OpenCount {
  std::string place;
  std::int64_t reports = 0;
  bool operator==(const OpenCount&) const = default;
};

/// The places of a week whose counts may be public (公开数据), each with at least
/// kOpenReportersMin reporters; the others are told only within the place above them. Where what is
/// left of a told place beside its told parts would be somebody's alone, the smallest told part is
/// withheld too (complementary suppression): no sum or difference of told counts is a count of
/// fewer reporters. Weeks do not overlap and are told once, so that two of them have no difference
/// either. `levels` are the lengths of codes from the widest place to the smallest; a report whose
/// code is shorter stands with the place that its code names. In the order of codes.
std::vector<OpenCount> open_counts(const std::vector<OpenReport>& reports,
                                   const std::vector<std::size_t>& levels,
                                   std::size_t reporters_min = kOpenReportersMin);

}  // namespace gewu::kernel
