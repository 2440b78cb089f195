#include "usecase/import_mapping.h"

#include <algorithm>

#include "base/text.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

std::unexpected<Error> bad_form(const Node& node, std::string name) {
  return refuse(ErrorCode::invalid, "mapping.form",
                {{"file", node.origin.file ? *node.origin.file : ""},
                 {"line", std::to_string(node.origin.line)},
                 {"name", std::move(name)}});
}

Result<std::string> text_at(const Node& node, const char* key) {
  const Node* found = node.find(key);
  const auto text = found ? found->as_text() : std::nullopt;
  if (!text) return bad_form(node, key);
  return std::string(*text);
}

Result<std::vector<std::string>> texts_of(const Node& node) {
  std::vector<std::string> texts;
  if (const auto one = node.as_text()) return std::vector{std::string(*one)};
  for (const Node& item : node.items) {
    if (!item.as_text()) return bad_form(item, "list");
    texts.emplace_back(*item.as_text());
  }
  return texts;
}

Status check_keys(const Node& node, std::initializer_list<std::string_view> known) {
  for (const NodeEntry& entry : node.entries)
    if (std::ranges::find(known, entry.key) == known.end()) return bad_form(entry.value, entry.key);
  return {};
}

Result<MappingSource> read_source(const Node& node) {
  MappingSource source;
  if (const auto column = node.as_text()) {
    source.column = *column;
    return source;
  }
  GEWU_CHECK(check_keys(node, {"column", "values", "concat", "fixed", "lat", "lon"}));
  if (const Node* concat = node.find("concat")) {
    for (const Node& item : concat->items) {
      if (!item.as_text()) return bad_form(item, "concat");
      source.concat.emplace_back(*item.as_text());
      source.is_text.push_back(item.quoted);
    }
    return source;
  }
  if (node.find("fixed")) {
    GEWU_TRY(fixed, text_at(node, "fixed"));
    source.fixed = std::move(fixed);
    return source;
  }
  if (node.find("lat")) {
    GEWU_TRY(lat, text_at(node, "lat"));
    GEWU_TRY(lon, text_at(node, "lon"));
    source.lat = std::move(lat);
    source.lon = std::move(lon);
    return source;
  }
  GEWU_TRY(column, text_at(node, "column"));
  source.column = std::move(column);
  if (const Node* values = node.find("values"))
    for (const NodeEntry& entry : values->entries) {
      if (!entry.value.as_text()) return bad_form(entry.value, entry.key);
      source.values[entry.key] = *entry.value.as_text();
    }
  return source;
}

Result<std::vector<std::pair<std::string, MappingSource>>> read_sources(const Node* node) {
  std::vector<std::pair<std::string, MappingSource>> sources;
  if (!node) return sources;
  for (const NodeEntry& entry : node->entries) {
    GEWU_TRY(source, read_source(entry.value));
    sources.emplace_back(entry.key, std::move(source));
  }
  return sources;
}

Result<MappingCondition> read_condition(const Node& node) {
  GEWU_CHECK(check_keys(node, {"column", "in"}));
  MappingCondition condition;
  GEWU_TRY(column, text_at(node, "column"));
  condition.column = std::move(column);
  if (const Node* in = node.find("in")) {
    GEWU_TRY(values, texts_of(*in));
    if (values.empty()) return bad_form(*in, "in");
    condition.in = std::move(values);
  }
  return condition;
}

Result<std::vector<MappingCondition>> read_conditions(const Node& node) {
  std::vector<MappingCondition> conditions;
  if (!node.is_list()) {
    GEWU_TRY(one, read_condition(node));
    conditions.push_back(std::move(one));
    return conditions;
  }
  for (const Node& item : node.items) {
    GEWU_TRY(one, read_condition(item));
    conditions.push_back(std::move(one));
  }
  return conditions;
}

