#pragma once

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "kernel/matter/value.h"
#include "kernel/people/unit.h"

// How journal and snapshot keep a value: JSON that says its own kind, so that an export can be
// read without definitions. Text, booleans and sets are plain; everything else is an object with
// one member, {"date":"2026-09-22"}.

namespace gewu::codec {

void write_value(JsonWriter& out, const kernel::Value& value);
/// `journal.value` for anything that write_value does not write.
Result<kernel::Value> read_value(const Json& json);

/// The text under that key; "" when there is none.
std::string text_at(const Json& json, std::string_view key);

/// "territory:222401002", "organisation:gas", "row:123"; "" for none.
std::string unit_text(const kernel::Unit& unit);
Result<kernel::Unit> parse_unit(std::string_view text);

}  // namespace gewu::codec
