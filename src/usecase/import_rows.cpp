#include "usecase/import_rows.h"

#include <algorithm>

#include "base/spans.h"
#include "base/text.h"
#include "codec/input_json.h"
#include "codec/scaled.h"
#include "kernel/matter/built_in.h"
#include "kernel/time/counting.h"
#include "usecase/given_values.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr char kUnitSeparator = '\x1f';

std::unexpected<Error> bad_cell(const char* key, const std::string& column) {
  return refuse(ErrorCode::invalid, key, {{"column", column}});
}

/// A post by "role" or "role@unit"; a unit is a territory, a locality or an organisation.
const Post* find_post_of(const Directory& directory, std::string_view by, Instant now) {
  const auto at = by.find('@');
  const std::string_view role = by.substr(0, at);
  const std::string unit(at == std::string_view::npos ? "" : by.substr(at + 1));
  std::string code = unit;
  if (const Locality* locality = directory.find_locality(unit)) code = locality->territory;
  const Date day{static_cast<std::int32_t>(now.ms / kMsPerDay)};
  for (const Post* post : directory.roster->posts_of_role(role)) {
    if (unit.empty() || post->unit.code == code) return post;
    const Organisation* organisation = directory.roster->organisation_of(*post, day);
    if (organisation && organisation->key == code) return post;
  }
  return nullptr;
}

/// The place that a mapping names, or whose post takes a step, or the only one that practises its
/// type.
Result<LocalityPtr> locality_of(const Mapping& mapping, const Directory& directory) {
  if (!mapping.locality.empty()) {
    const auto named = directory.localities.find(mapping.locality);
    if (named == directory.localities.end())
      return refuse(ErrorCode::not_found, "mapping.locality", {{"name", mapping.locality}});
    return named->second;
  }
  for (const MappingStep& step : mapping.steps) {
    const auto unit = step.by.find('@');
    if (unit == std::string::npos) continue;
    const auto acting = directory.localities.find(step.by.substr(unit + 1));
    if (acting != directory.localities.end() && acting->second->find_type(mapping.type))
      return acting->second;
  }
  LocalityPtr only;
  for (const auto& [name, locality] : directory.localities) {
    if (!locality->find_type(mapping.type)) continue;
    if (only) return refuse(ErrorCode::not_found, "mapping.locality", {{"name", ""}});
    only = locality;
  }
  if (!only) return refuse(ErrorCode::not_found, "mapping.type", {{"type", mapping.type}});
  return only;
}

/// The first step opens the matter, the others act on it.
bool fits_step(const Type& type, const Name& name, bool is_first) {
  const ActionSpec* action = type.find_action(name);
  if (is_first) return action != nullptr && action->opens.has_value();
  if (action != nullptr) return !action->from.empty();
  const auto built_in = built_in_actions(type);
  return std::ranges::find(built_in, name) != built_in.end();
}

std::vector<FieldSpec> inputs_of(const Type& type, const Name& action) {
  const ActionSpec* spec = type.find_action(action);
  return spec != nullptr ? spec->input : built_in_inputs(type, action);
}

void add_columns(const MappingSource& source, std::vector<std::string>& wanted) {
  for (const std::string* column : {&source.column, &source.lat, &source.lon})
    if (!column->empty()) wanted.push_back(*column);
  for (std::size_t i = 0; i < source.concat.size(); ++i)
    if (!source.is_text[i]) wanted.push_back(source.concat[i]);
}

std::vector<std::string> columns_of(const Mapping& mapping) {
  std::vector<std::string> wanted = mapping.key;
  for (const auto& [name, source] : mapping.fields) add_columns(source, wanted);
  for (const MappingStep& step : mapping.steps) {
    if (!step.at_column.empty()) wanted.push_back(step.at_column);
    for (const MappingCondition& condition : step.when) wanted.push_back(condition.column);
    for (const auto& [name, source] : step.input) add_columns(source, wanted);
  }
  return wanted;
}

}  // namespace

MappedFile::MappedFile(const Mapping& mapping, const Directory& directory, Instant now)
    : mapping_(mapping), directory_(directory), now_(now) {}

