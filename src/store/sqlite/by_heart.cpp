#include "store/sqlite/by_heart.h"

#include <algorithm>
#include <iterator>
#include <ranges>

#include "codec/matter_json.h"
#include "store/sqlite/figures.h"
#include "store/sqlite/work_list.h"

namespace gewu::store::sqlite {

using namespace gewu::kernel;

namespace {

/// Calls `each` with every row of the query.
template <typename Each>
Status read_rows(Reader& reader, const char* sql, Each each) {
  GEWU_TRY(statement, reader.use(sql));
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return {};
    GEWU_CHECK(each(*statement));
  }
}

}  // namespace

Status ByHeart::learn(Reader& reader) {
  *this = {};
  GEWU_CHECK(read_rows(reader, "select wake_at, id from matter where wake_at is not null",
                       [&](const Statement& row) -> Status {
                         wakes_.emplace(row.integer(0), MatterId{row.integer(1)});
                         return {};
                       }));
  GEWU_CHECK(read_rows(reader, "select field, target, member from link",
                       [&](const Statement& row) -> Status {
                         links_[row.integer(1)][std::string(row.text(0))].insert({row.integer(2)});
                         return {};
                       }));
  GEWU_CHECK(read_rows(
      reader, "select hold, matter, body from held", [&](const Statement& row) -> Status {
        GEWU_TRY(json, codec::parse_json(row.text(2), codec::journal_limits()));
        GEWU_TRY(record, codec::read_hold(json));
        const std::string key(row.text(0));
        const MatterId matter{row.integer(1)};
        held_[key][matter] = std::move(record);
        held_by_[matter].insert(key);
        return {};
      }));
  GEWU_CHECK(read_rows(reader,
                       "select book, account, amount, other, at from book_entry"
                       " order by book, account, at, event, position",
                       [&](const Statement& row) -> Status {
                         const std::string book(row.text(0)), account(row.text(1));
                         entries_[{book, account}].push_back({book, account, row.integer(2),
                                                              std::string(row.text(3)),
                                                              Instant{row.integer(4)}});
                         return {};
                       }));
  GEWU_CHECK(read_rows(reader,
                       "select r.scope, r.id, coalesce(e.matter, 0), coalesce(e.at, 0)"
                       " from request r"
                       " left join event e on e.id = r.event",
                       [&](const Statement& row) -> Status {
                         requests_[{std::string(row.text(0)), std::string(row.text(1))}] =
                             Answered{{row.integer(2)}, {row.integer(3)}};
                         return {};
                       }));
  GEWU_CHECK(read_rows(reader, "select key, value from office",
                       [&](const Statement& row) -> Status {
                         office_[std::string(row.text(0))] = row.text(1);
                         return {};
                       }));
  return read_rows(reader, "select row from ripple where stopped is null",
                   [&](const Statement& row) -> Status {
                     ripples_.insert(row.integer(0));
                     return {};
                   });
}

void ByHeart::note_matter(const Snapshot* before, const Snapshot& after) {
  const auto old_wake = before != nullptr ? next_wake(*before) : std::nullopt;
  const auto new_wake = next_wake(after);
  if (old_wake != new_wake) {
    if (old_wake) wakes_.erase({old_wake->ms, after.id});
    if (new_wake) wakes_.emplace(new_wake->ms, after.id);
  }
  const auto new_links = links_of(after);
  const auto old_links = before != nullptr ? links_of(*before) : decltype(links_of(after)){};
  if (old_links == new_links) return;
  for (const auto& [field, target] : old_links)
    if (!new_links.contains({field, target})) links_[target][field].erase(after.id);
  for (const auto& [field, target] : new_links) links_[target][field].insert(after.id);
}

void ByHeart::note_holds(const MatterChange& change, const Snapshot& after) {
  for (const HoldRecord& hold : change.holds) {
    const std::string of = hold_key(after.type->name, hold.hold, {});
    std::set<std::string>& mine = held_by_[after.id];
    std::erase_if(mine, [&](const std::string& key) {
      if (!key.starts_with(of) || (key.size() > of.size() && key[of.size()] != '\x1f')) return false;
      held_[key].erase(after.id);
      return true;
    });
    if (hold.keys.empty()) continue;
    const std::string key = hold_key(after.type->name, hold.hold, hold.keys);
    held_[key][after.id] = hold;
    mine.insert(key);
  }
}

void ByHeart::note_entries(const Event& event) {
  for (const BookEntry& entry : event.entries) {
    auto& entries = entries_[{entry.book, entry.account}];
    // Behind those of the same instant: as their events follow each other.
    entries.insert(std::ranges::upper_bound(entries, entry.at, {}, &BookEntry::at), entry);
  }
}

void ByHeart::note_request(const RequestKey& key, const Answered& answered) {
  requests_[{key.scope, key.id}] = answered;
}

