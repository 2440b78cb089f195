#pragma once

#include <cstddef>
#include <vector>

#include "kernel/matter/directory.h"
#include "kernel/place/grid_check.h"

namespace gewu::usecase {

/// How the grids of an office are drawn: gaps, overlaps, what leaves the unit above.
struct TerritoryCheck {
  std::size_t grids = 0;       ///< that stand on the day
  std::size_t drawn = 0;       ///< of these with a polygon
  std::vector<kernel::GridFinding> findings;
};

/// Checks the grids that stand on a day, subtree by subtree of the localities that have some
/// drawn: where nothing is drawn there is nothing to check. Areas up to `tolerance_m2` are
/// roundings of the drawing.
TerritoryCheck check_territory(const kernel::Directory& directory, Date day,
                               std::int64_t tolerance_m2);

}  // namespace gewu::usecase
