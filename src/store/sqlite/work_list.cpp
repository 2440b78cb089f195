#include "store/sqlite/work_list.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "store/sqlite/reader.h"

namespace gewu::store::sqlite {

using namespace gewu::kernel;

namespace {

constexpr int kSubdistrictDepth = 4;

std::optional<std::int64_t> earliest(std::optional<std::int64_t> a, std::optional<Instant> b) {
  if (!b) return a;
  return a ? std::min(*a, b->ms) : b->ms;
}

}  // namespace

std::vector<WorkEntry> work_entries(const Snapshot& snapshot) {
  if (snapshot.is_final()) return {};
  WorkEntry entry;
  entry.state = snapshot.type->name + "." + snapshot.type->states[snapshot.state].name;
  entry.claimed = snapshot.claimed_by.has_value();
  if (const auto due = snapshot.next_due()) entry.due = due->ms;
  for (const ClockState& clock : snapshot.clocks) {
    if (clock.status != ClockStatus::running) continue;
    entry.yellow_at = earliest(entry.yellow_at, clock.yellow_at);
    entry.red_at = earliest(entry.red_at, clock.red_at);
  }
  std::vector<std::string> units;
  std::string code = snapshot.territory;
  while (!code.empty() && code_depth(code) > kGridDepth) {
    const auto above = parent_code(code);
    if (!above) break;
    code = *above;
  }
  if (!code.empty()) {
    units.push_back(code);
    for (const TerritoryCode& above : codes_above(code))
      if (code_depth(above) >= kSubdistrictDepth) units.push_back(above);
  }
  if (!snapshot.owner.code.empty()) units.push_back("owner:" + snapshot.owner.code);
  if (!snapshot.handler.code.empty()) units.push_back("handler:" + snapshot.handler.code);
  std::vector<WorkEntry> entries;
  for (std::string& unit : units) {
    entries.push_back(entry);
    entries.back().unit = std::move(unit);
  }
  return entries;
}

std::string list_unit(WorkQuery::Of of, const std::string& unit) {
  switch (of) {
    case WorkQuery::Of::owner: return "owner:" + unit;
    case WorkQuery::Of::handler: return "handler:" + unit;
    case WorkQuery::Of::territory: break;
  }
  return unit;
}

std::vector<std::string> units_to_merge(const WorkQuery& query, const Directory& directory) {
  std::vector<std::string> units{list_unit(query.of, query.unit)};
  if (query.of != WorkQuery::Of::territory) return units;
  if (code_depth(query.unit) >= kSubdistrictDepth) return units;
  for (std::size_t next = 0; next < units.size(); ++next)
    for (const Territory* child : directory.territory->children(units[next]))
      if (code_depth(child->code) <= kSubdistrictDepth) units.push_back(child->code);
  return units;
}

std::vector<std::string> states_to_merge(const WorkQuery& query, const Directory& directory) {
  if (!query.states.empty()) return query.states;
  std::set<std::string> states;
  for (const auto& [name, locality] : directory.localities)
    for (const auto& [type_name, type] : locality->types) {
      if (!query.types.empty() &&
          std::find(query.types.begin(), query.types.end(), type_name) == query.types.end())
        continue;
      for (const StateSpec& state : type->states)
        if (!state.is_final) states.insert(type_name + "." + state.name);
    }
  return {states.begin(), states.end()};
}

std::string format_cursor(WorkCursor cursor) {
  return std::to_string(cursor.due) + "." + std::to_string(cursor.id);
}

std::optional<WorkCursor> parse_cursor(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 2) return std::nullopt;
  const auto due = parse_integer(parts[0]), id = parse_integer(parts[1]);
  if (!due || !id) return std::nullopt;
  return WorkCursor{*due, *id};
}

