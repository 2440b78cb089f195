#include "usecase/import_matters.h"

#include <algorithm>
#include <deque>
#include <map>
#include <span>

#include "base/limits.h"
#include "base/text.h"
#include "codec/csv.h"
#include "codec/input_json.h"
#include "codec/scaled.h"
#include "kernel/matter/access.h"
#include "kernel/matter/built_in.h"
#include "kernel/matter/decide.h"
#include "kernel/time/counting.h"
#include "security/bytes.h"
#include "security/hash.h"
#include "usecase/given_values.h"
#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kStepsBetweenMax = 10'000;
constexpr std::size_t kRowsTogether = kLimits.group_commit_max;

struct FileRow {
  std::int64_t line = 0;
  std::vector<std::string> cells;
  std::string key;
  Instant first;
};

std::unexpected<Error> bad_cell(const char* key, const std::string& column) {
  return refuse(ErrorCode::invalid, key, {{"column", column}});
}

/// A post by "role" or "role@unit".
const Post* find_post_of(const Directory& directory, std::string_view by, Instant now) {
  const auto at = by.find('@');
  const std::string_view role = by.substr(0, at);
  const std::string unit(at == std::string_view::npos ? "" : by.substr(at + 1));
  std::string code = unit;
  if (const Locality* locality = directory.find_locality(unit)) code = locality->territory;
  const Date day{static_cast<std::int32_t>(now.ms / 86'400'000)};
  for (const Post* post : directory.roster->posts_of_role(role)) {
    if (unit.empty() || post->unit.code == code) return post;
    const Organisation* organisation = directory.roster->organisation_of(*post, day);
    if (organisation && organisation->key == code) return post;
  }
  return nullptr;
}

class Importer {
 public:
  Importer(Office& office, const Mapping& mapping, std::string_view csv, AccountId account)
      : office_(office),
        mapping_(mapping),
        account_(account),
        source_("import " + security::hex_encode(security::sha256(csv))) {}

  Status read(std::string_view csv, MatterImport& import) {
    GEWU_TRY(table, codec::read_csv(csv, {}, [&](const codec::CsvRow& row) -> Status {
      if (columns_.empty()) columns_.assign(row.columns.begin(), row.columns.end());
      FileRow read{row.line, {row.cells.begin(), row.cells.end()}, {}, {}};
      ++import.rows;
      if (row.fault) {
        refuse_row(import, read, *row.fault);
        return {};
      }
      for (const std::string& column : mapping_.key)
        read.key += (read.key.empty() ? "" : "|") + cell(read, column);
      const auto first = read_row_time(cell(read, mapping_.steps.front().at_column), mapping_.zone);
      if (!first) {
        refuse_row(import, read, {ErrorCode::invalid, "import.time",
                                  {{"column", mapping_.steps.front().at_column}}, {}});
        return {};
      }
      read.first = *first;
      rows_.push_back(std::move(read));
      return {};
    }));
    import.columns = table.columns;
    GEWU_CHECK(check_columns(table));
    std::ranges::stable_sort(rows_, {}, &FileRow::first);
    return {};
  }

  Status run(MatterImport& import, const std::function<void(std::size_t)>& progress) {
    for (std::size_t from = 0; from < rows_.size(); from += kRowsTogether) {
      const std::size_t count = std::min(kRowsTogether, rows_.size() - from);
      GEWU_CHECK(run_together(std::span(rows_).subspan(from, count), import));
      if (progress) progress(from + count);
    }
    std::ranges::stable_sort(import.refused, {}, &RefusedMatter::line);
    return {};
  }

 private:
  std::string cell(const FileRow& row, const std::string& column) const {
    const auto at = std::ranges::find(columns_, column);
    const auto index = static_cast<std::size_t>(at - columns_.begin());
    return index < row.cells.size() ? std::string(trim(row.cells[index])) : std::string();
  }

  void refuse_row(MatterImport& import, const FileRow& row, const Error& error) const {
    std::string reason = error.key;
    for (const ErrorDetail& detail : error.details)
      reason += " " + detail.name + "=" + detail.value;
    for (const Error& other : error.others) reason += "; " + other.key;
    import.refused.push_back({row.line, row.key, std::move(reason), row.cells});
  }

