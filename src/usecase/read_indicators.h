#pragma once

#include <string>
#include <vector>

#include "kernel/figures/figure.h"
#include "usecase/find_matters.h"

namespace gewu::usecase {

struct FigureQuestion {
  Caller caller;
  std::string name;        ///< "type.indicator"
  std::string unit;        ///< territory code or "org:KEY"; empty: that of the post, else the root
  std::string period;      ///< "2026", "2026-09", "2026-09-22" or "2026-09-01..2026-09-30"; empty:
                           ///< this month
  std::string by;          ///< empty, "child", or a dimension of the indicator
};

struct FigureRow {
  kernel::Unit unit;
  std::optional<std::string> dimension;     ///< key; empty text: records without one
  std::optional<kernel::Label> dimension_label;
  kernel::Figure figure;
  /// Of a coverage that shows them: units without any, at most kLimits.page_rows_max.
  std::vector<kernel::Value> missing;
};

struct FigureAnswer {
  kernel::DirectoryPtr directory;
  std::string name;
  const kernel::IndicatorSpec* indicator = nullptr;  ///< in `directory`
  kernel::Unit unit;
  kernel::FigurePeriod period;
  std::vector<FigureRow> rows;
};

/// A figure as of every action already answered, with numerator and denominator. Small groups
/// (`group_min`) are withheld. Figures are open to whoever is signed in on a post.
/// `not_found` for an indicator or unit that there is not, `forbidden` `unit.not_covered` for a
/// unit that none of the caller's posts covers; `invalid` `figure.period`, `figure.by`.
Result<FigureAnswer> read_indicator(Office& office, const FigureQuestion& question);

struct FigureRecordRow {
  MatterRow matter;
  Instant at;
  std::int64_t count = 0, sum_micros = 0;
};
struct FigureRecords {
  kernel::DirectoryPtr directory;
  std::vector<FigureRecordRow> records;   ///< newest first, at most kLimits.page_rows_max
  std::size_t hidden = 0;                 ///< count, but the caller may not open them
};
/// Exactly the records behind the figure. A ratio gives those of its denominator.
Result<FigureRecords> read_indicator_records(Office& office, const FigureQuestion& question);

}  // namespace gewu::usecase
