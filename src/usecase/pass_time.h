#pragma once

#include <cstddef>

#include "usecase/office.h"

namespace gewu::usecase {

/// Lets time pass for one matter up to now: every step that is due, in order. How many events.
Result<std::size_t> pass_time(Office& office, MatterId matter);

/// The same for all matters that are due, at most `matters_max` of them. A matter that refuses is
/// passed over and named in `failed`, so that it cannot keep the others waiting.
struct TimePassed {
  std::size_t events = 0;
  std::vector<std::pair<MatterId, Error>> failed;
  bool more = false;  ///< others are due already
};
Result<TimePassed> pass_all_time(Office& office, std::size_t matters_max);

}  // namespace gewu::usecase
