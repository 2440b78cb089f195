#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/figures/open_counts.h"
#include "kernel/matter/directory.h"
#include "usecase/office.h"

// What everybody is told by place and week (公开数据): counts that the definitions make public,
// with small ones withheld (docs/decisions/open_counts.md).

namespace gewu::usecase {

/// A week begins on a Monday and is told when it has been over for a whole day. It is told once:
/// what is erased, voided or brought in later leaves its counts as they are, so that nobody learns
/// from two tables of one week.
struct OpenWeek {
  Date from;
  std::optional<Date> earlier, later;        ///< the told weeks beside it
  std::vector<kernel::OpenCount> counts;     ///< in the order of codes
};

struct OpenFigure {
  std::string name;                          ///< "type.indicator"
  kernel::TypePtr type;
  const kernel::IndicatorSpec* indicator = nullptr;  ///< in `type`
  std::optional<OpenWeek> week;              ///< none: not told of
};

struct OpenFigures {
  kernel::DirectoryPtr directory;
  std::vector<OpenFigure> figures;           ///< by name
};

/// Every public figure in the week that begins on this Monday, without one in the last that was
/// told. `invalid` `figure.period` for another day.
Result<OpenFigures> read_open_figures(Office& office, std::optional<Date> week);

/// Tells one week of one figure that is not told yet, at most some three months back; whether it
/// did. Who reported is known by the phone number that was left, else by the account; all who left
/// neither count as one. Numbers are opened for this and shown to nobody. `too_large`
/// `figure.rows` for a day of more records than are counted at once; `unavailable` `figure.busy`
/// while lines that concern the week keep coming in.
Result<bool> tell_open_week(Office& office);

}  // namespace gewu::usecase
