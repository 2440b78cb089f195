#pragma once

#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"

namespace gewu::codec {

/// Whether the bytes begin as an archive does: a spreadsheet, for whoever takes tables.
bool looks_like_xlsx(std::string_view bytes);

/// The first sheet of an XLSX (ECMA-376) that is not hidden, as the text of a CSV: line 3 there is
/// row 3 here. Line ends inside a cell become spaces, numbers are as they were typed ("1.38E10" is
/// 13800000000), formulas are what the program last made of them; a date stays the number of its
/// day. What is unpacked is bounded, and nothing is fetched from elsewhere.
/// `xlsx.form` (`part`: what is missing or broken), `xlsx.too_large` (`max`).
Result<std::string> csv_of_xlsx(std::string_view bytes, const Limits& limits = kLimits);

}  // namespace gewu::codec
