#pragma once

#include "codec/json.h"
#include "codec/json_writer.h"
#include "kernel/time/deadline.h"

namespace gewu::codec {

/// What a due was computed from, whole: a clock can be recomputed from it alone.
void write_clock_inputs(JsonWriter& out, const kernel::ClockInputs& inputs);
Result<kernel::ClockInputs> read_clock_inputs(const Json& json);

}  // namespace gewu::codec
