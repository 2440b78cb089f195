#include "bench/bare_loop.h"

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "bench/case.h"
#include "finding/words.h"
#include "store/sqlite/database.h"

namespace gewu::bench {

using store::sqlite::Connection;
using store::sqlite::Statement;

namespace {

constexpr std::size_t kGroup = 32;
constexpr double kCheckpointSeconds = 0.2;

struct FreeValue {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using Cell = std::unique_ptr<sqlite3_value, FreeValue>;
using Line = std::vector<Cell>;

/// A table that a create writes to, how its rows are found, and which event each belongs to.
struct Table {
  const char* name;
  const char* key;        ///< rows beyond its greatest value before the run are new
  const char* by_event;   ///< join that gives the event's sequence; rows in this order
};
/// In the order in which the writer fills them.
constexpr Table kTables[] = {
    {"event", "sequence", "select t.*, t.sequence from event t where t.sequence > ?1"
                          " order by t.sequence"},
    {"matter", "id", "select t.*, e.sequence from matter t join event e on e.matter = t.id"
                     " where t.id > ?1 order by e.sequence"},
    {"link", "member", "select t.*, e.sequence from link t join event e on e.matter = t.member"
                       " where t.member > ?1 order by e.sequence"},
    {"worklist", "id", "select t.*, e.sequence from worklist t join event e on e.matter = t.id"
                       " where t.id > ?1 order by e.sequence"},
    {"notice", "id", "select t.*, e.sequence from notice t join event e on e.id = t.event"
                     " where t.id > ?1 order by e.sequence"},
    {"outbox", "row", "select t.*, e.sequence from outbox t join event e on e.id = t.event"
                      " where t.row > ?1 order by e.sequence"},
    {"figure_row", "event", "select t.*, e.sequence from figure_row t join event e on"
                            " e.id = t.event where t.event > ?1 order by e.sequence"},
    {"request", "event", "select t.*, e.sequence from request t join event e on e.id = t.event"
                         " where t.event > ?1 order by e.sequence"},
};

/// A matter's place in the index by which it is found, as the store made it.
struct Words {
  std::int64_t id = 0;
  std::string words, scope, tokens;
};

/// A counter of open matters.
struct Counter {
  std::string unit, state;
  std::int64_t before = 0, after = 0;
};

struct Captured {
  std::string insert;
  std::vector<std::pair<std::int64_t, Line>> lines;   ///< sequence of the event, cells
};

Result<std::int64_t> number_of(Connection& connection, const std::string& sql) {
  GEWU_TRY(statement, connection.prepare(sql));
  GEWU_TRY(found, statement.step());
  return found ? statement.integer(0) : 0;
}

/// All rows of a query; the last column is the event's sequence.
Result<std::vector<std::pair<std::int64_t, Line>>> read_lines(Connection& connection,
                                                              const char* sql,
                                                              std::int64_t beyond) {
  GEWU_TRY(statement, connection.prepare(sql));
  statement.bind(1, beyond);
  const int columns = sqlite3_column_count(statement.raw()) - 1;
  std::vector<std::pair<std::int64_t, Line>> lines;
  for (;;) {
    GEWU_TRY(found, statement.step());
    if (!found) return lines;
    Line line;
    for (int column = 0; column < columns; ++column)
      line.emplace_back(sqlite3_value_dup(sqlite3_column_value(statement.raw(), column)));
    lines.emplace_back(statement.integer(columns), std::move(line));
  }
}

Result<std::vector<std::pair<std::int64_t, Words>>> read_words(Connection& office,
                                                               std::int64_t beyond) {
  GEWU_TRY(find, office.prepare("select w.id, w.words, w.scope, e.sequence from matter_words w"
                                " join event e on e.matter = w.id where w.id > ?"
                                " order by e.sequence"));
  find.bind(1, beyond);
  std::vector<std::pair<std::int64_t, Words>> words;
  for (;;) {
    GEWU_TRY(found, find.step());
    if (!found) return words;
    words.emplace_back(find.integer(3),
                       Words{find.integer(0), std::string(find.text(1)), std::string(find.text(2)),
                             finding::index_tokens(find.text(1))});
  }
}

Status read_counters(Connection& office, std::map<std::pair<std::string, std::string>, Counter>& to,
                     std::int64_t Counter::*n) {
  GEWU_TRY(read, office.prepare("select unit, state, n from open_count"));
  for (;;) {
    GEWU_TRY(found, read.step());
    if (!found) return {};
    Counter& counter = to[{std::string(read.text(0)), std::string(read.text(1))}];
    counter.unit = read.text(0);
    counter.state = read.text(1);
    counter.*n = read.integer(2);
  }
}

/// Counters that moved, and which of them each matter of the run moved.
Status read_counted(Connection& old, Connection& office, std::int64_t beyond,
                    std::vector<Counter>& counters,
                    std::vector<std::pair<std::int64_t, std::vector<std::size_t>>>& counted) {
  std::map<std::pair<std::string, std::string>, Counter> all;
  GEWU_CHECK(read_counters(old, all, &Counter::before));
  GEWU_CHECK(read_counters(office, all, &Counter::after));
  for (auto& [key, counter] : all)
    if (counter.before != counter.after) counters.push_back(std::move(counter));
  std::vector<std::int64_t> sums(counters.size(), 0);
  GEWU_TRY(read, office.prepare("select t.type || '.' || t.state, t.territory, e.sequence,"
                                " coalesce((select group_concat(unit, '|') from worklist w"
                                " where w.id = t.id), '')"
                                " from matter t join event e on e.matter = t.id where t.id > ?"
                                " order by e.sequence"));
  read.bind(1, beyond);
  for (;;) {
    GEWU_TRY(found, read.step());
    if (!found) break;
    const std::string_view state = read.text(0), territory = read.text(1);
    const std::string units = "|" + std::string(read.text(3)) + "|";
    auto& mine = counted.emplace_back(read.integer(2), std::vector<std::size_t>{}).second;
    for (std::size_t i = 0; i < counters.size(); ++i) {
      const Counter& counter = counters[i];
      if (counter.state != state || (!territory.starts_with(counter.unit) &&
                                     units.find("|" + counter.unit + "|") == std::string::npos))
        continue;
      mine.push_back(i);
      ++sums[i];
    }
  }
  for (std::size_t i = 0; i < counters.size(); ++i)
    GEWU_CHECK(expect_equal("create.open_count", counters[i].after - counters[i].before, sums[i]));
  return {};
}

std::string insert_into(const char* table, std::size_t columns) {
  std::string sql = std::string("insert into ") + table + " values (";
  for (std::size_t i = 0; i < columns; ++i) sql += i == 0 ? "?" : ", ?";
  return sql + ")";
}

Status run_with(Statement& insert, const Line& line) {
  for (std::size_t i = 0; i < line.size(); ++i)
    sqlite3_bind_value(insert.raw(), static_cast<int>(i + 1), line[i].get());
  return insert.run();
}

}  // namespace

struct CapturedRows::Rows {
  std::vector<Captured> tables;
  Captured keys;                       ///< by the matter's event
  std::vector<Line> deltas;            ///< one a group commit of the run
  std::vector<std::int64_t> sequences;
  std::vector<std::pair<std::string, std::int64_t>> series;  ///< last number, of the run
  std::vector<std::pair<std::int64_t, Words>> words;         ///< by the matter's event
  std::vector<Counter> counters;
  std::vector<std::pair<std::int64_t, std::vector<std::size_t>>> counted;  ///< by each matter
  std::size_t matters = 0;
};

CapturedRows::CapturedRows(std::unique_ptr<Rows> rows) : rows_(std::move(rows)) {}
CapturedRows::CapturedRows(CapturedRows&&) noexcept = default;
CapturedRows::~CapturedRows() = default;

std::size_t CapturedRows::events() const { return rows_->sequences.size(); }
std::size_t CapturedRows::matters() const { return rows_->matters; }
std::size_t CapturedRows::rows() const {
  std::size_t count = rows_->keys.lines.size() + rows_->deltas.size() + 2 * rows_->words.size();
  for (const Captured& table : rows_->tables) count += table.lines.size();
  return count;
}

Result<CapturedRows> CapturedRows::capture(const std::string& before, const std::string& data) {
  auto rows = std::make_unique<Rows>();
  GEWU_TRY(old, Connection::open(before + "/office.db", true));
  GEWU_TRY(office, Connection::open(data + "/office.db", true));
  for (const Table& table : kTables) {
    GEWU_TRY(beyond, number_of(old, std::string("select coalesce(max(") + table.key +
                                        "), 0) from " + table.name));
    Captured captured;
    GEWU_TRY(lines, read_lines(office, table.by_event, beyond));
    captured.lines = std::move(lines);
    if (captured.lines.empty()) continue;
    captured.insert = insert_into(table.name, captured.lines.front().second.size());
    if (std::string_view(table.name) == "event")
      for (const auto& [sequence, line] : captured.lines) rows->sequences.push_back(sequence);
    if (std::string_view(table.name) == "matter") rows->matters = captured.lines.size();
    rows->tables.push_back(std::move(captured));
  }
  GEWU_TRY(last_words, number_of(old, "select coalesce(max(id), 0) from matter_words"));
  GEWU_TRY(words, read_words(office, last_words));
  rows->words = std::move(words);
  GEWU_CHECK(read_counted(old, office, last_words, rows->counters, rows->counted));
  GEWU_TRY(last_delta, number_of(old, "select coalesce(max(row), 0) from delta"));
  GEWU_TRY(deltas, read_lines(office, "select t.*, 0 from delta t where t.row > ?1 order by t.row",
                              last_delta));
  for (auto& [sequence, line] : deltas) rows->deltas.push_back(std::move(line));
  {
    GEWU_TRY(series, office.prepare("select series, last from number_series order by last desc"));
    for (;;) {
      GEWU_TRY(found, series.step());
      if (!found) break;
      rows->series.emplace_back(series.text(0), series.integer(1));
    }
  }
  GEWU_TRY(old_keys, Connection::open(before + "/keys.db", true));
  GEWU_TRY(keys, Connection::open(data + "/keys.db", true));
  GEWU_TRY(last_key, number_of(old_keys, "select coalesce(max(id), 0) from key"));
  GEWU_TRY(key_lines,
           read_lines(keys, "select t.*, t.id from key t where t.id > ?1 order by t.id", last_key));
  rows->keys.lines = std::move(key_lines);
  rows->keys.insert = insert_into("key", 4);
  return CapturedRows(std::move(rows));
}

namespace {

/// The files of the loop with its prepared statements.
class Loop {
 public:
  static Result<Loop> open(const std::string& data) {
    GEWU_TRY(office, Connection::open(data + "/office.db", false));
    GEWU_TRY(keys, Connection::open(data + "/keys.db", false));
    GEWU_CHECK(keys.run("pragma secure_delete=on"));
    Loop loop(std::move(office), std::move(keys));
    return loop;
  }

