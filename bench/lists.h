#pragma once

#include <string>

#include "bench/case.h"
#include "bench/place.h"

namespace gewu::bench {

/// Work lists of 20 rows by state and due time, of grids, subdistricts and the county, first pages
/// and last ones, against a prepared query on a connection of its own that gives the same rows.
/// Each answer must name the same matters in the same order.
Status measure_lists(Place& place, const std::string& data, const Options& options,
                     Report& report);

}  // namespace gewu::bench