namespace {

using Place = std::pair<std::int64_t, std::int64_t>;  // due, id

/// What a lamp means in stored instants; the worst clock decides.
std::string_view lamp_filter(std::optional<Lamp> lamp) {
  if (!lamp) return "";
  switch (*lamp) {
    case Lamp::red: return " and red_at <= ?7";
    case Lamp::yellow: return " and yellow_at <= ?7 and (red_at is null or red_at > ?7)";
    case Lamp::green:
      return " and due < 9223372036854775807 and (yellow_at is null or yellow_at > ?7)"
             " and (red_at is null or red_at > ?7)";
    case Lamp::grey: return " and due = 9223372036854775807";
    case Lamp::violet: return "";
  }
  return "";
}

}  // namespace

Result<WorkPage> Reader::worklist(const WorkQuery& query, std::span<const std::string> units,
                                  std::span<const std::string> states) {
  const bool backwards = query.backwards;
  std::string sql = "select due, id from worklist where unit = ?1 and state = ?2";
  if (!query.cursor.empty())
    sql += backwards ? " and (due, id) < (?3, ?4)" : " and (due, id) > (?3, ?4)";
  if (query.claimed_only) sql += " and claimed = 1";
  sql += lamp_filter(query.lamp);
  sql += backwards ? " order by due desc, id desc limit ?5" : " order by due, id limit ?5";
  WorkCursor cursor;
  if (!query.cursor.empty()) {
    const auto parsed = parse_cursor(query.cursor);
    if (!parsed) return refuse(ErrorCode::invalid, "worklist.cursor");
    cursor = *parsed;
  }
  const OneMoment moment(*this);
  GEWU_TRY(statement, use_composed(sql));
  const auto wanted = static_cast<std::int64_t>(query.rows + 1);
  std::vector<Place> places;
  for (const std::string& unit : units)
    for (const std::string& state : states) {
      statement->reset();
      statement->bind(1, unit).bind(2, state).bind(5, wanted);
      if (!query.cursor.empty()) statement->bind(3, cursor.due).bind(4, cursor.id);
      if (query.lamp) statement->bind(7, query.now.ms);
      for (;;) {
        GEWU_TRY(found, statement->step());
        if (!found) break;
        places.emplace_back(statement->integer(0), statement->integer(1));
      }
    }
  std::sort(places.begin(), places.end());
  if (backwards) std::reverse(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  const bool has_more = places.size() > query.rows;
  if (has_more) places.resize(query.rows);
  if (backwards) std::reverse(places.begin(), places.end());
  statement->reset();
  WorkPage page;
  for (const auto& [due, id] : places) {
    GEWU_TRY(snapshot, load({id}));
    if (!snapshot) continue;
    page.rows.push_back(std::move(snapshot));
    page.places.push_back(format_cursor({due, id}));
  }
  if (places.empty()) return page;
  const bool has_next = backwards ? !query.cursor.empty() : has_more;
  const bool has_previous = backwards ? has_more : !query.cursor.empty();
  if (has_next) page.next = format_cursor({places.back().first, places.back().second});
  if (has_previous) page.previous = format_cursor({places.front().first, places.front().second});
  return page;
}

std::set<std::pair<std::string, std::int64_t>> links_of(const Snapshot& snapshot) {
  std::set<std::pair<std::string, std::int64_t>> links;
  const auto enter = [&](const FieldSpec& spec, const Value& value) {
    if (const Link* link = value.get<Link>(); link && link->id.has_value()) {
      links.emplace(snapshot.type->name + "." + spec.name, link->id.value);
      if (!snapshot.type->base.empty())
        links.emplace(snapshot.type->base + "." + spec.name, link->id.value);
    }
  };
  for (std::size_t i = 0; i < snapshot.fields.size(); ++i) {
    const FieldSpec& spec = snapshot.type->fields[i];
    if (spec.kind != FieldKind::link) continue;
    if (const Values* many = snapshot.fields[i].get_shared<Values>())
      for (const Value& value : *many) enter(spec, value);
    else
      enter(spec, snapshot.fields[i]);
  }
  return links;
}

}  // namespace gewu::store::sqlite
