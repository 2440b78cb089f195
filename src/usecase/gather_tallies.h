#pragma once

#include "usecase/office.h"

namespace gewu::usecase {

/// Makes events of anonymous counts: one for each counter that was raised since the last time, at
/// most so many at once. How many counters it took up; errors only of storage.
Result<std::size_t> gather_tallies(Office& office, std::size_t rows_max);

}  // namespace gewu::usecase
