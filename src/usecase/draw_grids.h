#pragma once

#include <string>
#include <vector>

#include "codec/geojson.h"
#include "kernel/place/datum.h"
#include "kernel/place/grid_check.h"
#include "usecase/session.h"

namespace gewu::usecase {

/// Boundaries of grids as somebody draws them on the map or brings them in a file.
struct GridDrawing {
  kernel::TerritoryCode under;       ///< a subdistrict or what lies lower: only grids of it
  std::string grids;                 ///< GeoJSON; each feature has `code`, a new one also `name`
  kernel::Datum datum = kernel::Datum::cgcs2000;
  Date from;                         ///< since when it is so; not after today
  std::uint64_t version = 0;         ///< of the tree that was drawn upon; a save needs it
};

struct DrawingResult {
  bool stored = false;
  std::uint64_t version = 0;         ///< of the tree as it is now
  std::size_t changed = 0;           ///< grids that the drawing changes or makes
  std::vector<kernel::GridFinding> findings;  ///< of the whole unit, as drawn
  std::string converted;             ///< the drawing in CGCS2000; empty where it was
};

/// How the unit would look: its grids with the drawing laid over them, checked for gaps, overlaps
/// and what leaves the unit above. Nothing is stored. `forbidden` `account.administer`;
/// `not_found` for an unknown unit; `invalid` `territory.drawing.unit` for one above a
/// subdistrict, `territory.drawing.code` (`code`) for a feature that is no grid of it or lacks a
/// code; those of read_geojson.
Result<DrawingResult> check_drawing(Office& office, const SignedInCaller& by,
                                    const GridDrawing& drawing);

/// Stores what changed as new versions from that day, all or nothing. What crosses itself,
/// overlaps another or leaves the unit above is not stored (`stored` false, see the findings):
/// gaps may be. `conflict` `territory.drawing.stale` when the tree has changed since it was drawn
/// upon, `invalid` `territory.drawing.from` for a day to come, and the refusals of the tree.
Result<DrawingResult> save_drawing(Office& office, const SignedInCaller& by,
                                   const GridDrawing& drawing);

}  // namespace gewu::usecase
