#include "codec/input_json.h"

#include <algorithm>

#include "base/text.h"
#include "codec/scaled.h"
#include "kernel/place/territory.h"
#include "kernel/time/calendar.h"

namespace gewu::codec {
namespace {

using namespace gewu::kernel;

std::unexpected<Error> wrong_kind(const std::string& key) {
  return refuse(ErrorCode::invalid, key + ".kind");
}

/// Number of a request: a JSON number or decimal text.
std::optional<std::int64_t> scaled_of(const Json& json, int decimals) {
  const auto number = json.as_number_text();
  const auto text = json.as_string();
  if (!number && !text) return std::nullopt;
  return parse_scaled(number ? std::string_view(*number) : *text, decimals, ExcessDigits::refuse);
}

std::optional<LonLat> point_of(const Json* lon, const Json* lat) {
  if (!lon || !lat) return std::nullopt;
  const auto x = scaled_of(*lon, 6), y = scaled_of(*lat, 6);
  if (!x || !y || *x < -180'000'000 || *x > 180'000'000 || *y < -90'000'000 || *y > 90'000'000)
    return std::nullopt;
  return LonLat{static_cast<std::int32_t>(*x), static_cast<std::int32_t>(*y)};
}

std::string text_of(const Json& json, std::string_view key) {
  return std::string(json.string_at(key).value_or(""));
}

/// Whether an object has these members only.
bool has_only(const Json& json, std::initializer_list<std::string_view> names) {
  const auto* members = json.as_object();
  return members && std::ranges::all_of(*members, [&](const JsonMember& member) {
    return std::ranges::find(names, member.key) != names.end();
  });
}

std::optional<Value> read_place(const Json& json) {
  if (!has_only(json, {"lon", "lat", "address", "territory"})) return std::nullopt;
  Place place;
  place.address = text_of(json, "address");
  place.territory = text_of(json, "territory");
  const Json* lon = json.find("lon");
  const Json* lat = json.find("lat");
  if (lon || lat) {
    place.point = point_of(lon, lat);
    if (!place.point) return std::nullopt;
  }
  if (!place.point && place.address.empty() && place.territory.empty()) return std::nullopt;
  return make_large(std::move(place));
}

std::optional<Value> read_line(const Json& json) {
  const auto* points = json.as_array();
  if (!points) return std::nullopt;
  std::vector<LonLat> line;
  for (const Json& item : *points) {
    const auto* pair = item.as_array();
    if (!pair || pair->size() != 2) return std::nullopt;
    const auto point = point_of(&(*pair)[0], &(*pair)[1]);
    if (!point) return std::nullopt;
    line.push_back(*point);
  }
  return make_large(std::move(line));
}

std::optional<Value> read_contact(const Json& json) {
  if (!has_only(json, {"name", "phone", "token"})) return std::nullopt;
  Contact contact{text_of(json, "name"), text_of(json, "phone"), text_of(json, "token")};
  if (contact == Contact{}) return Value();
  return make_large(std::move(contact));
}

std::optional<Value> read_scores(const Json& json) {
  const auto* members = json.as_object();
  if (!members) return std::nullopt;
  std::vector<Score> scores;
  for (const auto& [row, given] : *members) {
    const Json* value = given.find("value");
    const auto micros = value ? scaled_of(*value, 6) : std::nullopt;
    if (!micros || !has_only(given, {"value", "reason"})) return std::nullopt;
    scores.push_back({row, {*micros}, text_of(given, "reason")});
  }
  return make_large(std::move(scores));
}

std::optional<Value> read_hours(const Json& json) {
  const auto* members = json.as_object();
  if (!members) return std::nullopt;
  Hours hours;
  for (const auto& [name, given] : *members) {
    const auto weekday = parse_weekday(name);
    const auto* frames = given.as_array();
    if (!weekday || !frames) return std::nullopt;
    int after = -1;
    for (const Json& item : *frames) {
      const auto frame = item.as_string() ? parse_frame(*item.as_string()) : std::nullopt;
      if (!frame || frame->from <= after) return std::nullopt;
      after = frame->to;
      hours.days[static_cast<int>(*weekday) - 1].emplace_back(frame->from, frame->to);
    }
  }
  return make_large(std::move(hours));
}

std::optional<Value> read_file_reference(const Json& json) {
  const auto bytes = json.integer_at("bytes");
  const std::string sha256 = text_of(json, "sha256");
  if (!bytes || *bytes < 0 || sha256.size() != 64) return std::nullopt;
  return make_large(FileRef{sha256, text_of(json, "name"), text_of(json, "media_type"), *bytes});
}

std::optional<Value> read_languages(const Json& json) {
  if (const auto text = json.as_string()) return Value(std::string(*text));
  if (!has_only(json, {"zh", "ko", "en"}) || !json.string_at("zh")) return std::nullopt;
  Row row;
  for (const auto& [language, text] : *json.as_object()) {
    if (!text.as_string()) return std::nullopt;
    row.cells.push_back({language, Value(std::string(*text.as_string()))});
  }
  return make_large(std::move(row));
}

std::optional<Value> read_period_value(const Json& json) {
  const auto from = parse_instant(json.string_at("from").value_or(""));
  const auto to = parse_instant(json.string_at("to").value_or(""));
  if (!from || !to) return std::nullopt;
  return Value(Period{*from, *to});
}

std::optional<Value> scalar_text(const FieldSpec& field, std::string_view text,
                                 const InputContext& context) {
  const auto wrap = [](const auto& parsed) -> std::optional<Value> {
    if (!parsed) return std::nullopt;
    return Value(*parsed);
  };
  switch (field.kind) {
    case FieldKind::text: return Value(std::string(text));
    case FieldKind::account: return Value(std::string(text));
    case FieldKind::number:
    case FieldKind::quantity: {
      const auto micros = parse_scaled(text, 6, ExcessDigits::refuse);
      return micros ? std::optional<Value>(Number{*micros}) : std::nullopt;
    }
    case FieldKind::money: {
      const auto fen = parse_scaled(text, 2, ExcessDigits::refuse);
      return fen ? std::optional<Value>(Money{*fen}) : std::nullopt;
    }
    case FieldKind::date: return wrap(parse_date(text));
    case FieldKind::instant: return wrap(parse_instant(text));
    case FieldKind::time: {
      const auto minutes = parse_time_of_day(text);
      return minutes ? std::optional<Value>(TimeOfDay{*minutes}) : std::nullopt;
    }
    case FieldKind::limit: return wrap(parse_limit(text));
    case FieldKind::yes_no:
      if (text != "true" && text != "false") return std::nullopt;
      return Value(text == "true");
    case FieldKind::choice:
    case FieldKind::action:
    case FieldKind::indicator: return Value(Key{std::string(text)});
    case FieldKind::link: {
      const auto id = context.find_matter ? context.find_matter(text) : std::nullopt;
      return id ? std::optional<Value>(Link{*id}) : std::nullopt;
    }
    case FieldKind::territory: {
      auto code = parse_territory_code(text);
      return code ? std::optional<Value>(territory_unit(std::move(*code))) : std::nullopt;
    }
    case FieldKind::organisation: return Value(organisation_unit(std::string(text)));
    case FieldKind::post: {
      const auto id = context.find_post ? context.find_post(text) : std::nullopt;
      return id ? std::optional<Value>(PostRef{*id}) : std::nullopt;
    }
    case FieldKind::period: {
      const auto dots = text.find("..");
      if (dots == std::string_view::npos) return std::nullopt;
      const auto from = parse_instant(text.substr(0, dots)), to = parse_instant(text.substr(dots + 2));
      return from && to ? std::optional<Value>(Period{*from, *to}) : std::nullopt;
    }
    case FieldKind::place: {
      Place place;
      if (is_territory_code(text)) place.territory = text;
      else place.address = text;
      return make_large(std::move(place));
    }
    case FieldKind::hours:
    case FieldKind::file:
    case FieldKind::line:
    case FieldKind::contact:
    case FieldKind::scores:
    case FieldKind::rows:
    case FieldKind::tally: return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Value> read_one(const FieldSpec& field, const Json& json,
                              const InputContext& context) {
  switch (field.kind) {
    case FieldKind::text:
      if (field.languages) return read_languages(json);
      break;
    case FieldKind::number:
    case FieldKind::quantity:
    case FieldKind::money: {
      const auto number = json.as_number_text();
      if (number) return scalar_text(field, *number, context);
      break;
    }
    case FieldKind::yes_no: {
      const auto boolean = json.as_boolean();
      return boolean ? std::optional<Value>(*boolean) : std::nullopt;
    }
    case FieldKind::period: return read_period_value(json);
    case FieldKind::hours: return read_hours(json);
    case FieldKind::file: return read_file_reference(json);
    case FieldKind::place: return read_place(json);
    case FieldKind::line: return read_line(json);
    case FieldKind::contact: return read_contact(json);
    case FieldKind::scores: return read_scores(json);
    case FieldKind::date:
    case FieldKind::instant:
    case FieldKind::time:
    case FieldKind::limit:
    case FieldKind::choice:
    case FieldKind::link:
    case FieldKind::territory:
    case FieldKind::organisation:
    case FieldKind::post:
    case FieldKind::account:
    case FieldKind::action:
    case FieldKind::indicator: break;
    case FieldKind::rows:
    case FieldKind::tally: return std::nullopt;
  }
  const auto text = json.as_string();
  if (!text) return std::nullopt;
  if (text->empty()) return Value();
  return scalar_text(field, *text, context);
}

Result<Value> read_row(const FieldSpec& field, const Json& json, const std::string& key,
                       const InputContext& context) {
  const auto* members = json.as_object();
  if (!members) return wrong_kind(key);
  Row row;
  for (const auto& [name, given] : *members) {
    const auto column = std::ranges::find(field.fields, name, &FieldSpec::name);
    if (column == field.fields.end())
      return refuse(ErrorCode::invalid, "form.unknown", {{"name", name}});
    GEWU_TRY(cell, read_field_value(*column, given, key + "." + name, context));
    row.cells.push_back({name, std::move(cell)});
  }
  return make_large(std::move(row));
}

}  // namespace

Result<Value> read_field_value(const FieldSpec& field, const Json& json, const std::string& key,
                               const InputContext& context) {
  if (json.is_null()) return Value();
  const bool is_set = field.many || field.kind == FieldKind::rows;
  if (!is_set) {
    auto value = read_one(field, json, context);
    return value ? Result<Value>(std::move(*value)) : wrong_kind(key);
  }
  const auto* items = json.as_array();
  if (!items || items->size() > kLimits.page_rows_max) return wrong_kind(key);
  Values values;
  for (const Json& item : *items) {
    if (field.kind == FieldKind::rows) {
      GEWU_TRY(row, read_row(field, item, key, context));
      values.push_back(std::move(row));
      continue;
    }
    auto value = read_one(field, item, context);
    if (!value || value->is_missing()) return wrong_kind(key);
    values.push_back(std::move(*value));
  }
  return make_set(std::move(values));
}

Result<Value> read_field_text(const FieldSpec& field, std::string_view text,
                              const std::string& key, const InputContext& context) {
  if (text.empty()) return Value();
  auto value = scalar_text(field, text, context);
  if (!value) return wrong_kind(key);
  if (field.many) return make_set({std::move(*value)});
  return std::move(*value);
}

Result<std::vector<NamedValue>> read_values(const Type& type, std::string_view action,
                                            const std::vector<FieldSpec>& inputs,
                                            const Json& json, const InputContext& context) {
  std::vector<NamedValue> values;
  if (json.is_null()) return values;
  const auto* members = json.as_object();
  if (!members) return refuse(ErrorCode::invalid, "form.values");
  std::vector<Error> errors;
  for (const auto& [name, given] : *members) {
    const auto input = std::ranges::find(inputs, name, &FieldSpec::name);
    const auto field = type.find_field(name);
    const bool is_input = input != inputs.end();
    if (!is_input && !field) {
      errors.push_back({ErrorCode::invalid, "form.unknown", {{"name", name}}, {}});
      continue;
    }
    const FieldSpec& spec = is_input ? *input : type.fields[*field];
    const std::string key =
        type.name + "." + (is_input ? std::string(action) + "." : std::string()) + name;
    auto value = read_field_value(spec, given, key, context);
    if (value) values.push_back({name, std::move(*value)});
    else errors.push_back(std::move(value).error());
  }
  if (errors.empty()) return values;
  Error first = std::move(errors.front());
  for (std::size_t i = 1; i < errors.size(); ++i) first.others.push_back(std::move(errors[i]));
  return std::unexpected(std::move(first));
}

namespace {

void write_point(JsonWriter& out, LonLat point) {
  std::string lon, lat;
  append_scaled(lon, point.lon_e6, 6);
  append_scaled(lat, point.lat_e6, 6);
  out.member("lon", lon).member("lat", lat);
}

void write_scaled(JsonWriter& out, std::int64_t value, int decimals) {
  std::string text;
  append_scaled(text, value, decimals);
  out.string(text);
}

std::string time_text(int minutes) {
  const auto two = [](int number) {
    return std::string(number < 10 ? "0" : "") + std::to_string(number);
  };
  return two(minutes / 60) + ":" + two(minutes % 60);
}

void write_hours(JsonWriter& out, const Hours& hours) {
  out.begin_object();
  for (int i = 0; i < 7; ++i) {
    if (hours.days[i].empty()) continue;
    out.key(weekday_name(static_cast<Weekday>(i + 1))).begin_array();
    for (const auto& [from, to] : hours.days[i]) out.string(time_text(from) + "-" + time_text(to));
    out.end_array();
  }
  out.end_object();
}

void write_row(JsonWriter& out, const FieldSpec& field, const Row& row) {
  out.begin_object();
  for (const NamedValue& cell : row.cells) {
    const auto column = std::ranges::find(field.fields, cell.name, &FieldSpec::name);
    out.key(cell.name);
    write_field_value(out, column == field.fields.end() ? FieldSpec{} : *column, cell.value);
  }
  out.end_object();
}

/// Writes a value by its own kind: what a computed field holds needs no spec.
struct ReplyWriter {
  JsonWriter& out;
  const FieldSpec& field;

  void operator()(const Missing&) const { out.null(); }
  void operator()(const Erased&) const { out.null(); }
  void operator()(bool value) const { out.boolean(value); }
  void operator()(const Number& value) const { write_scaled(out, value.micros, 6); }
  void operator()(const Money& value) const { write_scaled(out, value.fen, 2); }
  void operator()(const Date& value) const { out.string(format_date(value)); }
  void operator()(const Instant& value) const { out.string(format_instant(value)); }
  void operator()(const TimeOfDay& value) const { out.string(time_text(value.minutes)); }
  void operator()(const Limit& value) const { out.string(format_limit(value)); }
  void operator()(const Period& value) const {
    out.begin_object().member("from", format_instant(value.from));
    out.member("to", format_instant(value.to)).end_object();
  }
  void operator()(const std::string& value) const { out.string(value); }
  void operator()(const Key& value) const { out.string(value.key); }
  void operator()(const Unit& value) const { out.string(value.code); }
  void operator()(const Link& value) const { out.string(std::to_string(value.id.value)); }
  void operator()(const PostRef& value) const { out.string(std::to_string(value.id.value)); }
  void operator()(const Shared<Place>& value) const {
    out.begin_object();
    if (value->point) write_point(out, *value->point);
    if (!value->address.empty()) out.member("address", value->address);
    if (!value->territory.empty()) out.member("territory", value->territory);
    out.end_object();
  }
  void operator()(const Shared<Contact>& value) const {
    out.begin_object().member("name", value->name).member("phone", value->phone).end_object();
  }
  void operator()(const Shared<FileRef>& value) const {
    out.begin_object().member("sha256", value->sha256).member("name", value->name);
    out.member("media_type", value->media_type).member("bytes", value->bytes).end_object();
  }
  void operator()(const Shared<std::vector<Score>>& value) const {
    out.begin_object();
    for (const Score& score : *value) {
      out.key(score.row).begin_object().key("value");
      write_scaled(out, score.value.micros, 6);
      out.member("reason", score.reason).end_object();
    }
    out.end_object();
  }
  void operator()(const Shared<Row>& value) const { write_row(out, field, *value); }
  void operator()(const Shared<Hours>& value) const { write_hours(out, *value); }
  void operator()(const Shared<std::vector<LonLat>>& value) const {
    out.begin_array();
    for (const LonLat point : *value) {
      out.begin_array();
      write_scaled(out, point.lon_e6, 6);
      write_scaled(out, point.lat_e6, 6);
      out.end_array();
    }
    out.end_array();
  }
  void operator()(const Shared<Sealed>&) const { out.null(); }
  void operator()(const Shared<Values>& value) const {
    out.begin_array();
    for (const Value& element : *value) write_field_value(out, field, element);
    out.end_array();
  }
};

}  // namespace

void write_field_value(JsonWriter& out, const FieldSpec& field, const Value& value) {
  std::visit(ReplyWriter{out, field}, value.content);
}

}  // namespace gewu::codec
