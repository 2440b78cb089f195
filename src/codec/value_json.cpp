#include "codec/value_json.h"

#include "base/text.h"

namespace gewu::codec {
namespace {

using namespace gewu::kernel;

std::unexpected<Error> bad(std::string_view what) {
  return refuse(ErrorCode::invalid, "journal.value", {{"what", std::string(what)}});
}

void write_point(JsonWriter& out, LonLat point) {
  out.begin_array().integer(point.lon_e6).integer(point.lat_e6).end_array();
}

Result<LonLat> read_point(const Json& json) {
  const auto* pair = json.as_array();
  if (!pair || pair->size() != 2) return bad("point");
  const auto lon = (*pair)[0].as_integer(), lat = (*pair)[1].as_integer();
  if (!lon || !lat) return bad("point");
  return LonLat{static_cast<std::int32_t>(*lon), static_cast<std::int32_t>(*lat)};
}

struct Writer {
  JsonWriter& out;

  void one(std::string_view key, std::string_view text) {
    out.begin_object().member(key, text).end_object();
  }
  void operator()(const Missing&) { out.null(); }
  void operator()(const Erased&) { out.begin_object().member("erased", true).end_object(); }
  void operator()(bool value) { out.boolean(value); }
  void operator()(const Number& value) {
    out.begin_object().key("number").scaled(value.micros, 6).end_object();
  }
  void operator()(const Money& value) {
    out.begin_object().member("fen", value.fen).end_object();
  }
  void operator()(const Date& value) { one("date", format_date(value)); }
  void operator()(const Instant& value) { one("instant", format_instant(value)); }
  void operator()(const TimeOfDay& value) {
    out.begin_object().member("minutes", value.minutes).end_object();
  }
  void operator()(const Limit& value) { one("limit", format_limit(value)); }
  void operator()(const Period& value) {
    out.begin_object().key("period").begin_array();
    out.string(format_instant(value.from)).string(format_instant(value.to));
    out.end_array().end_object();
  }
  void operator()(const std::string& value) { out.string(value); }
  void operator()(const Key& value) { one("key", value.key); }
  void operator()(const Unit& value) { one("unit", unit_text(value)); }
  void operator()(const Link& value) {
    out.begin_object().member("matter", value.id.value).end_object();
  }
  void operator()(const PostRef& value) {
    out.begin_object().member("post", value.id.value).end_object();
  }
  void operator()(const Shared<Place>& value) {
    out.begin_object().key("place").begin_object();
    if (value->point) {
      out.key("point");
      write_point(out, *value->point);
    }
    if (!value->address.empty()) out.member("address", value->address);
    if (!value->territory.empty()) out.member("territory", value->territory);
    out.end_object().end_object();
  }
  void operator()(const Shared<Contact>& value) {
    out.begin_object().key("contact").begin_object();
    out.member("name", value->name).member("phone", value->phone).member("token", value->token);
    out.end_object().end_object();
  }
  void operator()(const Shared<FileRef>& value) {
    out.begin_object().key("file").begin_object();
    out.member("sha256", value->sha256).member("name", value->name);
    out.member("media_type", value->media_type).member("bytes", value->bytes);
    out.end_object().end_object();
  }
  void operator()(const Shared<std::vector<Score>>& value) {
    out.begin_object().key("scores").begin_array();
    for (const Score& score : *value) {
      out.begin_object().member("row", score.row).key("value").scaled(score.value.micros, 6);
      out.member("reason", score.reason).end_object();
    }
    out.end_array().end_object();
  }
  void operator()(const Shared<Row>& value) {
    out.begin_object().key("row").begin_object();
    for (const NamedValue& cell : value->cells) {
      out.key(cell.name);
      write_value(out, cell.value);
    }
    out.end_object().end_object();
  }
  void operator()(const Shared<Hours>& value) {
    out.begin_object().key("hours").begin_array();
    for (const auto& day : value->days) {
      out.begin_array();
      for (const auto& [from, to] : day) out.integer(from).integer(to);
      out.end_array();
    }
    out.end_array().end_object();
  }
  void operator()(const Shared<std::vector<LonLat>>& value) {
    out.begin_object().key("line").begin_array();
    for (const LonLat point : *value) write_point(out, point);
    out.end_array().end_object();
  }
  void operator()(const Shared<Sealed>& value) { one("sealed", value->box); }
  void operator()(const Shared<Values>& value) {
    out.begin_array();
    for (const Value& element : *value) write_value(out, element);
    out.end_array();
  }
};

/// A number of millionths from what `scaled` wrote.
Result<Number> read_number(const Json& json) {
  const auto text = json.as_number_text();
  if (!text) return bad("number");
  std::string_view rest = *text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const auto dot = rest.find('.');
  std::string digits(rest.substr(0, dot));
  std::string decimals(dot == std::string_view::npos ? "" : rest.substr(dot + 1));
  if (decimals.size() > 6) return bad("number");
  decimals.append(6 - decimals.size(), '0');
  const auto micros = parse_integer((negative ? "-" : "") + digits + decimals);
  if (!micros) return bad("number");
  return Number{*micros};
}

Result<Value> read_place(const Json& json) {
  Place place;
  if (const Json* point = json.find("point")) {
    GEWU_TRY(read, read_point(*point));
    place.point = read;
  }
  place.address = text_at(json, "address");
  place.territory = text_at(json, "territory");
  return make_large(std::move(place));
}

Result<Value> read_scores(const Json::Array& array) {
  std::vector<Score> scores;
  for (const Json& item : array) {
    const Json* value = item.find("value");
    if (!value) return bad("scores");
    GEWU_TRY(number, read_number(*value));
    scores.push_back({text_at(item, "row"), number, text_at(item, "reason")});
  }
  return make_large(std::move(scores));
}

Result<Value> read_hours(const Json::Array& array) {
  if (array.size() != 7) return bad("hours");
  Hours hours;
  for (std::size_t day = 0; day < 7; ++day) {
    const auto* frames = array[day].as_array();
    if (!frames || frames->size() % 2 != 0) return bad("hours");
    for (std::size_t i = 0; i < frames->size(); i += 2) {
      const auto from = (*frames)[i].as_integer(), to = (*frames)[i + 1].as_integer();
      if (!from || !to) return bad("hours");
      hours.days[day].emplace_back(*from, *to);
    }
  }
  return make_large(std::move(hours));
}

Result<Value> read_row(const Json::Object& object) {
  Row row;
  for (const JsonMember& member : object) {
    GEWU_TRY(value, read_value(member.value));
    row.cells.push_back({member.key, std::move(value)});
  }
  return make_large(std::move(row));
}

/// An object with one member: its key says the kind.
Result<Value> read_tagged(std::string_view tag, const Json& inner) {
  const auto text = inner.as_string();
  const auto integer = inner.as_integer();
  if (tag == "erased") return Value(Erased{});
  if (tag == "number") {
    GEWU_TRY(number, read_number(inner));
    return Value(number);
  }
  if (tag == "fen" && integer) return Value(Money{*integer});
  if (tag == "minutes" && integer) return Value(TimeOfDay{static_cast<std::int32_t>(*integer)});
  if (tag == "matter" && integer) return Value(Link{{*integer}});
  if (tag == "post" && integer) return Value(PostRef{{*integer}});
  if (tag == "key" && text) return Value(Key{std::string(*text)});
  if (tag == "sealed" && text) return make_large(Sealed{std::string(*text)});
  if (tag == "date" && text)
    if (const auto date = parse_date(*text)) return Value(*date);
  if (tag == "instant" && text)
    if (const auto instant = parse_instant(*text)) return Value(*instant);
  if (tag == "limit" && text) {
    GEWU_TRY(limit, parse_limit(*text));
    return Value(limit);
  }
  if (tag == "unit" && text) {
    GEWU_TRY(unit, parse_unit(*text));
    return Value(std::move(unit));
  }
  if (tag == "place") return read_place(inner);
  if (tag == "contact")
    return make_large(Contact{text_at(inner, "name"), text_at(inner, "phone"),
                              text_at(inner, "token")});
  if (tag == "file")
    return make_large(FileRef{text_at(inner, "sha256"), text_at(inner, "name"),
                              text_at(inner, "media_type"),
                              inner.integer_at("bytes").value_or(0)});
  if (const auto* object = inner.as_object(); object && tag == "row") return read_row(*object);
  if (const auto* array = inner.as_array()) {
    if (tag == "scores") return read_scores(*array);
    if (tag == "hours") return read_hours(*array);
    if (tag == "period" && array->size() == 2) {
      const auto from = parse_instant((*array)[0].as_string().value_or(""));
      const auto to = parse_instant((*array)[1].as_string().value_or(""));
      if (from && to) return Value(Period{*from, *to});
    }
    if (tag == "line") {
      std::vector<LonLat> line;
      for (const Json& item : *array) {
        GEWU_TRY(point, read_point(item));
        line.push_back(point);
      }
      return make_large(std::move(line));
    }
  }
  return bad(tag);
}

}  // namespace

void write_value(JsonWriter& out, const Value& value) { std::visit(Writer{out}, value.content); }

Result<Value> read_value(const Json& json) {
  switch (json.kind()) {
    case JsonKind::null: return Value();
    case JsonKind::boolean: return Value(*json.as_boolean());
    case JsonKind::string: return Value(std::string(*json.as_string()));
    case JsonKind::array: {
      Values elements;
      for (const Json& item : *json.as_array()) {
        GEWU_TRY(element, read_value(item));
        elements.push_back(std::move(element));
      }
      return make_set(std::move(elements));
    }
    case JsonKind::object: {
      const auto& members = *json.as_object();
      if (members.size() != 1) return bad("object");
      return read_tagged(members[0].key, members[0].value);
    }
    case JsonKind::integer:
    case JsonKind::decimal: return bad("plain number");
  }
  return bad("kind");
}

std::string unit_text(const Unit& unit) {
  switch (unit.kind) {
    case Unit::Kind::none: return "";
    case Unit::Kind::territory: return "territory:" + unit.code;
    case Unit::Kind::organisation: return "organisation:" + unit.code;
    case Unit::Kind::row: return "row:" + unit.code;
  }
  return "";
}

Result<Unit> parse_unit(std::string_view text) {
  if (text.empty()) return Unit{};
  const auto colon = text.find(':');
  const auto kind = text.substr(0, colon);
  if (colon == std::string_view::npos || colon + 1 == text.size()) return bad("unit");
  std::string code(text.substr(colon + 1));
  if (kind == "territory") return territory_unit(std::move(code));
  if (kind == "organisation") return organisation_unit(std::move(code));
  if (kind == "row") return row_unit(std::move(code));
  return bad("unit");
}

std::string text_at(const Json& json, std::string_view key) {
  return std::string(json.string_at(key).value_or(""));
}

}  // namespace gewu::codec
