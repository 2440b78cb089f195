#include "base/ensure.h"

#include <fmt/format.h>

namespace gewu {

void ensure_failed(const char* what, std::source_location where) {
  throw BrokenInvariant(fmt::format("{} at {}:{}", what, where.file_name(), where.line()));
}

}  // namespace gewu
