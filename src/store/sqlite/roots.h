#pragma once

#include <functional>
#include <memory>

#include "store/root_book.h"
#include "store/sqlite/reader.h"

namespace gewu::store::sqlite {

/// Levels that are kept: those between are made of at most 128 rows.
inline constexpr int kTreeStep = 8;
inline constexpr int kTreeLevels = 40;

/// Runs something with a reader, or inside the writer's turn.
using WithReader = std::function<Status(const std::function<Status(Reader&)>&)>;

std::unique_ptr<RootBook> make_root_book(WithReader read, WithReader write);

}  // namespace gewu::store::sqlite
