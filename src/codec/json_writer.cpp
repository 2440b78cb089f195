#include "codec/json_writer.h"

#include <charconv>

#include "base/ensure.h"
#include "base/text.h"
#include "codec/scaled.h"

namespace gewu::codec {

namespace {

void append_control(std::string& out, unsigned char byte) {
  switch (byte) {
    case '\b': out += "\\b"; return;
    case '\t': out += "\\t"; return;
    case '\n': out += "\\n"; return;
    case '\f': out += "\\f"; return;
    case '\r': out += "\\r"; return;
    default: break;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

/// How many bytes of well-formed UTF-8 stand at the front: 1 to 4, or 0.
std::size_t sequence_length(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length)
    if (is_utf8(text.substr(0, length))) return length;
  return 0;
}

std::string mended(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) out += "\uFFFD";
    else out += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out += text.substr(plain, i - plain);
    plain = i + 1;
    if (byte < 0x20) append_control(out, byte);
    else (out += '\\') += text[i];
  }
  out += text.substr(plain);
}

}  // namespace

void append_json_escaped(std::string& out, std::string_view text) {
  if (is_utf8(text)) append_escaped(out, text);
  else append_escaped(out, mended(text));
}

void JsonWriter::begin_value() {
  if (!places_.empty()) {
    ensure(places_.back() != Place::object, "a member needs a key");
    if (places_.back() == Place::member) places_.back() = Place::object;
    else if (needs_comma_) out_ += ',';
  } else {
    ensure(!needs_comma_, "one value a writer");
  }
  needs_comma_ = true;
}

void JsonWriter::open(char bracket, Place place) {
  begin_value();
  out_ += bracket;
  places_.push_back(place);
  needs_comma_ = false;
}

void JsonWriter::close(char bracket, Place place) {
  ensure(!places_.empty() && places_.back() == place, "an end needs its beginning");
  places_.pop_back();
  out_ += bracket;
  needs_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() { return open('{', Place::object), *this; }
JsonWriter& JsonWriter::end_object() { return close('}', Place::object), *this; }
JsonWriter& JsonWriter::begin_array() { return open('[', Place::array), *this; }
JsonWriter& JsonWriter::end_array() { return close(']', Place::array), *this; }

JsonWriter& JsonWriter::key(std::string_view key) {
  ensure(!places_.empty() && places_.back() == Place::object, "a key stands in an object");
  if (needs_comma_) out_ += ',';
  out_ += '"';
  append_json_escaped(out_, key);
  out_ += "\":";
  places_.back() = Place::member;
  return *this;
}

JsonWriter& JsonWriter::null() { return raw("null"); }
JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::integer(std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return raw({digits, static_cast<std::size_t>(end - digits)});
}

JsonWriter& JsonWriter::scaled(std::int64_t value, int decimals) {
  begin_value();
  append_scaled(out_, value, decimals);
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  begin_value();
  out_ += '"';
  append_json_escaped(out_, value);
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  begin_value();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::json(const Json& value) {
  switch (value.kind()) {
    case JsonKind::null: return null();
    case JsonKind::boolean: return boolean(*value.as_boolean());
    case JsonKind::integer: return integer(*value.as_integer());
    case JsonKind::decimal: return raw(*value.as_number_text());
    case JsonKind::string: return string(*value.as_string());
    case JsonKind::array:
      begin_array();
      for (const Json& item : *value.as_array()) json(item);
      return end_array();
    case JsonKind::object:
      begin_object();
      for (const JsonMember& entry : *value.as_object()) key(entry.key).json(entry.value);
      return end_object();
  }
  return *this;
}

}  // namespace gewu::codec