  /// A column that the file lacks is a fault of the mapping, not of every row.
  Status check_columns(const codec::CsvTable& table) const {
    std::vector<std::string> wanted = mapping_.key;
    const auto add = [&](const MappingSource& source) {
      for (const std::string* column : {&source.column, &source.lat, &source.lon})
        if (!column->empty()) wanted.push_back(*column);
      for (std::size_t i = 0; i < source.concat.size(); ++i)
        if (!source.is_text[i]) wanted.push_back(source.concat[i]);
    };
    for (const auto& [name, source] : mapping_.fields) add(source);
    for (const MappingStep& step : mapping_.steps) {
      for (const std::string* column : {&step.at_column, &step.when_column})
        if (!column->empty()) wanted.push_back(*column);
      for (const auto& [name, source] : step.input) add(source);
    }
    for (const std::string& column : wanted)
      if (!table.find_column(column)) return bad_cell("mapping.column", column);
    return {};
  }

  Result<Value> value_of(const FileRow& row, const FieldSpec& spec,
                         const MappingSource& source) const {
    if (!source.lat.empty()) {
      const auto lat = codec::parse_scaled(cell(row, source.lat), 6, codec::ExcessDigits::round);
      const auto lon = codec::parse_scaled(cell(row, source.lon), 6, codec::ExcessDigits::round);
      if (!lat || !lon || *lat < -90'000'000 || *lat > 90'000'000 || *lon < -180'000'000 ||
          *lon > 180'000'000)
        return bad_cell("import.place", source.lat);
      Place place;
      place.point = LonLat{static_cast<std::int32_t>(*lon), static_cast<std::int32_t>(*lat)};
      return make_large(std::move(place));
    }
    std::string text = source.fixed;
    for (std::size_t i = 0; i < source.concat.size(); ++i)
      text += source.is_text[i] ? source.concat[i] : cell(row, source.concat[i]);
    if (!source.column.empty()) {
      text = cell(row, source.column);
      if (!source.values.empty()) {
        auto mapped = source.values.find(text);
        if (mapped == source.values.end()) mapped = source.values.find("else");
        if (mapped == source.values.end()) return bad_cell("import.value", source.column);
        text = mapped->second;
      }
    }
    if (spec.kind == FieldKind::instant && !text.empty()) {
      const auto instant = read_row_time(text, mapping_.zone);
      return instant ? Result<Value>(*instant) : bad_cell("import.time", source.column);
    }
    const codec::InputContext context{parse_matter_id, [&](std::string_view name) {
      return find_post(*office_.store.directory(), name);
    }};
    return codec::read_field_text(spec, text, mapping_.type + "." + spec.name, context);
  }

  Result<std::vector<NamedValue>> values_of(
      const FileRow& row, const Type& type, const MappingStep& step, bool opens) const {
    std::vector<NamedValue> values;
    std::vector<FieldSpec> inputs = built_in_inputs(type, step.action);
    if (const ActionSpec* action = type.find_action(step.action)) inputs = action->input;
    const auto add = [&](const std::pair<std::string, MappingSource>& named) -> Status {
      const auto input = std::ranges::find(inputs, named.first, &FieldSpec::name);
      const auto field = type.find_field(named.first);
      if (input == inputs.end() && !field)
        return refuse(ErrorCode::invalid, "mapping.field", {{"name", named.first}});
      const FieldSpec& spec = input != inputs.end() ? *input : type.fields[*field];
      GEWU_TRY(value, value_of(row, spec, named.second));
      if (!value.is_missing()) values.push_back({named.first, std::move(value)});
      return {};
    };
    if (opens)
      for (const auto& named : mapping_.fields) GEWU_CHECK(add(named));
    for (const auto& named : step.input) GEWU_CHECK(add(named));
    return values;
  }

  Result<Actor> actor_for(const MappingStep& step, const Directory& directory,
                          Instant at) const {
    Actor actor;
    if (step.by == "public") return actor;
    const Post* post = find_post_of(directory, step.by, at);
    if (!post) return refuse(ErrorCode::not_found, "import.post", {{"by", step.by}});
    actor.kind = Actor::Kind::post;
    actor.post = post->id;
    actor.account = account_;
    return actor;
  }

  store::RequestKey key_for(const FileRow& row, const MappingStep& step) const {
    store::RequestKey key;
    key.scope = "import:" + mapping_.name;
    key.id = security::hex_encode(security::sha256(row.key + "\x1f" + step.name));
    std::string body = step.name;
    for (const std::string& text : row.cells) body += "\x1f" + text;
    key.body = security::sha256(body);
    return key;
  }

