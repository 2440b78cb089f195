#pragma once

#include "store/sqlite/reader.h"

namespace gewu::store::sqlite {

/// Rows of `authored` from the snapshots, where they were never built.
Status build_authored(Reader& writer);

}  // namespace gewu::store::sqlite
