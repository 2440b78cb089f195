#include <algorithm>
#include <map>

#include "codec/matter_json.h"
#include "kernel/matter/decide.h"
#include "store/sqlite/evidence.h"
#include "store/sqlite/figures.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/work_list.h"

// What `gewu check --data` compares: everything that is kept beside journal and snapshots.

namespace gewu::store::sqlite {

using namespace gewu::kernel;

Result<std::optional<Answered>> Reader::find_request(std::string_view scope, std::string_view id) {
  GEWU_TRY(statement, use("select e.matter, e.at from request r join event e on e.id = r.event"
                          " where r.scope = ? and r.id = ?"));
  GEWU_TRY(found, statement->bind(1, scope).bind(2, id).step());
  if (!found || statement->integer(0) == 0) return std::optional<Answered>();
  return std::optional(Answered{{statement->integer(0)}, {statement->integer(1)}});
}

Status Reader::each_matter(const std::function<Status(const SnapshotPtr&)>& each) {
  std::int64_t last = 0;
  for (;;) {
    // One at a time: the callback may read through the same connection.
    GEWU_TRY(statement, use("select id from matter where id > ? order by id limit 1"));
    GEWU_TRY(found, statement->bind(1, last).step());
    if (!found) return {};
    last = statement->integer(0);
    GEWU_TRY(snapshot, load_stored({last}));
    GEWU_CHECK(each(snapshot));
  }
}

Result<std::optional<Event>> Reader::read_event(const JournalLine& line) {
  GEWU_TRY(json, codec::parse_json(line.body, codec::journal_limits()));
  if (!json.find("event")) return std::optional<Event>();
  GEWU_TRY(event, read_event_body(line.body));
  return std::optional(std::move(event));
}

Status Reader::read_small_tables(Inventory& inventory) {
  GEWU_TRY(stream, use("select sequence, head from stream where id = 1"));
  GEWU_TRY(has_stream, stream->step());
  if (has_stream) {
    inventory.last_sequence = stream->integer(0);
    const auto head = stream->blob(1);
    if (head.size() == inventory.head.size())
      std::copy(head.begin(), head.end(), inventory.head.begin());
  }
  GEWU_TRY(held, use("select matter, body from held order by matter, hold"));
  for (;;) {
    GEWU_TRY(found, held->step());
    if (!found) break;
    GEWU_TRY(json, codec::parse_json(held->text(1), codec::journal_limits()));
    GEWU_TRY(record, codec::read_hold(json));
    inventory.holds.emplace_back(MatterId{held->integer(0)}, std::move(record));
  }
  GEWU_TRY(notices, use("select matter, count(*) from notice where matter <> 0"
                        " group by matter order by matter"));
  for (;;) {
    GEWU_TRY(found, notices->step());
    if (!found) break;
    inventory.notices.emplace_back(MatterId{notices->integer(0)},
                                   static_cast<std::size_t>(notices->integer(1)));
  }
  GEWU_TRY(series, use("select series, last from number_series order by series"));
  for (;;) {
    GEWU_TRY(found, series->step());
    if (!found) break;
    inventory.series.emplace_back(std::string(series->text(0)), series->integer(1));
  }
  return {};
}

Result<Inventory> Reader::take_inventory() {
  Inventory inventory;
  // A table that can't be read is one more difference: the others are compared all the same.
  const auto note = [&](const char* part, const Status& status) {
    if (!status)
      inventory.differences.push_back(std::string(part) + ": " + status.error().key);
  };
  note("journal rows",
       compare_with_journal(*this, secrets_.vault(), find_type_, inventory));
  note("tables", read_small_tables(inventory));
  note("cells", count_all_cells(inventory));
  note("balances", count_balances(inventory));
  note("matters", compare_tables(inventory));
  note("lists", compare_lists(inventory));
  auto uses = file_uses();
  if (uses) inventory.file_uses = std::move(*uses);
  else note("files", std::unexpected(uses.error()));
  return inventory;
}

namespace {

/// A row of `worklist` as text, so that two lists can be compared.
std::string line_of(const WorkEntry& entry, std::int64_t claimed) {
  const auto number = [](const std::optional<std::int64_t>& value) {
    return value ? std::to_string(*value) : std::string("-");
  };
  return entry.unit + "|" + entry.state + "|" + std::to_string(entry.due) + "|" +
         number(entry.yellow_at) + "|" + number(entry.red_at) + "|" + std::to_string(claimed);
}

using Lines = std::map<std::int64_t, std::vector<std::string>>;

/// Rows by matter, in any order.
bool differ(Lines& stored, std::int64_t matter, std::vector<std::string> expected) {
  std::vector<std::string>& rows = stored[matter];
  std::ranges::sort(rows);
  std::ranges::sort(expected);
  const bool differs = rows != expected;
  stored.erase(matter);
  return differs;
}

}  // namespace

Status Reader::compare_tables(Inventory& inventory) {
  Lines work, links, wakes, references;
  GEWU_TRY(worklist, use("select id, unit, state, due, yellow_at, red_at, claimed from worklist"));
  for (;;) {
    GEWU_TRY(found, worklist->step());
    if (!found) break;
    work[worklist->integer(0)].push_back(line_of(
        {std::string(worklist->text(1)), std::string(worklist->text(2)), worklist->integer(3),
         worklist->optional_integer(4), worklist->optional_integer(5), false},
        worklist->integer(6)));
  }
  GEWU_TRY(link, use("select member, field, target from link"));
  for (;;) {
    GEWU_TRY(found, link->step());
    if (!found) break;
    links[link->integer(0)].push_back(std::string(link->text(1)) + "|" +
                                      std::to_string(link->integer(2)));
  }
  GEWU_TRY(columns, use("select id, type, number, state, territory, text_sha256, wake_at"
                        " from matter"));
  for (;;) {
    GEWU_TRY(found, columns->step());
    if (!found) break;
    const auto wake = columns->optional_integer(6);
    std::string line;
    for (int i = 1; i <= 5; ++i) line += std::string(columns->text(i)) + "|";
    wakes[columns->integer(0)] = {line + (wake ? std::to_string(*wake) : "-")};
  }
  GEWU_TRY(rows, use("select id from reference_row"));
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) break;
    references[rows->integer(0)] = {"row"};
  }
  const auto note = [&](const char* table, std::int64_t matter) {
    inventory.differences.push_back(std::string(table) + " " + std::to_string(matter));
  };
  GEWU_CHECK(each_matter([&](const SnapshotPtr& matter) -> Status {
    const std::int64_t id = matter->id.value;
    std::vector<std::string> work_lines, link_lines;
    for (const WorkEntry& entry : work_entries(*matter)) 
      work_lines.push_back(line_of(entry, entry.claimed ? 1 : 0));
    for (const auto& [field, target] : links_of(*matter))
      link_lines.push_back(field + "|" + std::to_string(target));
    if (differ(work, id, std::move(work_lines))) note("worklist", id);
    if (differ(links, id, std::move(link_lines))) note("link", id);
    const auto wake = next_wake(*matter);
    const std::string line = matter->type->name + "|" + matter->number + "|" +
                             matter->type->states[matter->state].name + "|" + matter->territory +
                             "|" + matter->type->text_sha256 + "|" +
                             (wake ? std::to_string(wake->ms) : "-");
    if (differ(wakes, id, {line})) note("column", id);
    const auto& reference = matter->type->reference;
    const bool is_row = reference && std::ranges::find(reference->active, matter->state) !=
                                         reference->active.end();
    if (differ(references, id, is_row ? std::vector<std::string>{"row"}
                                      : std::vector<std::string>{}))
      note("reference", id);
    return {};
  }));
  for (const auto& [id, lines] : work) note("worklist", id);
  for (const auto& [id, lines] : links) note("link", id);
  for (const auto& [id, lines] : references) note("reference", id);
  return compare_authored(inventory);
}

}  // namespace gewu::store::sqlite
