#include "kernel/place/grid_index.h"

#include <algorithm>
#include <array>
#include <boost/geometry/algorithms/expand.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/geometry/strategies/relate/cartesian.hpp>
#include <map>
#include <utility>

namespace gewu::kernel {
namespace {

namespace bg = boost::geometry;
using IndexPoint = bg::model::point<std::int32_t, 2, bg::cs::cartesian>;
using IndexBox = bg::model::box<IndexPoint>;

/// Twice the signed area of the triangle; coordinates of micro-degrees keep it below 2^58.
std::int64_t turn(LonLat a, LonLat b, LonLat c) {
  const std::int64_t ab_lon = std::int64_t{b.lon_e6} - a.lon_e6;
  const std::int64_t ab_lat = std::int64_t{b.lat_e6} - a.lat_e6;
  const std::int64_t ac_lon = std::int64_t{c.lon_e6} - a.lon_e6;
  const std::int64_t ac_lat = std::int64_t{c.lat_e6} - a.lat_e6;
  return ab_lon * ac_lat - ab_lat * ac_lon;
}

bool in_box_of(LonLat a, LonLat b, LonLat point) {
  return std::min(a.lon_e6, b.lon_e6) <= point.lon_e6 &&
         point.lon_e6 <= std::max(a.lon_e6, b.lon_e6) &&
         std::min(a.lat_e6, b.lat_e6) <= point.lat_e6 &&
         point.lat_e6 <= std::max(a.lat_e6, b.lat_e6);
}

bool is_on(LonLat a, LonLat b, LonLat point) {
  return in_box_of(a, b, point) && turn(a, b, point) == 0;
}

bool cross(LonLat a, LonLat b, LonLat c, LonLat d) {
  const auto sign = [](std::int64_t value) { return (value > 0) - (value < 0); };
  const int c_side = sign(turn(a, b, c)), d_side = sign(turn(a, b, d));
  const int a_side = sign(turn(c, d, a)), b_side = sign(turn(c, d, b));
  if (c_side * d_side < 0 && a_side * b_side < 0) return true;
  return is_on(a, b, c) || is_on(a, b, d) || is_on(c, d, a) || is_on(c, d, b);
}

enum class Side { outside, edge, inside };

/// Even-odd rule: a ray eastwards crosses the ring an odd number of times from inside.
Side side_of(const Ring& ring, LonLat point) {
  bool inside = false;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const LonLat a = ring[i], b = ring[i + 1];
    if (is_on(a, b, point)) return Side::edge;
    if ((a.lat_e6 > point.lat_e6) == (b.lat_e6 > point.lat_e6)) continue;
    const std::int64_t side = turn(a, b, point);
    if (b.lat_e6 > a.lat_e6 ? side > 0 : side < 0) inside = !inside;
  }
  return inside ? Side::inside : Side::outside;
}

bool is_closed(const Ring& ring) {
  return ring.size() >= 4 && ring.front() == ring.back() && std::ranges::all_of(ring, is_on_earth);
}

IndexBox box_of(std::span<const LonLat> points) {
  LonLat low = points.front(), high = points.front();
  for (const LonLat point : points) {
    low = {std::min(low.lon_e6, point.lon_e6), std::min(low.lat_e6, point.lat_e6)};
    high = {std::max(high.lon_e6, point.lon_e6), std::max(high.lat_e6, point.lat_e6)};
  }
  return {IndexPoint(low.lon_e6, low.lat_e6), IndexPoint(high.lon_e6, high.lat_e6)};
}

bool touches(const Boundary& boundary, LonLat a, LonLat b) {
  if (contains(boundary, a) || contains(boundary, b)) return true;
  for (const Ring& ring : boundary.rings)
    for (std::size_t i = 0; i + 1 < ring.size(); ++i)
      if (cross(a, b, ring[i], ring[i + 1])) return true;
  return false;
}

}  // namespace

bool contains(const Boundary& boundary, LonLat point) {
  if (boundary.rings.empty()) return false;
  const Side outer = side_of(boundary.rings.front(), point);
  if (outer != Side::inside) return outer == Side::edge;
  return std::ranges::all_of(
      boundary.rings.begin() + 1, boundary.rings.end(),
      [&](const Ring& hole) { return side_of(hole, point) != Side::inside; });
}

struct GridIndex::Shapes {
  struct Shape {
    TerritoryCode code;
    Boundary boundary;
  };
  using Entry = std::pair<IndexBox, std::uint32_t>;
  struct End {
    Date day;
    std::vector<TerritoryCode> successors;
  };

  std::vector<Shape> shapes;  ///< in code order
  bg::index::rtree<Entry, bg::index::rstar<16>> tree;
  std::map<TerritoryCode, End> ends;  ///< drawn or not
  /// What is drawn of a unit and below it, of each that something is drawn of.
  std::map<TerritoryCode, IndexBox, std::less<>> frames;

  void widen_frames(const TerritoryCode& code, const IndexBox& box) {
    const auto widen = [&](const TerritoryCode& at) {
      const auto [frame, is_new] = frames.try_emplace(at, box);
      if (!is_new) bg::expand(frame->second, box);
    };
    widen(code);
    for (const TerritoryCode& above : codes_above(code)) widen(above);
  }

  bool has_ended(const TerritoryCode& code, std::optional<Date> day) const {
    const auto end = ends.find(code);
    return end != ends.end() && (!day || end->second.day <= *day);
  }

