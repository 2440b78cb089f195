#pragma once

#include <optional>
#include <string>
#include <vector>

#include "usecase/caller.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

/// The caller's posts as actors made whole. Inside the room only.
Result<std::vector<kernel::Actor>> actors_of(const std::vector<const kernel::Post*>& posts,
                                             const Caller& caller, const ReadRoom& room);

/// How many rows the whole list has for this caller, from counters. Where sight depends on each
/// matter, up to a hundred are asked; beyond that there is no total, nor for a filter by lamp or
/// claim.
Result<std::optional<std::int64_t>> total_of(Office& office, const ReadRoom& room,
                                             const kernel::Actor& actor,
                                             const std::vector<kernel::Actor>& posts,
                                             const store::WorkQuery& list);

/// Open matters in each node that the caller sees by his posts, from counters; nothing for a node
/// that none of them covers, and for callers without any.
Result<std::vector<std::optional<std::int64_t>>> count_open(
    Office& office, const Caller& caller, const std::vector<std::string>& codes);

}  // namespace gewu::usecase
