#pragma once

#include "base/instant.h"

namespace gewu {

/// A day that is known to be written well.
inline Date day(const char* text) { return parse_date(text).value(); }

}  // namespace gewu
