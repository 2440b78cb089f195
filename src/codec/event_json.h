#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "kernel/matter/directory_event.h"
#include "kernel/matter/matter.h"

// The canonical bytes of the journal, and snapshots. What stands here is what the chain hashes:
// the order of members is fixed, absent things are left out.

namespace gewu::codec {

/// Writes a personal value in the form the journal may hold (encrypted beside its commitment), as
/// one JSON value.
using HidePersonal =
    std::function<std::string(MatterId matter, const kernel::RecordedValue& value)>;
/// The other way; Erased when the key is gone.
using OpenPersonal = std::function<Result<kernel::Value>(
    MatterId matter, const kernel::Name& field, std::uint8_t key_slot, const Json& hidden)>;
/// The type by the hash of its text; null when unknown.
using FindType = std::function<kernel::TypePtr(std::string_view sha256)>;

void write_event(std::string& out, const kernel::Event& event, const HidePersonal& hide);
Result<kernel::Event> read_event(const Json& json, const OpenPersonal& open, const FindType& type);

void write_directory_event(std::string& out, const kernel::DirectoryEvent& event);
Result<kernel::DirectoryEvent> read_directory_event(const Json& json);

/// A ripple with its input; no personal value ever stands in one.
void write_ripple(std::string& out, const kernel::Ripple& ripple);
Result<kernel::Ripple> read_ripple(const Json& json);

/// A snapshot. Sealed fields are written as `hide` gives them; other values as they are.
void write_snapshot(std::string& out, const kernel::Snapshot& snapshot, const HidePersonal& hide);
/// Sealed fields come back as Sealed boxes, unopened.
Result<kernel::Snapshot> read_snapshot(const Json& json, const FindType& type);

/// Bounds for reading what we wrote ourselves: larger than a request's.
const Limits& journal_limits();

}  // namespace gewu::codec
