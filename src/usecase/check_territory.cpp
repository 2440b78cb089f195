#include "usecase/check_territory.h"

#include <algorithm>
#include <map>

namespace gewu::usecase {

using namespace gewu::kernel;

TerritoryCheck check_territory(const Directory& directory, Date day, std::int64_t tolerance_m2) {
  TerritoryCheck check;
  std::vector<const Territory*> standing;
  for (const Territory* node : directory.territory->all()) {
    const Territory* version = directory.territory->find(node->code, day);
    if (version != nullptr) standing.push_back(version);
  }
  for (const Territory* node : standing) {
    if (node->level != Level::grid) continue;
    ++check.grids;
    if (node->boundary) ++check.drawn;
  }
  if (check.drawn == 0) return check;
  // Communities of which no grid is drawn are those of another office's map.
  const auto has_drawn = [&](const TerritoryCode& community) {
    return std::ranges::any_of(standing, [&](const Territory* node) {
      return node->level == Level::grid && node->boundary && covers(community, node->code);
    });
  };
  std::map<TerritoryCode, bool> drawn;
  std::erase_if(standing, [&](const Territory* node) {
    if (node->level != Level::grid || node->boundary) return false;
    const Territory* above = directory.territory->up(node->code, Level::community);
    if (above == nullptr) return true;
    const auto [known, is_new] = drawn.try_emplace(above->code, false);
    if (is_new) known->second = has_drawn(above->code);
    return !known->second;
  });
  check.findings = check_grids(standing, tolerance_m2);
  return check;
}

}  // namespace gewu::usecase
