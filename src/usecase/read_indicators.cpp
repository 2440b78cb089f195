#include "usecase/read_indicators.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "kernel/matter/heaps.h"
#include "kernel/matter/rounds.h"
#include "usecase/coverage.h"
#include "usecase/reach.h"
#include "usecase/read_log.h"
#include "usecase/read_me.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::string_view kOrganisationPrefix = "org:";

using Source = Counted;

struct Plan {
  Unit unit;
  const Locality* locality = nullptr;
  Source main;
  std::vector<Source> parts;             ///< of a ratio: numerator, denominator
  FigurePeriod period;
  Date tomorrow;
};

std::string unit_text(const Unit& unit) {
  return unit.kind == Unit::Kind::organisation ? std::string(kOrganisationPrefix) + unit.code
                                               : unit.code;
}

Result<Unit> choose_unit(const FigureQuestion& question, const ReadRoom& room,
                         const std::vector<const Post*>& posts) {
  const Directory& directory = *room.directory();
  if (question.unit.empty()) {
    const Unit& own = posts.front()->unit;
    if (own.kind != Unit::Kind::row) return own;
    return refuse(ErrorCode::invalid, "list.unit");
  }
  const bool is_organisation = question.unit.starts_with(kOrganisationPrefix);
  const Unit unit = is_organisation
                        ? organisation_unit(question.unit.substr(kOrganisationPrefix.size()))
                        : territory_unit(question.unit);
  const bool is_known = is_organisation
                            ? directory.roster->organisation(unit.code) != nullptr
                            : directory.territory->find(unit.code) != nullptr;
  if (!is_known) return refuse(ErrorCode::not_found, "not_found");
  GEWU_CHECK(check_covered(posts, unit, directory, room.now()));
  return unit;
}

Result<Plan> make_plan(const FigureQuestion& question, const ReadRoom& room) {
  const Directory& directory = *room.directory();
  GEWU_TRY(posts, posts_of(question.caller, directory, room.now()));
  Plan plan;
  GEWU_TRY(unit, choose_unit(question, room, posts));
  plan.unit = std::move(unit);
  if (plan.unit.kind == Unit::Kind::territory)
    plan.locality = directory.locality_of(plan.unit.code);
  if (!plan.locality) {
    GEWU_TRY(locality, choose_locality(directory, question.caller, room.now(), {}));
    plan.locality = locality;
  }
  const auto main = find_counted(*plan.locality, question.name);
  if (!main) return refuse(ErrorCode::not_found, "not_found");
  plan.main = *main;
  auto parts = find_parts(*plan.locality, *main);
  if (!parts) return refuse(ErrorCode::not_found, "not_found");
  plan.parts = std::move(*parts);
  const Date today = today_at(*plan.locality->calendar, room.now());
  GEWU_TRY(period, parse_period(question.period, today));
  plan.period = period;
  plan.tomorrow = Date{today.days + 1};
  return plan;
}

store::CellQuery query_for(const Plan& plan, const Source& source, const Unit& unit) {
  store::CellQuery query;
  query.indicator = source.cells;
  query.unit = unit_text(unit);
  query.from = plan.period.from;
  query.until = plan.period.until;
  query.at_end = is_at_end(*source.spec);
  return query;
}

Result<Heaps> read_heaps(Office& office, const Plan& plan, const Source& source,
                             const Unit& unit, std::string_view dimension) {
  GEWU_TRY(cells, office.store.read_cells(query_for(plan, source, unit)));
  return heap_up(*source.spec, cells, dimension);
}

