#include <algorithm>

#include "base/text.h"
#include "codec/input_json.h"
#include "codec/scaled.h"
#include "usecase/given_values.h"
#include "usecase/matter_title.h"
#include "usecase/scenario_world.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

std::unexpected<Error> bad_value(const FieldSpec& field, std::string_view text) {
  return refuse(ErrorCode::invalid, "scenario.value",
                {{"field", field.name}, {"value", std::string(text)}});
}

bool is_bracketed(std::string_view text, char open, char close) {
  return text.size() >= 2 && text.front() == open && text.back() == close;
}

std::string_view inside(std::string_view text) { return text.substr(1, text.size() - 2); }

/// "grid:222401002001007" or a bare code.
std::string_view code_of(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && is_territory_code(text.substr(colon + 1))
             ? text.substr(colon + 1)
             : text;
}

Value any_value(const FieldSpec& field) {
  if (field.kind == FieldKind::contact) return make_large(Contact{"甲", "13900000000", {}});
  if (field.kind == FieldKind::number || field.kind == FieldKind::quantity)
    return Number{kMicros};
  if (field.kind == FieldKind::money) return Money{100};
  if (field.kind == FieldKind::yes_no) return Value(true);
  if (field.kind == FieldKind::file)
    return make_large(FileRef{std::string(64, '0'), "a.jpg", "image/jpeg", 1});
  return Value(std::string("…"));
}

Result<Value> read_scores(const FieldSpec& field, std::string_view text) {
  std::vector<Score> scores;
  for (const std::string& part : split_outside(inside(text), ",")) {
    const auto pair = split_outside(part, "=");
    FieldSpec number;
    number.kind = FieldKind::number;
    if (pair.size() != 2) return bad_value(field, text);
    GEWU_TRY(value, codec::read_field_text(number, pair[1], field.name, {}));
    scores.push_back({pair[0], *value.get<Number>(), {}});
  }
  return make_large(std::move(scores));
}

}  // namespace

namespace {

/// `129.51 42.90/129.52 42.90/129.52 42.91`.
Result<Value> read_line(const FieldSpec& field, std::string_view text) {
  std::vector<LonLat> line;
  for (const std::string_view point : split(text, '/')) {
    const auto parts = split(trim(point), ' ');
    const auto lon = parts.size() == 2 ? codec::parse_scaled(parts[0], 6, codec::ExcessDigits::refuse)
                                       : std::nullopt;
    const auto lat = lon ? codec::parse_scaled(parts[1], 6, codec::ExcessDigits::refuse)
                         : std::nullopt;
    if (!lat) return bad_value(field, text);
    line.push_back({static_cast<std::int32_t>(*lon), static_cast<std::int32_t>(*lat)});
  }
  return make_large(std::move(line));
}

}  // namespace

/// A text in several languages: `{zh='…', ko='…'}`.
Result<Value> ScenarioValues::read_languages(const FieldSpec& field, std::string_view text) const {
  FieldSpec row = field;
  for (const char* language : {"zh", "ko", "en"}) {
    FieldSpec one;
    one.name = language;
    row.fields.push_back(std::move(one));
  }
  return read_row(row, text);
}

Result<Value> ScenarioValues::read_row(const FieldSpec& field, std::string_view text) const {
  if (!is_bracketed(text, '{', '}')) return bad_value(field, text);
  Row row;
  for (const std::string& part : split_outside(inside(text), ",")) {
    const auto equal = part.find('=');
    if (equal == std::string::npos) return bad_value(field, text);
    const std::string name(trim(std::string_view(part).substr(0, equal)));
    const auto column = std::ranges::find(field.fields, name, &FieldSpec::name);
    if (column == field.fields.end()) return bad_value(field, text);
    GEWU_TRY(cell, read(*column, trim(std::string_view(part).substr(equal + 1))));
    row.cells.push_back({name, std::move(cell)});
  }
  return make_large(std::move(row));
}

