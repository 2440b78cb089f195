#pragma once

#include <string>

#include "kernel/matter/matter.h"

namespace gewu::store::sqlite {

/// The number of a matter from its template and place in the series: "{year}-{seq:6}" and 42 give
/// "2026-000042". Of `{year} {seq:n} {type} {county.code}`.
std::string format_matter_number(const kernel::NumberWish& wish, std::int64_t sequence);

}  // namespace gewu::store::sqlite
