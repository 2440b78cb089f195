#include "usecase/draw_grids.h"

#include <algorithm>
#include <map>

#include "usecase/administrators.h"
#include "usecase/change_directory.h"
#include "usecase/coverage.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr int kSubdistrictDepth = 4;

/// The drawing laid over the unit.
struct Laid {
  DirectoryPtr directory;
  std::vector<Territory> changed;            ///< in code order
  std::vector<const Territory*> standing;    ///< of the unit, into `directory` and `changed`
};

Result<Territory> drawn_grid(const codec::GeoFeature& feature, const GridDrawing& drawing,
                             const TerritoryTree& tree) {
  const auto code = feature.properties.string_at("code");
  const auto wrong = [&] {
    return refuse(ErrorCode::invalid, "territory.drawing.code",
                  {{"code", std::string(code.value_or(""))}});
  };
  if (!code || !is_territory_code(*code) || !covers(drawing.under, *code) ||
      code_depth(*code) != level_depth(Level::grid) || feature.boundaries.size() != 1)
    return wrong();
  Territory grid;
  if (const Territory* known = tree.find(*code)) {
    if (known->valid_until) return wrong();
    grid = *known;
  } else {
    grid.code = *code;
    grid.level = Level::grid;
    grid.valid_from = drawing.from;
    grid.name.zh = feature.properties.string_at("name").value_or("");
    if (grid.name.zh.empty()) return wrong();
  }
  grid.boundary = feature.boundaries.front();
  for (Ring& ring : grid.boundary->rings)
    for (LonLat& point : ring) point = from_datum(drawing.datum, point);
  return grid;
}

Result<Laid> lay(Office& office, const SignedInCaller& by, const GridDrawing& drawing,
                 std::string& converted) {
  GEWU_CHECK(check_duty(office, by, {Duty::system}));
  Laid laid;
  laid.directory = office.store.directory();
  const TerritoryTree& tree = *laid.directory->territory;
  if (!tree.find(drawing.under)) return refuse(ErrorCode::not_found, "not_found");
  if (code_depth(drawing.under) < kSubdistrictDepth)
    return refuse(ErrorCode::invalid, "territory.drawing.unit");
  GEWU_TRY(features, codec::read_geojson(drawing.grids));
  std::map<TerritoryCode, Territory> changed;
  for (codec::GeoFeature& feature : features) {
    GEWU_TRY(grid, drawn_grid(feature, drawing, tree));
    feature.boundaries = {*grid.boundary};
    const Territory* known = tree.find(grid.code);
    if (known != nullptr && known->boundary == grid.boundary) continue;
    TerritoryCode code = grid.code;
    changed[std::move(code)] = std::move(grid);
  }
  if (drawing.datum != Datum::cgcs2000) converted = codec::write_geojson(features);
  for (auto& [code, grid] : changed) laid.changed.push_back(std::move(grid));
  for (const Territory* node : tree.subtree(drawing.under, day_of(office.clock.now())))
    if (std::ranges::find(laid.changed, node->code, &Territory::code) == laid.changed.end())
      laid.standing.push_back(node);
  for (const Territory& grid : laid.changed) laid.standing.push_back(&grid);
  return laid;
}

Result<DrawingResult> judge(const Laid& laid) {
  DrawingResult result;
  result.version = laid.directory->territory->version();
  result.changed = laid.changed.size();
  result.findings = check_grids(laid.standing);
  // A grid that nobody has drawn yet is no fault of this drawing.
  std::erase_if(result.findings, [](const GridFinding& finding) {
    return finding.kind == GridFinding::Kind::no_boundary;
  });
  return result;
}

/// Whether a finding forbids to store: it is of a grid that this drawing changes, and no gap.
bool forbids(const GridFinding& finding, const Laid& laid) {
  if (finding.kind == GridFinding::Kind::gap) return false;
  return std::ranges::any_of(laid.changed, [&](const Territory& grid) {
    return grid.code == finding.code || grid.code == finding.other;
  });
}

}  // namespace

Result<DrawingResult> check_drawing(Office& office, const SignedInCaller& by,
                                    const GridDrawing& drawing) {
  std::string converted;
  GEWU_TRY(laid, lay(office, by, drawing, converted));
  GEWU_TRY(result, judge(laid));
  result.converted = std::move(converted);
  return result;
}

Result<DrawingResult> save_drawing(Office& office, const SignedInCaller& by,
                                   const GridDrawing& drawing) {
  std::string converted;
  GEWU_TRY(laid, lay(office, by, drawing, converted));
  if (day_of(office.clock.now()) < drawing.from)
    return refuse(ErrorCode::invalid, "territory.drawing.from");
  if (laid.directory->territory->version() != drawing.version)
    return refuse(ErrorCode::conflict, "territory.drawing.stale");
  GEWU_TRY(result, judge(laid));
  result.converted = std::move(converted);
  const bool is_barred = std::ranges::any_of(
      result.findings, [&](const GridFinding& finding) { return forbids(finding, laid); });
  if (is_barred || laid.changed.empty()) return result;
  std::vector<DirectoryChange> changes;
  for (Territory& grid : laid.changed) {
    // A correction of the version that stands, or a new one from that day.
    grid.valid_from = std::max(grid.valid_from, drawing.from);
    grid.drawn = false;
    changes.emplace_back(TerritoryChange{grid});
  }
  GEWU_CHECK(change_directory(office, std::move(changes),
                              "administrator " + std::to_string(by.caller.account.value)));
  result.stored = true;
  result.version = office.store.directory()->territory->version();
  return result;
}

}  // namespace gewu::usecase
