#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/limits.h"
#include "bench/case.h"
#include "bench/lists.h"
#include "bench/place.h"
#include "bench/served.h"
#include "store/sqlite/caches.h"

// One office that grows: what a matter costs at a hundredth of its size and at all of it, how long
// a work list takes over it, and how much memory a server on it needs.

namespace gewu::bench {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kWindowMin = 500, kWindowMax = 5'000;
constexpr std::size_t kFirstPart = 100;   ///< the office is this many times larger at the end

/// Opens appeals of residents, spread over all grids, as an import does: by the store's groups.
class Grower {
 public:
  Grower(Place& place, std::vector<Spot> spots) : place_(place), spots_(std::move(spots)) {}

  Status grow(std::size_t matters) {
    for (std::size_t done = 0; done < matters;) {
      const std::size_t group = std::min(kLimits.group_commit_max, matters - done);
      std::vector<store::CommitRequest> requests;
      for (std::size_t i = 0; i < group; ++i) requests.push_back(opening(opened_ + i));
      // The day goes on, so that due times differ.
      place_.clock().set(place_.clock().now() + 1'000);
      for (const auto& committed : place_.store().commit_all(std::move(requests)))
        if (!committed) return std::unexpected(committed.error());
      opened_ += group;
      done += group;
    }
    return {};
  }

  /// Microseconds of processor time that one of the next `matters` costs, all threads counted.
  Result<double> cost_of(std::size_t matters) {
    std::vector<double> costs;
    constexpr std::size_t kParts = 5;
    for (std::size_t part = 0; part < kParts; ++part) {
      const double began = process_seconds();
      GEWU_CHECK(grow(matters / kParts));
      costs.push_back((process_seconds() - began) * 1e6 / static_cast<double>(matters / kParts));
    }
    return median(std::move(costs));
  }

  std::size_t opened() const { return opened_; }

 private:
  store::CommitRequest opening(std::size_t number) const {
    store::CommitRequest request;
    request.decide = [this, number](const store::Turn& turn) -> Result<store::Writing> {
      kernel::Place where;
      where.territory = spots_[number % spots_.size()].grid;
      OpenRequest open;
      open.type = "appeal";
      open.action = "submit";
      open.values = {{"text", fmt::format("第{}件：楼前路灯三天不亮，老人晚上出门怕摔。", number)},
                     {"place", make_large(std::move(where))},
                     {"contact", make_large(Contact{"金某某", "19900001234", ""})}};
      const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
      GEWU_TRY(decision, open_matter(chamber, open));
      store::Writing writing;
      writing.decision = std::move(decision);
      return writing;
    };
    return request;
  }

  Place& place_;
  std::vector<Spot> spots_;
  std::size_t opened_ = 0;
};

/// The figure of all appeals that ever came in: no row was counted twice or not at all.
Result<std::int64_t> count_appeals(Place& place, const std::string& unit) {
  store::CellQuery query;
  query.indicator = "appeal.came_in";
  query.unit = unit;
  query.until = date_of({2100, 1, 1});
  query.at_end = true;
  GEWU_TRY(cells, place.store().read_cells(query));
  std::int64_t count = 0;
  for (const store::Cell& cell : cells) count += cell.count;
  return count;
}

double size_mb(const std::string& data) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(data + "/office.db", error);
  return error ? 0 : static_cast<double>(bytes) / (1 << 20);
}

}  // namespace

Result<Report> run_growth(Ground& ground) {
  const Options& options = ground.options;
  GEWU_TRY(small, ground.copy_demo("growth.small"));
  GEWU_TRY(data, ground.copy_demo("growth"));
  Report report;
  {
    GEWU_TRY(place, Place::open(data, true));
    Grower grower(*place, spots_of(*place->store().directory(), place->clock().now()));
    const std::string county = place->store().directory()->find_locality(kLocality)->territory;
    GEWU_TRY(before, count_appeals(*place, county));
    const std::size_t window = std::clamp(options.matters / 200, kWindowMin, kWindowMax);
    const std::size_t first = options.matters / kFirstPart;
    GEWU_CHECK(grower.grow(first > window ? first - window : 1));
    GEWU_TRY(cost_small, grower.cost_of(window));
    GEWU_CHECK(grower.grow(options.matters - grower.opened() - window));
    GEWU_TRY(cost_large, grower.cost_of(window));
    GEWU_TRY(after, count_appeals(*place, county));
    GEWU_CHECK(expect_equal("growth.count", static_cast<std::int64_t>(grower.opened()),
                            after - before));
    GEWU_TRY(folded, place->store().fold());
    report.add("folded", static_cast<double>(folded));
    report.add("matters", static_cast<double>(grower.opened()));
    report.add("cost_us_small", cost_small);
    report.add("cost_us_large", cost_large);
    report.goals.push_back({"cost_growth", cost_large / cost_small, 1.3, false});
    GEWU_CHECK(measure_lists(*place, data, options, report));
  }
  report.add("office_mb", size_mb(data));
  GEWU_TRY(on_small, serve_and_measure(options.executable, small, options.seconds));
  GEWU_TRY(on_large, serve_and_measure(options.executable, data, options.seconds));
  report.add("ready_s_large", on_large.ready_seconds);
  report.add("memory_mb_small", on_small.busy_mb);
  report.add("memory_mb_large", on_large.busy_mb);
  report.goals.push_back({"memory_growth_mb", on_large.busy_mb - on_small.busy_mb,
                          store::sqlite::kCachesMb, false});
  return report;
}

}  // namespace gewu::bench
