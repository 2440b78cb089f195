#include "store/sqlite/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <unordered_map>

#include "base/text.h"
#include "codec/matter_json.h"

namespace gewu::store::sqlite {

using namespace gewu::kernel;

namespace {

struct FoldedDelta {
  std::string indicator, territory, organisation, dimensions;
  Date day;
  std::int64_t count = 0, sum = 0;
};

Status read_deltas(std::string_view body, const std::function<void(const FoldedDelta&)>& each) {
  GEWU_TRY(json, codec::parse_json(body, codec::journal_limits()));
  const auto* rows = json.as_array();
  if (!rows) return codec::bad_record("delta");
  for (const codec::Json& row : *rows) {
    const auto* parts = row.as_array();
    if (!parts || parts->size() != 7) return codec::bad_record("delta");
    const auto text = [&](std::size_t i) { return std::string((*parts)[i].as_string().value_or("")); };
    const auto number = [&](std::size_t i) { return (*parts)[i].as_integer().value_or(0); };
    each({text(0), text(1), text(2), text(3), Date{static_cast<std::int32_t>(number(4))},
          number(5), number(6)});
  }
  return {};
}

/// The months and days that make up [from, until): whole months where they fit.
struct Span {
  std::string first, last;  ///< inclusive range of periods
};
std::vector<Span> spans_of(Date from, Date until) {
  std::vector<Span> spans;
  if (until <= from) return spans;
  const auto start_of_month = [](Date day) {
    auto ymd = civil(day);
    ymd.day = 1;
    return date_of(ymd);
  };
  const auto next_month = [&](Date day) {
    auto ymd = civil(day);
    ymd.day = 1;
    if (++ymd.month > 12) ymd.month = 1, ++ymd.year;
    return date_of(ymd);
  };
  const Date first_month = start_of_month(from) == from ? from : next_month(from);
  const Date end_month = start_of_month(until);
  if (first_month >= end_month) {
    spans.push_back({day_period(from), day_period({until.days - 1})});
    return spans;
  }
  if (from < first_month) spans.push_back({day_period(from), day_period({first_month.days - 1})});
  spans.push_back({month_period(first_month), month_period({end_month.days - 1})});
  if (end_month < until) spans.push_back({day_period(end_month), day_period({until.days - 1})});
  return spans;
}

bool counts_for(const FoldedDelta& delta, std::string_view unit) {
  if (unit.starts_with("org:")) return delta.organisation == unit.substr(4);
  return !delta.territory.empty() && covers(unit, delta.territory);
}

}  // namespace

void DeltaBatch::add(const Delta& delta) {
  auto& counts = counts_[{delta.indicator, delta.territory, delta.organisation,
                          join_dimensions(delta.dimensions), delta.day.days}];
  counts.first += delta.count;
  counts.second += delta.sum_micros;
}

std::string DeltaBatch::body() const {
  std::string bytes;
  codec::JsonWriter out(bytes);
  out.begin_array();
  for (const auto& [key, counts] : counts_) {
    if (counts.first == 0 && counts.second == 0) continue;
    const auto& [indicator, territory, organisation, dimensions, day] = key;
    out.begin_array().string(indicator).string(territory).string(organisation);
    out.string(dimensions).integer(day).integer(counts.first).integer(counts.second).end_array();
  }
  out.end_array();
  return bytes;
}

namespace {

/// Indicators, codes and periods have no such letter; joined dimensions stand last.
constexpr char kPart = '\x1e';
std::string joined(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view part : parts) key.append(part).push_back(kPart);
  return key;
}

/// What came in and left again on one ground and day meets here, before it is told to all above.
using DeltaSums = std::unordered_map<std::string, FoldedDelta>;

void add_delta(DeltaSums& sums, const FoldedDelta& delta) {
  const auto [known, is_new] = sums.try_emplace(
      joined({delta.indicator, delta.territory, delta.organisation,
              std::to_string(delta.day.days), delta.dimensions}),
      delta);
  if (is_new) return;
  known->second.count += delta.count;
  known->second.sum += delta.sum;
}

/// By unit and period, in the order of the cells' own key.
std::vector<std::pair<std::string, Tally>> spread(const DeltaSums& sums) {
  std::unordered_map<std::string, Tally> cells;
  for (const auto& [key, delta] : sums) {
    if (delta.count == 0 && delta.sum == 0) continue;
    visit_cells(delta.territory, delta.organisation, delta.day,
                [&](const std::string& unit, const std::string& period) {
                  Tally& cell = cells[joined({delta.indicator, unit, period, delta.dimensions})];
                  cell += {delta.count, delta.sum};
                });
  }
  std::vector<std::pair<std::string, Tally>> sorted;
  sorted.reserve(cells.size());
  for (auto node = cells.begin(); node != cells.end(); node = cells.begin()) {
    auto taken = cells.extract(node);
    sorted.emplace_back(std::move(taken.key()), taken.mapped());
  }
  std::ranges::sort(sorted, {}, &std::pair<std::string, Tally>::first);
  return sorted;
}

Statement& bind_cell(Statement& statement, std::string_view key) {
  std::string_view rest = key.substr(0, key.size() - 1);
  for (int place = 1; place <= 3; ++place) {
    const auto end = rest.find(kPart);
    statement.bind(place, rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return statement.bind(4, rest);
}

/// A cell that comes down to nothing goes: changed by hand, nobody would notice its row. Asked and
/// then written, since an upsert that returns its row makes a table of its own for each.
Status write_cell(Reader& writer, std::string_view key, Tally counts, bool any_stand) {
  if (any_stand) {
    GEWU_TRY(find, writer.use("select count, sum from cell where indicator = ? and unit = ?"
                              " and period = ? and dimensions = ?"));
    GEWU_TRY(found, bind_cell(*find, key).step());
    if (found) counts += {find->integer(0), find->integer(1)};
    find->reset();
    if (found && counts == Tally{}) {
      GEWU_TRY(drop, writer.use("delete from cell where indicator = ? and unit = ? and period = ?"
                                " and dimensions = ?"));
      return bind_cell(*drop, key).run();
    }
  }
  GEWU_TRY(write, writer.use("insert or replace into cell"
                             " (indicator, unit, period, dimensions, count, sum)"
                             " values (?, ?, ?, ?, ?, ?)"));
  return bind_cell(*write, key).bind(5, counts.count).bind(6, counts.sum_micros).run();
}

}  // namespace

Result<std::size_t> fold_deltas(Reader& writer) {
  DeltaSums sums;
  std::size_t rows = 0;
  std::int64_t last = 0;
  GEWU_TRY(deltas, writer.use("select row, body from delta order by row"));
  for (;;) {
    GEWU_TRY(found, deltas->step());
    if (!found) break;
    ++rows;
    last = deltas->integer(0);
    GEWU_CHECK(read_deltas(deltas->text(1),
                           [&](const FoldedDelta& delta) { add_delta(sums, delta); }));
  }
  if (rows == 0) return rows;
  GEWU_TRY(stand, writer.count("select exists (select 1 from cell)"));
  for (const auto& [key, counts] : spread(sums))
    if (counts != Tally{}) GEWU_CHECK(write_cell(writer, key, counts, stand != 0));
  GEWU_TRY(drop, writer.use("delete from delta where row <= ?"));
  GEWU_CHECK(drop->bind(1, last).run());
  return rows;
}

Result<std::vector<Cell>> Reader::cells(const CellQuery& query) {
  std::map<std::string, Cell> totals;
  const Date from = query.at_end ? date_of({1900, 1, 1}) : query.from;
  // One read transaction: a fold between cells and tail would count a row twice or not at all. An
  // office in the making has one open already.
  const bool is_within = sqlite3_get_autocommit(connection_.raw()) == 0;
  if (!is_within) GEWU_CHECK(connection_.run("begin"));
  const auto work = [&]() -> Status {
    for (const Span& span : spans_of(from, query.until)) {
      GEWU_TRY(statement, use("select dimensions, sum(count), sum(sum) from cell"
                              " where indicator = ? and unit = ? and period between ? and ?"
                              " group by dimensions"));
      statement->bind(1, query.indicator).bind(2, query.unit);
      statement->bind(3, span.first).bind(4, span.last);
      for (;;) {
        GEWU_TRY(found, statement->step());
        if (!found) break;
        Cell& cell = totals[std::string(statement->text(0))];
        cell.count += statement->integer(1);
        cell.sum_micros += statement->integer(2);
      }
    }
    GEWU_TRY(tail, use("select body from delta order by row"));
    for (;;) {
      GEWU_TRY(found, tail->step());
      if (!found) break;
      GEWU_CHECK(read_deltas(tail->text(0), [&](const FoldedDelta& delta) {
        if (delta.indicator != query.indicator || delta.day < from || delta.day >= query.until ||
            !counts_for(delta, query.unit))
          return;
        Cell& cell = totals[delta.dimensions];
        cell.count += delta.count;
        cell.sum_micros += delta.sum;
      }));
    }
    return {};
  };
  const Status status = work();
  if (!is_within) GEWU_CHECK(connection_.run("commit"));
  if (!status) return std::unexpected(status.error());
  std::vector<Cell> cells;
  for (auto& [dimensions, cell] : totals) {
    if (cell.count == 0 && cell.sum_micros == 0) continue;
    cell.dimensions = split_dimensions(dimensions);
    cells.push_back(std::move(cell));
  }
  return cells;
}

bool is_of_unit(const CellQuery& query, std::string_view territory,
                std::string_view organisation) {
  constexpr std::string_view kOrganisation = "org:";
  if (query.unit.empty()) return true;
  if (query.unit.starts_with(kOrganisation))
    return organisation == std::string_view(query.unit).substr(kOrganisation.size());
  return !territory.empty() && covers(query.unit, territory);
}

Result<std::vector<FigureRecord>> Reader::figure_records(const CellQuery& query,
                                                         std::size_t rows_max) {
  GEWU_TRY(statement,
           use("select f.matter, f.event, f.count, f.sum, f.dimensions, f.territory,"
               " f.organisation, e.at from figure_row f join event e on e.id = f.event"
               " where f.indicator = ? and f.day >= ? and f.day < ?"
               " order by f.day desc, f.event desc"));
  const Date from = query.at_end ? date_of({1900, 1, 1}) : query.from;
  statement->bind(1, query.indicator).bind(2, from.days).bind(3, query.until.days);
  std::vector<FigureRecord> records;
  while (records.size() < rows_max) {
    GEWU_TRY(found, statement->step());
    if (!found) break;
    if (!is_of_unit(query, statement->text(5), statement->text(6))) continue;
    records.push_back({{statement->integer(0)},
                       {statement->integer(1)},
                       {statement->integer(7)},
                       std::string(statement->text(6)),
                       statement->integer(2),
                       statement->integer(3),
                       split_dimensions(statement->text(4))});
  }
  return records;
}

Status Reader::count_all_cells(Inventory& inventory) {
  CellMap totals;
  GEWU_TRY(cells, use("select indicator, unit, period, dimensions, count, sum from cell"));
  for (;;) {
    GEWU_TRY(found, cells->step());
    if (!found) break;
    auto& total = totals[{std::string(cells->text(0)), std::string(cells->text(1)),
                          std::string(cells->text(2)), std::string(cells->text(3))}];
    total += {cells->integer(4), cells->integer(5)};
    if (cells->integer(4) == 0 && cells->integer(5) == 0)
      inventory.differences.push_back("cell " + std::string(cells->text(0)) + " " +
                                      std::string(cells->text(1)) + " " +
                                      std::string(cells->text(2)));
  }
  GEWU_TRY(tail, use("select body from delta order by row"));
  for (;;) {
    GEWU_TRY(found, tail->step());
    if (!found) break;
    GEWU_CHECK(read_deltas(tail->text(0), [&](const FoldedDelta& delta) {
      visit_cells(delta.territory, delta.organisation, delta.day,
                  [&](const std::string& unit, const std::string& period) {
                    totals[{delta.indicator, unit, period, delta.dimensions}] +=
                        {delta.count, delta.sum};
                  });
    }));
  }
  for (const auto& [key, total] : totals) {
    const auto& [indicator, unit, period, dimensions] = key;
    inventory.cells.push_back({indicator, unit, period, split_dimensions(dimensions), total.count,
                               total.sum_micros});
  }
  return {};
}

}  // namespace gewu::store::sqlite