  Status begin() {
    GEWU_CHECK(keys.run("begin immediate"));
    return office.run("begin immediate");
  }
  Status commit() {
    GEWU_CHECK(keys.run("commit"));
    GEWU_CHECK(office.run("commit"));
    if (wall_seconds() - checkpointed_ < kCheckpointSeconds) return {};
    for (Connection* file : {&office, &keys})
      sqlite3_wal_checkpoint_v2(file->raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    checkpointed_ = wall_seconds();
    return {};
  }

  Connection office, keys;

 private:
  Loop(Connection of_office, Connection of_keys)
      : office(std::move(of_office)), keys(std::move(of_keys)), checkpointed_(wall_seconds()) {}
  double checkpointed_;
};

}  // namespace

Result<double> CapturedRows::write(const std::string& data) const {
  GEWU_TRY(loop, Loop::open(data));
  std::vector<Statement> inserts;
  for (const Captured& table : rows_->tables) {
    GEWU_TRY(insert, loop.office.prepare(table.insert));
    inserts.push_back(std::move(insert));
  }
  GEWU_TRY(key, loop.keys.prepare(rows_->keys.insert));
  GEWU_TRY(delta, loop.office.prepare("insert into delta values (?, ?)"));
  GEWU_TRY(series, loop.office.prepare("insert into number_series (series, last) values (?1, ?2)"
                                       " on conflict do update set last = ?2"));
  GEWU_TRY(words, loop.office.prepare("insert into matter_words (id, words, scope)"
                                      " values (?, ?, ?)"));
  GEWU_TRY(index, loop.office.prepare("insert into word_index (rowid, words, scope)"
                                      " values (?, ?, ?)"));
  GEWU_TRY(open_count, loop.office.prepare("insert into open_count (unit, state, n)"
                                           " values (?1, ?2, ?3) on conflict do update"
                                           " set n = n + ?3"));
  GEWU_TRY(head, loop.office.prepare("update stream set sequence = ? where id = 1"));

  const std::size_t count = rows_->sequences.size();
  const std::size_t groups = (count + kGroup - 1) / kGroup;
  std::vector<std::size_t> at(inserts.size(), 0);
  std::size_t at_key = 0, at_delta = 0, at_words = 0, at_counted = 0;
  const double began = wall_seconds();
  for (std::size_t group = 0; group < groups; ++group) {
    GEWU_CHECK(loop.begin());
    const std::size_t end = std::min(count, (group + 1) * kGroup);
    for (std::size_t i = group * kGroup; i < end; ++i) {
      const std::int64_t sequence = rows_->sequences[i];
      for (std::size_t table = 0; table < inserts.size(); ++table) {
        const auto& lines = rows_->tables[table].lines;
        for (; at[table] < lines.size() && lines[at[table]].first <= sequence; ++at[table])
          GEWU_CHECK(run_with(inserts[table], lines[at[table]].second));
      }
      for (; at_words < rows_->words.size() && rows_->words[at_words].first <= sequence;
           ++at_words) {
        const Words& of = rows_->words[at_words].second;
        GEWU_CHECK(words.bind(1, of.id).bind(2, of.words).bind(3, of.scope).run());
        GEWU_CHECK(index.bind(1, of.id).bind(2, of.tokens).bind(3, of.scope).run());
      }
      const auto& [name, last] = rows_->series.front();
      GEWU_CHECK(series.bind(1, name).bind(2, last).run());
    }
    // Keys and merged deltas were written by group: here as evenly.
    for (; at_key < rows_->keys.lines.size() * end / count; ++at_key)
      GEWU_CHECK(run_with(key, rows_->keys.lines[at_key].second));
    for (; at_delta < rows_->deltas.size() * end / count; ++at_delta)
      GEWU_CHECK(run_with(delta, rows_->deltas[at_delta]));
    std::map<std::size_t, std::int64_t> moved;
    for (; at_counted < rows_->counted.size() &&
           rows_->counted[at_counted].first <= rows_->sequences[end - 1];
         ++at_counted)
      for (const std::size_t counter : rows_->counted[at_counted].second) ++moved[counter];
    for (const auto& [counter, by] : moved) {
      const Counter& of = rows_->counters[counter];
      GEWU_CHECK(open_count.bind(1, of.unit).bind(2, of.state).bind(3, by).run());
    }
    GEWU_CHECK(head.bind(1, rows_->sequences[end - 1]).run());
    GEWU_CHECK(loop.commit());
  }
  return wall_seconds() - began;
}

}  // namespace gewu::bench