/// How much more or less there is than at the date; over what there was then.
Result<Figure> read_change(Office& office, const Plan& plan, const Unit& unit) {
  if (plan.parts.size() != 1) return refuse(ErrorCode::not_found, "not_found");
  const std::unique_ptr<DossierSource> source = office.store.read();
  const Dossier none;
  const DirectoryPtr directory = office.store.directory();
  GEWU_TRY(since, evaluate(*plan.main.spec->since,
                           Scope{.directory = *directory, .locality = *plan.locality,
                                 .dossier = none, .now = office.clock.now()}));
  const auto* day = since.get<Date>();
  if (day == nullptr) return Figure{};
  Plan then = plan;
  then.period.until = Date{day->days + 1};
  then.period.from = *day;
  GEWU_TRY(now_heaps, read_heaps(office, plan, plan.parts[0], unit, {}));
  GEWU_TRY(then_heaps, read_heaps(office, then, plan.parts[0], unit, {}));
  const std::int64_t before = micros_of(*plan.parts[0].spec, then_heaps[""]);
  const Number difference{micros_of(*plan.parts[0].spec, now_heaps[""]) - before};
  return Figure{difference, difference, Number{before}, false};
}

/// Whether a unit counts for the one that is asked about.
bool lies_in(const Value& unit, const Unit& asked, const Directory& directory,
             DossierSource& source, Instant now) {
  if (asked.kind == Unit::Kind::territory) {
    const std::string ground = ground_of_unit(unit, directory, source);
    return !ground.empty() && covers(asked.code, ground);
  }
  if (const auto* place = unit.get<Unit>(); place != nullptr && *place == asked) return true;
  if (const auto* link = unit.get<Link>()) {
    const SnapshotPtr row = source.load(link->id);
    return row && row->owner == asked;
  }
  const auto* reference = unit.get<PostRef>();
  const Post* post = reference != nullptr ? directory.roster->post(reference->id) : nullptr;
  const Organisation* organisation =
      post != nullptr ? directory.roster->organisation_of(*post, day_of(now)) : nullptr;
  return organisation != nullptr && organisation->key == asked.code;
}

/// How often each unit was counted, by the text of its dimension.
Result<std::map<std::string, std::int64_t>> count_units(Office& office, const Plan& plan,
                                                        DossierSource& source) {
  std::map<std::string, std::int64_t> counts;
  const Source& part = plan.parts.front();
  if (!is_at_end(*part.spec)) {
    for (const CountedBy& counted :
         source.counts(part.cells, plan.period.from, plan.period.until))
      if (!counted.dimensions.empty()) counts[counted.dimensions.front()] += counted.count;
    return counts;
  }
  GEWU_TRY(cells, office.store.read_cells(
                      query_for(plan, part, territory_unit(plan.locality->territory))));
  for (const store::Cell& cell : cells)
    if (!cell.dimensions.empty()) counts[cell.dimensions.front()] += cell.count;
  return counts;
}

/// How far counts as there, where the indicator says so.
Result<std::optional<Reach>> reach_of(const IndicatorSpec& spec,
                                      const std::map<std::string, std::int64_t>& counts,
                                      const Directory& directory, const Locality& locality,
                                      Instant now) {
  if (!spec.reach_minutes || !spec.reach_speed) return std::nullopt;
  const Dossier none;
  const Scope scope{.directory = directory, .locality = locality, .dossier = none, .now = now};
  GEWU_TRY(minutes, evaluate(*spec.reach_minutes, scope));
  GEWU_TRY(speed, evaluate(*spec.reach_speed, scope));
  const auto* how_long = minutes.get<Number>();
  const auto* how_fast = speed.get<Number>();
  if (!how_long || !how_fast) return std::nullopt;
  // Nobody walks so far that whole millimetres would not do.
  const std::int64_t metres =
      (how_long->micros / 1'000) * (how_fast->micros / 1'000) / (kMicros / 1'000) / (kMicros / 1'000);
  return Reach(counts, directory, metres);
}