  Result<Instant> time_of(const FileRow& row, const MappingStep& step, Instant before,
                          MatterId matter) const {
    if (step.after) {
      const Calendar* calendar = calendar_of(matter);
      if (!calendar) return refuse(ErrorCode::invalid, "import.time", {{"step", step.name}});
      return shift_instant(*calendar, before, *step.after, false);
    }
    const auto time = read_row_time(cell(row, step.at_column), mapping_.zone);
    if (!time || *time < before) return bad_cell("import.time", step.at_column);
    return *time;
  }

  const Calendar* calendar_of(MatterId id) const {
    const SnapshotPtr matter = office_.store.read()->load(id);
    const DirectoryPtr directory = office_.store.directory();
    const Locality* locality = matter ? directory->locality_of(matter->territory) : nullptr;
    return locality ? locality->calendar.get() : nullptr;
  }

  bool is_wanted(const FileRow& row, const MappingStep& step) const {
    if (step.when_column.empty()) return true;
    return std::ranges::find(step.when_in, cell(row, step.when_column)) != step.when_in.end();
  }

  Result<Decision> decide(const FileRow& row, const MappingStep& step, Instant at, MatterId matter,
                          const store::Turn& turn) const {
    const Chamber chamber{turn.directory, turn.source, at, turn.ids};
    GEWU_TRY(actor, actor_for(step, turn.directory, at));
    Arrival arrival;
    arrival.recorded = turn.now;
    arrival.source = source_;
    if (!matter.has_value()) {
      const auto typed = std::ranges::find_if(turn.directory.localities, [&](const auto& named) {
        return named.second->find_type(mapping_.type) != nullptr;
      });
      if (typed == turn.directory.localities.end())
        return refuse(ErrorCode::not_found, "mapping.type", {{"type", mapping_.type}});
      const TypePtr type = typed->second->find_type(mapping_.type);
      GEWU_TRY(values, values_of(row, *type, step, true));
      return open_matter(chamber, {mapping_.type, step.action, actor, std::move(values), {},
                                   std::move(arrival)});
    }
    const SnapshotPtr snapshot = turn.source.load(matter);
    if (!snapshot) return refuse(ErrorCode::not_found, "not_found");
    GEWU_TRY(values, values_of(row, *snapshot->type, step, false));
    return kernel::act_on_matter(chamber, {matter, step.action, actor, std::move(values),
                                           std::nullopt, std::move(arrival)});
  }

  /// A row on its way: what it does next depends on what the last commit left.
  struct Journey {
    explicit Journey(const FileRow& of) : row(of), before(of.first) {}
    const FileRow& row;
    MatterId matter;
    Instant before;                      ///< of the step taken last
    std::size_t step = 0;                ///< the next one
    std::optional<Instant> at;           ///< of the next one, once it is known
    std::deque<std::int64_t> ripples;    ///< pending rows, to be worked at `acted`
    Instant acted;
    std::size_t commits = 0;
    bool is_step = false;                ///< the commit under way is the row's own step
    bool is_new = false;
  };

  /// The commit that comes next; nothing when the row is done.
  Result<std::optional<store::CommitRequest>> next(Journey& journey) {
    using Next = std::optional<store::CommitRequest>;
    if (++journey.commits > kStepsBetweenMax) return refuse(ErrorCode::internal, "time.endless");
    journey.is_step = false;
    while (!journey.ripples.empty()) {
      GEWU_TRY(pending, office_.store.read_ripples({journey.ripples.front()}, {}, 1));
      journey.ripples.pop_front();
      if (!pending.empty()) return Next(ripple_request(pending.front(), journey.acted, source_));
    }
    while (journey.step < mapping_.steps.size() &&
           !is_wanted(journey.row, mapping_.steps[journey.step]))
      ++journey.step;
    const bool has_step = journey.step < mapping_.steps.size();
    const Instant today = office_.clock.now();
    if (has_step && !journey.at) {
      const MappingStep& step = mapping_.steps[journey.step];
      GEWU_TRY(at, time_of(journey.row, step, journey.before, journey.matter));
      if (today < at) return refuse(ErrorCode::invalid, "import.future", {{"step", step.name}});
      journey.at = at;
    }
    // Between two steps the clocks pass, each at its due instant; after the last up to now.
    const SnapshotPtr matter =
        journey.matter.has_value() ? office_.store.read()->load(journey.matter) : nullptr;
    const auto wake = matter ? next_wake(*matter) : std::nullopt;
    if (wake && *wake <= (has_step ? *journey.at : today)) return Next(pass(journey, *wake));
    if (!has_step) return Next();
    return Next(step(journey));
  }

