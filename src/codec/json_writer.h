#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "codec/json.h"

namespace gewu::codec {

/// Appends one JSON value to a string: replies of the API, canonical bytes of the journal. What
/// is written depends on the calls alone: members in their order, no white space, control
/// characters escaped, other text as it is. Commas are its business; a member without a key or
/// an end without a beginning breaks an invariant (`ensure`).
///
///   JsonWriter(out).begin_object().member("id", 7).key("tags").begin_array().string("a")
///       .end_array().end_object();
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view key);

  JsonWriter& null();
  JsonWriter& boolean(bool value);
  JsonWriter& integer(std::int64_t value);
  /// value / 10^decimals without floating point and without trailing zeros: 1500000, 6 -> 1.5
  JsonWriter& scaled(std::int64_t value, int decimals);
  /// Bytes that are no UTF-8 become U+FFFD: what is written can always be read.
  JsonWriter& string(std::string_view value);
  /// A JSON value that is already written; it is not looked at.
  JsonWriter& raw(std::string_view json);
  JsonWriter& json(const Json& value);

  JsonWriter& member(std::string_view name, std::string_view value) {
    return key(name).string(value);
  }
  JsonWriter& member(std::string_view name, const char* value) { return key(name).string(value); }
  template <std::integral Integer>
  JsonWriter& member(std::string_view name, Integer value) {
    static_assert(sizeof(Integer) < 8 || std::is_signed_v<Integer>, "int64 is the widest");
    key(name);
    if constexpr (std::same_as<Integer, bool>) return boolean(value);
    else return integer(value);
  }

 private:
  enum class Place { array, object, member };

  void begin_value();
  void open(char bracket, Place place);
  void close(char bracket, Place place);

  std::string& out_;
  std::vector<Place> places_;
  bool needs_comma_ = false;
};

/// The text between quotes, escaped; without the quotes.
void append_json_escaped(std::string& out, std::string_view text);

}  // namespace gewu::codec