/// Units that have enough ÷ units that there are; who is missing.
Result<FigureRow> read_coverage(Office& office, const Plan& plan, const ReadRoom& room,
                                const Unit& unit) {
  if (plan.parts.size() != 1) return refuse(ErrorCode::not_found, "not_found");
  const IndicatorSpec& spec = *plan.main.spec;
  const Directory& directory = *room.directory();
  GEWU_TRY(units, units_of(*spec.units, directory, *plan.locality, room.source(), room.now()));
  GEWU_TRY(counts, count_units(office, plan, room.source()));
  FigureRow row{unit, std::nullopt, std::nullopt, {}, {}};
  GEWU_TRY(reach, reach_of(spec, counts, directory, *plan.locality, room.now()));
  std::int64_t done = 0, all = 0;
  for (const Value& one : units) {
    if (!lies_in(one, unit, directory, room.source(), room.now())) continue;
    Dossier dossier;
    if (const auto* link = one.get<Link>())
      if (SnapshotPtr matter = room.source().load(link->id)) dossier.add(std::move(matter));
    const Scope scope{.directory = directory, .locality = *plan.locality, .dossier = dossier,
                      .it = &one, .now = room.now()};
    if (spec.owes) {
      GEWU_TRY(owes, holds_true(*spec.owes, scope));
      if (!owes) continue;
    }
    std::int64_t need = kMicros;
    if (spec.need) {
      GEWU_TRY(value, evaluate(*spec.need, scope));
      if (const auto* number = value.get<Number>()) need = number->micros;
    }
    ++all;
    const bool has = reach ? reach->covers(ground_of_unit(one, directory, room.source()))
                           : counts[dimension_text(one)] * kMicros >= need;
    if (has) ++done;
    else if (spec.show_missing && row.missing.size() < kLimits.page_rows_max)
      row.missing.push_back(one);
  }
  row.figure = withhold_small(ratio_figure(done * kMicros, all * kMicros), all, spec.group_min);
  return row;
}

/// Figures of one unit, by dimension or as one.
Result<std::map<std::string, Figure>> read_figures(Office& office, const Plan& plan,
                                                   const Unit& unit, std::string_view dimension) {
  std::map<std::string, Figure> figures;
  if (plan.main.spec->head == IndicatorHead::change) {
    GEWU_TRY(change, read_change(office, plan, unit));
    figures[""] = change;
    return figures;
  }
  if (plan.main.spec->head != IndicatorHead::ratio) {
    GEWU_TRY(heaps, read_heaps(office, plan, plan.main, unit, dimension));
    for (const auto& [key, heap] : heaps) figures[key] = figure_of(*plan.main.spec, heap);
    return figures;
  }
  if (plan.parts.size() != 2) return refuse(ErrorCode::not_found, "not_found");
  GEWU_TRY(above, read_heaps(office, plan, plan.parts[0], unit, dimension));
  GEWU_TRY(below, read_heaps(office, plan, plan.parts[1], unit, dimension));
  for (const auto& [key, heap] : above) below[key];
  for (const auto& [key, heap] : below) {
    figures[key] = ratio_of(*plan.main.spec, *plan.parts[0].spec, above[key],
                            *plan.parts[1].spec, heap);
  }
  return figures;
}

std::vector<Unit> children_of(const Plan& plan, const Directory& directory) {
  std::vector<Unit> children;
  if (plan.unit.kind == Unit::Kind::territory) {
    const Date day{std::min(plan.period.until, plan.tomorrow).days - 1};
    for (const Territory* child : directory.territory->children(plan.unit.code, day))
      children.push_back(territory_unit(child->code));
    return children;
  }
  for (const Organisation* organisation : directory.roster->organisations())
    if (organisation->parent == plan.unit.code)
      children.push_back(organisation_unit(organisation->key));
  return children;
}

/// The label of a dimension's value: that of the list row, where the dimension is a choice.
std::optional<Label> label_of(const Source& source, std::string_view dimension,
                              const std::string& key, const Directory& directory) {
  if (const Territory* territory = directory.territory->find(key)) return territory->name;
  if (const Organisation* organisation = directory.roster->organisation(key))
    return organisation->label;
  const auto field = source.type->find_field(dimension);
  if (!field) return std::nullopt;
  const auto list = source.type->lists.find(source.type->fields[*field].list);
  if (list == source.type->lists.end()) return std::nullopt;
  const ListRow* row = list->second.find(key);
  return row ? std::optional(row->label) : std::nullopt;
}

