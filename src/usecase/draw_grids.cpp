#include "usecase/draw_grids.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

#include "codec/json.h"
#include "codec/json_writer.h"
#include "security/hash.h"
#include "usecase/administrators.h"
#include "usecase/change_directory.h"
#include "usecase/coverage.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr int kSubdistrictDepth = 4;

/// The drawing laid over the unit.
struct Laid {
  TreePtr tree;
  std::vector<Territory> changed;            ///< in code order
  std::vector<const Territory*> standing;    ///< of the unit, into `tree` and `changed`
  std::vector<const Territory*> around;      ///< grids of others that may touch those of the unit
};

/// A rectangle around grids; begins as none.
struct Frame {
  LonLat low{INT32_MAX, INT32_MAX}, high{INT32_MIN, INT32_MIN};

  void take(const Territory& territory) {
    if (territory.level != Level::grid || !territory.boundary) return;
    for (const Ring& ring : territory.boundary->rings)
      for (const LonLat point : ring) {
        low = {std::min(low.lon_e6, point.lon_e6), std::min(low.lat_e6, point.lat_e6)};
        high = {std::max(high.lon_e6, point.lon_e6), std::max(high.lat_e6, point.lat_e6)};
      }
  }
  bool meets(const Frame& other) const {
    return low.lon_e6 < other.high.lon_e6 && other.low.lon_e6 < high.lon_e6 &&
           low.lat_e6 < other.high.lat_e6 && other.low.lat_e6 < high.lat_e6;
  }
};

Frame frame_of(const Territory& territory) {
  Frame frame;
  frame.take(territory);
  return frame;
}

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

Result<Laid> lay_on(TreePtr on, const GridDrawing& drawing, Date today, std::string& converted) {
  Laid laid;
  laid.tree = std::move(on);
  const TerritoryTree& tree = *laid.tree;
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
  for (const Territory* node : tree.subtree(drawing.under, today))
    if (std::ranges::find(laid.changed, node->code, &Territory::code) == laid.changed.end())
      laid.standing.push_back(node);
  for (const Territory& grid : laid.changed) laid.standing.push_back(&grid);
  Frame whole;
  for (const Territory* node : laid.standing) whole.take(*node);
  for (const Territory* node : tree.all())
    if (!covers(drawing.under, node->code) && !node->valid_until &&
        frame_of(*node).meets(whole))
      laid.around.push_back(node);
  return laid;
}

Result<Laid> lay(Office& office, const SignedInCaller& by, const GridDrawing& drawing,
                 std::string& converted) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  return lay_on(office.store.directory()->territory, drawing, day_of(office.clock.now()),
                converted);
}

/// Overlaps of the unit's grids with those of others: only what lies at its edge is looked at.
std::vector<GridFinding> outer_overlaps(const Laid& laid) {
  std::vector<const Territory*> edge = laid.around;
  std::vector<Frame> frames;
  for (const Territory* other : laid.around) frames.push_back(frame_of(*other));
  std::vector<const Territory*> own;
  for (const Territory* node : laid.standing) {
    const Frame frame = frame_of(*node);
    if (std::ranges::any_of(frames, [&](const Frame& other) { return frame.meets(other); }))
      own.push_back(node);
  }
  edge.insert(edge.end(), own.begin(), own.end());
  const auto is_own = [&](const TerritoryCode& code) {
    return std::ranges::find(own, code, &Territory::code) != own.end();
  };
  std::vector<GridFinding> findings = check_grids(edge);
  std::erase_if(findings, [&](const GridFinding& finding) {
    return finding.kind != GridFinding::Kind::overlap ||
           is_own(finding.code) == is_own(finding.other);
  });
  return findings;
}

Result<DrawingResult> judge(const Laid& laid) {
  DrawingResult result;
  result.version = laid.tree->version();
  result.changed = laid.changed.size();
  result.findings = outer_overlaps(laid);
  std::ranges::move(check_grids(laid.standing), std::back_inserter(result.findings));
  // A grid that nobody has drawn yet is no fault of this drawing.
  std::erase_if(result.findings, [](const GridFinding& finding) {
    return finding.kind == GridFinding::Kind::no_boundary;
  });
  std::ranges::stable_sort(result.findings, {}, &GridFinding::kind);
  return result;
}

/// Whether a finding forbids to store: it is of a grid that this drawing changes, and no gap.
bool forbids(const GridFinding& finding, const Laid& laid) {
  if (finding.kind == GridFinding::Kind::gap) return false;
  return std::ranges::any_of(laid.changed, [&](const Territory& grid) {
    return grid.code == finding.code || grid.code == finding.other;
  });
}

bool is_barred(const DrawingResult& result, const Laid& laid) {
  return std::ranges::any_of(result.findings,
                             [&](const GridFinding& finding) { return forbids(finding, laid); });
}

constexpr const char* kDrawingsFact = "drawings";

