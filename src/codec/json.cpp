#include "codec/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <functional>
#include <memory>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "codec/json_writer.h"

namespace gewu::codec {

Json::Json(Object value) : value_(std::move(value)) {}

Json Json::borrowed(std::string_view text) {
  Json json;
  json.value_ = text;
  return json;
}

Json& Json::append() { return std::get<Array>(value_).emplace_back(); }
Json& Json::append(std::string key) {
  return std::get<Object>(value_).emplace_back(std::move(key), Json()).value;
}

const Json* Json::find(std::string_view key) const {
  const Object* object = as_object();
  if (object == nullptr) return nullptr;
  const auto found = std::ranges::find(*object, key, &JsonMember::key);
  return found == object->end() ? nullptr : &found->value;
}

std::optional<bool> Json::as_boolean() const {
  const bool* value = std::get_if<bool>(&value_);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> Json::as_integer() const {
  const std::int64_t* value = std::get_if<std::int64_t>(&value_);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::string_view> Json::as_string() const {
  if (const std::string* own = std::get_if<std::string>(&value_)) return *own;
  const std::string_view* lent = std::get_if<std::string_view>(&value_);
  return lent ? std::optional(*lent) : std::nullopt;
}

std::optional<std::string> Json::as_number_text() const {
  if (const auto integer = as_integer()) return std::to_string(*integer);
  const JsonDecimal* value = std::get_if<JsonDecimal>(&value_);
  return value ? std::optional(value->text) : std::nullopt;
}

const Json::Array* Json::as_array() const { return std::get_if<Array>(&value_); }
const Json::Object* Json::as_object() const { return std::get_if<Object>(&value_); }

std::optional<bool> Json::boolean_at(std::string_view key) const {
  const Json* value = find(key);
  return value ? value->as_boolean() : std::nullopt;
}

std::optional<std::int64_t> Json::integer_at(std::string_view key) const {
  const Json* value = find(key);
  return value ? value->as_integer() : std::nullopt;
}

std::optional<std::string_view> Json::string_at(std::string_view key) const {
  const Json* value = find(key);
  return value ? value->as_string() : std::nullopt;
}

const Json::Array* Json::array_at(std::string_view key) const {
  const Json* value = find(key);
  return value ? value->as_array() : nullptr;
}

const Json::Object* Json::object_at(std::string_view key) const {
  const Json* value = find(key);
  return value ? value->as_object() : nullptr;
}

bool Json::operator==(const Json& other) const {
  if (kind() != other.kind()) return false;
  if (kind() == JsonKind::string) return as_string() == other.as_string();
  return value_ == other.value_;
}

namespace {

namespace bj = boost::json;

/// Events of basic_parser in, a Json out, which is built where it stays: `open_` are the arrays and
/// objects that are not yet closed, each inside the one before; in an object the last member is the
/// one whose value is awaited.
class JsonBuilder {
 public:
  static constexpr std::size_t max_array_size = -1;
  static constexpr std::size_t max_object_size = -1;
  static constexpr std::size_t max_string_size = -1;
  static constexpr std::size_t max_key_size = -1;

  /// `is_ours`: keys are not looked at for repeats, and texts are borrowed from `source`, the text
  /// that is parsed.
  JsonBuilder(std::string_view source, bool is_ours) : source_(source), is_ours_(is_ours) {
    open_.reserve(8);
  }

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }

  bool on_array_begin(bj::error_code&) {
    Json::Array items;
    items.reserve(4);
    return open(Json(std::move(items)));
  }
  bool on_array_end(std::size_t, bj::error_code&) { return close(); }

  bool on_object_begin(bj::error_code&) {
    Json::Object members;
    members.reserve(8);
    return open(Json(std::move(members)));
  }
  bool on_object_end(std::size_t, bj::error_code&) { return close(); }

  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return collect(part); }
  bool on_key(bj::string_view part, std::size_t, bj::error_code& error) {
    std::string key = take_text(part);
    if (!is_ours_ && repeats(key)) {
      repeated_key_ = std::move(key);
      error = bj::make_error_code(bj::error::syntax);
      return false;
    }
    awaited_ = &open_.back().json->append(std::move(key));
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return collect(part); }
  bool on_string(bj::string_view part, std::size_t, bj::error_code&) {
    // One with an escape comes from a buffer of the parser's own.
    if (is_ours_ && text_.empty() && lies_in_source(part.data()))
      return add(Json::borrowed({part.data(), part.size()}));
    return add(Json(take_text(part)));
  }

  bool on_number_part(bj::string_view part, bj::error_code&) { return collect(part); }
  bool on_int64(std::int64_t value, bj::string_view part, bj::error_code&) {
    // In one part, which is the common case, the parser's own is exact; it drops the sign of -0.
    const bool is_whole = text_.empty() && (value != 0 || part.front() != '-');
    return is_whole ? add(Json(value)) : add_number(part);
  }
  bool on_uint64(std::uint64_t, bj::string_view part, bj::error_code&) { return add_number(part); }
  bool on_double(double, bj::string_view part, bj::error_code&) { return add_number(part); }
  bool on_bool(bool value, bj::error_code&) { return add(Json(value)); }
  bool on_null(bj::error_code&) { return add(Json()); }
  bool on_comment_part(bj::string_view, bj::error_code&) { return false; }
  bool on_comment(bj::string_view, bj::error_code&) { return false; }

  const std::optional<std::string>& repeated_key() const { return repeated_key_; }
  Json take() { return std::move(whole_); }

 private:
  struct Open {
    Json* json;  ///< stays where it is: what holds it does not grow before this is closed
    bool is_array;
    /// Only of an object with many members.
    std::unique_ptr<std::unordered_set<std::string>> keys;
  };
  static constexpr std::size_t kFewMembers = 24;

  bool lies_in_source(const char* at) const {
    const std::less_equal<const char*> before;
    return before(source_.data(), at) && before(at, source_.data() + source_.size());
  }

  Json& place() {
    if (open_.empty()) return whole_;
    return open_.back().is_array ? open_.back().json->append() : *awaited_;
  }

  bool open(Json empty) {
    const bool is_array = empty.kind() == JsonKind::array;
    Json& json = place();
    json = std::move(empty);
    open_.push_back({&json, is_array, nullptr});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool add(Json value) {
    place() = std::move(value);
    return true;
  }

  /// The number is taken from its text; what the parser made of it is not looked at.
  bool add_number(bj::string_view part) {
    std::string text = take_text(part);
    const auto integer = text == "-0" ? std::nullopt : parse_integer(text);
    return add(integer ? Json(*integer) : Json(JsonDecimal{std::move(text)}));
  }

  /// A text with its last part: mostly the only one.
  std::string take_text(bj::string_view part) {
    if (text_.empty()) return std::string(part.data(), part.size());
    collect(part);
    return std::exchange(text_, {});
  }

  bool collect(bj::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool repeats(const std::string& key) {
    Open& object = open_.back();
    const Json::Object& members = *object.json->as_object();
    if (members.size() < kFewMembers)
      return std::ranges::find(members, key, &JsonMember::key) != members.end();
    if (!object.keys) {
      object.keys = std::make_unique<std::unordered_set<std::string>>();
      for (const JsonMember& member : members) object.keys->insert(member.key);
    }
    return !object.keys->insert(key).second;
  }

  std::string text_;
  Json whole_;
  Json* awaited_ = nullptr;  ///< of the innermost object
  std::vector<Open> open_;
  std::string_view source_;
  bool is_ours_;
  std::optional<std::string> repeated_key_;
};

/// The opening quote of the key that ends at `stopped`, so that an editor can jump to it.
std::size_t key_begin(std::string_view text, std::size_t stopped) {
  std::size_t at = std::min(stopped, text.size());
  if (at > 0 && text[at - 1] == '"') --at;
  while (at > 0) {
    const std::size_t quote = text.rfind('"', at - 1);
    if (quote == std::string_view::npos) return stopped;
    std::size_t slashes = 0;
    while (slashes < quote && text[quote - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) return quote;
    at = quote;
  }
  return stopped;
}

/// A key is shown with the error only as far as it helps: it is the sender's text.
std::string shown_key(std::string key) {
  constexpr std::size_t kShownBytes = 64;
  if (key.size() <= kShownBytes) return key;
  std::size_t cut = kShownBytes;
  while (cut > 0 && (static_cast<unsigned char>(key[cut]) & 0xC0) == 0x80) --cut;
  key.resize(cut);
  return key;
}

Result<Json> parse(std::string_view text, const Limits& limits, bool is_ours) {
  if (text.size() > limits.body_bytes_max)
    return refuse(ErrorCode::too_large, "json.too_large",
                  {{"max", std::to_string(limits.body_bytes_max)}});
  bj::parse_options options;
  options.max_depth = limits.json_depth_max;
  options.allow_invalid_utf8 = is_ours;
  bj::basic_parser<JsonBuilder> parser(options, text, is_ours);
  bj::error_code error;
  const std::size_t stopped = parser.write_some(false, text.data(), text.size(), error);
  if (const auto& key = parser.handler().repeated_key())
    return refuse(ErrorCode::invalid, "json.duplicate",
                  {{"key", shown_key(*key)}, {"offset", std::to_string(key_begin(text, stopped))}});
  if (error == bj::error::too_deep)
    return refuse(ErrorCode::invalid, "json.depth",
                  {{"max", std::to_string(limits.json_depth_max)},
                   {"offset", std::to_string(stopped)}});
  if (error || stopped != text.size())
    return refuse(ErrorCode::invalid, "json.syntax", {{"offset", std::to_string(stopped)}});
  return parser.handler().take();
}

}  // namespace

Result<Json> parse_json(std::string_view text, const Limits& limits) {
  return parse(text, limits, false);
}

Result<Json> parse_own_json(std::string_view text, const Limits& limits) {
  return parse(text, limits, true);
}

std::string write_json(const Json& value) {
  std::string out;
  JsonWriter(out).json(value);
  return out;
}

}  // namespace gewu::codec
