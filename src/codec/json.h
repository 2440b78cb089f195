#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace gewu::codec {

enum class JsonKind { null, boolean, integer, decimal, string, array, object };

struct JsonMember;

/// A number that is no int64, as it was written ("0.10", "1e3", "9223372036854775808"): no
/// floating point ever touches a value. parse_scaled (scaled.h) makes it fixed point.
struct JsonDecimal {
  std::string text;
  bool operator==(const JsonDecimal&) const = default;
};

/// A JSON value (RFC 8259). Members of an object keep their order; their keys are unique.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<JsonMember>;

  Json() = default;
  /// Text literals must not become `true`, nor doubles integers: only these exact types.
  template <std::same_as<bool> Boolean>
  explicit Json(Boolean value) : value_(value) {}
  explicit Json(std::int64_t value) : value_(value) {}
  explicit Json(JsonDecimal value) : value_(std::move(value)) {}
  explicit Json(std::string value) : value_(std::move(value)) {}
  explicit Json(std::string_view value) : value_(std::string(value)) {}
  explicit Json(const char* value) : value_(std::string(value)) {}
  explicit Json(Array value) : value_(std::move(value)) {}
  explicit Json(Object value);

  /// A text that lies elsewhere and stays there as long as this does.
  static Json borrowed(std::string_view text);

  JsonKind kind() const {
    return std::holds_alternative<std::string_view>(value_) ? JsonKind::string
                                                            : static_cast<JsonKind>(value_.index());
  }
  bool is_null() const { return kind() == JsonKind::null; }

  /// The member under a key; null when this is no object or has no such key.
  const Json* find(std::string_view key) const;

  /// Nothing, or null, when the value is of another kind.
  std::optional<bool> as_boolean() const;
  std::optional<std::int64_t> as_integer() const;
  std::optional<std::string_view> as_string() const;
  /// The text of an integer or a decimal.
  std::optional<std::string> as_number_text() const;
  const Array* as_array() const;
  const Object* as_object() const;

  /// find and as_… in one: nothing when the key is absent or of another kind.
  std::optional<bool> boolean_at(std::string_view key) const;
  std::optional<std::int64_t> integer_at(std::string_view key) const;
  std::optional<std::string_view> string_at(std::string_view key) const;
  const Array* array_at(std::string_view key) const;
  const Object* object_at(std::string_view key) const;

  /// One more element of an array, one more member of an object, to be filled in; of nothing else.
  Json& append();
  Json& append(std::string key);

  bool operator==(const Json& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, JsonDecimal, std::string, Array, Object,
               std::string_view>
      value_;
};

struct JsonMember {
  std::string key;
  Json value;
  bool operator==(const JsonMember&) const = default;
};

/// Reads one JSON text of at most limits.body_bytes_max bytes, limits.json_depth_max deep.
/// Errors, all with `offset` in bytes where one is known:
/// `json.too_large` (too_large, `max`), `json.depth` (`max`), `json.duplicate` (`key`),
/// `json.syntax` (also ill-formed UTF-8, text after the value, an exponent beyond reason).
Result<Json> parse_json(std::string_view text, const Limits& limits = kLimits);

/// The same for a text that this program wrote itself and reads back from its own file: keys and
/// UTF-8 were right when it was written and are not looked at again, and its strings stay in `text`,
/// which must live as long. `gewu check --data` and `gewu verify` take parse_json.
Result<Json> parse_own_json(std::string_view text, const Limits& limits);

/// Compact, members in their order.
std::string write_json(const Json& value);

}  // namespace gewu::codec
