#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/place/lonlat.h"
#include "kernel/place/territory.h"

namespace gewu::kernel {

/// Whether a point lies in a polygon, edges included; exact in whole numbers.
bool contains(const Boundary& boundary, LonLat point);

/// Which drawn territories contain a point or touch a line. Immutable and cheap to copy. A point
/// on a shared edge belongs to the lowest code, so that it has one grid on every machine. A unit
/// that has ended by the day asked for gives its ground to its successor: what is drawn of that
/// comes first, else the old outline stands for it; of several successors the lowest unit that
/// covers them. Without a day: as it will be after all that is known.
class GridIndex {
 public:
  GridIndex();
  /// Over the territories that have a boundary, of any levels; others are passed over. Refuses
  /// with `territory.boundary` (detail `code`) a ring that is open, has fewer than four points or
  /// leaves the earth.
  static Result<GridIndex> build(std::span<const Territory* const> territories);

  std::size_t size() const;
  /// The grid (网格) of a point; nothing outside every grid.
  std::optional<TerritoryCode> grid_of(LonLat point, std::optional<Date> day = {}) const;
  /// The lowest territory of any level that contains the point.
  std::optional<TerritoryCode> smallest_of(LonLat point, std::optional<Date> day = {}) const;
  /// Whether a point lies so far from all that is drawn of a unit and below it that it is surely
  /// none of its ground: beyond the frame of that, widened on every side by its own size, and by no
  /// less than the widest unit of such a level measures. False where nothing is drawn.
  bool lies_far(std::string_view code, LonLat point) const;
  /// Grids that a polyline runs through or touches, in code order.
  std::vector<TerritoryCode> grids_of(std::span<const LonLat> line,
                                      std::optional<Date> day = {}) const;

 private:
  struct Shapes;
  /// Of any depth, or of this one alone.
  std::optional<TerritoryCode> deepest_of(LonLat point, std::optional<Date> day,
                                          std::optional<int> of_depth) const;

  std::shared_ptr<const Shapes> shapes_;
};

}  // namespace gewu::kernel