/// With one row alone withheld, the total would tell it: the smallest other row goes too.
void withhold_complement(std::vector<FigureRow>& rows) {
  const auto hidden = std::ranges::count_if(
      rows, [](const FigureRow& row) { return row.figure.withheld; });
  if (hidden != 1) return;
  FigureRow* smallest = nullptr;
  const auto size = [](const FigureRow& row) {
    const auto& number = row.figure.denominator ? row.figure.denominator : row.figure.value;
    return number ? number->micros : 0;
  };
  for (FigureRow& row : rows)
    if (!row.figure.withheld && size(row) > 0 && (!smallest || size(row) < size(*smallest)))
      smallest = &row;
  if (smallest) smallest->figure = {std::nullopt, std::nullopt, std::nullopt, true};
}

bool has_dimension(const Source& source, std::string_view dimension) {
  return std::ranges::any_of(source.spec->by,
                             [&](const auto& named) { return named.first == dimension; });
}

}  // namespace

Result<FigureAnswer> read_indicator(Office& office, const FigureQuestion& question) {
  const ReadRoom room(office);
  GEWU_TRY(plan, make_plan(question, room));
  FigureAnswer answer{room.directory(), question.name, plan.main.spec, plan.unit, plan.period, {}};
  if (plan.main.spec->head == IndicatorHead::coverage) {
    if (!question.by.empty() && question.by != "child")
      return refuse(ErrorCode::invalid, "figure.by");
    const std::vector<Unit> units = question.by.empty() ? std::vector<Unit>{plan.unit}
                                                        : children_of(plan, *room.directory());
    for (const Unit& unit : units) {
      GEWU_TRY(row, read_coverage(office, plan, room, unit));
      answer.rows.push_back(std::move(row));
    }
    return answer;
  }
  if (question.by == "child") {
    for (const Unit& child : children_of(plan, *room.directory())) {
      GEWU_TRY(figures, read_figures(office, plan, child, {}));
      answer.rows.push_back({child, std::nullopt, std::nullopt, figures.at(""), {}});
    }
    withhold_complement(answer.rows);
    return answer;
  }
  const Source& labelled = plan.parts.empty() ? plan.main : plan.parts.back();
  if (!question.by.empty() && !has_dimension(labelled, question.by))
    return refuse(ErrorCode::invalid, "figure.by");
  GEWU_TRY(figures, read_figures(office, plan, plan.unit, question.by));
  for (const auto& [key, figure] : figures) {
    FigureRow row{plan.unit, std::nullopt, std::nullopt, figure, {}};
    if (!question.by.empty()) {
      row.dimension = key;
      row.dimension_label = label_of(labelled, question.by, key, *room.directory());
    }
    answer.rows.push_back(std::move(row));
  }
  if (!question.by.empty()) withhold_complement(answer.rows);
  return answer;
}

Result<FigureRecords> read_indicator_records(Office& office, const FigureQuestion& question) {
  const ReadRoom room(office);
  GEWU_TRY(plan, make_plan(question, room));
  GEWU_TRY(actor, actor_of(question.caller, *room.directory(), room.now()));
  const Source& source = plan.parts.empty() ? plan.main : plan.parts.back();
  GEWU_TRY(found, office.store.read_figure_records(query_for(plan, source, plan.unit),
                                                   kLimits.page_rows_max));
  FigureRecords records;
  records.directory = room.directory();
  for (const store::FigureRecord& record : found) {
    const SnapshotPtr matter = room.source().load(record.matter);
    std::optional<MatterRow> row;
    if (matter) {
      GEWU_TRY(seen, room.row(matter, actor));
      row = std::move(seen);
    }
    if (row) GEWU_CHECK(note_read(office, room, question.caller, row->seen, store::ReadKind::list));
    if (row) records.records.push_back({std::move(*row), record.at, record.count,
                                        record.sum_micros});
    else ++records.hidden;
  }
  return records;
}

}  // namespace gewu::usecase