Result<MappedFile> MappedFile::fit(const Mapping& mapping, const Directory& directory,
                                   Instant now) {
  MappedFile file(mapping, directory, now);
  GEWU_TRY(locality, locality_of(mapping, directory));
  file.locality_ = std::move(locality);
  file.type_ = file.locality_->find_type(mapping.type);
  if (!file.type_)
    return refuse(ErrorCode::not_found, "mapping.type", {{"type", mapping.type}});
  for (const MappingStep& step : mapping.steps)
    GEWU_CHECK(file.check_step(step, &step == &mapping.steps.front()));
  return file;
}

Status MappedFile::check_step(const MappingStep& step, bool is_first) {
  if (!fits_step(*type_, step.action, is_first))
    return refuse(ErrorCode::invalid, "mapping.action",
                  {{"step", step.name}, {"action", step.action}});
  if (is_first) GEWU_CHECK(check_values(step, mapping_.fields));
  GEWU_CHECK(check_values(step, step.input));
  PostId id;
  if (step.by != "public") {
    const Post* post = find_post_of(directory_, step.by, now_);
    if (!post) return refuse(ErrorCode::not_found, "import.post", {{"by", step.by}});
    id = post->id;
  }
  posts_.push_back(id);
  return {};
}

Status MappedFile::check_values(const MappingStep& step, const std::vector<Named>& values) {
  const auto inputs = inputs_of(*type_, step.action);
  for (const auto& [name, source] : values)
    if (!type_->find_field(name) &&
        std::ranges::find(inputs, name, &FieldSpec::name) == inputs.end())
      return refuse(ErrorCode::invalid, "mapping.field", {{"step", step.name}, {"name", name}});
  return {};
}

Status MappedFile::take_columns(const std::vector<std::string>& columns) {
  columns_.clear();
  for (std::size_t i = 0; i < columns.size(); ++i) columns_.emplace(columns[i], i);
  std::vector<Error> missing;
  for (const std::string& column : columns_of(mapping_)) {
    const Error error{ErrorCode::invalid, "mapping.column", {{"column", column}}, {}};
    if (!columns_.contains(column) && std::ranges::find(missing, error) == missing.end())
      missing.push_back(error);
  }
  if (missing.empty()) return {};
  Error first = std::move(missing.front());
  first.others.assign(missing.begin() + 1, missing.end());
  return std::unexpected(std::move(first));
}

const std::string& MappedFile::cell(const FileRow& row, const std::string& column) const {
  static const std::string kNone;
  const auto found = columns_.find(column);
  return found != columns_.end() && found->second < row.cells.size() ? row.cells[found->second]
                                                                      : kNone;
}

Status MappedFile::begin(FileRow& row) const {
  bool has_key = false;
  for (const std::string& column : mapping_.key) {
    const std::string& part = cell(row, column);
    has_key = has_key || !trim(part).empty();
    if (&column != &mapping_.key.front()) row.key += "|";
    row.key += trim(part);
  }
  if (!has_key) return bad_cell("import.key", mapping_.key.front());
  const std::string& column = mapping_.steps.front().at_column;
  const auto first = read_row_time(cell(row, column), mapping_.zone);
  if (!first) return bad_cell("import.time", column);
  row.first = *first;
  return {};
}

bool MappedFile::is_wanted(const FileRow& row, const MappingStep& step) const {
  return std::ranges::all_of(step.when, [&](const MappingCondition& condition) {
    const auto text = trim(cell(row, condition.column));
    if (condition.in.empty()) return !text.empty();
    return std::ranges::find(condition.in, text) != condition.in.end();
  });
}

Result<Instant> MappedFile::time_of(const FileRow& row, const MappingStep& step,
                                    Instant before) const {
  Instant at;
  if (step.after) {
    at = shift_instant(*locality_->calendar, before, *step.after, false);
  } else {
    const auto time = read_row_time(cell(row, step.at_column), mapping_.zone);
    if (!time || *time < before) return bad_cell("import.time", step.at_column);
    at = *time;
  }
  if (now_ < at) return refuse(ErrorCode::invalid, "import.future", {{"step", step.name}});
  return at;
}

