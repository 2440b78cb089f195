#pragma once

#include "store/sqlite/reader.h"

namespace gewu::store::sqlite {

/// The keys that an event destroys.
std::vector<std::uint8_t> erased_slots(const kernel::Event& event, const kernel::Snapshot& after);
/// Rows of `file_use` that an event brings, and those that an erasure takes away. Inside the
/// event's own transaction.
Status write_file_uses(Reader& writer, const Event& event, const kernel::Snapshot& after);
/// From the journal, where they were never built.
Status build_file_uses(Reader& writer);

}  // namespace gewu::store::sqlite