  /// Who has the ground of a unit on that day; nothing where it ended without a successor.
  std::optional<TerritoryCode> holder(const TerritoryCode& code, std::optional<Date> day) const {
    TerritoryCode at = code;
    for (std::size_t steps = 0; has_ended(at, day); ++steps) {
      const auto& successors = ends.at(at).successors;
      if (successors.empty() || steps > ends.size()) return std::nullopt;
      std::optional<TerritoryCode> shared = successors.front();
      for (const TerritoryCode& successor : successors)
        if (shared) shared = common_code(*shared, successor);
      if (!shared) return std::nullopt;
      at = std::move(*shared);
    }
    return at;
  }

  /// Positions in `shapes` of those whose box meets the box, lowest code first.
  std::vector<std::uint32_t> near(const IndexBox& box) const {
    std::vector<std::uint32_t> found;
    for (auto entry = tree.qbegin(bg::index::intersects(box)); entry != tree.qend(); ++entry)
      found.push_back(entry->second);
    std::ranges::sort(found);
    return found;
  }
};

GridIndex::GridIndex() : shapes_(std::make_shared<const Shapes>()) {}

Result<GridIndex> GridIndex::build(std::span<const Territory* const> territories) {
  auto shapes = std::make_shared<Shapes>();
  for (const Territory* territory : territories) {
    if (territory->valid_until)
      shapes->ends[territory->code] = {*territory->valid_until, territory->successors};
    if (!territory->boundary) continue;
    const auto& rings = territory->boundary->rings;
    if (rings.empty() || !std::ranges::all_of(rings, is_closed))
      return refuse(ErrorCode::invalid, "territory.boundary", {{"code", territory->code}});
    shapes->shapes.push_back({territory->code, *territory->boundary});
  }
  std::ranges::sort(shapes->shapes, {}, &Shapes::Shape::code);
  std::vector<Shapes::Entry> entries;
  entries.reserve(shapes->shapes.size());
  for (const Shapes::Shape& shape : shapes->shapes) {
    const IndexBox box = box_of(shape.boundary.rings.front());
    entries.emplace_back(box, static_cast<std::uint32_t>(entries.size()));
    shapes->widen_frames(shape.code, box);
  }
  shapes->tree = decltype(shapes->tree)(entries.begin(), entries.end());
  GridIndex index;
  index.shapes_ = std::move(shapes);
  return index;
}

std::size_t GridIndex::size() const {
  return shapes_->shapes.size();
}

std::optional<TerritoryCode> GridIndex::deepest_of(LonLat point, std::optional<Date> day,
                                                   std::optional<int> of_depth) const {
  const std::array points{point};
  std::optional<TerritoryCode> deepest;
  bool is_drawn = false;  // the unit itself, not one that had its ground
  for (const std::uint32_t at : shapes_->near(box_of(points))) {
    const Shapes::Shape& shape = shapes_->shapes[at];
    const bool stands = shapes_->ends.empty() || !shapes_->has_ended(shape.code, day);
    auto code = stands ? std::optional(shape.code) : shapes_->holder(shape.code, day);
    if (!code || (of_depth && code_depth(*code) != *of_depth)) continue;
    const int depth = code_depth(*code), before = deepest ? code_depth(*deepest) : 0;
    if (depth < before || (depth == before && (is_drawn || !stands))) continue;
    if (!contains(shape.boundary, point)) continue;
    deepest = std::move(code);
    is_drawn = stands;
  }
  return deepest;
}

std::optional<TerritoryCode> GridIndex::grid_of(LonLat point, std::optional<Date> day) const {
  return deepest_of(point, day, level_depth(Level::grid));
}

std::optional<TerritoryCode> GridIndex::smallest_of(LonLat point, std::optional<Date> day) const {
  return deepest_of(point, day, std::nullopt);
}

namespace {

/// How far the widest unit of a level reaches, in micro-degrees: the largest counties of the
/// country measure seven degrees, prefectures eleven, provinces twenty-nine.
std::int64_t reach_of(std::string_view code) {
  constexpr std::int64_t kProvince = 30'000'000, kPrefecture = 12'000'000, kCounty = 8'000'000;
  const int depth = code_depth(code);
  return depth == 1 ? kProvince : depth == 2 ? kPrefecture : kCounty;
}

bool is_within(std::int64_t low, std::int64_t high, std::int64_t at, std::int64_t reach) {
  const std::int64_t margin = std::max(high - low, reach);
  return low - margin <= at && at <= high + margin;
}

}  // namespace

bool GridIndex::lies_far(std::string_view code, LonLat point) const {
  const auto found = shapes_->frames.find(code);
  if (found == shapes_->frames.end()) return false;
  const IndexPoint &low = found->second.min_corner(), &high = found->second.max_corner();
  const std::int64_t reach = reach_of(code);
  return !is_within(low.get<0>(), high.get<0>(), point.lon_e6, reach) ||
         !is_within(low.get<1>(), high.get<1>(), point.lat_e6, reach);
}

std::vector<TerritoryCode> GridIndex::grids_of(std::span<const LonLat> line,
                                               std::optional<Date> day) const {
  std::vector<TerritoryCode> found;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const LonLat from = line[i];
    const LonLat to = line[std::min(i + 1, line.size() - 1)];
    const std::array ends{from, to};
    for (const std::uint32_t at : shapes_->near(box_of(ends))) {
      const Shapes::Shape& shape = shapes_->shapes[at];
      auto code = shapes_->holder(shape.code, day);
      if (code && code_depth(*code) == level_depth(Level::grid) &&
          touches(shape.boundary, from, to))
        found.push_back(std::move(*code));
    }
  }
  std::ranges::sort(found);
  const auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  return found;
}

}  // namespace gewu::kernel
