#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/geojson.h"
#include "kernel/place/datum.h"
#include "kernel/place/grid_check.h"
#include "kernel/place/territory_tree.h"
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
  /// Of the whole unit, as drawn, and where its grids lie over those of its neighbours.
  std::vector<kernel::GridFinding> findings;
  std::string converted;             ///< the drawing in CGCS2000; empty where it was
  std::string proposed;              ///< what a second person agrees to; empty: nothing was proposed
};

/// How the unit would look: its grids with the drawing laid over them, checked for gaps, overlaps
/// and what leaves the unit above, and against the grids around the unit. Nothing is stored.
/// `forbidden` `account.administer`; `not_found` for an unknown unit; `invalid`
/// `territory.drawing.unit` for one above a subdistrict, `territory.drawing.code` (`code`) for a
/// feature that is no grid of it or lacks a code; those of read_geojson.
Result<DrawingResult> check_drawing(Office& office, const SignedInCaller& by,
                                    const GridDrawing& drawing);

/// A drawing that waits for its second person, one a unit.
struct DrawingProposal {
  GridDrawing drawing;               ///< in CGCS2000
  std::string sha256;                ///< of what it says and of what stood where it draws
  AccountId by;
  Instant at;
  std::size_t changed = 0;
};
inline constexpr std::size_t kDrawingsWaitingMax = 50;

/// Keeps what changed for a second person, in place of an earlier proposal for the unit. What crosses
/// itself, overlaps another or leaves the unit above is not kept (`proposed` empty, see the
/// findings): gaps may be. `conflict` `territory.drawing.stale` when the tree has changed since it
/// was drawn upon, `territory.drawing.many` when so many wait already; `invalid`
/// `territory.drawing.from` for a day to come.
Result<DrawingResult> propose_drawing(Office& office, const SignedInCaller& by,
                                      const GridDrawing& drawing);
// Boundaries that come with a table of territory (import_table.h) wait like those that are drawn.
using TreePtr = std::shared_ptr<const kernel::TerritoryTree>;
/// Whether its findings forbid to keep a drawing over this tree, which may be one that the rows of the
/// table make.
Result<bool> is_barred(const TreePtr& tree, const GridDrawing& drawing, Date today);
/// `conflict` `territory.drawing.many` when not all of them could wait.
Status check_room(Office& office, const std::vector<GridDrawing>& drawings);
/// All of them or none, as propose_drawing; `conflict` `territory.drawing.barred`.
Status propose_drawings(Office& office, const SignedInCaller& by,
                        const std::vector<GridDrawing>& drawings);
/// Those that wait, oldest first.
Result<std::vector<DrawingProposal>> list_drawings(Office& office, const SignedInCaller& by);
/// Whether other boundaries stand by now where it draws.
bool is_stale(const Office& office, const DrawingProposal& proposal);
/// `not_found` `territory.drawing.none`, `conflict` `territory.drawing.stale` for another one than
/// was seen.
Status withdraw_drawing(Office& office, const SignedInCaller& by,
                        const kernel::TerritoryCode& under, std::string_view sha256);

struct DrawingConfirmed {
  DrawingResult result;
  AccountId proposed_by;
};
/// A second person puts it to work: new versions from its day, all or nothing. It is judged once
/// more, since neighbours may have been drawn meanwhile: what forbids is among the findings and
/// nothing is stored. `forbidden` `territory.drawing.second_person`; `not_found`
/// `territory.drawing.none`; `conflict` `territory.drawing.stale` when another one is proposed by now
/// or other boundaries stand where it draws; the refusals of the tree.
Result<DrawingConfirmed> confirm_drawing(Office& office, const SignedInCaller& by,
                                         const kernel::TerritoryCode& under,
                                         std::string_view sha256);

}  // namespace gewu::usecase