void ByHeart::note_figures(const Event& event) {
  for (const Delta& delta : event.figures) {
    if (const auto known = counts_.find(delta.indicator); known != counts_.end())
      known->second[delta.day][join_dimensions(delta.dimensions)] +=
          {delta.count, delta.sum_micros};
    if (const auto known = records_.find(delta.indicator); known != records_.end())
      known->second[delta.day].push_back({{event.matter, event.id, event.at, delta.organisation,
                                           delta.count, delta.sum_micros, delta.dimensions},
                                          delta.territory});
  }
}

Status ByHeart::learn_records(Reader& reader, const std::string& indicator) {
  auto& days = records_[indicator];
  GEWU_TRY(rows, reader.use("select f.day, f.matter, f.event, e.at, f.organisation, f.count, f.sum,"
                            " f.dimensions, f.territory from figure_row f"
                            " join event e on e.id = f.event where f.indicator = ?"
                            " order by f.day, f.event, f.position"));
  rows->bind(1, indicator);
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) return {};
    days[Date{static_cast<std::int32_t>(rows->integer(0))}].push_back(
        {{{rows->integer(1)},
          {rows->integer(2)},
          {rows->integer(3)},
          std::string(rows->text(4)),
          rows->integer(5),
          rows->integer(6),
          split_dimensions(rows->text(7))},
         std::string(rows->text(8))});
  }
}

std::vector<FigureRecord> ByHeart::records(const CellQuery& query, std::size_t rows_max) const {
  std::vector<FigureRecord> records;
  const auto known = records_.find(query.indicator);
  if (known == records_.end()) return records;
  const auto& days = known->second;
  const auto first = query.at_end ? days.begin() : days.lower_bound(query.from);
  for (auto day = days.lower_bound(query.until); day != first;)
    for (const Record& one : std::views::reverse((--day)->second)) {
      if (records.size() >= rows_max) return records;
      if (is_of_unit(query, one.territory, one.record.organisation)) records.push_back(one.record);
    }
  return records;
}

Status ByHeart::learn_counts(Reader& reader, const std::string& indicator) {
  auto& days = counts_[indicator];
  GEWU_TRY(rows, reader.use("select day, dimensions, count, sum from figure_row"
                            " where indicator = ?"));
  rows->bind(1, indicator);
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) return {};
    days[Date{static_cast<std::int32_t>(rows->integer(0))}][std::string(rows->text(1))] +=
        {rows->integer(2), rows->integer(3)};
  }
}

std::vector<CountedBy> ByHeart::counts(const std::string& indicator, Date from, Date until) const {
  std::map<std::string, Tally> totals;
  const auto known = counts_.find(indicator);
  if (known == counts_.end()) return {};
  const auto& days = known->second;
  for (auto day = days.lower_bound(from); day != days.end() && day->first < until; ++day)
    for (const auto& [dimensions, counted] : day->second) totals[dimensions] += counted;
  std::vector<CountedBy> counts;
  for (const auto& [dimensions, counted] : totals)
    counts.push_back({split_dimensions(dimensions), counted.count, counted.sum_micros});
  return counts;
}

std::vector<MatterId> ByHeart::members(const SetKey& key) const {
  const auto links = links_.find(key.target.value);
  if (links == links_.end()) return {};
  const auto members = links->second.find(set_name(key));
  if (members == links->second.end()) return {};
  const auto& all = members->second;
  return {all.begin(), std::next(all.begin(), static_cast<std::ptrdiff_t>(
                                                  std::min(all.size(), kMembersRead)))};
}

std::vector<HoldRecord> ByHeart::holds(const std::string& hold_key, MatterId except) const {
  std::vector<HoldRecord> holds;
  if (const auto held = held_.find(hold_key); held != held_.end())
    for (const auto& [matter, hold] : held->second)
      if (matter != except) holds.push_back(hold);
  return holds;
}

std::vector<BookEntry> ByHeart::entries(const std::string& book, const std::string& account,
                                        Instant since) const {
  const auto found = entries_.find({book, account});
  if (found == entries_.end()) return {};
  return {std::ranges::lower_bound(found->second, since, {}, &BookEntry::at),
          found->second.end()};
}

std::int64_t ByHeart::balance(const std::string& book, const std::string& account) const {
  std::int64_t balance = 0;
  if (const auto found = entries_.find({book, account}); found != entries_.end())
    for (const BookEntry& entry : found->second) balance += entry.amount;
  return balance;
}

std::vector<MatterId> ByHeart::due(Instant until, std::size_t rows_max) const {
  std::vector<MatterId> matters;
  for (const auto& [at, id] : wakes_) {
    if (until.ms < at || matters.size() >= rows_max) break;
    matters.push_back(id);
  }
  return matters;
}

const Answered* ByHeart::find_request(const std::string& scope, const std::string& id) const {
  const auto found = requests_.find({scope, id});
  return found == requests_.end() ? nullptr : &found->second;
}

const std::string* ByHeart::office_value(const std::string& key) const {
  const auto found = office_.find(key);
  return found == office_.end() ? nullptr : &found->second;
}

}  // namespace gewu::store::sqlite
