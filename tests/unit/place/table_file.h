#pragma once

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace gewu {

/// The lines of a plain comma-separated table without quotes, split; empty when there is no file.
/// Reading real CSV is codec's business, which the kernel's tests cannot include.
inline std::vector<std::vector<std::string>> read_table(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::string_view text = line;
    if (rows.empty() && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.ends_with('\r')) text.remove_suffix(1);
    std::vector<std::string> cells;
    for (const std::string_view cell : split(text, ',')) cells.emplace_back(cell);
    rows.push_back(std::move(cells));
  }
  return rows;
}

}  // namespace gewu