Result<Value> MappedFile::point_of(const FileRow& row, const MappingSource& source) const {
  const auto lat_text = trim(cell(row, source.lat)), lon_text = trim(cell(row, source.lon));
  if (lat_text.empty() && lon_text.empty()) return Value();
  const auto lat = codec::parse_scaled(lat_text, 6, codec::ExcessDigits::round);
  const auto lon = codec::parse_scaled(lon_text, 6, codec::ExcessDigits::round);
  if (!lat || *lat < -90'000'000 || *lat > 90'000'000) return bad_cell("import.place", source.lat);
  if (!lon || *lon < -180'000'000 || *lon > 180'000'000)
    return bad_cell("import.place", source.lon);
  Place place;
  place.point = LonLat{static_cast<std::int32_t>(*lon), static_cast<std::int32_t>(*lat)};
  return make_large(std::move(place));
}

Result<Value> MappedFile::value_of(const FileRow& row, const FieldSpec& spec,
                                   const MappingSource& source) const {
  if (!source.lat.empty()) return point_of(row, source);
  std::string text = source.fixed;
  for (std::size_t i = 0; i < source.concat.size(); ++i)
    text += source.is_text[i] ? source.concat[i] : cell(row, source.concat[i]);
  if (!source.column.empty()) {
    text = trim(cell(row, source.column));
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
  const codec::InputContext context{
      parse_matter_id, [&](std::string_view name) { return find_post(directory_, name); }};
  return codec::read_field_text(spec, text, mapping_.type + "." + spec.name, context);
}

/// What kernel refuses too, but only at the step that enters it, with the steps before it taken.
Status MappedFile::check_form(const FieldSpec& spec, const Value& value,
                              const std::string& prefix) const {
  const std::string key = prefix + "." + spec.name;
  if (const auto* text = value.get<std::string>();
      text != nullptr && count_code_points(*text) > spec.length_max)
    return refuse(ErrorCode::invalid, key + ".length_max");
  const auto list = locality_->lists.find(spec.list);
  if (const auto* row = value.get<Key>(); row != nullptr && list != locality_->lists.end())
    if (list->second.find(row->key) == nullptr) return refuse(ErrorCode::invalid, key + ".kind");
  return {};
}

Status MappedFile::add_value(const FileRow& row, const Named& named, PlannedStep& to) const {
  const auto inputs = inputs_of(*type_, to.step->action);
  const auto input = std::ranges::find(inputs, named.first, &FieldSpec::name);
  const bool is_input = input != inputs.end();
  const FieldSpec& spec = is_input ? *input : type_->fields[*type_->find_field(named.first)];
  GEWU_TRY(value, value_of(row, spec, named.second));
  GEWU_CHECK(check_form(spec, value, is_input ? mapping_.type + "." + to.step->action
                                              : mapping_.type));
  if (!value.is_missing()) to.values.push_back({named.first, std::move(value)});
  std::vector<std::string> columns;
  add_columns(named.second, columns);
  to.body += kUnitSeparator + named.first;
  for (const std::string& column : columns) to.body += kUnitSeparator + cell(row, column);
  return {};
}

Result<std::vector<PlannedStep>> MappedFile::plan(const FileRow& row) const {
  std::vector<PlannedStep> steps;
  Instant before = row.first;
  for (std::size_t i = 0; i < mapping_.steps.size(); ++i) {
    const MappingStep& step = mapping_.steps[i];
    if (!is_wanted(row, step)) continue;
    GEWU_TRY(at, time_of(row, step, before));
    PlannedStep planned{&step, posts_[i], at, {}, step.name + kUnitSeparator};
    planned.body += std::to_string(at.ms);
    if (i == 0)
      for (const Named& named : mapping_.fields) GEWU_CHECK(add_value(row, named, planned));
    for (const Named& named : step.input) GEWU_CHECK(add_value(row, named, planned));
    steps.push_back(std::move(planned));
    before = at;
  }
  return steps;
}

}  // namespace gewu::usecase
