#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/place/territory.h"

namespace gewu::kernel {

/// What is wrong with the drawing of grids. `other` is the second grid of an overlap and the unit
/// above of `outside_parent`; a `gap` has the code of the unit in which it lies, or of none when
/// no drawn unit is known there.
struct GridFinding {
  enum class Kind {
    no_boundary,       ///< a grid without a polygon
    invalid_boundary,  ///< crosses itself, is open, …: `reason` says which
    overlap,           ///< two grids share ground
    outside_parent,    ///< a grid leaves the polygon of the unit above it
    gap,               ///< ground of a unit, or enclosed by grids, that no grid has
  };
  Kind kind = Kind::no_boundary;
  TerritoryCode code;
  TerritoryCode other;
  std::int64_t area_m2 = 0;
  std::string reason;
  bool operator==(const GridFinding&) const = default;
};

std::string_view finding_name(GridFinding::Kind kind);

/// Checks the grids among the territories against each other, and against the polygons of the
/// units above where the list has them drawn. Areas up to `tolerance_m2` are roundings of the
/// drawing and are passed over. In the order of kinds, then codes; empty when all is well.
std::vector<GridFinding> check_grids(std::span<const Territory* const> territories,
                                     std::int64_t tolerance_m2 = 1);

}  // namespace gewu::kernel
