#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/matter/rounds.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// What seeds draws (draw_lots.h): signed roots, or in an office in the making, which signs none,
/// what everybody could have known.
enum class DrawSeeds { roots, made_up };

/// What opening by the calendar came to.
struct TimetablesRun {
  std::size_t opened = 0;
  std::vector<std::pair<std::string, Error>> failed;  ///< by key; tried again at the next run
  std::optional<Instant> next;                        ///< when there will be more
};

/// Opens every matter that plans and duties ask for by now and that was not opened yet, in batches
/// of kLimits.opened_max: each under a request of its own, so that a second run opens nothing. Then
/// draws the rounds that are over (run_draws.h).
Result<TimetablesRun> run_timetables(Office& office, const kernel::TypeFilter& only = {},
                                     DrawSeeds seeds = DrawSeeds::roots);

}  // namespace gewu::usecase
