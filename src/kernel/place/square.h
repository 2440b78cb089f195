#pragma once

#include "kernel/place/lonlat.h"

namespace gewu::kernel {

/// The middle of the square of some 100 m that the point lies in: what is said of a place in public.
/// Squares are the same for every point, so that asking again from elsewhere tells nothing more.
LonLat middle_of_square(LonLat point);

}  // namespace gewu::kernel