/// One fact holds all that wait: who reads it to write it waits for who does so already.
std::mutex& drawings_mutex() {
  static std::mutex mutex;
  return mutex;
}

/// What it says, and what stands today where it draws: the second person agrees to both.
std::string drawing_hash(const GridDrawing& drawing, const std::vector<TerritoryCode>& codes,
                         const TerritoryTree& tree) {
  std::vector<codec::GeoFeature> before;
  for (const TerritoryCode& code : codes) {
    codec::GeoFeature feature;
    feature.properties = codec::Json(codec::Json::Object{{"code", codec::Json(code)}});
    if (const Territory* known = tree.find(code); known != nullptr && known->boundary)
      feature.boundaries.push_back(*known->boundary);
    before.push_back(std::move(feature));
  }
  return security::hex_encode(security::sha256(drawing.under + "\n" + format_date(drawing.from) +
                                               "\n" + drawing.grids + "\n" +
                                               codec::write_geojson(before)));
}

Result<std::vector<TerritoryCode>> codes_of(const GridDrawing& drawing) {
  GEWU_TRY(features, codec::read_geojson(drawing.grids));
  std::vector<TerritoryCode> codes;
  for (const codec::GeoFeature& feature : features)
    codes.emplace_back(feature.properties.string_at("code").value_or(""));
  return codes;
}

Status write_drawings(Office& office, const std::vector<DrawingProposal>& proposals) {
  std::string json;
  codec::JsonWriter out(json);
  out.begin_object().key("waiting").begin_array();
  for (const DrawingProposal& one : proposals) {
    out.begin_object().member("under", one.drawing.under).member("grids", one.drawing.grids);
    out.member("from", format_date(one.drawing.from)).member("sha256", one.sha256);
    out.member("by", one.by.value).member("at", format_instant(one.at));
    out.member("changed", static_cast<std::int64_t>(one.changed)).end_object();
  }
  out.end_array().end_object();
  return office.store.write_office(kDrawingsFact, json);
}

Result<std::vector<DrawingProposal>> kept_drawings(Office& office) {
  std::vector<DrawingProposal> proposals;
  GEWU_TRY(kept, office.store.read_office(kDrawingsFact));
  if (!kept || kept->empty()) return proposals;
  GEWU_TRY(json, codec::parse_json(*kept, codec::journal_limits()));
  const auto* waiting = json.array_at("waiting");
  if (waiting == nullptr) return proposals;
  for (const codec::Json& one : *waiting) {
    DrawingProposal proposal;
    proposal.drawing.under = one.string_at("under").value_or("");
    proposal.drawing.grids = one.string_at("grids").value_or("");
    proposal.drawing.from = parse_date(one.string_at("from").value_or("")).value_or(Date{});
    proposal.sha256 = one.string_at("sha256").value_or("");
    proposal.by = AccountId{one.integer_at("by").value_or(0)};
    proposal.at = parse_instant(one.string_at("at").value_or("")).value_or(Instant{});
    proposal.changed = static_cast<std::size_t>(one.integer_at("changed").value_or(0));
    proposals.push_back(std::move(proposal));
  }
  return proposals;
}

/// Each in place of what waited for its unit before.
Status keep_waiting(Office& office, std::vector<DrawingProposal> made) {
  const std::lock_guard lock(drawings_mutex());
  GEWU_TRY(proposals, kept_drawings(office));
  for (DrawingProposal& proposal : made) {
    std::erase_if(proposals, [&](const DrawingProposal& one) {
      return one.drawing.under == proposal.drawing.under;
    });
    if (proposals.size() >= kDrawingsWaitingMax)
      return refuse(ErrorCode::conflict, "territory.drawing.many");
    proposals.push_back(std::move(proposal));
  }
  return write_drawings(office, proposals);
}

/// The one of a unit that was seen, among all.
Result<std::vector<DrawingProposal>::iterator> find_drawing(
    std::vector<DrawingProposal>& proposals, std::string_view under, std::string_view sha256) {
  const auto found = std::ranges::find_if(
      proposals, [&](const DrawingProposal& one) { return one.drawing.under == under; });
  if (found == proposals.end()) return refuse(ErrorCode::not_found, "territory.drawing.none");
  if (found->sha256 != sha256) return refuse(ErrorCode::conflict, "territory.drawing.stale");
  return found;
}

/// What changes, as new versions from the drawing's day or as a correction of those that stand.
std::vector<DirectoryChange> changes_of(const Laid& laid, Date from) {
  std::vector<DirectoryChange> changes;
  for (Territory grid : laid.changed) {
    grid.valid_from = std::max(grid.valid_from, from);
    grid.drawn = false;
    changes.emplace_back(TerritoryChange{std::move(grid)});
  }
  return changes;
}

