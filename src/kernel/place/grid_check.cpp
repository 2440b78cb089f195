#include "kernel/place/grid_check.h"

#include <algorithm>
#include <array>
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/multi_polygon.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace gewu::kernel {
namespace {

namespace bg = boost::geometry;
using Point = bg::model::d2::point_xy<double>;
using Polygon = bg::model::polygon<Point>;
using MultiPolygon = bg::model::multi_polygon<Polygon>;
using Box = bg::model::box<Point>;
using GridFault = GridFinding::Kind;

constexpr std::array<std::string_view, 5> kNames{"no_boundary", "invalid_boundary", "overlap",
                                                 "outside_parent", "gap"};

/// A flat plane in metres around one parallel: areas of a city come out within a per mille, and
/// equal micro-degrees stay equal, so that shared edges stay shared.
class Plane {
 public:
  explicit Plane(std::int32_t lat_e6)
      : lon_m_(kDegreeM * std::cos(lat_e6 * std::numbers::pi / 180e6) / 1e6) {}

  Polygon draw(const Boundary& boundary) const {
    Polygon polygon;
    polygon.inners().resize(boundary.rings.empty() ? 0 : boundary.rings.size() - 1);
    for (std::size_t i = 0; i < boundary.rings.size(); ++i)
      for (const LonLat point : boundary.rings[i])
        bg::append(polygon, Point(point.lon_e6 * lon_m_, point.lat_e6 * (kDegreeM / 1e6)),
                   static_cast<int>(i) - 1);
    return polygon;
  }

 private:
  static constexpr double kDegreeM = 111'195.0;
  double lon_m_;
};

struct Drawing {
  const Territory* territory;
  Polygon polygon;
};

class Check {
 public:
  Check(std::span<const Territory* const> territories, std::int64_t tolerance_m2)
      : tolerance_m2_(static_cast<double>(tolerance_m2)) {
    for (const Territory* territory : territories) draw(*territory);
  }

  std::vector<GridFinding> run() {
    find_overlaps();
    std::map<TerritoryCode, MultiPolygon> cover = cover_by_parent();
    check_parents(cover);
    find_enclosed_gaps(cover);
    std::ranges::sort(findings_, {}, [](const GridFinding& finding) {
      return std::tuple(finding.kind, std::string_view(finding.code),
                        std::string_view(finding.other), -finding.area_m2);
    });
    return std::move(findings_);
  }

 private:
  void draw(const Territory& territory) {
    const bool is_grid = territory.level == Level::grid;
    if (!territory.boundary || territory.boundary->rings.empty() ||
        territory.boundary->rings.front().empty()) {
      if (is_grid) findings_.push_back({GridFault::no_boundary, territory.code, "", 0, ""});
      return;
    }
    if (code_depth(territory.code) > level_depth(Level::grid)) return;
    if (!plane_) plane_.emplace(territory.boundary->rings.front().front().lat_e6);
    Polygon polygon = plane_->draw(*territory.boundary);
    std::string reason;
    const bool is_closed = std::ranges::all_of(territory.boundary->rings, [](const Ring& ring) {
      return !ring.empty() && ring.front() == ring.back();
    });
    if (is_closed) bg::correct(polygon);
    if (!bg::is_valid(polygon, reason)) {
      findings_.push_back({GridFault::invalid_boundary, territory.code, "", 0, reason});
      return;
    }
    (is_grid ? grids_ : parents_).push_back({&territory, std::move(polygon)});
  }

  bool matters(double area_m2) const { return area_m2 > tolerance_m2_; }

  template <typename Geometry>
  void report(GridFault kind, const TerritoryCode& code, const TerritoryCode& other,
              const Geometry& ground) {
    const double area_m2 = bg::area(ground);
    if (matters(area_m2)) findings_.push_back({kind, code, other, std::llround(area_m2), ""});
  }

  void find_overlaps() {
    std::ranges::sort(grids_, {},
                      [](const Drawing& grid) -> std::string_view { return grid.territory->code; });
    using Entry = std::pair<Box, std::size_t>;
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < grids_.size(); ++i)
      entries.emplace_back(bg::return_envelope<Box>(grids_[i].polygon), i);
    const bg::index::rtree<Entry, bg::index::rstar<16>> tree(entries.begin(), entries.end());
    for (const auto& [box, at] : entries)
      for (auto near = tree.qbegin(bg::index::intersects(box)); near != tree.qend(); ++near) {
        if (near->second <= at) continue;
        MultiPolygon shared;
        bg::intersection(grids_[at].polygon, grids_[near->second].polygon, shared);
        report(GridFault::overlap, grids_[at].territory->code, grids_[near->second].territory->code,
               shared);
      }
  }

  /// The ground that grids cover, by the unit right above them: many small unions first, which
  /// keeps the large one cheap.
  std::map<TerritoryCode, MultiPolygon> cover_by_parent() const {
    std::map<TerritoryCode, MultiPolygon> cover;
    for (const Drawing& grid : grids_) {
      MultiPolygon& ground = cover[parent_code(grid.territory->code).value_or("")];
      MultiPolygon joined;
      bg::union_(ground, grid.polygon, joined);
      ground = std::move(joined);
    }
    return cover;
  }

  /// A drawn unit with grids in it is covered by them, and they stay inside.
  void check_parents(const std::map<TerritoryCode, MultiPolygon>& cover) {
    for (const Drawing& parent : parents_) {
      const TerritoryCode& code = parent.territory->code;
      MultiPolygon left{parent.polygon};
      bool has_grids = false;
      for (auto below = cover.lower_bound(code); below != cover.end() && covers(code, below->first);
           ++below) {
        MultiPolygon rest;
        bg::difference(left, below->second, rest);
        left = std::move(rest);
        has_grids = true;
      }
      if (!has_grids) continue;
      for (const Polygon& hole : left) report(GridFault::gap, code, "", hole);
    }
    for (const Drawing& grid : grids_)
      for (const Drawing& parent : parents_) {
        if (!covers(parent.territory->code, grid.territory->code)) continue;
        MultiPolygon outside;
        bg::difference(grid.polygon, parent.polygon, outside);
        report(GridFault::outside_parent, grid.territory->code, parent.territory->code, outside);
      }
  }

  /// Holes in the ground of all grids together which no drawn unit has told of yet.
  void find_enclosed_gaps(std::map<TerritoryCode, MultiPolygon>& cover) {
    MultiPolygon all = join(cover);
    for (const Polygon& part : all)
      for (const auto& ring : part.inners()) {
        Polygon hole;
        hole.outer().assign(ring.begin(), ring.end());
        bg::correct(hole);
        MultiPolygon untold{hole};
        for (const Drawing& parent : parents_) {
          if (!cover_has(cover, parent.territory->code)) continue;
          MultiPolygon rest;
          bg::difference(untold, parent.polygon, rest);
          untold = std::move(rest);
        }
        for (const Polygon& gap : untold) report(GridFault::gap, "", "", gap);
      }
  }

  static bool cover_has(const std::map<TerritoryCode, MultiPolygon>& cover,
                        const TerritoryCode& code) {
    const auto below = cover.lower_bound(code);
    return below != cover.end() && covers(code, below->first);
  }

  static MultiPolygon join(const std::map<TerritoryCode, MultiPolygon>& cover) {
    std::vector<MultiPolygon> parts;
    for (const auto& [code, ground] : cover) parts.push_back(ground);
    while (parts.size() > 1) {
      std::vector<MultiPolygon> joined((parts.size() + 1) / 2);
      for (std::size_t i = 0; i < parts.size(); i += 2) {
        if (i + 1 == parts.size())
          joined[i / 2] = std::move(parts[i]);
        else
          bg::union_(parts[i], parts[i + 1], joined[i / 2]);
      }
      parts = std::move(joined);
    }
    return parts.empty() ? MultiPolygon{} : std::move(parts.front());
  }

  const double tolerance_m2_;
  std::optional<Plane> plane_;
  std::vector<Drawing> grids_;
  std::vector<Drawing> parents_;
  std::vector<GridFinding> findings_;
};

}  // namespace

std::string_view finding_name(GridFault kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<GridFinding> check_grids(std::span<const Territory* const> territories,
                                     std::int64_t tolerance_m2) {
  return Check(territories, tolerance_m2).run();
}

}  // namespace gewu::kernel