Result<Value> ScenarioValues::read_one(const FieldSpec& field, std::string_view text) const {
  const Directory& directory = world_.directory();
  if (text == "..") return any_value(field);
  if (text == "none") return Value();
  if (field.kind == FieldKind::rows) return read_row(field, text);
  if (field.languages && is_bracketed(text, '{', '}')) return read_languages(field, text);
  if (field.kind == FieldKind::scores && is_bracketed(text, '{', '}'))
    return read_scores(field, text);
  const std::string plain = unquoted(text);
  switch (field.kind) {
    case FieldKind::link: {
      const auto id = world_.find(plain);
      return id ? Result<Value>(Link{*id}) : bad_value(field, text);
    }
    case FieldKind::place: {
      const std::string_view code = code_of(plain);
      Place place;
      if (is_territory_code(code)) place.territory = code;
      else place.address = plain;
      return make_large(std::move(place));
    }
    case FieldKind::territory: return Value(territory_unit(std::string(code_of(plain))));
    case FieldKind::instant: {
      const auto cut = plain.find_first_of("T ");
      if (cut == std::string::npos) break;
      const auto instant = world_.parse_local(std::string_view(plain).substr(0, cut),
                                              std::string_view(plain).substr(cut + 1));
      return instant ? Result<Value>(*instant) : bad_value(field, text);
    }
    case FieldKind::period: {
      const auto dots = plain.find("..");
      if (dots == std::string::npos) return bad_value(field, text);
      FieldSpec end = field;
      end.kind = FieldKind::instant;
      GEWU_TRY(from, read_one(end, std::string_view(plain).substr(0, dots)));
      GEWU_TRY(to, read_one(end, std::string_view(plain).substr(dots + 2)));
      if (!from.get<Instant>() || !to.get<Instant>()) return bad_value(field, text);
      return Value(Period{*from.get<Instant>(), *to.get<Instant>()});
    }
    case FieldKind::contact: return make_large(Contact{plain, plain, {}});
    case FieldKind::line: return read_line(field, plain);
    case FieldKind::tally: {
      FieldSpec number = field;
      number.kind = FieldKind::number;
      return read_one(number, text);
    }
    default: break;  // NOLINT: the other kinds read their plain text below
  }
  const codec::InputContext context{
      [&](std::string_view name) { return world_.find(std::string(name)); },
      [&](std::string_view name) { return find_post(directory, name); }};
  FieldSpec single = field;
  single.many = false;
  auto value = codec::read_field_text(single, plain, field.name, context);
  if (!value) return bad_value(field, text);
  return value;
}

Result<Value> ScenarioValues::read(const FieldSpec& field, std::string_view text) const {
  const bool is_set = field.many || field.kind == FieldKind::rows;
  if (!is_set || text == "none") return read_one(field, text);
  Values values;
  std::vector<std::string> parts{std::string(text)};
  if (is_bracketed(text, '[', ']')) parts = split_outside(inside(text), ",");
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    GEWU_TRY(value, read_one(field, part));
    values.push_back(std::move(value));
  }
  return make_set(std::move(values));
}

bool ScenarioValues::matches(const FieldSpec& field, const Value& value,
                             std::string_view text) const {
  if (text == "none") return value.is<Missing>();
  if (text == "erased") return value.is<Erased>();
  if (text == "..") return !value.is_missing();
  if (const auto* unit = value.get<Unit>()) {
    const std::string plain = unquoted(text);
    if (unit->kind == Unit::Kind::row) {
      const auto row = world_.find(plain);
      return row && std::to_string(row->value) == unit->code;
    }
    return unit->code == code_of(plain);
  }
  if (const auto* link = value.get<Link>()) {
    const auto named = world_.find(unquoted(text));
    return named && *named == link->id;
  }
  const auto expected = read(field, text);
  return expected && *expected == value;
}

}  // namespace gewu::usecase
