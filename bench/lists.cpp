#include "bench/lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "store/sqlite/database.h"

namespace gewu::bench {

using namespace gewu::kernel;
using store::sqlite::Connection;
using store::sqlite::Statement;

namespace {

constexpr std::size_t kRows = 20;
constexpr const char* kState = "appeal.received";
constexpr std::size_t kGridDigits = 15, kSubdistrictDigits = 9, kCountyDigits = 6;

struct ListLevel {
  const char* name;
  std::size_t digits;
};
constexpr ListLevel kLevels[] = {
    {"grid", kGridDigits}, {"subdistrict", kSubdistrictDigits}, {"county", kCountyDigits}};

/// What somebody who knows the tables would write for one question: the first or last rows of each
/// list that is merged, and of all of them the first or last.
std::string bare_sql(std::size_t lists, bool backwards) {
  const char* order = backwards ? "order by due desc, id desc" : "order by due, id";
  std::string merged;
  for (std::size_t i = 0; i < lists; ++i) {
    if (i > 0) merged += " union all ";
    merged += fmt::format(
        "select * from (select due, id from worklist where unit = ?{} and state = ?1 {} limit {})",
        i + 2, order, kRows);
  }
  return fmt::format(
      "select w.id, m.snapshot from (select due, id from ({}) {} limit {}) w join matter m"
      " on m.id = w.id {}",
      merged, order, kRows, backwards ? "order by w.due desc, w.id desc" : "order by w.due, w.id");
}

Result<std::vector<std::int64_t>> ask_bare(Statement& statement,
                                           const std::vector<std::string>& lists, bool backwards) {
  statement.reset();
  statement.bind(1, kState);
  for (std::size_t i = 0; i < lists.size(); ++i) statement.bind(static_cast<int>(i + 2), lists[i]);
  std::vector<std::int64_t> ids;
  std::string snapshot;
  for (;;) {
    GEWU_TRY(found, statement.step());
    if (!found) break;
    ids.push_back(statement.integer(0));
    snapshot.assign(statement.text(1));
  }
  if (backwards) std::ranges::reverse(ids);
  return ids;
}

/// The county's own list and those of its subdistricts; below, the unit alone.
std::vector<std::string> lists_of(const std::string& unit,
                                  const std::set<std::string>& subdistricts) {
  std::vector<std::string> lists{unit};
  if (unit.size() < kSubdistrictDigits)
    for (const std::string& one : subdistricts)
      if (one.starts_with(unit)) lists.push_back(one);
  return lists;
}

struct Samples {
  std::vector<double> bare, ours;
  std::vector<double> ours_first;  ///< of units that were not asked for before
};

/// Both ask the same questions in turn; times are of this thread, in microseconds.
Status sample(Place& place, Connection& connection, const std::vector<std::string>& units,
              const std::set<std::string>& subdistricts, bool backwards, double seconds,
              Samples& samples) {
  const std::size_t count = lists_of(units.front(), subdistricts).size();
  GEWU_TRY(statement, connection.prepare(bare_sql(count, backwards)));
  const double until = wall_seconds() + seconds;
  for (std::size_t number = 0; number < units.size() || wall_seconds() < until; ++number) {
    const std::string& unit = units[number % units.size()];
    const auto lists = lists_of(unit, subdistricts);
    const double began = thread_seconds();
    GEWU_TRY(ids, ask_bare(statement, lists, backwards));
    const double between = thread_seconds();
    store::WorkQuery query;
    query.unit = unit;
    query.states = {kState};
    query.now = place.clock().now();
    query.backwards = backwards;
    query.rows = kRows;
    GEWU_TRY(page, place.store().read_worklist(query));
    const double ended = thread_seconds();
    samples.bare.push_back((between - began) * 1e6);
    samples.ours.push_back((ended - between) * 1e6);
    if (number < units.size()) samples.ours_first.push_back(samples.ours.back());
    if (page.rows.size() != ids.size())
      return wrong("list.rows", std::to_string(ids.size()), std::to_string(page.rows.size()));
    for (std::size_t i = 0; i < ids.size(); ++i)
      GEWU_CHECK(expect_equal("list.row", ids[i], page.rows[i]->id.value));
    statement.reset();
  }
  return {};
}

}  // namespace

Status measure_lists(Place& place, const std::string& data, const Options& options,
                     Report& report) {
  GEWU_TRY(connection, Connection::open(data + "/office.db", true));
  std::set<std::string> subdistricts;
  std::vector<std::string> grids;
  for (const Spot& spot : spots_of(*place.store().directory(), place.clock().now())) {
    grids.push_back(spot.grid);
    subdistricts.insert(spot.grid.substr(0, kSubdistrictDigits));
  }
  for (const ListLevel& level : kLevels) {
    std::set<std::string> units;
    for (const std::string& grid : grids) units.insert(grid.substr(0, level.digits));
    const std::vector<std::string> asked(units.begin(), units.end());
    for (const bool backwards : {false, true}) {
      Samples samples;
      GEWU_CHECK(sample(place, connection, asked, subdistricts, backwards, options.seconds / 2,
                        samples));
      const std::string name =
          fmt::format("list_{}_{}", level.name, backwards ? "last" : "first");
      const double bare = percentile(samples.bare, 0.99);
      const double ours = percentile(samples.ours, 0.99);
      report.add(name + "_bare_p99_us", bare);
      report.add(name + "_p99_us", ours);
      report.add(name + "_cold_us", median(samples.ours_first));
      report.goals.push_back({name, ours / bare, 5, false});
    }
  }
  return {};
}

}  // namespace gewu::bench