Result<MappingStep> read_step(const std::string& name, const Node& node) {
  GEWU_CHECK(check_keys(node, {"action", "by", "at", "when", "input"}));
  MappingStep step;
  step.name = name;
  step.action = name;
  if (node.find("action")) {
    GEWU_TRY(action, text_at(node, "action"));
    step.action = std::move(action);
  }
  GEWU_TRY(by, text_at(node, "by"));
  GEWU_TRY(at, text_at(node, "at"));
  step.by = std::move(by);
  if (at.starts_with('+')) {
    auto limit = parse_limit(std::string_view(at).substr(1));
    if (!limit) return bad_form(node, "at");
    step.after = *limit;
  } else {
    step.at_column = std::move(at);
  }
  if (const Node* when = node.find("when")) {
    GEWU_TRY(conditions, read_conditions(*when));
    step.when = std::move(conditions);
  }
  GEWU_TRY(input, read_sources(node.find("input")));
  step.input = std::move(input);
  return step;
}

}  // namespace

Result<Mapping> read_mapping(const Node& node) {
  GEWU_CHECK(check_keys(node, {"mapping", "type", "locality", "key", "zone", "fields", "steps",
                               "source", "label"}));
  GEWU_TRY(name, text_at(node, "mapping"));
  GEWU_TRY(type, text_at(node, "type"));
  GEWU_TRY(zone_name, text_at(node, "zone"));
  auto zone = Zone::find(zone_name);
  if (!zone) return bad_form(node, "zone");
  Mapping mapping{std::move(name), std::move(type), {}, {}, std::move(*zone), {}, {}};
  if (node.find("locality")) {
    GEWU_TRY(locality, text_at(node, "locality"));
    mapping.locality = std::move(locality);
  }
  const Node* key = node.find("key");
  if (!key) return bad_form(node, "key");
  GEWU_TRY(columns, texts_of(*key));
  mapping.key = std::move(columns);
  GEWU_TRY(fields, read_sources(node.find("fields")));
  mapping.fields = std::move(fields);
  const Node* steps = node.find("steps");
  if (!steps || steps->entries.empty()) return bad_form(node, "steps");
  for (const NodeEntry& entry : steps->entries) {
    GEWU_TRY(step, read_step(entry.key, entry.value));
    mapping.steps.push_back(std::move(step));
  }
  if (mapping.steps.front().at_column.empty()) return bad_form(*steps, "at");
  return mapping;
}

namespace {

std::optional<int> number(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size()) return std::nullopt;
  const auto value = parse_integer(text.substr(at, length));
  return value && *value >= 0 ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

/// "09/22/2026 09:00:00 AM"
std::optional<Instant> read_american(std::string_view text, const Zone& zone) {
  if (text.size() != 22 || text[2] != '/' || text[5] != '/') return std::nullopt;
  const auto month = number(text, 0, 2), day = number(text, 3, 2), year = number(text, 6, 4);
  const auto hour = number(text, 11, 2), minute = number(text, 14, 2), second = number(text, 17, 2);
  if (!month || !day || !year || !hour || !minute || !second || *month < 1 || *month > 12 ||
      *day < 1 || *day > days_in_month(*year, *month) || *hour < 1 || *hour > 12 || *minute > 59 ||
      *second > 59)
    return std::nullopt;
  const bool is_afternoon = text[20] == 'P' || text[20] == 'p';
  const int hours = *hour % 12 + (is_afternoon ? 12 : 0);
  return zone.to_instant(date_of({*year, *month, *day}), hours * 60 + *minute) + *second * 1'000;
}

}  // namespace

std::optional<Instant> read_row_time(std::string_view text, const Zone& zone) {
  text = trim(text);
  if (const auto instant = parse_instant(text)) return instant;
  if (const auto american = read_american(text, zone)) return american;
  const auto date = parse_date(text.substr(0, 10));
  if (!date) return std::nullopt;
  if (text.size() == 10) return zone.to_instant(*date, 0);
  if (text.size() < 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':')
    return std::nullopt;
  const auto hour = number(text, 11, 2), minute = number(text, 14, 2);
  int seconds = 0;
  if (text.size() >= 19 && text[16] == ':') {
    const auto second = number(text, 17, 2);
    if (!second || *second > 59) return std::nullopt;
    seconds = *second;
  } else if (text.size() != 16) {
    return std::nullopt;
  }
  if (text.size() > 19 && text[19] != '.') return std::nullopt;
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return zone.to_instant(*date, *hour * 60 + *minute) + seconds * 1'000;
}

}  // namespace gewu::usecase
