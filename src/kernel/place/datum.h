#pragma once

#include <optional>
#include <string_view>

#include "kernel/place/lonlat.h"

namespace gewu::kernel {

/// In which frame a file's coordinates were measured (坐标系): CGCS2000 as everything here, or the
/// shifted ones of map services.
enum class Datum { cgcs2000, gcj02, bd09 };
std::optional<Datum> parse_datum(std::string_view name);

/// The point in CGCS2000, within 0.5 m of where the service drew it. Outside the country the
/// services do not shift, and neither does this.
LonLat from_datum(Datum datum, LonLat point);
/// The other way, as the services publish it: for checks.
LonLat to_datum(Datum datum, LonLat point);

}  // namespace gewu::kernel
