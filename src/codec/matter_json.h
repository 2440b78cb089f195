#pragma once

#include "codec/json.h"
#include "codec/json_writer.h"
#include "kernel/matter/matter.h"

// Pieces that events and snapshots share; inside codec only.

namespace gewu::codec {

void write_actor(JsonWriter& out, const kernel::ActorRecord& actor);
Result<kernel::ActorRecord> read_actor(const Json& json);

void write_clock(JsonWriter& out, const kernel::ClockState& clock);
Result<kernel::ClockState> read_clock(const Json& json);

void write_hold(JsonWriter& out, const kernel::HoldRecord& hold);
Result<kernel::HoldRecord> read_hold(const Json& json);

void write_named_values(JsonWriter& out, const std::vector<kernel::NamedValue>& values);
Result<std::vector<kernel::NamedValue>> read_named_values(const Json& json);

std::unexpected<Error> bad_record(std::string_view what);
/// Members that must be there.
Result<Instant> instant_at(const Json& json, std::string_view key);
std::optional<Instant> optional_instant_at(const Json& json, std::string_view key);
std::string text_at(const Json& json, std::string_view key);
std::int64_t integer_at(const Json& json, std::string_view key);
void write_instant(JsonWriter& out, std::string_view key, Instant instant);

}  // namespace gewu::codec