std::string name_of(AccountId account) {
  return "administrator " + std::to_string(account.value);
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

Result<DrawingResult> propose_drawing(Office& office, const SignedInCaller& by,
                                      const GridDrawing& drawing) {
  std::string converted;
  GEWU_TRY(laid, lay(office, by, drawing, converted));
  if (day_of(office.clock.now()) < drawing.from)
    return refuse(ErrorCode::invalid, "territory.drawing.from");
  const TerritoryTree& tree = *laid.tree;
  if (tree.version() != drawing.version)
    return refuse(ErrorCode::conflict, "territory.drawing.stale");
  GEWU_TRY(result, judge(laid));
  result.converted = std::move(converted);
  if (is_barred(result, laid) || laid.changed.empty()) return result;
  DrawingProposal proposal{drawing, "", by.caller.account, office.clock.now(),
                           laid.changed.size()};
  if (!result.converted.empty()) proposal.drawing.grids = result.converted;
  proposal.drawing.datum = Datum::cgcs2000;
  GEWU_TRY(codes, codes_of(proposal.drawing));
  proposal.sha256 = drawing_hash(proposal.drawing, codes, tree);
  result.proposed = proposal.sha256;
  std::vector<DrawingProposal> made;
  made.push_back(std::move(proposal));
  GEWU_CHECK(keep_waiting(office, std::move(made)));
  return result;
}

Result<bool> is_barred(const TreePtr& tree, const GridDrawing& drawing, Date today) {
  std::string converted;
  GEWU_TRY(laid, lay_on(tree, drawing, today, converted));
  GEWU_TRY(result, judge(laid));
  return is_barred(result, laid);
}

Status check_room(Office& office, const std::vector<GridDrawing>& drawings) {
  const std::lock_guard lock(drawings_mutex());
  GEWU_TRY(proposals, kept_drawings(office));
  std::set<TerritoryCode> units;
  for (const DrawingProposal& one : proposals) units.insert(one.drawing.under);
  for (const GridDrawing& one : drawings) units.insert(one.under);
  if (units.size() > kDrawingsWaitingMax)
    return refuse(ErrorCode::conflict, "territory.drawing.many");
  return {};
}

Status propose_drawings(Office& office, const SignedInCaller& by,
                        const std::vector<GridDrawing>& drawings) {
  std::vector<DrawingProposal> made;
  for (const GridDrawing& drawing : drawings) {
    std::string converted;
    GEWU_TRY(laid, lay(office, by, drawing, converted));
    GEWU_TRY(result, judge(laid));
    if (is_barred(result, laid)) return refuse(ErrorCode::conflict, "territory.drawing.barred");
    if (laid.changed.empty()) continue;
    GEWU_TRY(codes, codes_of(drawing));
    made.push_back({drawing, drawing_hash(drawing, codes, *laid.tree), by.caller.account,
                    office.clock.now(), laid.changed.size()});
  }
  return keep_waiting(office, std::move(made));
}

Result<std::vector<DrawingProposal>> list_drawings(Office& office, const SignedInCaller& by) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  const std::lock_guard lock(drawings_mutex());
  return kept_drawings(office);
}

bool is_stale(const Office& office, const DrawingProposal& proposal) {
  const auto codes = codes_of(proposal.drawing);
  return !codes || drawing_hash(proposal.drawing, *codes,
                                *office.store.directory()->territory) != proposal.sha256;
}

Status withdraw_drawing(Office& office, const SignedInCaller& by, const TerritoryCode& under,
                        std::string_view sha256) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  const std::lock_guard lock(drawings_mutex());
  GEWU_TRY(proposals, kept_drawings(office));
  GEWU_TRY(found, find_drawing(proposals, under, sha256));
  proposals.erase(found);
  return write_drawings(office, proposals);
}

Result<DrawingConfirmed> confirm_drawing(Office& office, const SignedInCaller& by,
                                         const TerritoryCode& under, std::string_view sha256) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  const std::lock_guard lock(drawings_mutex());
  GEWU_TRY(proposals, kept_drawings(office));
  GEWU_TRY(found, find_drawing(proposals, under, sha256));
  const DrawingProposal proposal = *found;
  if (proposal.by == by.caller.account)
    return refuse(ErrorCode::forbidden, "territory.drawing.second_person");
  // With three it is the security administrator who puts it to work.
  GEWU_CHECK(check_duty(office, by, {Duty::security}));
  if (is_stale(office, proposal)) return refuse(ErrorCode::conflict, "territory.drawing.stale");
  std::string converted;
  GEWU_TRY(laid, lay(office, by, proposal.drawing, converted));
  GEWU_TRY(result, judge(laid));
  DrawingConfirmed confirmed{std::move(result), proposal.by};
  if (is_barred(confirmed.result, laid)) return confirmed;
  GEWU_CHECK(change_directory(office, changes_of(laid, proposal.drawing.from),
                              name_of(by.caller.account) + ", proposed by " +
                                  name_of(proposal.by)));
  confirmed.result.stored = true;
  confirmed.result.version = office.store.directory()->territory->version();
  proposals.erase(found);
  GEWU_CHECK(write_drawings(office, proposals));
  return confirmed;
}

}  // namespace gewu::usecase