  store::CommitRequest pass(Journey& journey, Instant wake) {
    journey.acted = wake;
    store::CommitRequest request;
    request.decide = [this, id = journey.matter, wake](const store::Turn& turn)
        -> Result<store::Writing> {
      const Chamber chamber{turn.directory, turn.source, wake, turn.ids};
      GEWU_TRY(decision, kernel::pass_time(chamber, id));
      mark_imported(decision, turn.now, source_);
      store::Writing writing;
      writing.decision = std::move(decision);
      return writing;
    };
    return request;
  }

  store::CommitRequest step(Journey& journey) {
    const MappingStep& step = mapping_.steps[journey.step];
    const Instant at = *journey.at;
    journey.acted = at;
    journey.before = at;
    journey.at.reset();
    journey.is_step = true;
    ++journey.step;
    store::CommitRequest request;
    request.request = key_for(journey.row, step);
    request.decide = [this, &journey, &step, at](const store::Turn& turn)
        -> Result<store::Writing> {
      GEWU_TRY(decision, decide(journey.row, step, at, journey.matter, turn));
      mark_imported(decision, turn.now, source_);
      store::Writing writing;
      writing.decision = std::move(decision);
      return writing;
    };
    return request;
  }

  static void take(Journey& journey, store::Committed committed) {
    if (journey.is_step && !committed.repeated) journey.is_new = true;
    if (journey.is_step && !journey.matter.has_value())
      journey.matter = committed.events.front().matter;
    journey.ripples.insert(journey.ripples.end(), committed.ripple_rows.begin(),
                           committed.ripple_rows.end());
  }

  /// Rows side by side, so that they share the syncs; each goes its own way. Their openings come in
  /// their order, and so do their numbers.
  Status run_together(std::span<const FileRow> rows, MatterImport& import) {
    std::deque<Journey> journeys(rows.begin(), rows.end());
    std::vector<Journey*> going;
    for (Journey& journey : journeys) going.push_back(&journey);
    while (!going.empty()) {
      std::vector<store::CommitRequest> requests;
      std::vector<Journey*> asking;
      for (Journey* journey : going) {
        auto request = next(*journey);
        if (!request) {
          GEWU_CHECK(refuse_journey(*journey, request.error(), import));
        } else if (!*request) {
          ++(journey->is_new ? import.taken : import.repeated);
        } else {
          requests.push_back(std::move(**request));
          asking.push_back(journey);
        }
      }
      if (requests.empty()) return {};
      auto results = office_.store.commit_all(std::move(requests));
      going.clear();
      for (std::size_t i = 0; i < asking.size(); ++i) {
        if (!results[i]) {
          GEWU_CHECK(refuse_journey(*asking[i], results[i].error(), import));
          continue;
        }
        take(*asking[i], std::move(*results[i]));
        going.push_back(asking[i]);
      }
    }
    return {};
  }

  /// What storage cannot do ends the import; what the engine refuses ends the row.
  Status refuse_journey(const Journey& journey, const Error& error, MatterImport& import) const {
    if (error.code == ErrorCode::unavailable) return std::unexpected(error);
    refuse_row(import, journey.row, error);
    return {};
  }

  Office& office_;
  const Mapping& mapping_;
  AccountId account_;
  std::string source_;
  std::vector<std::string> columns_;
  std::vector<FileRow> rows_;
};

}  // namespace

Result<MatterImport> import_matters(Office& office, const Mapping& mapping, std::string_view csv,
                                    AccountId importer,
                                    const std::function<void(std::size_t)>& progress) {
  GEWU_TRY(account, office.store.find_account(importer));
  if (!account || account->disabled || !account->may_import_past)
    return refuse(ErrorCode::forbidden, "import.right");
  MatterImport import;
  Importer rows(office, mapping, csv, importer);
  GEWU_CHECK(rows.read(csv, import));
  GEWU_CHECK(rows.run(import, progress));
  return import;
}

std::string refused_table(const MatterImport& import) {
  std::string table;
  codec::CsvWriter out(table, codec::CsvTarget::exchange);
  std::vector<std::string_view> head = {"line", "key", "reason"};
  head.insert(head.end(), import.columns.begin(), import.columns.end());
  out.row(std::span<const std::string_view>(head));
  for (const RefusedMatter& row : import.refused) {
    const std::string line = std::to_string(row.line);
    std::vector<std::string_view> cells = {line, row.key, row.reason};
    cells.insert(cells.end(), row.cells.begin(), row.cells.end());
    out.row(std::span<const std::string_view>(cells));
  }
  return table;
}

}  // namespace gewu::usecase
