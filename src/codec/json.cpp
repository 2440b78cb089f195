#include "codec/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <memory>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "codec/json_writer.h"

namespace gewu::codec {

Json::Json(Object value) : value_(std::move(value)) {}

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
  const std::string* value = std::get_if<std::string>(&value_);
  return value ? std::optional<std::string_view>(*value) : std::nullopt;
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

bool Json::operator==(const Json& other) const { return value_ == other.value_; }

namespace {

namespace bj = boost::json;

/// Events of basic_parser in, a Json out. Every open array or object has a frame with what it holds
/// so far; in an object the last member is the one whose value is awaited.
class JsonBuilder {
 public:
  static constexpr std::size_t max_array_size = -1;
  static constexpr std::size_t max_object_size = -1;
  static constexpr std::size_t max_string_size = -1;
  static constexpr std::size_t max_key_size = -1;

  explicit JsonBuilder(bool looks_for_repeats) : looks_for_repeats_(looks_for_repeats) {
    frames_.reserve(8);
  }

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }

  bool on_array_begin(bj::error_code&) { return open(false); }
  bool on_array_end(std::size_t, bj::error_code&) {
    return close(Json(std::move(frames_.back().items)));
  }

  bool on_object_begin(bj::error_code&) { return open(true); }
  bool on_object_end(std::size_t, bj::error_code&) {
    return close(Json(std::move(frames_.back().members)));
  }

  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return collect(part); }
  bool on_key(bj::string_view part, std::size_t, bj::error_code& error) {
    std::string key = take_text(part);
    if (looks_for_repeats_ && repeats(key)) {
      repeated_key_ = std::move(key);
      error = bj::make_error_code(bj::error::syntax);
      return false;
    }
    frames_.back().members.emplace_back(std::move(key), Json());
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return collect(part); }
  bool on_string(bj::string_view part, std::size_t, bj::error_code&) {
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
  struct Frame {
    bool is_object = false;
    Json::Object members;
    Json::Array items;
    /// Only of an object with many members.
    std::unique_ptr<std::unordered_set<std::string>> keys;
  };
  static constexpr std::size_t kFewMembers = 24;

  bool open(bool is_object) {
    Frame& frame = frames_.emplace_back();
    frame.is_object = is_object;
    if (is_object) frame.members.reserve(8);
    else frame.items.reserve(4);
    return true;
  }

  bool close(Json value) {
    frames_.pop_back();
    return add(std::move(value));
  }

  bool add(Json value) {
    if (frames_.empty()) whole_ = std::move(value);
    else if (frames_.back().is_object) frames_.back().members.back().value = std::move(value);
    else frames_.back().items.push_back(std::move(value));
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
    Frame& frame = frames_.back();
    if (frame.members.size() < kFewMembers)
      return std::ranges::find(frame.members, key, &JsonMember::key) != frame.members.end();
    if (!frame.keys) {
      frame.keys = std::make_unique<std::unordered_set<std::string>>();
      for (const JsonMember& member : frame.members) frame.keys->insert(member.key);
    }
    return !frame.keys->insert(key).second;
  }

  std::string text_;
  Json whole_;
  std::vector<Frame> frames_;
  bool looks_for_repeats_;
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
  bj::basic_parser<JsonBuilder> parser(options, !is_ours);
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
